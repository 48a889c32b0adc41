import assert from "node:assert";
import { abortWith } from "../domain/aborted.ts";
import type { Said } from "../domain/said.ts";
import type { Connection } from "../config/plant.ts";
import { ConnectionLost } from "../domain/errors.ts";
import type { Driver, Log, PollGroup } from "../domain/ports.ts";
import type { Random } from "../domain/random.ts";
import { sleep, within } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import { backoffMs } from "./backoff.ts";
import { afterPoll, beforeProbe, PROBE_SHARED_MS } from "./breaker.ts";
import type { Pipeline } from "./pipeline.ts";
import { Stalled, watchProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { advanceTurn, createTurns, nextTurnAt, pickTurn, restartTurns } from "./schedule.ts";
import type { Turn, Unit } from "./schedule.ts";

/** A device that comes back is seen again within five seconds. */
const RECONNECT = { firstMs: 500, mostMs: 3_000 };

/** Beyond this, and many times beyond a request's own deadline, a poll or a connection that is being made is not coming any
 *  more, ms. */
const STALL_MS = 60_000;
const STALL_TIMEOUTS = 30;
/** A driver that has stood still so often without an answer between is mended by no other connection. */
const STALLS_MAX = 2;
/** It may not be able to say good-bye either, ms. */
const FAREWELL_MS = 5_000;

export interface LinkOptions {
  readonly connection: Connection;
  readonly driver: Driver;
  /** Makes another driver for the same tags, which takes the place of one that stands still again and again; without it none
   *  does. */
  readonly renew?: () => Promise<Driver>;
  /** 0…1: where in its period this connection polls, so that fifty of them do not poll in the same millisecond. */
  readonly phase: number;
  readonly clock: Clock;
  /** The time of the network, which no demonstration hurries; without it nothing is held to progress. */
  readonly networkClock?: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly pipeline: Pick<Pipeline, "accept" | "lose">;
}

/** One field connection at work: connects, polls each group in its turn, keeps the breakers of the units behind it. */
export class Link {
  readonly connection: Connection;
  readonly turns: readonly Turn[];
  readonly #options: LinkOptions;
  readonly #hasSiblings: boolean;
  /** Null without a time of the network: nothing is held to progress then. */
  readonly #progress: Progress | null;
  readonly #lastAnswers = new Map<string, EpochMs>();
  #driver: Driver;
  #stallsInARow = 0;
  #connected = false;
  #lastError: string | null = null;
  #lastSaid: Said | null = null;
  #failures = 0;
  #probesFrom = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.connection = options.connection;
    this.#driver = options.driver;
    this.turns = createTurns(options.driver.groups);
    const { networkClock, connection } = options;
    const stallMs = Math.max(STALL_MS, STALL_TIMEOUTS * connection.timeoutMs);
    this.#progress = networkClock === undefined ? null : watchProgress(networkClock, stallMs);
    this.#hasSiblings = new Set(this.turns.map((turn) => turn.unit)).size > 1;
  }

  #progressOf<T>(work: Promise<T>): Promise<T> {
    return this.#progress === null ? work : this.#progress.of(work);
  }

  /** The one at work: it may become another. */
  get driver(): Driver {
    return this.#driver;
  }

  isConnected(): boolean {
    return this.#connected;
  }

  /** Sentence about what last went wrong since the link was last well. */
  lastError(): string | null {
    return this.#lastError;
  }

  /** The same for other languages; null where only the English is known. */
  lastSaid(): Said | null {
    return this.#lastSaid;
  }

  /** When this device last said anything, UTC ms. */
  lastAnswer(device: string): EpochMs | null {
    return this.#lastAnswers.get(device) ?? null;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#progressOf(this.driver.connect(signal));
        this.#connected = true;
        // What takes a connection and ends it again has not come back: that is told when it answers.
        if (this.#failures === 0) this.#options.log.info({ connection: this.connection.id }, "connected");
        restartTurns(this.turns, this.#options.clock.monotonic());
        await this.#scan(signal);
      } catch (error) {
        if (!(error instanceof ConnectionLost) && !signal.aborted) throw error;
        if (!signal.aborted) await this.#standBack(error as Error, signal);
      }
    }
    this.#connected = false;
    this.#progress?.close();
    await this.driver.close();
  }

  async #standBack(error: Error, signal: AbortSignal): Promise<void> {
    const { clock, log, pipeline, random } = this.#options;
    if (this.#failures === 0) {
      log.warn(
        { connection: this.connection.id, reason: error.message },
        "connection lost, its tags are bad",
      );
    }
    if (error instanceof Stalled) {
      this.driver.counters.stalls++;
      log.error({ connection: this.connection.id, reason: error.message }, "connection stalled");
      if (++this.#stallsInARow >= STALLS_MAX) await this.#replaceDriver();
    }
    this.#connected = false;
    this.#failures++;
    this.#lastError = error.message;
    this.#lastSaid = error instanceof ConnectionLost ? error.said : null;
    for (const { group } of this.turns) pipeline.lose(group);
    await sleep(clock, backoffMs(RECONNECT, this.#failures, random), signal).catch(() => undefined);
  }

  /** What it counted goes on, and so do the turns: the same tags make the same groups. */
  async #replaceDriver(): Promise<void> {
    const { renew, networkClock, log } = this.#options;
    if (renew === undefined || networkClock === undefined) return;
    const before = this.#driver;
    const late = (): Error => new Error(`no good-bye within ${FAREWELL_MS / 1000} s`);
    // A serial line has one master, so that the old one is given the time to let go of it.
    await within(networkClock, FAREWELL_MS, before.close(), late).catch((error: Error) =>
      log.warn({ connection: this.connection.id, reason: error.message }, "the driver is left as it is"),
    );
    const next = await renew();
    assert.equal(next.groups.length, this.turns.length, "the same tags make the same groups");
    Object.assign(next.counters, before.counters);
    this.#driver = next;
    this.#stallsInARow = 0;
    log.error({ connection: this.connection.id }, "another driver takes the place of one that stood still");
  }

  /** As many workers as polls may be in flight; the first that loses the link stops the others. */
  async #scan(outer: AbortSignal): Promise<void> {
    const link = new AbortController();
    const { signal } = link;
    const forget = abortWith(link, outer);
    const count = Math.min(this.driver.inFlightMax, this.turns.length);
    const workers = Array.from({ length: count }, () => this.#work(signal));
    try {
      await Promise.all(workers);
    } catch (error) {
      link.abort(error);
      await Promise.allSettled(workers);
      throw error;
    } finally {
      forget();
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const nowMs = clock.monotonic();
      const turn = pickTurn(this.turns, nowMs, this.#probesFrom);
      if (turn !== null) await this.#takeTurn(turn, nowMs, signal);
      else await sleep(clock, Math.max(1, nextTurnAt(this.turns, this.#probesFrom) - nowMs), signal);
    }
  }

  async #takeTurn(turn: Turn, startMs: number, signal: AbortSignal): Promise<void> {
    const { clock, phase, pipeline } = this.#options;
    const { unit, group } = turn;
    advanceTurn(turn, startMs, phase);
    if (unit.breaker.state === "open") {
      unit.breaker = beforeProbe(unit.breaker);
      if (this.#hasSiblings) this.#probesFrom = startMs + PROBE_SHARED_MS;
    }
    turn.isPolling = true;
    try {
      const poll = await this.#progressOf(this.driver.poll(turn.index, signal));
      turn.latency.note(clock.monotonic() - startMs);
      turn.polls++;
      if (!poll.answered) turn.failed++;
      this.#noteAnswer(unit, group, poll.answered);
      pipeline.accept(poll, group);
    } finally {
      turn.isPolling = false;
    }
  }

  #noteAnswer(unit: Unit, group: PollGroup, answered: boolean): void {
    const { clock, log, random } = this.#options;
    const before = unit.breaker.state;
    unit.breaker = afterPoll(unit.breaker, answered, clock.monotonic(), this.#hasSiblings, random);
    if (answered) {
      this.#lastAnswers.set(group.device, clock.now());
      if (this.#failures > 0) log.info({ connection: this.connection.id }, "connected again");
      this.#failures = 0;
      this.#stallsInARow = 0;
      this.#lastError = null;
      this.#lastSaid = null;
      if (before !== "closed")
        log.info({ connection: this.connection.id, unit: unit.name }, "unit answers again");
    } else if (before === "closed" && unit.breaker.state === "open") {
      log.warn(
        { connection: this.connection.id, unit: unit.name },
        "unit is silent, only probed from now on",
      );
    }
  }
}
