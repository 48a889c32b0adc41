import type { ReportLanguage } from "../../domain/report.ts";
import { en } from "./words-en.ts";
import { es } from "./words-es.ts";
import type { ReportWords } from "./words.ts";

export const REPORT_WORDS: Readonly<Record<ReportLanguage, ReportWords>> = { "es-PE": es, en };
