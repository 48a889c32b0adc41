import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { MqttOutputConfig } from "../../config/plant.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import type { Gap, Output, Rejection } from "../../domain/ports.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { OutputContext } from "../context.ts";
import { lossOf } from "../mqtt/on-wire.ts";
import { openSession, reachBroker } from "../mqtt/session.ts";
import type { Session as Link } from "../mqtt/session.ts";
import type { Wire } from "../mqtt/wire.ts";
import { createBdSeqStore } from "./bd-seq.ts";
import type { BdSeqStore } from "./bd-seq.ts";
import { Commands } from "./commands.ts";
import { EdgeNode, partsOf } from "./edge-node.ts";
import type { Message } from "./edge-node.ts";
import { nodeDeath, sayFarewell } from "./farewell.ts";
import { readHostState } from "./host-state.ts";
import { packetsOf, post } from "./post.ts";
import { advance, newSession } from "./session.ts";
import type { Effect, Session, SessionEvent, SessionRules } from "./session.ts";
import { subscribe } from "./subscribe.ts";
import { Timers } from "./timers.ts";
import { createTopics } from "./topics.ts";
import type { Topics } from "./topics.ts";

/** An edge node of Sparkplug B 3.0. A write means handed to the system, for data travels at QoS 0: what a connection that
 *  broke may have swallowed is for the caller to write again, as history. */
export function createSparkplugOutput(context: OutputContext<MqttOutputConfig>): Output {
  return new SparkplugOutput(context);
}

class SparkplugOutput implements Output {
  readonly #context: OutputContext<MqttOutputConfig>;
  readonly #topics: Topics;
  readonly #node: EdgeNode;
  readonly #commands: Commands;
  readonly #rules: SessionRules;
  readonly #store: BdSeqStore;
  readonly #timers: Timers<"host" | "rebirth">;
  #session: Session | null = null;
  /** The transport, and the connection that the broker has accepted on it. */
  #line: { readonly wire: Wire; readonly url: URL } | null = null;
  #link: Link | null = null;
  /** Ends what belongs to the present connection. */
  #attempt = new AbortController();
  #waiting: { resolve(): void; reject(error: Error): void } | null = null;
  #loss = new ConnectionLost(say("broker-no-connection"));
  #farewell: Promise<void> = Promise.resolve();
  #returned = (): void => undefined;

  constructor(context: OutputContext<MqttOutputConfig>) {
    this.#context = context;
    const { config, plant, log } = context;
    this.#topics = createTopics(plant.group, plant.id);
    const { reading, outlines } = context;
    this.#node = new EdgeNode({ tags: plant.tags, topics: this.#topics, reading, outlines });
    this.#commands = new Commands(context, this.#topics);
    this.#rules = { brokers: 1 + config.otherUrls.length, awaitsHost: config.primaryHost !== null };
    this.#timers = new Timers(context.clock);
    this.#store = createBdSeqStore(plant.data.dir, config.id, log);
  }

  async connect(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#session ??= newSession(this.#rules, await this.#store.read());
    if (this.#session.phase === "closed") throw new ConnectionLost(say("output-closed"));
    this.#dispatch({ kind: "lost", error: new ConnectionLost(say("connection-replaced")) });
    await this.#farewell; // never at two brokers at once
    signal.throwIfAborted();
    const aborted = (): void => {
      const waiting = this.#waiting;
      this.#waiting = null;
      this.#dispatch({ kind: "lost", error: new ConnectionLost(say("connecting-given-up")) });
      waiting?.reject(signal.reason as Error);
    };
    signal.addEventListener("abort", aborted, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#dispatch({ kind: "connect" });
      });
    } finally {
      signal.removeEventListener("abort", aborted);
    }
  }

  async write(batch: ReadingBatch, signal: AbortSignal): Promise<readonly Rejection[]> {
    signal.throwIfAborted();
    for (const [from, to] of partsOf(batch)) {
      await this.#send((now) => this.#node.data(batch, from, to, now), signal);
    }
    return [];
  }

  async gap(gap: Gap, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#send((now) => this.#node.gap(gap, now), signal);
  }

  lost(): AbortSignal {
    return this.#attempt.signal;
  }

  async figures(figures: readonly PublishedFigure[], signal: AbortSignal): Promise<void> {
    await this.#send((now) => this.#node.figures(figures, now), signal);
  }

  whenReturned(action: () => void): void {
    this.#returned = action;
  }

  async close(): Promise<void> {
    this.#session ??= newSession(this.#rules, -1);
    this.#dispatch({ kind: "stop" });
    await this.#farewell;
  }

  /** Makes the messages, which takes their numbers, only where there is a connection to send them on. */
  async #send(make: (now: EpochMs) => readonly Message[], signal: AbortSignal): Promise<void> {
    const { clock, config } = this.#context;
    const link = this.#link;
    if (this.#session?.phase !== "online" || link === null || link.wire.destroyed) throw this.#loss;
    await post(link.wire, packetsOf(make(clock.now()), config.protocolVersion), clock, signal);
  }

  #dispatch(event: SessionEvent): void {
    if (this.#session === null) return;
    const { session, effects } = advance(this.#session, event, this.#rules);
    this.#session = session;
    for (const effect of effects) this.#carryOut(effect);
    if (session.phase === "offline" || session.phase === "closed") this.#drop();
  }

  #carryOut(effect: Effect): void {
    if ("ms" in effect) return this.#wait(effect);
    switch (effect.kind) {
      case "dial":
        void this.#dial(effect.broker);
        break;
      case "introduce":
        void this.#introduce(effect.bdSeq);
        break;
      case "subscribe":
        void this.#subscribe();
        break;
      case "births":
        this.#giveBirth();
        break;
      case "ready":
        this.#beReady();
        break;
      case "returned":
        this.#returned();
        break;
      case "farewell":
        this.#farewell = this.#leave();
        break;
      case "fail":
        this.#fail(effect.reason, effect.cause);
        break;
    }
  }

  #wait({ kind, ms }: Extract<Effect, { ms: number }>): void {
    if (kind === "await-host") this.#timers.start("host", ms, () => this.#dispatch({ kind: "host-overdue" }));
    else
      this.#timers.start("rebirth", ms, () =>
        this.#dispatch({ kind: "rebirth-due", nowMs: this.#context.clock.monotonic() }),
      );
  }

  async #dial(broker: number): Promise<void> {
    const { config } = this.#context;
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    const url = new URL([config.url, ...config.otherUrls][broker] as string);
    try {
      const wire = await reachBroker(url, config.tls, signal);
      if (signal.aborted) return void wire.destroy();
      this.#line = { wire, url };
      this.#dispatch({ kind: "reached" });
    } catch (error) {
      this.#lose(error, signal);
    }
  }

  async #introduce(bdSeq: number): Promise<void> {
    const { clock, config } = this.#context;
    const { signal } = this.#attempt;
    await this.#store.write(bdSeq);
    if (signal.aborted || this.#line === null) return;
    const { wire, url } = this.#line;
    const will = { ...nodeDeath(this.#topics, bdSeq, clock.now()), qos: 1, retain: false } as const;
    try {
      const link = await openSession(wire, config, url, will, signal);
      if (signal.aborted) return void wire.destroy();
      this.#attend(link, signal);
    } catch (error) {
      this.#lose(error, signal);
    }
  }

  /** Errors of a connection that has been given up are no news. */
  #lose(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (!(error instanceof ConnectionLost)) throw error;
    this.#dispatch({ kind: "lost", error });
  }

  #attend(link: Link, signal: AbortSignal): void {
    this.#link = link;
    const { wire, client } = link;
    client.on("message", (topic, payload) => {
      if (!signal.aborted) this.#hear(topic, payload);
    });
    wire.once("close", () => this.#lose(lossOf(wire), signal));
    this.#dispatch({ kind: "accepted" });
  }

  async #subscribe(): Promise<void> {
    const { signal } = this.#attempt;
    const { primaryHost } = this.#context.config;
    const host = primaryHost === null ? [] : [this.#topics.hostState(primaryHost)];
    try {
      if (this.#link !== null) await subscribe(this.#link, [...this.#commands.filters, ...host]);
      if (!signal.aborted) this.#dispatch({ kind: "subscribed" });
    } catch (error) {
      this.#lose(error, signal);
    }
  }

  #hear(topic: string, payload: Buffer): void {
    if (this.#commands.isOne(topic)) {
      if (this.#commands.take(topic, payload) === "rebirth")
        this.#dispatch({ kind: "rebirth-asked", nowMs: this.#context.clock.monotonic() });
      return;
    }
    const state = readHostState(payload);
    if (state !== null) this.#dispatch({ kind: "host", state });
  }

  #giveBirth(): void {
    const { clock, config, log } = this.#context;
    if (this.#link === null || this.#session === null) return;
    const { bdSeq, broker } = this.#session;
    const births = packetsOf(this.#node.births(bdSeq, clock.now()), config.protocolVersion);
    for (const packets of births) this.#link.wire.send(packets);
    log.info({ output: config.id, broker, bdSeq }, "Sparkplug edge node born");
  }

  #beReady(): void {
    this.#timers.cancel("host");
    this.#waiting?.resolve();
    this.#waiting = null;
  }

  /** Takes the connection over, so that the next one does not find it. */
  async #leave(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#line = null;
    if (link === null || this.#session === null) return;
    const death = nodeDeath(this.#topics, this.#session.bdSeq, this.#context.clock.now());
    await sayFarewell(link, death, this.#context);
  }

  #fail(reason: Said, cause: Error | null): void {
    this.#loss = new ConnectionLost(reason, { cause });
    this.#waiting?.reject(this.#loss);
    this.#waiting = null;
  }

  /** Nothing of a connection that is over may act any more. */
  #drop(): void {
    this.#attempt.abort(this.#loss);
    this.#timers.cancelAll();
    this.#line?.wire.destroy();
    this.#line = null;
    this.#link = null;
  }
}
