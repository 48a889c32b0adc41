const MS_PER = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const BYTES_PER = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** One number and one unit, more than nothing; only seconds take decimals, and no finer than a millisecond. */
export const DURATION_PATTERN = "^(?=[^1-9]*[1-9])([0-9]{1,12}(ms|s|m|h|d)|[0-9]{1,12}[.][0-9]{1,3}s)$";
export const SIZE_PATTERN = "^[1-9][0-9]{0,11}(B|KiB|MiB|GiB|TiB)$";

const DURATION = new RegExp(DURATION_PATTERN, "u");
const SIZE = new RegExp(SIZE_PATTERN, "u");

/** Milliseconds of a duration such as `250ms`, `1.5s` or `10m`. Throws RangeError on a text of another form. */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`"${text}" is no duration`);
  return Math.round(amountTimesUnit(text, MS_PER));
}

/** The shortest exact text of a whole number of milliseconds, 1 or more; the inverse of `parseDuration`. */
export function formatDuration(ms: number): string {
  for (const [unit, factor] of Object.entries(MS_PER)) if (ms % factor === 0) return `${ms / factor}${unit}`;
  throw new RangeError(`${ms} is no whole number of milliseconds`);
}

/** Bytes of a size such as `512MiB` or `1GiB`. Throws RangeError on a text of another form. */
export function parseSize(text: string): number {
  if (!SIZE.test(text)) throw new RangeError(`"${text}" is no size`);
  return amountTimesUnit(text, BYTES_PER);
}

function amountTimesUnit(text: string, factors: Readonly<Record<string, number>>): number {
  const unit = text.replace(/^[0-9.]+/u, "");
  return Number(text.slice(0, -unit.length)) * (factors[unit] ?? NaN);
}
