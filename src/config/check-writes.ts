import { didYouMean, nearest } from "../domain/spelling.ts";
import { interlockTags, sharedWith } from "./interlocks.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft, TagInstance } from "./plant-draft.ts";
import type { WriteEntry } from "./writes-schema.ts";

type WriteDraft = Partial<WriteEntry>;

/** Writes: each tag is there and can be written by itself, none of them touches an interlock, what may be written lies within what
 *  the tag can hold, and the condition is a bit. */
export function checkWrites(draft: PlantDraft): void {
  const entries = Object.entries(draft.writes ?? {});
  if (entries.length === 0) return;
  const tags = new Map(draft.instances.map((instance) => [instance.id, instance]));
  const interlocks = interlockTags(draft);
  for (const [id, entry] of entries) {
    checkCondition(draft, id, entry, tags);
    const instance = tags.get(id);
    if (instance === undefined) {
      const sentence = `the plant has no tag ${id}${didYouMean(nearest(id, tags.keys()))}`;
      faultInPlant(draft, ["writes", id], sentence, "key");
      continue;
    }
    const reason = untouchable(draft, instance, interlocks) ?? unwritable(instance);
    if (reason !== null) faultInPlant(draft, ["writes", id], reason, "key");
    else checkRange(draft, id, entry, instance);
  }
}

/** Why it belongs to an interlock; null when it does not. */
function untouchable(
  draft: PlantDraft,
  instance: TagInstance,
  interlocks: ReadonlyMap<string, string>,
): string | null {
  const { id } = instance;
  const own = interlocks.get(id);
  if (own !== undefined) return `${id} belongs to an interlock and can never be written: ${own}`;
  const other = sharedWith(draft, instance, interlocks);
  if (other === null) return null;
  return `${id} can never be written: it shares a register or node with ${other}, which belongs to an interlock`;
}

function unwritable({ id, tag }: TagInstance): string | null {
  const { table, bit, type, rollover, signal } = tag;
  if (table === "input" || table === "discrete")
    return `${id} is ${table === "input" ? "an input register" : "a discrete input"}, which cannot be written`;
  if (bit !== undefined)
    return `${id} is one bit of a register: writing it would write the others as they were a moment ago`;
  if (type === "string") return `${id} is a text, and texts are not written`;
  if (rollover !== undefined) return `${id} is a counter, and counters are not written`;
  return signal === undefined ? null : `${id} is the signal of an instrument, and those are not written`;
}

function checkRange(draft: PlantDraft, id: string, { range }: WriteDraft, { tag }: TagInstance): void {
  const path = ["writes", id];
  if (tag.type === "bool") {
    if (range !== undefined) faultInPlant(draft, [...path, "range"], `${id} is a bool and has no range`);
    return;
  }
  if (range === undefined) {
    faultInPlant(draft, path, "the key `range` is missing; a number is written only within one", "key");
    return;
  }
  if (tag.range === undefined) return;
  const [low, high] = tag.range;
  if (range[0] < low || range[1] > high)
    faultInPlant(draft, [...path, "range"], `${id} goes from ${low} to ${high}: no more may be written`);
}

function checkCondition(
  draft: PlantDraft,
  id: string,
  { when }: WriteDraft,
  tags: ReadonlyMap<string, TagInstance>,
): void {
  if (when === undefined) return;
  const path = ["writes", id, "when"];
  const type = tags.get(when)?.tag.type;
  if (!tags.has(when))
    faultInPlant(draft, path, `the plant has no tag ${when}${didYouMean(nearest(when, tags.keys()))}`);
  else if (when === id) faultInPlant(draft, path, `${id} cannot be its own condition`);
  else if (type !== undefined && type !== "bool")
    faultInPlant(draft, path, `${when} is of type ${type}; a condition is a bool`);
}
