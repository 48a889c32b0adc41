import { say } from "../../domain/said.ts";
import type { MqttOutputConfig } from "../../config/plant.ts";
import type { AlarmEvent } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { ConnectionLost, Throttled } from "../../domain/errors.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import type { Gap, Output, Rejection } from "../../domain/ports.ts";
import type { OutputContext } from "../context.ts";
import { alarmMessages } from "./alarms.ts";
import { fly } from "./flight.ts";
import type { Refusal } from "./flight.ts";
import { figureMessages } from "./figures.ts";
import { FrameEncoder } from "./frames.ts";
import type { FrameOptions, Frames } from "./frames.ts";
import { sayGoodbye } from "./goodbye.ts";
import { messageFrames } from "./messages.ts";
import type { Message } from "./messages.ts";
import { lossOf } from "./on-wire.ts";
import { openSession, reachBroker } from "./session.ts";
import type { Session } from "./session.ts";
import { topic } from "./topic.ts";

const PART_ROWS_MAX = 10_000; // rows encoded at once; also keeps packet ids well below 65,535
const ACKNOWLEDGE_DEADLINE_MS = 10_000;
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

/** A session, and what makes frames within its limits. */
interface Line {
  readonly session: Session;
  readonly encoder: FrameEncoder;
}

class MqttOutput implements Output {
  readonly #context: OutputContext<MqttOutputConfig>;
  readonly #statusTopic: string;
  #line: Line | null = null;
  #loss = new AbortController();
  #attempt = 0;
  #isClosed = false;

  constructor(context: OutputContext<MqttOutputConfig>) {
    this.#context = context;
    this.#statusTopic = topic(context.plant.group, context.plant.id, "status");
  }

  async connect(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) throw new ConnectionLost(say("output-closed"));
    this.#line?.session.wire.destroy();
    const { config, log } = this.#context;
    const session = await this.#open(signal);
    const { frameOptions, wire } = session;
    this.#line = { session, encoder: this.#encoderWithin(frameOptions) };
    const loss = new AbortController();
    this.#loss = loss;
    wire.once("close", () => loss.abort(lossOf(wire)));
    if (frameOptions.qos !== config.qos || frameOptions.retain !== config.retain)
      log.warn({ output: config.id, ...frameOptions }, "The broker offers less than was configured");
    await this.#send(session, this.#statusOf(session, "online"), signal);
  }

  /** Made anew for every connection, because a broker may come back with other limits. */
  #encoderWithin(limits: FrameOptions): FrameEncoder {
    const { group, id, tags } = this.#context.plant;
    return new FrameEncoder(tags, (tag) => topic(group, id, tag.area, tag.id), limits, PART_ROWS_MAX);
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
    const { session, encoder } = this.#openLine();
    const rejections: Rejection[] = [];
    for (let from = 0; from < batch.length; from += PART_ROWS_MAX) {
      const to = Math.min(batch.length, from + PART_ROWS_MAX);
      const frames = encoder.encode(batch, from, to);
      for (const row of frames.oversize)
        rejections.push({ row, reason: "the message is larger than the broker takes" });
      const refusals = await this.#send(session, frames, signal);
      rejections.push(...rejectionsOf(refusals, frames));
    }
    return rejections;
  }

  /** Readings that were lost, on `<group>/<plant>/gap`: retained, because those who listen may come back later than we do. */
  async gap(gap: Gap, signal: AbortSignal): Promise<void> {
    const { session } = this.#openLine();
    const { config, plant } = this.#context;
    const text = JSON.stringify({ output: config.id, ...gap });
    await this.#send(session, retained(session, topic(plant.group, plant.id, "gap"), text), signal);
  }

  lost(): AbortSignal {
    return this.#loss.signal;
  }

  /** One retained message for each, on `<group>/<plant>/metrics/<id>/<period>`. */
  async figures(figures: readonly PublishedFigure[], signal: AbortSignal): Promise<void> {
    await this.#tell(figureMessages(figures, this.#context.plant), "figure", signal);
  }

  /** One retained message for each, on `<group>/<plant>/alarms/<id>`: the broker keeps how every alarm stands. */
  async alarms(events: readonly AlarmEvent[], signal: AbortSignal): Promise<void> {
    await this.#tell(alarmMessages(events, this.#context.plant), "transition of an alarm", signal);
  }

  #openLine(): Line {
    const line = this.#line;
    if (line === null || this.#isClosed || line.session.wire.destroyed)
      throw new ConnectionLost(say("broker-no-connection"));
    return line;
  }

  async #tell(messages: readonly Message[], what: string, signal: AbortSignal): Promise<void> {
    const { session } = this.#openLine();
    const frames = messageFrames(messages, session.frameOptions);
    const refusals = await this.#send(session, frames, signal);
    for (const { reason } of rejectionsOf(refusals, frames))
      this.#context.log.error(
        { output: this.#context.config.id, what, reason },
        "output refused a message for good",
      );
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const session = this.#line?.session;
    if (session === undefined || session.wire.destroyed) return;
    const { qos } = session.frameOptions;
    await sayGoodbye(session, this.#statusOf(session, "offline"), qos, this.#context);
  }

  #statusOf(session: Session, status: "online" | "offline"): Frames {
    return retained(session, this.#statusTopic, status);
  }

  #send(session: Session, frames: Frames, signal: AbortSignal): Promise<readonly Refusal[]> {
    const { windowMax, frameOptions, wire } = session;
    const { clock } = this.#context;
    const options = { qos: frameOptions.qos, windowMax, deadlineMs: ACKNOWLEDGE_DEADLINE_MS, clock };
    return fly(wire, frames, options, signal);
  }
}

/** One message that listeners who come later shall have too, whatever is said of readings. */
function retained({ frameOptions, canRetain }: Session, name: string, text: string): Frames {
  return messageFrames([{ topic: name, payload: text }], { ...frameOptions, retain: canRetain });
}

/** Rows refused for good. A refusal that may pass makes the whole batch wait. */
function rejectionsOf(refusals: readonly Refusal[], frames: Frames): Rejection[] {
  return refusals.map(({ frame, reason }) => {
    const sentence = PERMANENT.get(reason);
    if (sentence === undefined)
      throw new Throttled(say("broker-busy", { reason: reason.toString(16) }), BUSY_BROKER_WAIT_MS);
    return { row: frames.rows[frame] as number, reason: sentence };
  });
}
