import { Type } from "typebox";
import type { Static } from "typebox";
import type { Reading, ReadingValue } from "../domain/batch.ts";
import { qualityOf, reasonOf } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import type { GatewayView } from "./view.ts";

export const Time = Type.String({ format: "date-time", description: "ISO 8601, UTC." });

export const TagObject = Type.Object(
  {
    tag: Type.String({ description: "Its id, such as FT-207." }),
    title: Type.String(),
    area: Type.String(),
    device: Type.String(),
    unit: Type.Union([Type.String(), Type.Null()], { description: "UCUM code; null for states and text." }),
    range: Type.Union([Type.Tuple([Type.Number(), Type.Number()]), Type.Null()], {
      description: "Engineering range, low and high, in the unit.",
    }),
    value: Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Null()], {
      description: "Null when the quality is bad; integers beyond 2^53 - 1 are decimal strings.",
    }),
    quality: Type.Union([Type.Literal("good"), Type.Literal("uncertain"), Type.Literal("bad")]),
    status: Type.Integer({ description: "OPC UA StatusCode." }),
    reason: Type.Union([Type.String(), Type.Null()], { description: "Why it is not plainly good." }),
    sourceTime: Time,
    receivedTime: Time,
    normal: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], {
        description: "Where it usually is while the plant runs well, in the unit.",
      }),
    ),
    state: Type.Optional(Type.String({ description: "Name of the state that the value stands for." })),
    states: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "All its states." })),
    deviceTime: Type.Optional(Type.String({ description: "The device's own time, not believed." })),
    accumulated: Type.Optional(
      Type.Number({ description: "A totalizer's amount since the gateway started, over its rollovers." }),
    ),
  },
  { title: "Tag" },
);
export type TagObject = Static<typeof TagObject>;

/** JSON has no integers beyond ±(2^53 − 1) that everybody reads alike: they go as decimal text.
 *  It has no infinities either: they go as null. */
export function jsonValue(value: ReadingValue): number | string | boolean | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

const LATEST_MS = 8.64e15; // the last instant that a Date can hold (ECMA-262, 21.4.1.1)

// Readings of one poll carry the same time, and writing it is most of the work of writing a reading.
let lastTime = NaN;
let lastText = "";

/** A time that no calendar can hold (a device sent nonsense) becomes 1970. */
export function isoTime(time: EpochMs): string {
  if (time === lastTime) return lastText;
  lastText = new Date(Math.abs(time) <= LATEST_MS ? time : 0).toISOString();
  lastTime = time;
  return lastText;
}

export function isoTimeOrNull(time: EpochMs | null): string | null {
  return time === null ? null : isoTime(time);
}

function stateOf(tag: Tag, value: ReadingValue): string | undefined {
  if (tag.values === null || value === null) return undefined;
  const key = String(value);
  return Object.hasOwn(tag.values, key) ? tag.values[key] : undefined;
}

function fromReading({ tag, value, status, sourceTime, receivedTime }: Reading): TagObject {
  return {
    tag: tag.id,
    title: tag.title,
    area: tag.area,
    device: tag.device,
    unit: tag.unit,
    range: tag.range === null ? null : [tag.range.low, tag.range.high],
    value: jsonValue(value),
    quality: qualityOf(status),
    status,
    reason: reasonOf(status),
    sourceTime: isoTime(sourceTime),
    receivedTime: isoTime(receivedTime),
  };
}

/** The tag and its reading as the outside sees them. Fields beyond the contract appear only where they say something. */
export function tagObject(view: GatewayView, index: number): TagObject {
  const reading = view.reading(index);
  const object = fromReading(reading);
  const { tag, value } = reading;
  if (tag.normal !== null) object.normal = [tag.normal.low, tag.normal.high];
  if (tag.values !== null) {
    const state = stateOf(tag, value);
    if (state !== undefined) object.state = state;
    object.states = tag.values;
  }
  const deviceTime = view.deviceTime(index);
  if (deviceTime !== null) object.deviceTime = isoTime(deviceTime);
  const accumulated = view.accumulated(index);
  if (accumulated !== null) object.accumulated = accumulated;
  return object;
}
