import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { AlarmEntry } from "./alarm-schema.ts";
import { widthOf } from "./check-tag.ts";
import type { TagDraft } from "./check-tag.ts";
import type { PlantDraft, TagInstance } from "./plant-draft.ts";
import { memberIds } from "./resolve-alarms.ts";

/** Letters behind the first that say alarm, switch or safety function; the first is the measured variable.
 *  Source: ANSI/ISA-5.1-2009, table 4.1: A, S and Z. */
const SAFETY_LETTERS = /^[A-Z][A-Z]*?[ASZ]/u;
const LETTERS = /(?:^|-)([A-Z]{2,5})-?[0-9]/u;

/** Tags that belong to an interlock, and why: what a grouped alarm (a chain of causes of a trip) is on or is reckoned from, the
 *  conditions of writes, and what its own name calls a switch, a trip or a safety function. */
export function interlockTags(draft: PlantDraft): ReadonlyMap<string, Said> {
  const reasons = new Map<string, Said>();
  const note = (tag: string, reason: Said): void => {
    if (!reasons.has(tag)) reasons.set(tag, reason);
  };
  for (const [key, entry] of Object.entries(draft.alarms ?? {})) noteAlarm(key, entry, note);
  for (const [tag, { when }] of Object.entries(draft.writes ?? {}))
    if (when !== undefined) note(when, say("condition-of", { tag }));
  for (const { id } of draft.instances) if (isNamedSafety(id)) note(id, say("safety-by-name"));
  return reasons;
}

function noteAlarm(
  key: string,
  { on, type, group, reference }: Partial<AlarmEntry>,
  note: (tag: string, reason: Said) => void,
): void {
  if (group === undefined || on === undefined || type === undefined) return;
  for (const [id, tag] of memberIds(key, { on })) note(tag, say("alarm-of-chain", { alarm: id, group }));
  if (typeof reference === "string") note(reference, say("reference-of-chain", { alarm: key, group }));
}

function isNamedSafety(id: string): boolean {
  const letters = LETTERS.exec(id)?.[1];
  return letters !== undefined && SAFETY_LETTERS.test(letters);
}

/** The interlock's tag that a write of this one would change too, because they share a register or a node; null for none. */
export function sharedWith(
  draft: PlantDraft,
  { device, tag }: TagInstance,
  interlocks: ReadonlyMap<string, Said>,
): string | null {
  const unitOf = (id: string): string => `${draft.devices[id]?.connection} ${draft.devices[id]?.unit}`;
  const other = draft.instances.find(
    (one) =>
      interlocks.has(one.id) &&
      one.tag !== tag &&
      unitOf(one.device) === unitOf(device) &&
      overlap(one.tag, tag),
  );
  return other?.id ?? null;
}

function overlap(one: TagDraft, other: TagDraft): boolean {
  if (one.node !== undefined && one.node === other.node) return true;
  if (one.table === undefined || one.table !== other.table) return false;
  const [a, b] = [one.address ?? NaN, other.address ?? NaN];
  return a < b + widthOf(other) && b < a + widthOf(one);
}
