import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { RefusedInput } from "../../domain/assay.ts";

/** A line of a sheet: where it stands, and its cells. */
export interface CsvLine {
  /** As an editor counts it, from 1. */
  readonly row: number;
  readonly cells: readonly string[];
}

/** Lines of one file. Who has more sends several. */
export const ROWS_MAX = 5_000;
const CELLS_MAX = 64;
const SEPARATORS = [",", ";", "\t"] as const;

/** Reads what laboratories and spreadsheets call CSV: UTF-8 with or without a byte order mark, UTF-16 with one, else
 *  Windows-1252; comma, semicolon or tab, whichever the first line has most of; any line ends; quotes after RFC 4180.
 *  Empty lines and Excel's `sep=;` are left out. Throws RefusedInput. */
export function readCsv(bytes: Uint8Array): CsvLine[] {
  const text = decode(bytes);
  const hint = /^sep=(.)\r?\n/u.exec(text);
  const start = hint === null ? 0 : hint[0].length;
  const separator = hint?.[1] ?? separatorOf(text);
  const lines = split(text, start, separator, hint === null ? 1 : 2);
  if (lines.length - 1 > ROWS_MAX) throw refuse(ROWS_MAX + 2, "(line)", say("file-long", { most: ROWS_MAX }));
  return lines;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // What Excel writes as CSV on a Spanish Windows is no UTF-8.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function separatorOf(text: string): string {
  const head = text.slice(0, /[\r\n]/u.exec(text)?.index ?? text.length);
  const counted = SEPARATORS.map((separator) => ({ separator, count: head.split(separator).length }));
  return counted.sort((one, other) => other.count - one.count)[0]?.separator ?? ",";
}

function split(text: string, start: number, separator: string, firstRow: number): CsvLine[] {
  const lines: CsvLine[] = [];
  let row = firstRow;
  let at = start;
  while (at < text.length) {
    const line = readLine(text, at, separator, row);
    if (line.cells.some((cell) => cell.trim() !== "")) lines.push({ row, cells: line.cells });
    at = line.end;
    row += line.breaks;
  }
  return lines;
}

/** A cell and where the text goes on behind it. */
interface Cell {
  readonly text: string;
  readonly end: number;
}

/** One line, which quotes may stretch over several of the file's. */
function readLine(
  text: string,
  start: number,
  separator: string,
  row: number,
): { readonly cells: string[]; readonly end: number; readonly breaks: number } {
  const cells: string[] = [];
  let cell = readCell(text, start, separator, row, cells);
  while (text[cell.end] === separator) cell = readCell(text, cell.end + 1, separator, row, cells);
  const lineEnd = lineEndAt(text, cell.end);
  if (lineEnd === null && cell.end < text.length)
    throw refuse(row, `(cell ${cells.length})`, say("behind-quote"));
  const breaks = cells.reduce((sum, one) => sum + (one.match(/\r\n|\r|\n/gu)?.length ?? 0), 1);
  return { cells, end: cell.end + (lineEnd ?? "").length, breaks };
}

function readCell(text: string, start: number, separator: string, row: number, cells: string[]): Cell {
  const isQuoted = text[start] === '"';
  const cell = isQuoted ? quoted(text, start, row, cells.length) : plainCell(text, start, separator);
  cells.push(cell.text);
  if (cells.length > CELLS_MAX) throw refuse(row, "(line)", say("line-long", { most: CELLS_MAX }));
  return cell;
}

function lineEndAt(text: string, at: number): string | null {
  if (text[at] === "\r") return text[at + 1] === "\n" ? "\r\n" : "\r";
  return text[at] === "\n" ? "\n" : null;
}

function plainCell(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== "\r" && text[end] !== "\n") end++;
  return { text: text.slice(start, end), end };
}

function quoted(text: string, start: number, row: number, index: number): Cell {
  let content = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw refuse(row, `(cell ${index + 1})`, say("open-quote"));
    content += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { text: content, end: quote + 1 };
    content += '"';
    from = quote + 2;
  }
}

function refuse(row: number, column: string, said: Said): RefusedInput {
  return new RefusedInput([{ row, column, ...said }]);
}
