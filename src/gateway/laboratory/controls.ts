import type { Metallurgy } from "../../config/metallurgy.ts";
import type { Assay, ControlResult } from "../../domain/assay.ts";
import { judgeBlank, judgeStandard } from "../../metallurgy/laboratory-controls.ts";

/** How far back the standard before is looked for, ms. */
export const CONTROLS_REACH_MS = 30 * 86_400_000;

type Laboratory = Metallurgy["laboratory"];

/** Judges standards and blanks in the order in which they were made, whatever the order in which they were told. A person's
 *  release of a batch stands. */
export function judgeControls(laboratory: Laboratory, controls: readonly Assay[]): ControlResult[] {
  const before = new Map<string, number>();
  return [...controls].sort(byTime).map((assay) => {
    const series = `${assay.material ?? ""} ${assay.method ?? ""}`;
    const verdict = judge(laboratory, assay, before.get(series) ?? null);
    if (verdict.z !== null) before.set(series, verdict.z);
    return { assay, z: verdict.z, failure: verdict.failure };
  });
}

function byTime(one: Assay, other: Assay): number {
  return one.cutTo - other.cutTo || one.reportedAt - other.reportedAt || (one.sample < other.sample ? -1 : 1);
}

function judge(
  { standards, blankMax }: Laboratory,
  { kind, value, state, material, asReported }: Assay,
  before: number | null,
): Pick<ControlResult, "z" | "failure"> {
  if (state === "withdrawn") return { z: null, failure: null };
  if (value === null) return { z: null, failure: `${asReported}, above what the method can tell` };
  if (kind === "blank") return { z: null, failure: judgeBlank(value, asReported.startsWith("<"), blankMax) };
  const reference = standards[material ?? ""];
  return reference === undefined ? { z: null, failure: null } : judgeStandard(value, reference, before);
}
