import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import type { AlarmEntry } from "./alarm-schema.ts";
import type { AlarmType } from "./alarms.ts";
import { parseDuration } from "./durations.ts";
import { faultInPlant } from "./plant-draft.ts";
import type { PlantDraft, TagInstance } from "./plant-draft.ts";
import { memberIds, permissivesOf, sourceOf } from "./resolve-alarms.ts";
import type { AlarmNames } from "./resolve-alarms.ts";

type AlarmDraft = Partial<AlarmEntry> & Pick<AlarmEntry, "on" | "type">;

interface Checking {
  readonly draft: PlantDraft;
  readonly names: AlarmNames;
  readonly tags: ReadonlyMap<string, TagInstance>;
}

/** Keys that a type of alarm needs, and all that it can have of those that not every type has. */
const KEYS: Readonly<Record<AlarmType, { readonly needs: readonly Key[]; readonly takes: readonly Key[] }>> =
  {
    HH: { needs: ["limit"], takes: ["limit", "reference", "deadband"] },
    H: { needs: ["limit"], takes: ["limit", "reference", "deadband"] },
    L: { needs: ["limit"], takes: ["limit", "reference", "deadband"] },
    LL: { needs: ["limit"], takes: ["limit", "reference", "deadband"] },
    outside: { needs: ["band"], takes: ["band", "deadband"] },
    deviation: { needs: ["limit", "reference"], takes: ["limit", "reference", "deadband"] },
    on: { needs: [], takes: [] },
    off: { needs: [], takes: [] },
    bad: { needs: [], takes: [] },
    still: { needs: ["onDelay"], takes: ["onDelay"] },
    offline: { needs: [], takes: [] },
  };
type Key = "limit" | "band" | "reference" | "deadband" | "onDelay";
const SPECIAL = ["limit", "band", "reference", "deadband"] as const;

/** An operator has this long at the most for alarms of priority 1 and 2, ms. Source: EEMUA 191; ANSI/ISA-18.2, prioritisation. */
const RESPOND_MAX_MS: Readonly<Record<number, number>> = { 1: 300_000, 2: 1_800_000 };

/** Alarms: what they are on is there, their keys fit their type, and their limits can be reached and are in order. */
export function checkAlarms(draft: PlantDraft): void {
  const entries = Object.entries(draft.alarms ?? {}).filter(isWhole);
  const checking: Checking = {
    draft,
    names: alarmNames(draft),
    tags: new Map(draft.instances.map((instance) => [instance.id, instance])),
  };
  checkIds(draft, entries);
  for (const [key, entry] of entries) {
    checkKeys(draft, key, entry);
    checkPriority(draft, key, entry);
    checkWhen(checking, key, entry);
    checkReference(checking, key, entry);
    for (const [, on] of memberIds(key, entry)) checkMember(checking, key, on, entry);
  }
  checkOrder(draft, entries);
}

/** What was wrong with the entry itself has been said. */
function isWhole(entry: [string, Partial<AlarmEntry>]): entry is [string, AlarmDraft] {
  return entry[1].on !== undefined && entry[1].type !== undefined;
}

export function alarmNames({
  instances,
  metrics,
  assays,
  devices,
}: Pick<PlantDraft, "instances" | "metrics" | "assays" | "devices">): AlarmNames {
  return {
    tags: new Set(instances.map(({ id }) => id)),
    metrics: new Set(Object.keys(metrics ?? {})),
    assays: new Set(Object.keys(assays ?? {})),
    devices: new Set(Object.keys(devices)),
  };
}

function checkIds(draft: PlantDraft, entries: readonly (readonly [string, AlarmDraft])[]): void {
  const owners = new Map<string, string>();
  for (const [key, entry] of entries) {
    if (typeof entry.on !== "string" && !key.includes("."))
      faultInPlant(draft, ["alarms", key], say("family-name"), "key");
    for (const [id] of memberIds(key, entry)) {
      const owner = owners.get(id);
      if (owner !== undefined)
        faultInPlant(draft, ["alarms", key], say("alarm-taken", { alarm: id, other: owner }), "key");
      owners.set(id, key);
    }
  }
}

function checkKeys(draft: PlantDraft, key: string, entry: AlarmDraft): void {
  const { needs, takes } = KEYS[entry.type];
  for (const one of needs)
    if (entry[one] === undefined)
      faultInPlant(draft, ["alarms", key], say("alarm-needs", { key: one, type: entry.type }), "key");
  for (const one of SPECIAL)
    if (entry[one] !== undefined && !takes.includes(one))
      faultInPlant(
        draft,
        ["alarms", key, one],
        say("alarm-takes-not", { type: entry.type, key: one }),
        "key",
      );
  if (typeof entry.limit === "string" && entry.reference === undefined)
    faultInPlant(draft, ["alarms", key, "limit"], say("share-without-reference"));
  if (entry.follows === true && entry.group === undefined)
    faultInPlant(draft, ["alarms", key, "follows"], say("follows-without-group"));
}

function checkPriority(draft: PlantDraft, key: string, { priority, timeToRespond }: AlarmDraft): void {
  const most = RESPOND_MAX_MS[priority ?? 3];
  if (most === undefined || timeToRespond === undefined || parseDuration(timeToRespond) <= most) return;
  const told = say("priority-too-high", { minutes: most / 60_000, priority: priority ?? 3 });
  faultInPlant(draft, ["alarms", key, "timeToRespond"], told);
}

function checkWhen({ draft, tags }: Checking, key: string, { when }: AlarmDraft): void {
  for (const { tag, above, below } of permissivesOf(when)) {
    const path = ["alarms", key, "when"];
    if (!tags.has(tag))
      faultInPlant(draft, path, suggesting(say("plant-no-tag", { name: tag }), nearest(tag, tags.keys())));
    if (above >= below || (above === -Infinity && below === Infinity))
      faultInPlant(draft, path, say("condition-unclear", { tag }));
  }
}

function checkReference({ draft, names }: Checking, key: string, { reference }: AlarmDraft): void {
  if (typeof reference !== "string" || sourceOf(reference, null, names) !== null) return;
  faultInPlant(draft, ["alarms", key, "reference"], noMeasure(reference, names));
}

function noMeasure(name: string, { tags, metrics, assays }: AlarmNames): Said {
  return suggesting(say("plant-no-measure", { name }), nearest(name, [...tags, ...metrics, ...assays]));
}

function checkMember({ draft, names, tags }: Checking, key: string, on: string, entry: AlarmDraft): void {
  const path = ["alarms", key, "on"];
  const source = sourceOf(on, entry.type, names);
  if (source === null) {
    const told =
      entry.type === "offline"
        ? suggesting(say("plant-no-device", { name: on }), nearest(on, names.devices))
        : noMeasure(on, names);
    faultInPlant(draft, path, told);
    return;
  }
  if (source.from !== "tag" && (entry.type === "bad" || entry.type === "still"))
    faultInPlant(draft, path, say("alarm-on-tag", { type: entry.type, on }));
  const tag = tags.get(on)?.tag;
  if (tag !== undefined) checkReach(draft, key, on, tag, entry);
}

/** A limit at the end of the range, or beyond it, is never passed. */
function checkReach(
  draft: PlantDraft,
  key: string,
  on: string,
  { range, type: kind }: TagInstance["tag"],
  { type, limit, band }: AlarmDraft,
): void {
  if (isSwitch(type) && kind !== undefined && kind !== "bool")
    faultInPlant(draft, ["alarms", key, "type"], say("alarm-on-bool", { tag: on, type: kind }));
  if (range === undefined) return;
  const [low, high] = range;
  if (typeof limit === "number" && !isReached(type, limit, range))
    faultInPlant(draft, ["alarms", key, "limit"], say("limit-not-passed", { tag: on, low, high, limit }));
  if (band !== undefined && band[0] <= low && band[1] >= high)
    faultInPlant(draft, ["alarms", key, "band"], say("band-not-left", { tag: on, low, high }));
}

function isSwitch(type: AlarmType): boolean {
  return type === "on" || type === "off";
}

/** A limit at the end of the range or beyond it is not. */
export function isReached(type: AlarmType, limit: number, [low, high]: readonly [number, number]): boolean {
  if (type === "deviation") return true;
  const isHigh = type === "H" || type === "HH";
  return isHigh ? limit >= low && limit < high : limit > low && limit <= high;
}

const ORDER = ["LL", "L", "H", "HH"] as const;

/** The limits of one tag stand in the order of their types. */
function checkOrder(draft: PlantDraft, entries: readonly (readonly [string, AlarmDraft])[]): void {
  const limits = entries.flatMap(([key, entry]) =>
    memberIds(key, entry).map(([, on]) => ({
      key,
      on,
      place: ORDER.indexOf(entry.type as never),
      limit: entry.limit,
    })),
  );
  const told = new Set<string>();
  for (const ofOne of Map.groupBy(limits, ({ on }) => on).values()) {
    const ranked = ofOne
      .filter(({ place, limit }) => place >= 0 && typeof limit === "number")
      .toSorted((a, b) => a.place - b.place);
    for (const [index, one] of ranked.entries()) {
      const before = ranked[index - 1];
      if (before === undefined || before.place === one.place || told.has(one.key)) continue;
      if (Number(before.limit) < Number(one.limit)) continue;
      told.add(one.key);
      const fault = say("limits-in-order", { limit: before.limit ?? "", alarm: before.key, tag: one.on });
      faultInPlant(draft, ["alarms", one.key, "limit"], fault);
    }
  }
}
