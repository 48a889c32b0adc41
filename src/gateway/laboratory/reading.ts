import type { AssayPoint, Metallurgy, Spread } from "../../config/metallurgy.ts";
import type { Assay, AssayDraft, AssayState, InputFault } from "../../domain/assay.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { nearest } from "../../domain/spelling.ts";
import type { EpochMs } from "../../domain/time.ts";
import { conversion, measureOf } from "../../domain/unit-algebra.ts";
import { belowDetection } from "../../metallurgy/detection.ts";
import { DEFAULT_ERRORS, sizeOf } from "../../metallurgy/uncertainty.ts";

/** The clocks of laboratory and gateway may differ by this much, ms. */
const CLOCKS_DIFFER_MAX_MS = 300_000;
/** Nobody composites a sample for longer, ms. */
const CUT_LENGTH_MAX_MS = 35 * 86_400_000;

/** What a draft says in the terms of the plant; who tells it and how often it came before is not known yet. */
export type ReadAssay = Omit<Assay, "version" | "revision" | "receivedAt" | "by" | "reason">;

export interface ReadingContext {
  readonly points: ReadonlyMap<string, AssayPoint>;
  readonly laboratory: Metallurgy["laboratory"];
  readonly now: EpochMs;
}

/** Checks a draft against the plant. Faults go to `faults`; null when there were any. */
export function readDraft(
  context: ReadingContext,
  draft: AssayDraft,
  faults: InputFault[],
): ReadAssay | null {
  const before = faults.length;
  const tell: Tell = (column, said) => {
    faults.push({ row: draft.row, column, ...said });
  };
  checkTimes(draft, context.now, tell);
  const scale = isControl(draft) ? controlScale(draft, tell) : pointScale(context, draft, tell);
  const material = materialOf(context, draft, tell);
  if (faults.length > before || scale === null) return null;
  return { ...plain(draft), ...scale.taken, material, unit: scale.unit };
}

export function isControl({ kind }: Pick<AssayDraft, "kind">): boolean {
  return kind === "standard" || kind === "blank";
}

type Tell = (column: string, said: Said) => void;

function checkTimes({ cutFrom, cutTo, reportedAt }: AssayDraft, now: EpochMs, tell: Tell): void {
  if (cutTo < cutFrom) tell("cut_to", say("ends-before-begins"));
  if (cutTo - cutFrom > CUT_LENGTH_MAX_MS)
    tell("cut_to", say("cut-too-long", { most: CUT_LENGTH_MAX_MS / 86_400_000 }));
  if (cutTo > now + CLOCKS_DIFFER_MAX_MS) tell("cut_to", say("cut-in-future"));
  if (reportedAt === null) return;
  if (reportedAt > now + CLOCKS_DIFFER_MAX_MS) tell("reported", say("reported-in-future"));
  if (reportedAt < cutTo) tell("reported", say("reported-before-cut"));
}

interface Scale {
  readonly unit: string;
  readonly taken: Pick<Assay, "value" | "u" | "state">;
}

function controlScale(draft: AssayDraft, tell: Tell): Scale | null {
  if (draft.point !== "") tell("point", say("control-at-point", { kind: draft.kind }));
  if (measureOf(draft.unit) === null) {
    tell("unit", say("no-unit", { unit: draft.unit }));
    return null;
  }
  return { unit: draft.unit, taken: taken(draft, { factor: 1, offset: 0 }, null) };
}

function pointScale({ points }: ReadingContext, draft: AssayDraft, tell: Tell): Scale | null {
  const point = points.get(draft.point);
  if (point === undefined) {
    tell("point", noPoint(draft.point, points.keys()));
    return null;
  }
  const change = conversion(draft.unit, point.unit);
  if (change === null) {
    tell("unit", say("other-unit", { point: draft.point, unit: point.unit, given: draft.unit }));
    return null;
  }
  const result = taken(draft, change, point);
  const [low, high] = point.range ?? [0, Infinity];
  const value = draft.value * change.factor + change.offset;
  if (value > high || (draft.qualifier === "" && value < low))
    tell(
      "value",
      say("outside-point", { digits: draft.digits, point: draft.point, low, high, unit: point.unit }),
    );
  return { unit: point.unit, taken: result };
}

function noPoint(point: string, points: Iterable<string>): Said {
  const near = nearest(point, points);
  return near.length === 0
    ? say("no-point", { point })
    : say("no-point-near", { point, near: near.map((one) => `\`${one}\``).join(", ") });
}

/** What the figure is worth: half the limit below the detection limit, nothing yet above what the method can tell. */
function taken(
  { qualifier, value, isWithdrawn }: AssayDraft,
  { factor, offset }: { readonly factor: number; readonly offset: number },
  point: AssayPoint | null,
): Pick<Assay, "value" | "u" | "state"> {
  const state: AssayState = qualifier === ">" ? "over-limit" : "accepted";
  if (isWithdrawn) return { value: null, u: null, state: "withdrawn" };
  if (state === "over-limit") return { value: null, u: null, state };
  const own = value * factor + offset;
  if (qualifier === "<") return { ...belowDetection(own), state };
  return { value: own, u: point === null ? 0 : uncertaintyOf(point, own), state };
}

const USUAL: Readonly<Record<string, Spread>> = {
  "g/t": DEFAULT_ERRORS["tailsAssay g/t"].random,
  "mg/L": DEFAULT_ERRORS["solutionAssay mg/L"].random,
  "%": DEFAULT_ERRORS["moistureLab %"].random,
  "kg/m3": DEFAULT_ERRORS.carbonConcentration.systematic,
};

/** Random part of the standard uncertainty of one result: what the plant file says of the point, else what is usual for
 *  its unit. */
function uncertaintyOf({ error: { systematic, random }, unit }: AssayPoint, value: number): number {
  const isStated = [systematic, random].some(({ relative, absolute }) => relative > 0 || absolute > 0);
  const own = isStated ? random : USUAL[unit];
  return own === undefined ? 0 : sizeOf(own, value);
}

/** Of a standard: the named material, or the only one that there is. */
function materialOf(
  { laboratory: { standards } }: ReadingContext,
  draft: AssayDraft,
  tell: Tell,
): string | null {
  if (draft.kind !== "standard") return null;
  const known = Object.keys(standards);
  if (draft.material === null) {
    if (known.length > 1) tell("material", say("which-material", { known: known.join(", ") }));
    return known[0] ?? null;
  }
  if (!known.includes(draft.material))
    tell(
      "material",
      known.length === 0
        ? say("no-material", { material: draft.material })
        : say("no-material-of", { material: draft.material, known: known.join(", ") }),
    );
  return draft.material;
}

function plain(draft: AssayDraft): Omit<ReadAssay, "value" | "u" | "state" | "material" | "unit"> {
  const { point, sample, kind, cutFrom, cutTo, method, reportedAt, qualifier, digits, batch } = draft;
  return {
    point,
    sample,
    kind,
    cutFrom,
    cutTo,
    method,
    batch: batch ?? impliedBatch(draft),
    asReported: `${qualifier}${digits}`,
    reportedAt: reportedAt ?? cutTo,
  };
}

/** Where the laboratory names no batch, what was cut to the same moment and goes by the same method is one. */
function impliedBatch({ method, cutTo }: AssayDraft): string | null {
  return method === null ? null : `${method}@${new Date(cutTo).toISOString().slice(0, 16)}Z`;
}
