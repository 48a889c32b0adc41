import { shown } from "./numbers.ts";
import { escaped } from "./pen.ts";
import type { Pen } from "./pen.ts";

export function amount({ language }: Pen, value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined ? "–" : shown(value, decimals, language);
}

const NUMERIC = /^[-–\d.,]+$/u;

export function table(
  { words }: Pen,
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  note = "",
): string {
  const heading = `<h2>${title}</h2>`;
  if (rows.length === 0) return `${heading}<p>${words.none}</p>`;
  const cell = (text: string): string =>
    `<td${NUMERIC.test(text) ? ' class="number"' : ""}>${escaped(text)}</td>`;
  const isNumber = columns.map((_, i) => rows.every((row) => NUMERIC.test(row[i] ?? "")));
  const head = columns
    .map((name, i) => `<th scope="col"${isNumber[i] === true ? ' class="number"' : ""}>${name}</th>`)
    .join("");
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
  const foot = note === "" ? "" : `<p class="note">${note}</p>`;
  return `${heading}<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>${foot}`;
}
