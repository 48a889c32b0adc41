import type { AssayAnswer, ControlAnswer } from "./answers.ts";

/** One mark of a control chart. */
export interface ControlPoint {
  readonly at: string;
  readonly value: number;
  readonly isBad: boolean;
  /** What it is, for whoever points at it. */
  readonly text: string;
}

export function standardPoints(controls: readonly ControlAnswer[]): ControlPoint[] {
  return controls.flatMap(({ kind, z, failure, cutTo, material, sample, asReported }) =>
    kind === "standard" && z !== null
      ? [{ at: cutTo, value: z, isBad: failure !== null, text: `${material ?? ""} ${sample}: ${asReported}` }]
      : [],
  );
}

export function blankPoints(controls: readonly ControlAnswer[]): ControlPoint[] {
  return controls.flatMap(({ kind, value, failure, cutTo, sample, asReported, unit }) =>
    kind === "blank" && value !== null
      ? [{ at: cutTo, value, isBad: failure !== null, text: `${sample}: ${asReported} ${unit}` }]
      : [],
  );
}

/** Beyond this the two results of one cut disagree, % of their mean. Usual in fire assay of coarse gold. */
export const DUPLICATE_MAX_PERCENT = 20;

/** Each duplicate against the sample of the same cut: their difference in % of their mean. */
export function duplicatePoints(assays: readonly AssayAnswer[]): ControlPoint[] {
  const key = ({ point, cutFrom, cutTo }: AssayAnswer): string => `${point} ${cutFrom} ${cutTo}`;
  const samples = new Map(
    assays.filter(({ kind, value }) => kind === "sample" && value !== null).map((one) => [key(one), one]),
  );
  return assays
    .flatMap((duplicate) => {
      const first = samples.get(key(duplicate))?.value ?? null;
      if (duplicate.kind !== "duplicate" || duplicate.value === null || first === null) return [];
      const mean = (first + duplicate.value) / 2;
      if (mean === 0) return [];
      const value = (100 * (duplicate.value - first)) / mean;
      const text = `${duplicate.point} ${duplicate.sample}: ${first} / ${duplicate.value} ${duplicate.unit}`;
      return [{ at: duplicate.cutTo, value, isBad: Math.abs(value) > DUPLICATE_MAX_PERCENT, text }];
    })
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
