import type { Tag } from "../domain/tag.ts";

/** 1 for the tags whose readings may come with an exact value beside the number: texts and 64-bit integers. */
export function carriesExact(tags: readonly Tag[]): Uint8Array {
  return Uint8Array.from(tags, ({ type }) =>
    type === "string" || type === "int64" || type === "uint64" ? 1 : 0,
  );
}
