/** Milliseconds of a duration: a number is milliseconds already, a text is a number with its unit: "250ms", "30s", "10min", "10m", "8h", "2d". */
export type Duration = number | string;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Throws RangeError with a sentence when the text is no duration. */
export function durationMs(duration: Duration): number {
  const ms = typeof duration === "number" ? duration : parsed(duration);
  if (!Number.isFinite(ms) || ms < 0)
    throw new RangeError(`"${duration}" is no duration: write for instance 250ms, 30s, 10min, 8h or 2d`);
  return ms;
}

function parsed(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(text);
  return Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ""] ?? NaN);
}
