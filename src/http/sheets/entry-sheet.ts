import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { createHash } from "node:crypto";
import { RefusedInput } from "../../domain/assay.ts";
import type { InputFault } from "../../domain/assay.ts";
import { bodyKey, ENTRY_FORMS } from "../../domain/entry-fields.ts";
import type { EntryField, EntryForm } from "../../domain/entry-fields.ts";
import type { EntryBodies, EntryDraft, EntryKind, ScreenBody } from "../../domain/entry.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Zone } from "../../domain/zone.ts";
import { nameIn } from "./assay-sheet.ts";
import { cellReader } from "./cells.ts";
import type { CellReader } from "./cells.ts";
import type { Column, SheetRow } from "./sheet.ts";

const TEXT_LENGTH_MAX = 200;
const PROSE_LENGTH_MAX = 1000;
/** Of the digest that tells two notes of the same moment apart. */
const DIGEST_LENGTH = 8;
const SCREENS_MAX = 30;
const SCREENS_MIN = 2;
const SIZE_UM_MAX = 1_000_000;
const YES = {
  true: "yes",
  yes: "yes",
  si: "yes",
  sí: "yes",
  "1": "yes",
  false: "no",
  no: "no",
  "0": "no",
} as const;

/** Columns of a sheet of entries of a kind. */
export function entryColumns(kind: EntryKind): readonly Column[] {
  const { when, refAliases, fields } = ENTRY_FORMS[kind];
  const times: Column[] =
    when === "moment"
      ? [{ name: "at", aliases: ["time", "delivered", "poured", "fecha", "hora", "from"], isRequired: true }]
      : [
          { name: "from", aliases: ["cut_from", "start", "desde", "inicio"], isRequired: true },
          { name: "to", aliases: ["cut_to", "end", "hasta", "fin"], isRequired: kind === "downtime" },
        ];
  return [
    { name: "ref", aliases: refAliases, isRequired: refAliases.length > 0 },
    ...times,
    ...fields.map(({ name, aliases }) => ({ name, aliases: [bodyKey(name).toLowerCase(), ...aliases] })),
    { name: "withdrawn", aliases: ["anulado"] },
    { name: "reason", aliases: ["motivo"] },
  ];
}

/** Reads all rows; nothing is compared with what is known yet. Throws RefusedInput with everything that is wrong. */
export function readEntries<K extends EntryKind>(
  kind: K,
  rows: readonly SheetRow[],
  zone: Zone,
): EntryDraft<K>[] {
  const faults: InputFault[] = [];
  const drafts = rows.map((row) => readRow(kind, row, cellReader(row, zone, faults)));
  if (faults.length > 0) throw new RefusedInput(faults);
  return drafts;
}

function readRow<K extends EntryKind>(kind: K, row: SheetRow, cells: CellReader): EntryDraft<K> {
  const form = ENTRY_FORMS[kind];
  const [from, to] = readTimes(form, cells);
  const isWithdrawn = cells.has("withdrawn") && cells.choice("withdrawn", YES, "no") === "yes";
  const body = isWithdrawn
    ? null
    : (Object.fromEntries(
        form.fields.map((field) => [bodyKey(field.name), readField(field, row, cells)]),
      ) as unknown as EntryBodies[K]);
  const ref = kind === "note" && !cells.has("ref") ? noteRef(from, cells) : refOf(form, from, cells);
  return { row: row.row, kind, ref, from, to, body, reason: cells.text("reason", TEXT_LENGTH_MAX) };
}

function readTimes({ when }: EntryForm, cells: CellReader): [from: EpochMs, to: EpochMs] {
  const from = cells.time(when === "moment" ? "at" : "from");
  if (when === "moment" || !cells.has("to")) return [from, from];
  return [from, cells.time("to")];
}

/** What has no number of its own goes by what it is about and when it began. */
function refOf({ refAliases, fields }: EntryForm, from: EpochMs, cells: CellReader): string {
  if (refAliases.length > 0 || cells.has("ref")) return nameIn(cells, "ref");
  const about = cells.raw(fields[0]?.name ?? "") ?? "";
  return Number.isNaN(from) ? about : `${about}@${new Date(from).toISOString().slice(0, 19)}Z`;
}

/** Two people may write at the same moment; the same note again is still the same. */
function noteRef(from: EpochMs, cells: CellReader): string {
  if (Number.isNaN(from)) return "note";
  const told = ["topic", "area", "equipment", "text"].map((name) => cells.raw(name) ?? "").join("\n");
  const digest = createHash("sha256").update(told).digest("hex").slice(0, DIGEST_LENGTH);
  return `${new Date(from).toISOString().slice(0, 19)}Z#${digest}`;
}

function readField(field: EntryField, { cells: raw }: SheetRow, cells: CellReader): unknown {
  const { name, type, isOptional, choices } = field;
  if (type === "screens") return readScreens(name, raw.get(name), cells);
  if (isOptional && !cells.has(name)) return type === "prose" ? "" : null;
  if (type === "number") return numberWithin(field, cells);
  if (type === "choice")
    return cells.choice(name, Object.fromEntries(choices.map((one) => [one, one])), choices[0] ?? "");
  return type === "prose" ? cells.required(name, PROSE_LENGTH_MAX) : nameIn(cells, name);
}

function numberWithin({ name, range: [low, high], unit }: EntryField, cells: CellReader): number {
  const value = cells.number(name);
  if (value < low || value > high)
    cells.tell(
      name,
      unit === "1" || unit === null
        ? say("outside", { value, low, high })
        : say("outside-unit", { value, low, high, unit }),
    );
  return value;
}

type Screens = ScreenBody["screens"];

/** A list of `{ sizeUm, passingPercent }`, or in a sheet `212: 98.5 150: 92`. */
function readScreens(name: string, cell: unknown, cells: CellReader): Screens {
  const screens = Array.isArray(cell)
    ? cell.map(screenOf)
    : screensOfText(typeof cell === "string" ? cell : "");
  const trouble = troubleWith(screens);
  if (trouble !== null) cells.tell(name, trouble);
  return screens;
}

function screensOfText(text: string): Screens {
  const pairs = text
    .replaceAll(/:\s+/gu, ":")
    .split(/[\s;|]+/u)
    .filter((pair) => pair !== "");
  return pairs.map((pair) => {
    const [size = "", passing = ""] = pair.split(":");
    return { sizeUm: numberOf(size), passingPercent: numberOf(passing) };
  });
}

function numberOf(text: string): number {
  return /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : NaN;
}

function screenOf(one: unknown): Screens[number] {
  const { sizeUm, passingPercent } = (one ?? {}) as Partial<Record<string, unknown>>;
  return {
    sizeUm: typeof sizeUm === "number" ? sizeUm : NaN,
    passingPercent: typeof passingPercent === "number" ? passingPercent : NaN,
  };
}

function troubleWith(screens: Screens): Said | null {
  if (screens.length < SCREENS_MIN || screens.length > SCREENS_MAX)
    return say("screens-count", { least: SCREENS_MIN, most: SCREENS_MAX });
  if (!screens.every(isPossible)) return say("screens-size");
  const isCumulative = screens.every((one, i) => {
    const coarser = screens[i - 1];
    return (
      coarser === undefined || (one.sizeUm < coarser.sizeUm && one.passingPercent <= coarser.passingPercent)
    );
  });
  return isCumulative ? null : say("screens-order");
}

function isPossible({ sizeUm, passingPercent }: Screens[number]): boolean {
  return sizeUm > 0 && sizeUm <= SIZE_UM_MAX && passingPercent >= 0 && passingPercent <= 100;
}
