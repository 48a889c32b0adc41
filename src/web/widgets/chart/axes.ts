import type { Pen } from "./pen.ts";

export const AXES_MAX = 3;

/** A vertical axis of a chart and the pens on it. */
export interface ChartAxis {
  readonly scale: string;
  /** Unit of its pens; "%" of their ranges where more units than axes share it. */
  readonly unit: string | null;
  readonly isShare: boolean;
}

/** One axis for each unit, in the order of the pens. With more units than axes the last one is shared, and shows its pens in
 *  percent of their ranges. */
export function axesOf(pens: readonly Pen[]): readonly ChartAxis[] {
  const units = [...new Set(pens.map(unitOf))];
  const own = units.length <= AXES_MAX ? units : units.slice(0, AXES_MAX - 1);
  const axes = own.map((unit, index) => ({ scale: `y${index}`, unit, isShare: false }));
  return units.length <= AXES_MAX ? axes : [...axes, { scale: "share", unit: "%", isShare: true }];
}

/** Bits and states stand on an axis without a unit. */
function unitOf({ isStepped, unit }: Pen): string | null {
  return isStepped ? null : unit;
}

export function axisOf(pen: Pen, axes: readonly ChartAxis[]): ChartAxis {
  const own = axes.find(({ unit, isShare }) => !isShare && unit === unitOf(pen));
  return own ?? axes.at(-1) ?? { scale: "y0", unit: null, isShare: false };
}

/** Where a value stands on a shared axis: % of the range of its tag, or of what was seen of it. */
export function shareOf(pen: Pen): (value: number) => number {
  const seen = pen.values.filter((value) => value !== null);
  const [low, high] = pen.range ?? [
    seen.reduce((least, value) => Math.min(least, value), Infinity),
    seen.reduce((most, value) => Math.max(most, value), -Infinity),
  ];
  return high > low ? (value) => (100 * (value - low)) / (high - low) : () => 50;
}
