import type { Said } from "./said.ts";
import type { EpochMs } from "./time.ts";

/** `held`: its batch failed the laboratory's own checks. `over-limit`: more than the method can tell, until it is assayed
 *  again by another. `withdrawn`: taken back. Only accepted ones count. */
export type AssayState = "accepted" | "held" | "over-limit" | "withdrawn";

/** A duplicate is a second result for the same cut, under a name of its own. Standards and blanks belong to no sampling
 *  point: they say whether the batch that they went with may be believed. */
export const ASSAY_KINDS = ["sample", "duplicate", "standard", "blank"] as const;
export type AssayKind = (typeof ASSAY_KINDS)[number];

/** One result of the laboratory for one sample of one sampling point. A correction is a new version of it. */
export interface Assay {
  /** `AY-901` of the plant file; empty for standards and blanks. */
  readonly point: string;
  /** The laboratory's name of the sample. */
  readonly sample: string;
  readonly kind: AssayKind;
  readonly version: number;
  /** The laboratory's own count of its results for the sample: re-assays and corrections have the higher one. */
  readonly revision: number;
  /** When the sample was cut, half open: it belongs to this time whenever its result comes. */
  readonly cutFrom: EpochMs;
  readonly cutTo: EpochMs;
  readonly unit: string;
  /** Null when there is no number: above the limit of the method, or taken back. */
  readonly value: number | null;
  /** Standard uncertainty of this one result; what all results of the point share is not in it. */
  readonly u: number | null;
  /** As the laboratory wrote it: `<0.005`, `>10`, `12.4`. */
  readonly asReported: string;
  readonly method: string | null;
  readonly batch: string | null;
  /** Reference material of a standard. */
  readonly material: string | null;
  readonly state: AssayState;
  readonly reportedAt: EpochMs;
  /** When the gateway was told, and by whom. */
  readonly receivedAt: EpochMs;
  readonly by: string;
  /** Of a correction, a hold or a release. */
  readonly reason: string | null;
}

/** One line of what somebody sent, read but not yet judged. */
export interface AssayDraft {
  readonly row: number;
  readonly point: string;
  readonly sample: string;
  readonly kind: AssayKind;
  readonly revision: number | null;
  readonly cutFrom: EpochMs;
  readonly cutTo: EpochMs;
  readonly reportedAt: EpochMs | null;
  readonly method: string | null;
  readonly batch: string | null;
  readonly material: string | null;
  /** `<` below the detection limit and `>` above what the method can tell: the value is the limit then. */
  readonly qualifier: "" | "<" | ">";
  /** Its digits as they were written. */
  readonly digits: string;
  readonly value: number;
  readonly unit: string;
  readonly isWithdrawn: boolean;
  readonly reason: string | null;
}

export interface AssayQuery {
  readonly point: string | null;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Every version, not only the last ones. */
  readonly all: boolean;
  readonly rowsMax: number;
}

/** What became of what was sent. */
export interface AssayReceipt {
  readonly received: number;
  /** New samples and new versions. */
  readonly added: number;
  /** Known already, word for word. */
  readonly unchanged: number;
  /** Older than the result that is known. */
  readonly superseded: number;
  /** Batches that are held back now because a standard or a blank in them failed. */
  readonly heldBatches: readonly string[];
}

/** A standard or a blank and what it says of its batch. */
export interface ControlResult {
  readonly assay: Assay;
  /** Deviation from the certified value in standard deviations; null for blanks. */
  readonly z: number | null;
  /** Why it failed; null when it did not, also when a person released its batch. */
  readonly failure: string | null;
}

/** Where results of the laboratory go and come from. */
export interface AssayDesk {
  readonly points: readonly { readonly id: string; readonly title: string; readonly unit: string }[];
  list(query: AssayQuery): readonly Assay[];
  controls(query: AssayQuery): readonly ControlResult[];
  /** All or nothing. Throws RefusedInput. */
  take(drafts: readonly AssayDraft[], by: string): AssayReceipt;
  /** Lets the held results of a batch count. Returns how many there were. */
  release(batch: string, by: string, reason: string): number;
}

/** One thing wrong with what somebody sent; nothing of it was taken. */
export interface InputFault extends Said {
  /** Counted as people count lines: the head of a CSV is row 1; in a JSON list the first is row 1. */
  readonly row: number;
  readonly column: string;
}

const FAULTS_TOLD_MAX = 5;

/** What somebody sent is wrong. Nothing of it was taken. */
export class RefusedInput extends Error {
  readonly code = "REFUSED_INPUT";
  readonly faults: readonly InputFault[];

  constructor(faults: readonly InputFault[]) {
    const told = faults
      .slice(0, FAULTS_TOLD_MAX)
      .map(({ row, column, sentence }) => `Row ${row}, ${column}: ${sentence}.`);
    const rest = faults.length - told.length;
    super(`${told.join(" ")}${rest > 0 ? ` And ${rest} more.` : ""} Nothing was taken.`);
    this.faults = faults;
  }
}
