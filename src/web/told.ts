import { filled } from "../domain/said.ts";
import type { SaidParameter, SentenceCode } from "../domain/said.ts";
import { SENTENCES_ES, PARAMETERS_ES } from "./i18n/sentences.ts";
import { spanishOfSystem } from "./i18n/system-words.ts";
import { language } from "./preferences.ts";

/** Which sentence of the gateway it is, and what stands in it. */
export interface ToldAnswer {
  readonly code?: string;
  readonly params?: Readonly<Record<string, SaidParameter>>;
}

/** A sentence of the gateway in the reader's language; in the gateway's English where there are no words for it. */
export function sentenceOf(english: string, told: ToldAnswer | null | undefined): string {
  const { code, params = {} } = told ?? {};
  if (language.value === "en" || code === undefined || !Object.hasOwn(SENTENCES_ES, code)) return english;
  const named = Object.fromEntries(Object.entries(params).map(([name, one]) => [name, worded(name, one)]));
  return filled(SENTENCES_ES[code as SentenceCode], named, String);
}

/** What the system says of a disk or a file, in the reader's language where there are words for it. */
export function systemText(english: string): string {
  return language.value === "en" ? english : (spanishOfSystem(english) ?? english);
}

function worded(name: string, parameter: SaidParameter): string {
  if (typeof parameter === "object") return sentenceOf(parameter.sentence, parameter);
  return PARAMETERS_ES[name]?.[parameter] ?? spanishOfSystem(String(parameter)) ?? String(parameter);
}
