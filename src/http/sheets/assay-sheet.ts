import { say } from "../../domain/said.ts";
import { RefusedInput } from "../../domain/assay.ts";
import type { AssayDraft, AssayKind, InputFault } from "../../domain/assay.ts";
import type { Zone } from "../../domain/zone.ts";
import { cellReader } from "./cells.ts";
import type { CellReader } from "./cells.ts";
import type { Column, SheetRow } from "./sheet.ts";

/** What a laboratory's system exports, in English or Spanish. */
export const ASSAY_COLUMNS: readonly Column[] = [
  { name: "sample", aliases: ["sample_id", "muestra", "id_muestra"], isRequired: true },
  { name: "point", aliases: ["tag", "sampling_point", "punto", "punto_de_muestreo"], isRequired: true },
  { name: "kind", aliases: ["type", "tipo"] },
  { name: "version", aliases: ["revision"] },
  { name: "cut_from", aliases: ["cutfrom", "desde", "corte_desde"], isRequired: true },
  { name: "cut_to", aliases: ["cutto", "hasta", "corte_hasta"] },
  { name: "reported", aliases: ["reported_at", "reportedat", "reportado", "fecha_de_reporte"] },
  { name: "method", aliases: ["metodo"] },
  { name: "batch", aliases: ["lote", "lote_analitico"] },
  { name: "material", aliases: ["standard", "patron", "material_de_referencia"] },
  { name: "qualifier", aliases: ["calificador"] },
  { name: "value", aliases: ["result", "valor", "resultado", "ley"], isRequired: true },
  { name: "unit", aliases: ["units", "unidad", "unidades"], isRequired: true },
  { name: "reason", aliases: ["motivo", "comentario"] },
];

const KINDS: Readonly<Record<string, AssayKind>> = {
  sample: "sample",
  muestra: "sample",
  duplicate: "duplicate",
  duplicado: "duplicate",
  standard: "standard",
  estandar: "standard",
  estándar: "standard",
  blank: "blank",
  blanco: "blank",
};

const QUALIFIERS = { "<": "<", ">": ">", "=": "", "": "" } as const;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} _.:@#/+-]*$/u;
const NAME_LENGTH_MAX = 64;
const TEXT_LENGTH_MAX = 200;
const REVISION_MAX = 1000;
const RESULT = /^([<>]?)\s*(.*)$/su;
const WITHDRAWN = new Set(["withdrawn", "anulado", "anulada"]);

/** Reads all rows; nothing is judged yet. Throws RefusedInput with everything that is wrong. */
export function readAssays(rows: readonly SheetRow[], zone: Zone): AssayDraft[] {
  const faults: InputFault[] = [];
  const drafts = rows.map((row) => readRow(cellReader(row, zone, faults)));
  if (faults.length > 0) throw new RefusedInput(faults);
  return drafts;
}

function readRow(cells: CellReader): AssayDraft {
  const kind = cells.has("kind") ? cells.choice("kind", KINDS, "sample") : "sample";
  const isControl = kind === "standard" || kind === "blank";
  const cutFrom = cells.time("cut_from");
  return {
    row: cells.row,
    point: isControl && !cells.has("point") ? "" : nameIn(cells, "point"),
    sample: nameIn(cells, "sample"),
    kind,
    revision: readRevision(cells),
    cutFrom,
    cutTo: cells.has("cut_to") ? cells.time("cut_to") : cutFrom,
    reportedAt: cells.has("reported") ? cells.time("reported") : null,
    method: cells.text("method", NAME_LENGTH_MAX),
    batch: cells.text("batch", NAME_LENGTH_MAX),
    material: cells.text("material", NAME_LENGTH_MAX),
    unit: cells.required("unit", NAME_LENGTH_MAX),
    reason: cells.text("reason", TEXT_LENGTH_MAX),
    ...readResult(cells),
  };
}

/** A name that is safe in a file, an address and a spreadsheet. */
export function nameIn(cells: CellReader, column: string): string {
  const text = cells.required(column, NAME_LENGTH_MAX);
  if (text !== "" && !/^[=+\-@]/u.test(text) && !NAME.test(text))
    cells.tell(column, say("no-name", { text }));
  return text;
}

function readRevision(cells: CellReader): number | null {
  const text = cells.raw("version");
  if (text === null) return null;
  const number = Number(text);
  if (/^\d+$/u.test(text) && number >= 1 && number <= REVISION_MAX) return number;
  cells.tell("version", say("no-whole-number", { text: text.slice(0, 20), most: REVISION_MAX }));
  return null;
}

type Result = Pick<AssayDraft, "qualifier" | "digits" | "value" | "isWithdrawn">;

/** `<0.005`, `>10` and `12.4`, or the sign in a column of its own. */
function readResult(cells: CellReader): Result {
  const text = cells.filled("value");
  if (WITHDRAWN.has(text.toLowerCase())) return { qualifier: "", digits: text, value: 0, isWithdrawn: true };
  const [, sign = "", digits = ""] = RESULT.exec(text) ?? [];
  const within = QUALIFIERS[sign as keyof typeof QUALIFIERS];
  const beside = cells.has("qualifier") ? cells.choice("qualifier", QUALIFIERS, "") : within;
  if (within !== "" && within !== beside)
    cells.tell("qualifier", say("qualifiers-differ", { beside, within: within ?? "" }));
  return { qualifier: beside, digits, value: cells.numberIn("value", digits), isWithdrawn: false };
}
