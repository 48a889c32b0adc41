import type { StatusCode } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { EngineeringValue } from "../codec/raw.ts";

/** One value as a client was given it. */
export interface SentValue {
  /** Quantised, in the tag's unit: exactly what a correct reader gets. */
  readonly value: EngineeringValue;
  /** When the instrument showed it; on OPC UA the source time. */
  readonly time: EpochMs;
  /** OPC UA status; 0 (good) on Modbus, which has none. */
  readonly status: StatusCode;
}

/** What went over the wire, per tag: the newest value and a bounded past. */
export interface WireRecord {
  push(tag: Tag, value: EngineeringValue, time: EpochMs, status: StatusCode): void;
  latest(tag: Tag): SentValue | null;
  /** Oldest first, at most the last two minutes. */
  history(tag: Tag): readonly SentValue[];
}

/** How far back a history goes at most. */
export const HISTORY_MS = 120_000;
/** Entries of one tag: two minutes at ten a second. */
const ENTRIES_MAX = 1200;
/** Entries of all tags together, so that a big plant does not fill the memory. */
const ENTRIES_MAX_IN_ALL = 2_000_000;
const ENTRIES_AT_FIRST = 16;

export function createWireRecord(tagCount: number): WireRecord {
  const capacity = Math.max(
    16,
    Math.min(ENTRIES_MAX, Math.floor(ENTRIES_MAX_IN_ALL / Math.max(1, tagCount))),
  );
  const rings: (Ring | undefined)[] = Array.from({ length: tagCount });

  return {
    push(tag, value, time, status) {
      const ring = (rings[tag.index] ??= createRing(tag));
      pushOnto(ring, capacity, value, time, status);
    },
    latest(tag) {
      const ring = rings[tag.index];
      return ring === undefined ? null : entry(ring, ring.count - 1);
    },
    history(tag) {
      const ring = rings[tag.index];
      if (ring === undefined) return [];
      const all = Array.from({ length: ring.count }, (_, i) => entry(ring, i));
      const newest = all.at(-1)?.time ?? 0;
      return all.filter(({ time }) => time >= newest - HISTORY_MS);
    },
  };
}

interface Ring {
  times: Float64Array;
  statuses: Uint32Array;
  values: Float64Array | EngineeringValue[];
  /** Slot of the oldest entry. */
  first: number;
  count: number;
}

function createRing(tag: Tag): Ring {
  const isPlainNumber = !["bool", "string", "int64", "uint64"].includes(tag.type);
  return {
    times: new Float64Array(ENTRIES_AT_FIRST),
    statuses: new Uint32Array(ENTRIES_AT_FIRST),
    values: isPlainNumber ? new Float64Array(ENTRIES_AT_FIRST) : [],
    first: 0,
    count: 0,
  };
}

/** Two values of the same time are one instrument's correction of itself: the later one stays. */
function pushOnto(
  ring: Ring,
  capacity: number,
  value: EngineeringValue,
  time: EpochMs,
  status: StatusCode,
): void {
  const slots = ring.times.length;
  const newest = (ring.first + ring.count - 1) % slots;
  if (ring.count > 0 && ring.times[newest] === time) {
    write(ring, newest, value, time, status);
    return;
  }
  if (ring.count === slots && slots < capacity) grow(ring, Math.min(capacity, 2 * slots));
  const room = ring.times.length;
  write(ring, (ring.first + ring.count) % room, value, time, status);
  if (ring.count < room) ring.count++;
  else ring.first = (ring.first + 1) % room;
}

function write(ring: Ring, slot: number, value: EngineeringValue, time: EpochMs, status: StatusCode): void {
  ring.times[slot] = time;
  ring.statuses[slot] = status;
  if (ring.values instanceof Float64Array) ring.values[slot] = Number(value);
  else ring.values[slot] = value;
}

/** A ring grows only before it has ever turned over, so that its entries still start at slot 0. */
function grow(ring: Ring, slots: number): void {
  const { times, statuses, values } = ring;
  ring.times = new Float64Array(slots);
  ring.times.set(times);
  ring.statuses = new Uint32Array(slots);
  ring.statuses.set(statuses);
  if (!(values instanceof Float64Array)) return;
  ring.values = new Float64Array(slots);
  ring.values.set(values);
}

function entry(ring: Ring, position: number): SentValue {
  const slot = (ring.first + position) % ring.times.length;
  return {
    value: ring.values[slot] ?? NaN,
    time: ring.times[slot] ?? NaN,
    status: ring.statuses[slot] ?? 0,
  };
}
