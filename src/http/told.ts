import { Type } from "typebox";
import type { Static } from "typebox";
import type { Said } from "../domain/said.ts";

/** What is filled into a sentence. */
export const Params = Type.Record(Type.String(), Type.Any(), {
  description: "What stands in it: numbers, texts, or another sentence with a code and params.",
});

/** A sentence beside its English, for pages in other languages. */
export const Told = Type.Union([Type.Object({ code: Type.String(), params: Params }), Type.Null()], {
  description: "Which sentence it is, and what stands in it; null where only the English is known.",
});

export function toldObject(said: Said | null): Static<typeof Told> {
  return said === null ? null : { code: said.code, params: { ...said.params } };
}
