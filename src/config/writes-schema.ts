import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import { WRITE_ROLES } from "../domain/write.ts";
import { name, NAME_PATTERN, namePatternMessage, range } from "./vocabulary.ts";

const RATE_PATTERN = "^([1-9][0-9]{0,2})/(s|min|h)$";
const MS_PER: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };

const WriteSchema = Type.Object(
  {
    role: Type.Enum([...WRITE_ROLES], {
      default: "operator",
      description: "Who may write it, and those above",
    }),
    range: Type.Optional(range({ description: "Values that may be written, in the unit of the tag" })),
    rate: Type.String({
      pattern: RATE_PATTERN,
      errorMessage: say("rule-rate"),
      default: "5/min",
      description: "No more writes than this",
    }),
    when: Type.Optional(
      name({ description: "Tag that must be true, good and fresh, such as the permit of an interlock" }),
    ),
  },
  { additionalProperties: false },
);

/** Without an entry here nothing of a tag can be written. */
export const WRITES_SECTION = {
  writes: Type.Optional(
    Type.Record(Type.String({ pattern: NAME_PATTERN }), WriteSchema, {
      ...namePatternMessage,
      errorMessage: say("rule-writes"),
      description: "Tags that may be written; no other can",
    }),
  ),
};

export type WriteEntry = Static<typeof WriteSchema>;

/** Throws RangeError on a text of another form. */
export function parseRate(text: string): { readonly writesMax: number; readonly perMs: number } {
  const [, count = "", unit = ""] = new RegExp(RATE_PATTERN, "u").exec(text) ?? [];
  const perMs = MS_PER[unit];
  if (perMs === undefined) throw new RangeError(`"${text}" is no rate`);
  return { writesMax: Number(count), perMs };
}
