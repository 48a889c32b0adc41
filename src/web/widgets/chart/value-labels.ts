import { formatNumber } from "../../format.ts";

const DECIMALS_MAX = 6;
/** What is left of a whole number by the arithmetic of fractions. */
const ROUNDING = 1e-6;

/** Decimals that a step between two labels needs: 0.25 needs two. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < DECIMALS_MAX; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < ROUNDING * scaled) return decimals;
  }
  return DECIMALS_MAX;
}

/** Labels beside a chart, all with the same decimals, so that 10.90 stands between 10.85 and 10.95. */
export function valueLabels(splits: readonly number[], step: number, locale: string): string[] {
  const decimals = decimalsOf(step);
  return splits.map((value) => formatNumber(value, decimals, locale));
}
