import { periodName } from "../../domain/plant-words.ts";
import { language } from "../preferences.ts";

/** `2026-11-22/day` in the reader's language. */
export function periodText(key: string): string {
  return periodName(key, language.value);
}
