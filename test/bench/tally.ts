import { currentTick, isWithin, monotonicMs, ticksBetween, TICKS_PER_MS } from "./ticks.ts";
import type { Window } from "./ticks.ts";

/** Tags of one device; the name of tag 123 of device 7 is `D07-FT-123`. */
export const TAGS_PER_DEVICE = 500;
export const TAG_NAME_LENGTH = 10;

export function deviceName(device: number): string {
  return `D${String(device).padStart(2, "0")}`;
}

/** Without the prefix of its device. */
export function tagName(tag: number): string {
  return `FT-${String(tag).padStart(3, "0")}`;
}

/** Latencies are kept as a histogram of ticks; longer ones count as this long. */
const LATENCY_TICKS_MAX = 40_000;

export interface TallyReport {
  /** New readings that arrived in the window. */
  readonly delivered: number;
  /** New readings that were served in the window and have arrived by now. */
  readonly arrivedOfWindow: number;
  /** Readings of any time that brought what the tag had brought just before. */
  readonly repeated: number;
  /** Readings without a value. */
  readonly bad: number;
  readonly distinctTags: number;
  /** From the device's answer to the arrival at the sink; NaN when nothing arrived. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  /** Arrival of the first reading ms of the monotonic clock. */
  readonly firstMs: number | null;
}

/** What a sink counts. */
export class Tally {
  private window: Window = { startTick: 0, ticks: 0 };
  private readonly last = new Int32Array(100 * TAGS_PER_DEVICE).fill(-1);
  private readonly seen = new Uint8Array(this.last.length);
  private readonly latencies = new Uint32Array(LATENCY_TICKS_MAX + 1);
  private delivered = 0;
  private arrivedOfWindow = 0;
  private repeated = 0;
  private bad = 0;
  private firstMs: number | null = null;

  arm(window: Window): void {
    this.window = window;
    this.seen.fill(0);
    this.latencies.fill(0);
    this.delivered = 0;
    this.arrivedOfWindow = 0;
    this.repeated = 0;
    this.bad = 0;
  }

  /** `value` is NaN for a bad reading, `nowTick` the arrival. */
  take(tag: number, value: number, nowTick: number): void {
    if (tag < 0) return;
    if (Number.isNaN(value)) {
      this.bad++;
      return;
    }
    if (this.last[tag] === value) {
      this.repeated++;
      return;
    }
    this.last[tag] = value;
    if (this.firstMs === null) this.firstMs = monotonicMs();
    if (isWithin(this.window, value)) this.arrivedOfWindow++;
    if (!isWithin(this.window, nowTick)) return;
    this.delivered++;
    this.seen[tag] = 1;
    const latency = Math.min(ticksBetween(value, nowTick), LATENCY_TICKS_MAX);
    this.latencies[latency] = (this.latencies[latency] ?? 0) + 1;
  }

  report(): TallyReport {
    return {
      delivered: this.delivered,
      arrivedOfWindow: this.arrivedOfWindow,
      repeated: this.repeated,
      bad: this.bad,
      distinctTags: this.seen.reduce((sum, one) => sum + one, 0),
      latencyP50Ms: histogramPercentile(this.latencies, 0.5) / TICKS_PER_MS,
      latencyP99Ms: histogramPercentile(this.latencies, 0.99) / TICKS_PER_MS,
      firstMs: this.firstMs,
    };
  }
}

/** The smallest bin that at least `share` of the counts lie in or below; NaN when there are none. */
export function histogramPercentile(counts: Uint32Array, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return NaN;
  let below = 0;
  return counts.findIndex((count) => (below += count) >= share * total);
}

const ZERO = 0x30;

/** Number of the tag whose name ends before `end`; -1 when the text there is no bench tag. */
export function tagBefore(bytes: Buffer, end: number): number {
  const start = end - TAG_NAME_LENGTH;
  // "D" and the dash before the last three digits tell a tag from a status topic.
  if (start < 0 || bytes[start] !== 0x44 || bytes[end - 4] !== 0x2d) return -1;
  return digits(bytes, start + 1, start + 3) * TAGS_PER_DEVICE + digits(bytes, end - 3, end);
}

function digits(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + (bytes[at] ?? 0) - ZERO;
  return number;
}

/** The whole number that starts at `from`; NaN when there is no digit. */
export function numberAt(bytes: Buffer, from: number): number {
  let at = from;
  let number = 0;
  for (; at < bytes.length; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return at === from ? NaN : number;
}

/** Counts the readings of a body in line protocol, whatever the order of its tags. */
export function countLines(body: Buffer, tally: Tally): void {
  const nowTick = currentTick();
  let tag = -1;
  let value = NaN;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === 0x0a) {
      tally.take(tag, value, nowTick);
      tag = -1;
      value = NaN;
    } else if (byte === 0x3d) {
      // "=" after "tag" or "value": the letters before the e and the g tell them from other keys.
      if (body[at - 1] === 0x67 && body[at - 3] === 0x74) tag = tagBefore(body, at + 1 + TAG_NAME_LENGTH);
      else if (body[at - 1] === 0x65 && body[at - 5] === 0x76) value = numberAt(body, at + 1);
    }
  }
  tally.take(tag, value, nowTick);
}
