import type { EpochMs } from "../../src/domain/time.ts";
import type { RawValue } from "../codec/raw.ts";
import type { ValueFault } from "../instruments/outlet.ts";

interface Sample {
  readonly raw: RawValue;
  readonly time: EpochMs;
}

/** Which sample goes out in place of the newest: `number` counts from 1, `recent` has the newest last. */
type Choose = (number: number, recent: readonly Sample[]) => Sample | undefined;

/** Every second sample is the one before it once more. */
export const repeatSamples: Choose = (number, recent) => (number % 2 === 0 ? recent.at(-2) : recent.at(-1));

/** Every third sample is one of two before, which has gone out already: the source time steps back. */
export const shuffleSamples: Choose = (number, recent) => (number % 3 === 0 ? recent.at(-3) : recent.at(-1));

const RECENT = 3;

/** Sends other samples than the newest, each with its own source time. `sample` makes the newest of a time. */
export function misordered(sample: (time: EpochMs) => RawValue, choose: Choose): ValueFault {
  let recent: readonly Sample[] = [];
  let number = 0;
  let shown: Sample | null = null;

  function at(time: EpochMs): Sample {
    if (shown !== null && recent.at(-1)?.time === time) return shown;
    const newest = { raw: sample(time), time };
    recent = [...recent, newest].slice(-RECENT);
    number += 1;
    shown = choose(number, recent) ?? newest;
    return shown;
  }

  return { raw: (time) => at(time).raw, sourceTime: (time) => at(time).time };
}
