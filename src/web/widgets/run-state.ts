import type { EquipmentAnswer } from "../api.ts";
import { indicatorWords } from "../i18n/indicator.ts";
import { cellOf, link } from "../store.ts";
import type { RunState } from "./equipment-symbol.tsx";

/** Whether a piece of equipment runs, as far as that can be believed now. */
export function runState({ running }: Pick<EquipmentAnswer, "running">): RunState {
  if (running === null) return "none";
  const reading = cellOf(running)?.reading.value;
  if (reading === undefined || reading.q !== "good" || link.value === "lost") return "unknown";
  return reading.v === true ? "running" : "stopped";
}

/** In a word; empty where nothing says so. */
export function runWord(state: RunState): string {
  return state === "none" ? "" : indicatorWords.value[state];
}
