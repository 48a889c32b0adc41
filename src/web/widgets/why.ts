import type { Update } from "../api.ts";
import type { Words } from "../i18n/es-PE.ts";
import { plant } from "../store.ts";

/** The quality of a reading in a word or two: why it is not plainly good, where it is not. */
export function whyText({ q, s }: Update, { quality, reason }: Words): string {
  if (q === "good" && s === 0) return quality.good;
  const word = plant.value?.reasons[String(s)];
  if (word !== undefined) return reason[word];
  return q === "good" ? quality.good : reason.OTHER;
}
