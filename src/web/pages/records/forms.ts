import { ENTRY_FORMS } from "../../../domain/entry-fields.ts";
import type { EntryField } from "../../../domain/entry-fields.ts";
import { ENTRY_KINDS } from "../../../domain/entry.ts";
import type { EntryKind } from "../../../domain/entry.ts";
import type { Role } from "../../../domain/people.ts";

/** Everything that has a form: what people enter, and single results of the laboratory. */
export const FORM_KINDS = ["assay", ...ENTRY_KINDS] as const;
export type FormKind = "assay" | EntryKind;

/** One input of a form. */
export interface FormField {
  readonly name: string;
  readonly type: EntryField["type"] | "time" | "point";
  readonly isOptional: boolean;
  readonly unit: string | null;
  readonly choices: readonly string[];
}

const plain = (name: string, type: FormField["type"], isOptional = false): FormField => ({
  name,
  type,
  isOptional,
  unit: null,
  choices: [],
});

const ASSAY_FIELDS: readonly FormField[] = [
  plain("point", "point"),
  plain("sample", "text"),
  plain("cut_from", "time"),
  plain("cut_to", "time", true),
  plain("value", "text"),
  plain("method", "text", true),
  plain("batch", "text", true),
];

/** Who enters records of a kind. */
export function roleFor(kind: FormKind): Role {
  return kind === "assay" ? "metallurgist" : ENTRY_FORMS[kind].role;
}

/** Where people go for records of a kind. */
export function placeOf(kind: FormKind): string {
  return kind === "assay" ? "/assays" : kind === "lot" ? "/lots" : `/records/${kind}`;
}

/** Where records of a kind are sent and read. */
export function pathOf(kind: FormKind): string {
  return kind === "assay" ? "/api/v1/assays" : `/api/v1/${ENTRY_FORMS[kind].path}`;
}

export function fieldsOf(kind: FormKind): readonly FormField[] {
  if (kind === "assay") return ASSAY_FIELDS;
  const { when, refAliases, fields } = ENTRY_FORMS[kind];
  const times =
    when === "moment"
      ? [plain("at", "time")]
      : [plain("from", "time"), plain("to", "time", kind !== "downtime")];
  const ref = plain("ref", "text", refAliases.length === 0);
  return [...(refAliases.length > 0 ? [ref] : []), ...times, ...fields];
}
