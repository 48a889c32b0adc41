import { reportWords } from "../../i18n/report.ts";

/** `2026-11-22/day` as people say it. */
export function shiftName(key: string): string {
  const [date = "", name = ""] = key.split("/");
  const names: Readonly<Record<string, string>> = reportWords.value.shiftName;
  return `${date}, ${names[name] ?? name}`;
}
