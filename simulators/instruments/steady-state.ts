import type { Plant } from "../../src/config/plant.ts";
import { randomFor } from "../../src/domain/random.ts";
import type { EuRange, Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { resolution } from "../codec/raw.ts";
import type { EngineeringValue } from "../codec/raw.ts";
import { correlatedNoise } from "./noise.ts";
import { constant, count, cycle, noisy, ramp, total } from "./signals.ts";
import type { Signal } from "./signals.ts";
import { readSteadyState } from "./steady-state-table.ts";
import type { NoiseClass, SteadyStateRow, SteadyStateTable } from "./steady-state-table.ts";
import type { ValueSource } from "./value-source.ts";

/** Smallest time step of an instrument. */
const STEP_MS = 100;
const STEPS_PER_TAU = 10;
/** Noise below this many counts can leave a register bit-identical for so long that it looks stuck. */
const SIGMA_COUNTS_MIN = 0.6;
const ORDINARY_NOISE: NoiseClass = { sigma: 0.004, sigmaOf: "span", tauMs: 1000 };
/** First integer that a double cannot tell from its neighbour: a 64-bit count starts here, so that losing exactness shows. */
const LONG_COUNT_START = 9_007_199_254_740_993n;

/** The plant running steadily: every instrument healthy, in range and alive. A tag without a row in the table gets a
 *  plausible value from its type and range, so that any plant file can be simulated. */
export function steadyState(
  plant: Plant,
  seed: number,
  table: SteadyStateTable = readSteadyState(),
): ValueSource {
  const courses = plant.tags.map((tag) => courseOf(tag, seed, table));
  const written = new Map<number, EngineeringValue>();
  return {
    takes: isNamedSetpoint,
    write(tag, value) {
      if (!isNamedSetpoint(tag)) return false;
      written.set(tag.index, value);
      return true;
    },
    valueAt(tag, time) {
      const set = written.get(tag.index);
      if (set !== undefined) return set;
      const course = courses[tag.index];
      if (course === undefined) throw new RangeError(`${tag.id} is no tag of ${plant.id}`);
      return course(time);
    },
  };
}

/** Without a process behind it the name has to tell. */
function isNamedSetpoint({ id }: Tag): boolean {
  return id.endsWith(".SP");
}

type Course = (time: EpochMs) => EngineeringValue;

function courseOf(tag: Tag, seed: number, table: SteadyStateTable): Course {
  if (tag.type === "string") return () => tag.id;
  const row = rowOf(tag.id, table);
  const signal = row === null ? plausible(tag, seed) : signalOf(tag, row, seed, table);
  if (tag.type === "bool") return (time) => signal(time) !== 0;
  if (row === null && isLongCount(tag)) return (time) => LONG_COUNT_START + BigInt(signal(time));
  return signal;
}

/** A module's second copy prefixes its tags ("M2-FT-207"): without a row of its own it behaves like the first. */
export function rowOf(id: string, table: SteadyStateTable): SteadyStateRow | null {
  return table.get(id) ?? table.get(id.slice(id.indexOf("-") + 1)) ?? null;
}

function signalOf(tag: Tag, row: SteadyStateRow, seed: number, table: SteadyStateTable): Signal {
  switch (row.kind) {
    case "state":
      return constant(row.value);
    case "count":
      return count(row.periodMs, countModulus(tag));
    case "cycle":
      return cycle(row.steps);
    case "total":
      return total(middleOf(row.of, table));
    case "noisy":
      return noisySignal(tag, row.value, row.noise, row.everyMs, seed);
    case "ramp": {
      const line = ramp(row.from, row.to, row.periodMs);
      const ripple = noisySignal(tag, 0, row.noise, null, seed, null);
      return (time) => line(time) + ripple(time);
    }
  }
}

function middleOf(id: string, table: SteadyStateTable): number {
  const row = table.get(id);
  if (row?.kind !== "noisy") throw new TypeError(`the total of ${id} needs a row with a value for ${id}`);
  return row.value;
}

function noisySignal(
  tag: Tag,
  middle: number,
  noise: NoiseClass,
  everyMs: number | null,
  seed: number,
  range: EuRange | null = tag.range,
): Signal {
  const stepMs = everyMs === null ? ordinaryStep(noise.tauMs) : lively(tag, everyMs);
  const course = correlatedNoise(tag.id, seed, stepMs, noise.tauMs);
  return noisy(middle, sigmaOf(tag, middle, noise), course, limitsOf(tag, range));
}

function ordinaryStep(tauMs: number): number {
  return Math.max(STEP_MS, Math.round(tauMs / STEPS_PER_TAU / STEP_MS) * STEP_MS);
}

/** An analyser's results come often enough that holding one in between is never taken for a stuck instrument. */
function lively(tag: Tag, everyMs: number): number {
  return tag.stuckAfterMs === null ? everyMs : Math.min(everyMs, tag.stuckAfterMs / 2);
}

/** Standard deviation of a tag's noise, in its unit. */
export function sigmaOf(tag: Tag, middle: number, noise: NoiseClass): number {
  const span = tag.range === null ? Math.abs(middle) : tag.range.high - tag.range.low;
  const sigma = noise.sigmaOf === "span" ? noise.sigma * span : noise.sigma;
  return tag.stuckAfterMs === null ? sigma : Math.max(sigma, SIGMA_COUNTS_MIN * resolution(tag));
}

/** One count inside the range, so that rounding never carries a healthy value out of it. */
export function limitsOf(tag: Tag, range: EuRange | null): EuRange {
  if (range === null) return { low: -Infinity, high: Infinity };
  const inset = Math.max(resolution(tag), 1e-6 * (range.high - range.low));
  return { low: range.low + inset, high: range.high - inset };
}

function plausible(tag: Tag, seed: number): Signal {
  if (tag.type === "bool") return constant(0);
  if (tag.values !== null) return constant(Number(Object.keys(tag.values)[0] ?? 0));
  if (tag.rolloverCounts !== null) return total(3600 * Math.abs(tag.scaling.scale));
  if (tag.range === null && (tag.unit === null || isLong(tag))) return count(1000, countModulus(tag));
  const { low, high } = tag.range ?? { low: 0, high: 100 };
  const middle = low + (high - low) * (0.4 + 0.2 * randomFor(`${tag.id} middle`, seed)());
  return noisySignal(tag, middle, ORDINARY_NOISE, null, seed, tag.range ?? { low, high });
}

function isLong(tag: Tag): boolean {
  return tag.type === "int64" || tag.type === "uint64";
}

function isLongCount(tag: Tag): boolean {
  return isLong(tag) && tag.range === null && tag.rolloverCounts === null && tag.scaling.scale === 1;
}

/** A counter starts again where its register ends. */
function countModulus(tag: Tag): number {
  if (tag.type === "int16") return 0x8000;
  if (tag.type === "uint16") return 0x1_0000;
  return tag.type === "float32" ? 2 ** 24 : 2 ** 31;
}
