import { words } from "../preferences.ts";

/** The area's name in the reader's language, where it is one that every plant of this kind has; else as the plant file has
 *  it. */
export function areaName(area: string): string {
  const names = words.value.area;
  return Object.hasOwn(names, area) ? (names[area] ?? area) : area;
}

export function areaAddress(area: string): string {
  return `/area/${encodeURIComponent(area)}`;
}
