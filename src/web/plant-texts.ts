import { createTranslator, translated } from "../domain/phrases.ts";
import type { Phrases, Translator } from "../domain/phrases.ts";
import { language } from "./preferences.ts";

const ANSWER_MAX_MS = 4000;
/** That of the plant file; its texts need no translation. */
const ORIGINAL = "en";

const asTheyAre: Translator = (text) => text;
let say = asTheyAre;
let asked: Promise<void> | null = null;

/** Fetches, once, what the plant's titles are in the reader's language; all that comes after is told in it. Rejects when the
 *  gateway is away, and asks again the next time. */
export function knowTexts(): Promise<void> {
  asked ??= fetchTexts().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function fetchTexts(): Promise<void> {
  if (language.peek() === ORIGINAL) return;
  const response = await fetch(`/api/v1/texts/${language.peek()}`, {
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  });
  if (!response.ok) throw new Error(`the texts answered ${response.status}`);
  say = createTranslator((await response.json()) as Phrases);
}

/** An answer of the gateway with the plant's titles in the reader's language. */
export function inOwnWords<T>(answer: T): T {
  return say === asTheyAre ? answer : translated(answer, say);
}
