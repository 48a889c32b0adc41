import { fnv1a32, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import { at, clamp } from "./vector.ts";

/** How one signal becomes a reading, in the tag's unit.
 *  `analog`: lag, correlated noise, limits, ADC. `batch`: an analyser that samples every so often and shows the result later.
 *  `exact`: bits, states and counts. `total`: counts another reading. */
export interface InstrumentSpec {
  readonly tag: string;
  readonly kind: "analog" | "batch" | "exact" | "total";
  /** Standard deviation of the noise. */
  readonly sigma: number;
  /** Of the noise and of the lag. */
  readonly tauS: number;
  readonly low: number;
  readonly high: number;
  /** Smallest step of the converter; 0 for none. */
  readonly step: number;
  readonly everyS: number;
  readonly delayS: number;
  /** Place of the rate that a total counts. */
  readonly rate: number;
}

/** What is wrong with an instrument. All parts add up; each has its harmless value. */
export interface InstrumentFault {
  /** Factor. */
  readonly gain?: number;
  /** In the tag's unit. */
  readonly bias?: number;
  /** In the tag's unit per day, from the beginning of the fault. */
  readonly driftPerDay?: number;
  /** Spikes per hour, at random, and their height in the tag's unit. */
  readonly spikesPerH?: number;
  readonly spike?: number;
  /** Keeps showing what it showed. */
  readonly isStuck?: boolean;
  /** Shows this and nothing else; may lie outside the range. */
  readonly shows?: number;
}

export interface Instruments {
  readonly readings: Float64Array;
  /** One second: `signals` is what is true, `timeS` when. */
  read(signals: Float64Array, timeS: number): void;
  /** Begins a fault; the result ends it. */
  strike(place: number, fault: InstrumentFault, timeS: number): () => void;
}

const TWO_PI = 2 * Math.PI;
const UINT_RANGE = 4_294_967_296;
const DAY_S = 86_400;

interface Ailment {
  readonly place: number;
  readonly fault: InstrumentFault;
  readonly sinceS: number;
  readonly spikes: Random;
  readonly stuckAt: number;
}

export function createInstruments(
  specs: readonly InstrumentSpec[],
  signals: Float64Array,
  seed: number,
): Instruments {
  const bank = createBank(specs, signals, seed);
  const { readings } = bank;
  let ailments: readonly Ailment[] = [];

  function ail(timeS: number): void {
    for (const ailment of ailments)
      readings[ailment.place] = ailing(ailment, at(readings, ailment.place), timeS);
  }

  return {
    readings,
    read(truth, timeS) {
      readAnalogs(bank, truth);
      readBatches(bank, truth, timeS);
      readExact(bank, truth);
      if (ailments.length > 0) ail(timeS);
      count(bank);
    },
    strike(place, fault, timeS) {
      const name = `${specs[place]?.tag ?? place} spikes`;
      const ailment = {
        place,
        fault,
        sinceS: timeS,
        spikes: randomFor(name, seed),
        stuckAt: at(readings, place),
      };
      ailments = [...ailments, ailment];
      return () => {
        ailments = ailments.filter((other) => other !== ailment);
      };
    },
  };
}

function ailing({ fault, sinceS, spikes, stuckAt }: Ailment, reading: number, timeS: number): number {
  if (fault.shows !== undefined) return fault.shows;
  if (fault.isStuck === true) return stuckAt;
  const drift = ((fault.driftPerDay ?? 0) * (timeS - sinceS)) / DAY_S;
  const isSpike = fault.spikesPerH !== undefined && spikes() < fault.spikesPerH / 3600;
  return reading * (fault.gain ?? 1) + (fault.bias ?? 0) + drift + (isSpike ? (fault.spike ?? 0) : 0);
}

/** All instruments side by side: columns by position in their kind's list of places. */
interface Bank {
  readonly readings: Float64Array;
  readonly analogs: Int32Array;
  readonly batches: Int32Array;
  readonly exacts: Int32Array;
  readonly totals: Int32Array;
  /** By place. */
  readonly rates: Int32Array;
  readonly seeds: Uint32Array;
  readonly sigma: Float64Array;
  readonly phi: Float64Array;
  /** √(1 − φ²). */
  readonly fresh: Float64Array;
  readonly follow: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly step: Float64Array;
  readonly lagged: Float64Array;
  readonly noise: Float64Array;
  readonly everyS: Float64Array;
  readonly delayS: Float64Array;
  readonly pending: Float64Array;
  /** What an analyser shows until its next result, before anything is wrong with it. */
  readonly shown: Float64Array;
}

function createBank(specs: readonly InstrumentSpec[], signals: Float64Array, seed: number): Bank {
  const places = (kind: InstrumentSpec["kind"]) =>
    Int32Array.from(specs.flatMap((spec, place) => (spec.kind === kind ? [place] : [])));
  const column = (of: (spec: InstrumentSpec) => number) => Float64Array.from(specs, of);
  const phi = column(({ tauS }) => (tauS > 0 ? Math.exp(-1 / tauS) : 0));
  const bank: Bank = {
    readings: Float64Array.from(signals),
    analogs: places("analog"),
    batches: places("batch"),
    exacts: places("exact"),
    totals: places("total"),
    rates: Int32Array.from(specs, ({ rate }) => rate),
    seeds: Uint32Array.from(specs, ({ tag }) => (fnv1a32(tag) ^ seed) >>> 0),
    sigma: column(({ sigma }) => sigma),
    phi,
    fresh: phi.map((share) => Math.sqrt(1 - share * share)),
    follow: column(({ tauS }) => (tauS > 0 ? 1 - Math.exp(-1 / tauS) : 1)),
    low: column(({ low }) => low),
    high: column(({ high }) => high),
    step: column(({ step }) => step),
    lagged: Float64Array.from(signals),
    noise: new Float64Array(specs.length),
    everyS: column(({ everyS }) => everyS),
    delayS: column(({ delayS }) => delayS),
    pending: Float64Array.from(signals),
    shown: Float64Array.from(signals),
  };
  for (const place of bank.analogs) bank.noise[place] = nextNormal(bank.seeds, place);
  return bank;
}

/** Next uniform of a place's own stream; the same stream as `mulberry32` gives. */
function nextUniform(seeds: Uint32Array, place: number): number {
  const state = ((seeds[place] as number) + 0x6d2b79f5) >>> 0;
  seeds[place] = state;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / UINT_RANGE;
}

/** Box–Muller, two draws. */
function nextNormal(seeds: Uint32Array, place: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - nextUniform(seeds, place)));
  return radius * Math.cos(TWO_PI * nextUniform(seeds, place));
}

function readAnalogs(bank: Bank, signals: Float64Array): void {
  const { analogs, readings, lagged, noise, seeds, sigma, phi, fresh, follow, low, high, step } = bank;
  for (let i = 0; i < analogs.length; i++) {
    const place = analogs[i] as number;
    const lag = at(lagged, place) + (at(signals, place) - at(lagged, place)) * at(follow, place);
    lagged[place] = lag;
    const wander = at(phi, place) * at(noise, place) + at(fresh, place) * nextNormal(seeds, place);
    noise[place] = wander;
    const shown = clamp(lag + at(sigma, place) * wander, at(low, place), at(high, place));
    const quantum = at(step, place);
    // The branch in Math.round goes either way as often, which no processor can guess.
    readings[place] = quantum > 0 ? quantum * Math.floor(shown / quantum + 0.5) : shown;
  }
}

/** Draws from a stream only when an analyser samples. */
function readBatches(bank: Bank, signals: Float64Array, timeS: number): void {
  const { batches, readings, pending, shown, seeds, sigma, low, high, everyS, delayS } = bank;
  for (let i = 0; i < batches.length; i++) {
    const place = batches[i] as number;
    const phase = timeS % at(everyS, place);
    if (phase === at(delayS, place)) shown[place] = at(pending, place);
    readings[place] = at(shown, place);
    if (phase !== 0) continue;
    const result = at(signals, place) * (1 + at(sigma, place) * nextNormal(seeds, place));
    pending[place] = clamp(result, at(low, place), at(high, place));
  }
}

function readExact({ exacts, readings }: Bank, signals: Float64Array): void {
  for (let i = 0; i < exacts.length; i++) {
    const place = exacts[i] as number;
    readings[place] = at(signals, place);
  }
}

function count({ totals, rates, readings }: Bank): void {
  for (let i = 0; i < totals.length; i++) {
    const place = totals[i] as number;
    readings[place] = at(readings, place) + at(readings, rates[place] as number) / 3600;
  }
}
