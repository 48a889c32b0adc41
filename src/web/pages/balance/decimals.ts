/** Decimals that show the second digit of the expanded uncertainty; `sd` is a standard one. */
export function decimalsOf(sd: number | null): number {
  if (sd === null || sd <= 0) return 2;
  return Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(2 * sd))));
}
