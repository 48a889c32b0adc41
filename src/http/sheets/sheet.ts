import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { RefusedInput } from "../../domain/assay.ts";
import type { InputFault } from "../../domain/assay.ts";
import { nearest } from "../../domain/spelling.ts";
import { readCsv, ROWS_MAX } from "./csv.ts";

/** A column and the other names that it goes by. */
export interface Column {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly isRequired?: boolean;
}

/** So many wrong columns are told with what was perhaps meant; nobody reads more, and looking for it takes time. */
const SUGGESTIONS_MAX = 100;

/** What somebody sent as one record: cells by the names of our columns. */
export interface SheetRow {
  readonly row: number;
  readonly cells: ReadonlyMap<string, unknown>;
}

/** Reads a CSV whose first line names the columns. Throws RefusedInput for a column that is missing, double or unknown and
 *  for a line that is longer or shorter than the head. */
export function rowsOfCsv(bytes: Uint8Array, columns: readonly Column[]): SheetRow[] {
  const [head, ...lines] = readCsv(bytes);
  if (head === undefined) throw new RefusedInput([{ row: 1, column: "(head)", ...say("file-empty") }]);
  const faults: InputFault[] = [];
  const known = namesOf(columns);
  const names = head.cells.map((cell) => columnNamed(cell, known));
  checkHead(head.row, head.cells, names, columns, faults);
  if (faults.length > 0) throw new RefusedInput(faults);
  const rows = lines.map(({ row, cells }) => {
    const surplus = cells.slice(names.length).filter((cell) => cell.trim() !== "").length;
    if (surplus > 0 || cells.length < names.length) faults.push(wrongLength(row, cells.length, names.length));
    const own = new Map<string, unknown>();
    for (const [i, name] of names.entries()) if (name !== null && name !== "") own.set(name, cells[i] ?? "");
    return { row, cells: own };
  });
  if (faults.length > 0) throw new RefusedInput(faults);
  return rows;
}

function wrongLength(row: number, cells: number, head: number): InputFault {
  return { row, column: "(line)", ...say(cells > head ? "line-surplus" : "line-short", { cells, head }) };
}

function checkHead(
  row: number,
  cells: readonly string[],
  names: readonly (string | null)[],
  columns: readonly Column[],
  faults: InputFault[],
): void {
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    const cell = cells[i] ?? "";
    if (name === null)
      faults.push({
        row,
        column: shown(cell),
        ...noSuchColumn(cell, columns, faults),
      });
    else if (name !== "" && seen.has(name))
      faults.push({ row, column: shown(cell), ...say("column-twice", { name }) });
    else seen.add(name);
  }
  for (const { name, isRequired } of columns)
    if (isRequired === true && !names.includes(name))
      faults.push({ row, column: name, ...say("column-missing") });
}

function noSuchColumn(cell: string, columns: readonly Column[], faults: readonly InputFault[]): Said {
  if (faults.length >= SUGGESTIONS_MAX) return say("no-column");
  const near = nearest(
    folded(cell),
    columns.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  );
  if (near.length > 0) return say("no-column-near", { near: near.join(", ") });
  return say("no-column-of", { known: columns.map(({ name }) => name).join(", ") });
}

function shown(cell: string): string {
  return cell.trim() === "" ? "(no name)" : cell.trim().slice(0, 40);
}

/** Our name of a column by each name that it goes by; the first of two that go by the same. */
function namesOf(columns: readonly Column[]): ReadonlyMap<string, string> {
  const names = columns.flatMap(({ name, aliases = [] }) =>
    [name, ...aliases].map((one) => [one, name] as const),
  );
  return new Map(names.toReversed());
}

/** Our name of a column; empty for a column without a name, null for one that we do not know. */
function columnNamed(cell: string, known: ReadonlyMap<string, string>): string | null {
  const wanted = folded(cell);
  return wanted === "" ? "" : (known.get(wanted) ?? null);
}

/** Lower case, without accents, with _ for what stands between words. */
function folded(text: string): string {
  return text
    .trim()
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[\s./-]+/gu, "_");
}

/** Reads one JSON object or a list of them. Throws RefusedInput. */
export function rowsOfJson(body: unknown, columns: readonly Column[]): SheetRow[] {
  const records: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (records.length === 0) throw new RefusedInput([{ row: 1, column: "(list)", ...say("list-empty") }]);
  if (records.length > ROWS_MAX)
    throw new RefusedInput([
      { row: ROWS_MAX + 1, column: "(list)", ...say("list-long", { most: ROWS_MAX }) },
    ]);
  const faults: InputFault[] = [];
  const known = namesOf(columns);
  const rows = records.map((record, i) => rowOfRecord(record, i + 1, { columns, known }, faults));
  if (faults.length > 0) throw new RefusedInput(faults);
  return rows;
}

function rowOfRecord(
  record: unknown,
  row: number,
  { columns, known }: { readonly columns: readonly Column[]; readonly known: ReadonlyMap<string, string> },
  faults: InputFault[],
): SheetRow {
  const cells = new Map<string, unknown>();
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    faults.push({ row, column: "(entry)", ...say("no-object") });
    return { row, cells };
  }
  for (const [key, value] of Object.entries(record)) {
    const name = columnNamed(key, known);
    if (name === null || name === "")
      faults.push({
        row,
        column: shown(key),
        ...noSuchColumn(key, columns, faults),
      });
    else cells.set(name, value);
  }
  for (const { name, isRequired } of columns)
    if (isRequired === true && !cells.has(name)) faults.push({ row, column: name, ...say("missing") });
  return { row, cells };
}
