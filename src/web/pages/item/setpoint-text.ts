import { formatValue } from "../../format.ts";
import type { Value } from "../../api.ts";
import { words } from "../../preferences.ts";
import { plant } from "../../store.ts";
import type { TagCell } from "../../store.ts";

export function unitText({ about: { unit } }: TagCell): string {
  return unit === null || unit === "1" ? "" : (plant.value?.units[unit] ?? unit);
}

/** A value of the tag with its unit. */
export function withUnit(cell: TagCell, value: Value): string {
  const text = formatValue(value, cell.about, words.value);
  return value === null ? text : `${text} ${unitText(cell)}`.trim();
}
