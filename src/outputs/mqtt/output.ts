import type { MqttOutputConfig } from "../../config/plant.ts";
import type { AlarmEvent } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ConnectionLost, Throttled } from "../../domain/errors.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import type { Gap, Output, Rejection } from "../../domain/ports.ts";
import { sleep } from "../../domain/time.ts";
import type { OutputContext } from "../context.ts";
import { alarmFrames } from "./alarms.ts";
import { fly, lossOf } from "./flight.ts";
import type { Refusal } from "./flight.ts";
import { figureFrames } from "./figures.ts";
import { FrameEncoder, publishFrame } from "./frames.ts";
import type { Frames } from "./frames.ts";
import { openSession, reachBroker } from "./session.ts";
import type { Session } from "./session.ts";
import { topic } from "./topic.ts";

const PART_ROWS_MAX = 10_000; // rows encoded at once; also keeps packet ids well below 65,535
const ACKNOWLEDGE_DEADLINE_MS = 10_000;
const GOODBYE_DEADLINE_MS = 2000;
const BUSY_BROKER_WAIT_MS = 5000;
const OFFLINE = Buffer.from("offline");

/** PUBACK reason codes that are about the message itself and will be the same next time (MQTT 5.0, 3.4.2.1). */
const PERMANENT = new Map([
  [0x87, "the broker does not authorize this topic (0x87)"],
  [0x90, "the broker refuses this topic name (0x90)"],
  [0x99, "the broker refuses this payload (0x99)"],
]);

/** Readings as retained JSON messages, one topic per tag. QoS 1 resolves a write on the last acknowledgement; at QoS 0
 *  a write means handed to the system, and what was under way when a connection breaks is lost without notice. */
export function createMqttOutput(context: OutputContext<MqttOutputConfig>): Output {
  return new MqttOutput(context);
}

class MqttOutput implements Output {
  readonly #context: OutputContext<MqttOutputConfig>;
  readonly #statusTopic: string;
  #session: Session | null = null;
  #encoder: FrameEncoder | null = null;
  #loss = new AbortController();
  #attempt = 0;
  #isClosed = false;

  constructor(context: OutputContext<MqttOutputConfig>) {
    this.#context = context;
    this.#statusTopic = topic(context.plant.group, context.plant.id, "status");
  }

  async connect(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw new ConnectionLost("This output is closed.");
    this.#session?.wire.destroy();
    const { config, plant, log } = this.#context;
    const session = await this.#open(signal);
    this.#session = session;
    const loss = new AbortController();
    this.#loss = loss;
    session.wire.once("close", () => loss.abort(lossOf(session.wire)));
    const { group, id } = plant;
    // Made anew, because a broker may come back with other limits.
    this.#encoder = new FrameEncoder(
      plant.tags,
      (tag) => topic(group, id, tag.area, tag.id),
      session.frameOptions,
      PART_ROWS_MAX,
    );
    if (session.frameOptions.qos !== config.qos || session.frameOptions.retain !== config.retain)
      log.warn({ output: config.id, ...session.frameOptions }, "The broker offers less than was configured");
    await this.#announce(session, "online", signal);
  }

  /** After a failure the next of the brokers is tried. */
  async #open(signal: AbortSignal): Promise<Session> {
    const { config } = this.#context;
    const urls = [config.url, ...config.otherUrls];
    const will = { topic: this.#statusTopic, payload: OFFLINE, qos: config.qos, retain: true };
    const url = new URL(urls[this.#attempt % urls.length] as string);
    try {
      const wire = await reachBroker(url, config.tls, signal);
      return await openSession(wire, config, url, will, signal);
    } catch (error) {
      this.#attempt++;
      throw error;
    }
  }

  async write(batch: ReadingBatch, signal: AbortSignal): Promise<readonly Rejection[]> {
    const session = this.#session;
    const encoder = this.#encoder;
    if (session === null || encoder === null || this.#isClosed || session.wire.destroyed)
      throw new ConnectionLost("There is no connection to the MQTT broker.");
    const rejections: Rejection[] = [];
    for (let from = 0; from < batch.length; from += PART_ROWS_MAX) {
      const to = Math.min(batch.length, from + PART_ROWS_MAX);
      const frames = encoder.encode(batch, from, to);
      for (const row of frames.oversize)
        rejections.push({ row, reason: "the message is larger than the broker takes" });
      const refusals = await this.#send(session, frames, signal, ACKNOWLEDGE_DEADLINE_MS);
      rejections.push(...rejectionsOf(refusals, frames));
    }
    return rejections;
  }

  /** Readings that were lost, on `<group>/<plant>/gap`: retained, because those who listen may come back later than we do. */
  async gap(gap: Gap, signal: AbortSignal): Promise<void> {
    const session = this.#openSession();
    const { config, plant } = this.#context;
    const options = { ...session.frameOptions, retain: session.canRetain };
    const text = JSON.stringify({ output: config.id, ...gap });
    const frame = publishFrame(topic(plant.group, plant.id, "gap"), text, options, 1);
    await this.#send(session, frame, signal, ACKNOWLEDGE_DEADLINE_MS);
  }

  lost(): AbortSignal {
    return this.#loss.signal;
  }

  /** One retained message for each, on `<group>/<plant>/metrics/<id>/<period>`. */
  async figures(figures: readonly PublishedFigure[], signal: AbortSignal): Promise<void> {
    const { frameOptions } = this.#openSession();
    await this.#tell(figureFrames(figures, this.#context.plant, frameOptions), "figure", signal);
  }

  /** One retained message for each, on `<group>/<plant>/alarms/<id>`: the broker keeps how every alarm stands. */
  async alarms(events: readonly AlarmEvent[], signal: AbortSignal): Promise<void> {
    const { frameOptions } = this.#openSession();
    await this.#tell(
      alarmFrames(events, this.#context.plant, frameOptions),
      "transition of an alarm",
      signal,
    );
  }

  #openSession(): Session {
    const session = this.#session;
    if (session === null || this.#isClosed || session.wire.destroyed)
      throw new ConnectionLost("There is no connection to the MQTT broker.");
    return session;
  }

  async #tell(frames: Frames, what: string, signal: AbortSignal): Promise<void> {
    const refusals = await this.#send(this.#openSession(), frames, signal, ACKNOWLEDGE_DEADLINE_MS);
    for (const { reason } of rejectionsOf(refusals, frames))
      this.#context.log.error(
        { output: this.#context.config.id, what, reason },
        "output refused a message for good",
      );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const session = this.#session;
    if (session === null || session.wire.destroyed) return;
    const { clock } = this.#context;
    const given = new AbortController();
    const cancel = clock.schedule(GOODBYE_DEADLINE_MS, () => given.abort(new ConnectionLost("No goodbye.")));
    try {
      await this.#announce(session, "offline", given.signal);
      const closed = new Promise((resolve) => session.wire.once("close", resolve));
      session.client.end();
      await Promise.race([closed, sleep(clock, GOODBYE_DEADLINE_MS, given.signal)]);
    } catch (error) {
      this.#context.log.debug({ err: error }, "The broker did not take our goodbye; its Will speaks for us");
    } finally {
      cancel();
      given.abort(new ConnectionLost("Closed."));
      session.wire.destroy();
    }
  }

  async #announce(session: Session, status: "online" | "offline", signal: AbortSignal): Promise<void> {
    const options = { ...session.frameOptions, retain: session.canRetain };
    const frame = publishFrame(this.#statusTopic, status, options, 1);
    await this.#send(session, frame, signal, ACKNOWLEDGE_DEADLINE_MS);
  }

  #send(
    session: Session,
    frames: Frames,
    signal: AbortSignal,
    deadlineMs: number,
  ): Promise<readonly Refusal[]> {
    const { windowMax, frameOptions, wire } = session;
    const { clock } = this.#context;
    return fly(wire, frames, { qos: frameOptions.qos, windowMax, deadlineMs, clock }, signal);
  }
}

/** Rows refused for good. A refusal that may pass makes the whole batch wait. */
function rejectionsOf(refusals: readonly Refusal[], frames: Frames): Rejection[] {
  return refusals.map(({ frame, reason }) => {
    const sentence = PERMANENT.get(reason);
    if (sentence === undefined)
      throw new Throttled(
        `The MQTT broker cannot take messages now (reason 0x${reason.toString(16)}).`,
        BUSY_BROKER_WAIT_MS,
      );
    return { row: frames.rows[frame] as number, reason: sentence };
  });
}
