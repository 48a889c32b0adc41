import type { EntryKind } from "./entry.ts";
import type { AccountRole } from "./people.ts";

/** One thing that is asked of a person, in a form or as a column of a sheet. */
export interface EntryField {
  /** Column; the field of the body is the same in camel case. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** `prose`: sentences. */
  readonly type: "text" | "prose" | "number" | "choice" | "screens";
  readonly isOptional: boolean;
  /** Of numbers, ends included, in the unit. */
  readonly range: readonly [low: number, high: number];
  readonly unit: string | null;
  readonly choices: readonly string[];
}

/** What an entry of a kind consists of. */
export interface EntryForm {
  /** Spoken of in addresses: `/api/v1/lots`. */
  readonly path: string;
  /** Who enters it: what happens on shift is the operator's to tell, what gold is counted by is the metallurgist's. */
  readonly role: AccountRole;
  /** `moment`: it happened at a time; `span`: it lasted. */
  readonly when: "moment" | "span";
  /** Names of the number that it goes by; empty where the gateway makes one of what it is about and its time. */
  readonly refAliases: readonly string[];
  readonly fields: readonly EntryField[];
}

const PLAIN = {
  aliases: [],
  type: "text",
  isOptional: false,
  range: [0, Infinity],
  unit: null,
  choices: [],
} as const;

function text(name: string, ...aliases: string[]): EntryField {
  return { ...PLAIN, name, aliases };
}

function number(
  name: string,
  unit: string,
  range: readonly [low: number, high: number],
  ...aliases: string[]
): EntryField {
  return { ...PLAIN, name, aliases, type: "number", unit, range };
}

/** The forms of everything that people enter. Bounds are those of a plant of some hundred tonnes a day: what lies beyond
 *  them is a slip of the pen or of the unit. */
export const ENTRY_FORMS: Readonly<Record<EntryKind, EntryForm>> = {
  lot: {
    path: "lots",
    role: "operator",
    when: "moment",
    refAliases: ["lot", "lote"],
    fields: [
      text("vein", "source", "veta", "origen"),
      { ...text("method", "metodo"), isOptional: true },
      number("wet_t", "t", [0.01, 5_000], "wet_mass_t", "humedo_t", "toneladas_humedas"),
      number("moisture_percent", "%", [0, 30], "moisture", "humedad", "humedad_porcentaje"),
      { ...number("grade_g_per_t", "g/t", [0, 1_000], "grade", "ley", "ley_g_t"), isOptional: true },
    ],
  },
  pour: {
    path: "pours",
    role: "metallurgist",
    when: "moment",
    refAliases: ["bar", "barra"],
    fields: [
      number("dore_g", "g", [1, 100_000], "mass_g", "dore", "masa_g"),
      number("fineness", "1", [0, 1], "ley", "fineza"),
    ],
  },
  stocktake: {
    path: "stocktakes",
    role: "metallurgist",
    when: "moment",
    refAliases: [],
    fields: [
      text("component", "componente"),
      number("gold_g", "g", [0, 1_000_000], "oro_g"),
      number("u_g", "g", [0, 100_000], "sd_g", "incertidumbre_g"),
    ],
  },
  "leach-batch": {
    path: "leach-batches",
    role: "metallurgist",
    when: "span",
    refAliases: ["batch", "lote"],
    fields: [
      number("concentrate_kg", "kg", [0.1, 10_000], "concentrado_kg"),
      number("concentrate_g_per_t", "g/t", [0, 500_000], "concentrado_g_t"),
      number("residue_kg", "kg", [0.1, 10_000], "residuo_kg"),
      number("residue_g_per_t", "g/t", [0, 500_000], "residuo_g_t"),
    ],
  },
  downtime: {
    path: "downtime",
    role: "operator",
    when: "span",
    refAliases: [],
    fields: [
      text("equipment", "equipo"),
      {
        ...PLAIN,
        name: "code",
        aliases: ["codigo"],
        type: "choice",
        choices: ["planned", "breakdown", "standby"],
      },
      { ...PLAIN, name: "note", aliases: ["nota", "comentario"], type: "prose", isOptional: true },
    ],
  },
  screen: {
    path: "screens",
    role: "metallurgist",
    when: "span",
    refAliases: ["sample", "muestra"],
    fields: [
      text("point", "tag", "punto"),
      { ...PLAIN, name: "screens", aliases: ["mallas"], type: "screens", unit: "um" },
    ],
  },
  note: {
    path: "notes",
    role: "operator",
    when: "span",
    refAliases: [],
    fields: [
      {
        ...PLAIN,
        name: "topic",
        aliases: ["tema"],
        type: "choice",
        choices: ["note", "condition", "bypass", "permit"],
      },
      { ...text("area"), isOptional: true },
      { ...text("equipment", "equipo"), isOptional: true },
      { ...PLAIN, name: "text", aliases: ["texto"], type: "prose" },
    ],
  },
};

/** `wet_t` is the field `wetT`. */
export function bodyKey(name: string): string {
  return name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}
