import type { ReportLanguage } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ReportWords } from "./words.ts";

/** How one report is written. */
export interface Pen {
  readonly words: ReportWords;
  readonly language: ReportLanguage;
  readonly time: (time: EpochMs) => string;
}

/** Text that stays text within HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
