import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { InputFault } from "../../domain/assay.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Zone } from "../../domain/zone.ts";
import type { SheetRow } from "./sheet.ts";
import { readSheetTime } from "./times.ts";

/** Spreadsheets take a cell that begins like this for a formula, which may do anything. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;
const NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/iu;
const DECIMAL_COMMA = /^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+$/u;
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/u;
const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Reads the cells of one row and keeps what is wrong with them: then the whole is refused, and what is returned in its
 *  place (an empty text, NaN) is never used. */
export interface CellReader {
  readonly row: number;
  has(column: string): boolean;
  /** Null when the cell is empty. */
  text(column: string, lengthMax: number): string | null;
  required(column: string, lengthMax: number): string;
  /** As it stands in the cell, which may not be empty. */
  filled(column: string): string;
  /** Not below zero: nothing that is entered here can be. */
  number(column: string): number;
  /** As it stands in the cell, for what is more than a number; null when the cell is empty. */
  raw(column: string): string | null;
  numberIn(column: string, text: string): number;
  time(column: string): EpochMs;
  choice<T extends string>(column: string, choices: Readonly<Record<string, T>>, fallback: T): T;
  tell(column: string, said: Said): void;
}

export function cellReader({ row, cells }: SheetRow, zone: Zone, faults: InputFault[]): CellReader {
  const tell = (column: string, said: Said): void => void faults.push({ row, column, ...said });
  const raw = (column: string): string | null => {
    const cell = cells.get(column);
    if (cell === undefined || cell === null) return null;
    if (typeof cell === "string") return cell.trim() === "" ? null : cell.trim();
    if (typeof cell === "number" || typeof cell === "boolean") return String(cell);
    tell(column, say("no-text-or-number"));
    return "";
  };
  const filled = (column: string): string => {
    const before = faults.length;
    const own = raw(column) ?? "";
    if (own === "" && faults.length === before) tell(column, say("empty"));
    return own;
  };
  const numberIn = (column: string, own: string): number => {
    const value = NUMBER.test(own) ? Number(own) : NaN;
    if (Number.isFinite(value)) return value;
    if (own !== "") tell(column, notANumber(own));
    return NaN;
  };
  const checked = (column: string, own: string, lengthMax: number): string => {
    const trouble = troubleWith(own, lengthMax);
    if (trouble !== null) tell(column, trouble);
    return own;
  };
  return {
    row,
    tell,
    raw,
    filled,
    numberIn,
    has: (column) => raw(column) !== null,
    text: (column, lengthMax) => (raw(column) === null ? null : checked(column, filled(column), lengthMax)),
    required: (column, lengthMax) => checked(column, filled(column), lengthMax),
    number: (column) => numberIn(column, filled(column)),
    time(column) {
      const own = filled(column);
      const time = own === "" ? NaN : readSheetTime(own, zone);
      if (time === null) tell(column, say("no-time", { text: own.slice(0, 40) }));
      return time ?? NaN;
    },
    choice(column, choices, fallback) {
      const own = filled(column).toLowerCase();
      const chosen = Object.hasOwn(choices, own) ? choices[own] : undefined;
      if (chosen === undefined && own !== "")
        tell(column, say("none-of", { text: own.slice(0, 40), choices: Object.keys(choices).join(", ") }));
      return chosen ?? fallback;
    },
  };
}

function troubleWith(text: string, lengthMax: number): Said | null {
  if (FORMULA.test(text)) return say("formula", { text: text.slice(0, 20) });
  if (CONTROL_CHARACTERS.test(text)) return say("control-character");
  return text.length > lengthMax ? say("too-long", { most: lengthMax }) : null;
}

function notANumber(own: string): Said {
  const text = own.slice(0, 40);
  if (DECIMAL_COMMA.test(own)) return say("decimal-comma", { text });
  if (THOUSANDS.test(own)) return say("thousands-commas", { text });
  return say(/^-\d/u.test(own) ? "negative" : "no-number", { text });
}
