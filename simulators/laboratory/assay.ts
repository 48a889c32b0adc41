import type { EpochMs } from "../../src/domain/time.ts";

/** One result as a laboratory's system hands it over. */
export interface Assay {
  /** Number of the sample; all results of one sample share it. */
  readonly sample: string;
  /** What was sampled: AY-901 and its like; empty for the laboratory's own standards and blanks. */
  readonly tag: string;
  readonly kind: "sample" | "duplicate" | "standard" | "blank";
  /** 1, and one more for each re-assay or correction. */
  readonly version: number;
  /** The interval in which it was cut; both ends alike for a spot sample. */
  readonly cutFromMs: EpochMs;
  readonly cutToMs: EpochMs;
  readonly reportedMs: EpochMs;
  readonly method: string;
  readonly value: number;
  /** `<` below the detection limit, `>` above what the method can tell: the value is the limit then. */
  readonly qualifier: "" | "<" | ">";
  readonly unit: string;
  /** Why there is another version; empty for the first. */
  readonly reason: string;
}

const COLUMNS = [
  "sample",
  "tag",
  "kind",
  "version",
  "cut_from",
  "cut_to",
  "reported",
  "method",
  "qualifier",
  "value",
  "unit",
  "reason",
] as const;

/** The same as a record of plain values, times ISO 8601 UTC. */
export function assayRecord(assay: Assay): Readonly<Record<(typeof COLUMNS)[number], string | number>> {
  return {
    sample: assay.sample,
    tag: assay.tag,
    kind: assay.kind,
    version: assay.version,
    cut_from: new Date(assay.cutFromMs).toISOString(),
    cut_to: new Date(assay.cutToMs).toISOString(),
    reported: new Date(assay.reportedMs).toISOString(),
    method: assay.method,
    qualifier: assay.qualifier,
    value: assay.value,
    unit: assay.unit,
    reason: assay.reason,
  };
}

/** A file with a header line. Values hold no commas, quotes or line ends. */
export function assaysCsv(assays: readonly Assay[]): string {
  const lines = assays.map((assay) => {
    const record = assayRecord(assay);
    return COLUMNS.map((column) => record[column]).join(",");
  });
  return `${[COLUMNS.join(","), ...lines].join("\n")}\n`;
}

export function assaysJson(assays: readonly Assay[]): string {
  return `${JSON.stringify(assays.map(assayRecord), null, 2)}\n`;
}
