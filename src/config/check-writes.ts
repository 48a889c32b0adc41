import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
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
      const told = suggesting(say("plant-no-tag", { name: id }), nearest(id, tags.keys()));
      faultInPlant(draft, ["writes", id], told, "key");
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
  interlocks: ReadonlyMap<string, Said>,
): Said | null {
  const { id } = instance;
  const own = interlocks.get(id);
  if (own !== undefined) return say("of-interlock", { tag: id, why: own });
  const other = sharedWith(draft, instance, interlocks);
  return other === null ? null : say("shared-with-interlock", { tag: id, other });
}

function unwritable({ id: tag, tag: { table, bit, type, rollover, signal } }: TagInstance): Said | null {
  if (table === "input") return say("write-input", { tag });
  if (table === "discrete") return say("write-discrete", { tag });
  if (bit !== undefined) return say("write-bit", { tag });
  if (type === "string") return say("write-text", { tag });
  if (rollover !== undefined) return say("write-counter", { tag });
  return signal === undefined ? null : say("write-signal", { tag });
}

function checkRange(draft: PlantDraft, id: string, { range }: WriteDraft, { tag }: TagInstance): void {
  const path = ["writes", id];
  if (tag.type === "bool") {
    if (range !== undefined) faultInPlant(draft, [...path, "range"], say("bool-without-range", { tag: id }));
    return;
  }
  if (range === undefined) {
    faultInPlant(draft, path, say("write-range-missing"), "key");
    return;
  }
  if (tag.range === undefined) return;
  const [low, high] = tag.range;
  if (range[0] < low || range[1] > high)
    faultInPlant(draft, [...path, "range"], say("write-range-beyond", { tag: id, low, high }));
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
    faultInPlant(draft, path, suggesting(say("plant-no-tag", { name: when }), nearest(when, tags.keys())));
  else if (when === id) faultInPlant(draft, path, say("own-condition", { tag: id }));
  else if (type !== undefined && type !== "bool")
    faultInPlant(draft, path, say("condition-no-bool", { tag: when, type }));
}
