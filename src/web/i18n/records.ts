import type { Language } from "../preferences.ts";
import type { FormKind } from "../pages/records/forms.ts";

/** What the page of records says. A language that lacks one of these does not compile. */
export interface RecordWords {
  readonly title: string;
  readonly what: string;
  readonly kind: Readonly<Record<FormKind, string>>;
  readonly field: Readonly<Record<string, string>>;
  readonly choice: Readonly<Record<string, string>>;
  readonly optional: string;
  readonly timesAre: (zone: string) => string;
  readonly save: string;
  readonly saveCorrection: string;
  readonly withdraw: string;
  readonly cancel: string;
  readonly correct: string;
  readonly correcting: (ref: string, version: number) => string;
  readonly file: string;
  readonly fileHint: string;
  readonly saved: (count: number) => string;
  readonly unchanged: string;
  readonly refused: string;
  readonly faultAt: (row: number, column: string) => string;
  readonly known: string;
  readonly nothing: string;
  readonly more: (count: string) => string;
  readonly withdrawn: string;
  readonly columns: Readonly<
    Record<"ref" | "version" | "time" | "content" | "state" | "by" | "reason" | "correct", string>
  >;
  readonly state: Readonly<Record<string, string>>;
  readonly screensHint: string;
  readonly valueHint: string;
  readonly timeHint: string;
}

const en: RecordWords = {
  title: "Records",
  what: "What to enter",
  kind: {
    assay: "Assay",
    lot: "Ore lot",
    pour: "Gold pour",
    stocktake: "Stocktake",
    "leach-batch": "Leach batch",
    downtime: "Downtime",
    screen: "Sieve analysis",
    note: "Shift note",
  },
  field: {
    ref: "Number",
    at: "Time",
    from: "From",
    to: "To",
    point: "Sampling point",
    sample: "Sample",
    cut_from: "Cut from",
    cut_to: "Cut to",
    value: "Result",
    method: "Method",
    batch: "Batch of the laboratory",
    vein: "Vein or source",
    wet_t: "Wet mass",
    moisture_percent: "Moisture",
    grade_g_per_t: "Grade",
    dore_g: "Doré mass",
    fineness: "Fineness, 0 to 1",
    component: "Part of the circuit",
    gold_g: "Gold",
    u_g: "Standard uncertainty",
    concentrate_kg: "Concentrate, dry",
    concentrate_g_per_t: "Concentrate grade",
    residue_kg: "Residue, dry",
    residue_g_per_t: "Residue grade",
    equipment: "Equipment",
    code: "Code",
    note: "Note",
    topic: "About",
    area: "Area",
    text: "Text",
    screens: "Screens",
    reason: "Reason of the correction",
  },
  choice: {
    planned: "planned",
    breakdown: "breakdown",
    standby: "standby, no ore",
    note: "a note",
    condition: "an open condition",
    bypass: "a bypass",
    permit: "a permit",
  },
  optional: "optional",
  timesAre: (zone) => `Times are plant time, ${zone}.`,
  save: "Save",
  saveCorrection: "Save correction",
  withdraw: "Withdraw",
  cancel: "Cancel",
  correct: "Correct",
  correcting: (ref, version) => `Correcting ${ref}, version ${version}`,
  file: "Import a CSV file",
  fileHint: "All of it is taken, or nothing.",
  saved: (count) => `Saved: ${count}`,
  unchanged: "Known already: nothing changed.",
  refused: "Not saved",
  faultAt: (row, column) => `Row ${row}, ${column}`,
  known: "Entered so far",
  nothing: "Nothing in the last weeks.",
  more: (count) => `Show more (${count})`,
  withdrawn: "withdrawn",
  columns: {
    ref: "Number",
    version: "Version",
    time: "Time",
    content: "Content",
    state: "State",
    by: "Entered by",
    reason: "Reason",
    correct: "Correct",
  },
  state: {
    accepted: "accepted",
    held: "held back",
    "over-limit": "above the method",
    withdrawn: "withdrawn",
  },
  screensHint: "Size in µm and % passing, coarse to fine: 212:98.5 150:92 106:80",
  valueHint: "12.4, <0.005 or >10",
  timeHint: "yyyy-mm-dd hh:mm",
};

const esPE: RecordWords = {
  title: "Registros",
  what: "Qué registrar",
  kind: {
    assay: "Ensaye",
    lot: "Lote de mineral",
    pour: "Fundición",
    stocktake: "Inventario",
    "leach-batch": "Lixiviación intensiva",
    downtime: "Parada",
    screen: "Análisis de malla",
    note: "Nota de guardia",
  },
  field: {
    ref: "Número",
    at: "Fecha y hora",
    from: "Desde",
    to: "Hasta",
    point: "Punto de muestreo",
    sample: "Muestra",
    cut_from: "Corte desde",
    cut_to: "Corte hasta",
    value: "Resultado",
    method: "Método",
    batch: "Lote analítico",
    vein: "Veta u origen",
    wet_t: "Masa húmeda",
    moisture_percent: "Humedad",
    grade_g_per_t: "Ley",
    dore_g: "Masa de doré",
    fineness: "Fineza, 0 a 1",
    component: "Parte del circuito",
    gold_g: "Oro",
    u_g: "Incertidumbre estándar",
    concentrate_kg: "Concentrado seco",
    concentrate_g_per_t: "Ley del concentrado",
    residue_kg: "Residuo seco",
    residue_g_per_t: "Ley del residuo",
    equipment: "Equipo",
    code: "Código",
    note: "Nota",
    topic: "Sobre",
    area: "Área",
    text: "Texto",
    screens: "Mallas",
    reason: "Motivo de la corrección",
  },
  choice: {
    planned: "programada",
    breakdown: "avería",
    standby: "en espera, sin mineral",
    note: "nota",
    condition: "condición abierta",
    bypass: "bypass",
    permit: "permiso",
  },
  optional: "opcional",
  timesAre: (zone) => `Las horas son las de planta, ${zone}.`,
  save: "Guardar",
  saveCorrection: "Guardar corrección",
  withdraw: "Anular",
  cancel: "Cancelar",
  correct: "Corregir",
  correcting: (ref, version) => `Corrección de ${ref}, versión ${version}`,
  file: "Importar un archivo CSV",
  fileHint: "Se toma todo, o nada.",
  saved: (count) => `Guardado: ${count}`,
  unchanged: "Ya se conocía: nada ha cambiado.",
  refused: "No se guardó",
  faultAt: (row, column) => `Fila ${row}, ${column}`,
  known: "Registrado hasta ahora",
  nothing: "Nada en las últimas semanas.",
  more: (count) => `Mostrar más (${count})`,
  withdrawn: "anulado",
  columns: {
    ref: "Número",
    version: "Versión",
    time: "Hora",
    content: "Contenido",
    state: "Estado",
    by: "Registró",
    reason: "Motivo",
    correct: "Corregir",
  },
  state: { accepted: "aceptado", held: "retenido", "over-limit": "sobre el método", withdrawn: "anulado" },
  screensHint: "Abertura en µm y % pasante, de gruesa a fina: 212:98.5 150:92 106:80",
  valueHint: "12.4, <0.005 o >10",
  timeHint: "aaaa-mm-dd hh:mm",
};

export const RECORD_WORDS: Readonly<Record<Language, RecordWords>> = { "es-PE": esPE, en };
