import type { AlarmPriority } from "../domain/alarm.ts";
import type { Tag } from "../domain/tag.ts";
import type { AlarmEntry, WhenEntry } from "./alarm-schema.ts";
import type { AlarmConfig, AlarmSource, AlarmType, Permissive } from "./alarms.ts";
import { parseDuration } from "./durations.ts";

/** What alarms may be on. */
export interface AlarmNames {
  readonly tags: ReadonlySet<string>;
  readonly metrics: ReadonlySet<string>;
  readonly assays: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
}

/** What a plant has, to name and place its alarms. */
export interface AlarmPlaces {
  readonly names: AlarmNames;
  readonly tags: ReadonlyMap<string, Tag>;
  /** Title and area of metrics, assays and devices. */
  readonly others: ReadonlyMap<string, { readonly title: string; readonly area: string }>;
}

const WORDS: Readonly<Record<AlarmType, string>> = {
  HH: "very high",
  H: "high",
  L: "low",
  LL: "very low",
  outside: "outside its band",
  deviation: "deviates",
  on: "on",
  off: "off",
  bad: "cannot be read",
  still: "stands still",
  offline: "does not answer",
};

/** Deadband as a share of the range, and delay, for measurements of which the plant file does not say them, by the first
 *  letter of the tag: flow, level, pressure, temperature. Source: EEMUA 191, 3rd ed., table of deadbands and delays. */
const USUAL: Readonly<Record<string, { readonly deadband: number; readonly delayMs: number }>> = {
  F: { deadband: 0.05, delayMs: 15_000 },
  L: { deadband: 0.05, delayMs: 60_000 },
  P: { deadband: 0.02, delayMs: 15_000 },
  T: { deadband: 0.01, delayMs: 60_000 },
};
const UNUSUAL = { deadband: 0, delayMs: 0 };

const ANALOG: ReadonlySet<AlarmType> = new Set(["HH", "H", "L", "LL", "outside", "deviation"]);

/** One alarm for each member of a family: `HCN.HH` on a list gives `AT-491.HH` and so on. */
export function memberIds(
  key: string,
  { on }: Pick<AlarmEntry, "on">,
): readonly (readonly [id: string, on: string])[] {
  if (typeof on === "string") return [[key, on]];
  const suffix = key.slice(key.lastIndexOf(".") + 1);
  return on.map((member) => [`${member}.${suffix}`, member]);
}

export function sourceOf(
  name: string,
  type: AlarmType | null,
  { tags, metrics, assays, devices }: AlarmNames,
): AlarmSource | null {
  if (type === "offline") return devices.has(name) ? { from: "device", id: name } : null;
  if (tags.has(name)) return { from: "tag", id: name };
  if (metrics.has(name) || metrics.has(name.split(".", 1)[0] ?? "")) return { from: "metric", id: name };
  return assays.has(name) ? { from: "assay", id: name } : null;
}

export function resolveAlarms(
  entries: Readonly<Record<string, AlarmEntry>>,
  places: AlarmPlaces,
): AlarmConfig[] {
  return Object.entries(entries).flatMap(([key, entry]) =>
    memberIds(key, entry).map(([id, on]) => resolveAlarm(id, key, on, entry, places)),
  );
}

function resolveAlarm(
  id: string,
  key: string,
  on: string,
  entry: AlarmEntry,
  places: AlarmPlaces,
): AlarmConfig {
  const { type, priority, latch, group, follows, consequence, response, when } = entry;
  const tag = places.tags.get(on) ?? null;
  const { title, area } = placeOf(on, tag, places);
  return {
    id,
    key,
    title: titleOf(entry, title),
    area,
    on: sourceOf(on, type, places.names) as AlarmSource,
    type,
    limit: limitOf(entry),
    band: entry.band ?? null,
    reference: referenceOf(entry, places.names),
    ...timesOf(on, tag, entry),
    priority: priority as AlarmPriority,
    latch,
    group: group ?? null,
    follows,
    when: permissivesOf(when),
    consequence,
    response,
  };
}

function placeOf(on: string, tag: Tag | null, { others }: AlarmPlaces): { title: string; area: string } {
  return tag ?? others.get(on) ?? others.get(on.split(".", 1)[0] ?? "") ?? { title: on, area: "" };
}

type Times = "deadband" | "onDelayMs" | "offDelayMs" | "reAlarmMs" | "timeToRespondMs";

function timesOf(on: string, tag: Tag | null, entry: AlarmEntry): Pick<AlarmConfig, Times> {
  const isUsual = ANALOG.has(entry.type) && (tag?.range ?? null) !== null;
  const usual = (isUsual ? USUAL[on.charAt(0)] : undefined) ?? UNUSUAL;
  return {
    deadband: deadbandOf(entry, tag, usual.deadband),
    onDelayMs: msOf(entry.onDelay) ?? usual.delayMs,
    offDelayMs: msOf(entry.offDelay) ?? 0,
    reAlarmMs: msOf(entry.reAlarm),
    timeToRespondMs: msOf(entry.timeToRespond),
  };
}

function msOf(text: string | undefined): number | null {
  return text === undefined ? null : parseDuration(text);
}

/** The title of a family is said of each of its members. */
function titleOf({ title, on, type }: AlarmEntry, member: string): string {
  if (title === undefined) return `${member} ${WORDS[type]}`;
  return typeof on === "string" ? title : `${title}: ${member}`;
}

export function limitOf({ limit }: Pick<AlarmEntry, "limit">): AlarmConfig["limit"] {
  if (limit === undefined) return null;
  return typeof limit === "number" ? { amount: limit } : { share: Number(limit.replace("%", "")) / 100 };
}

function referenceOf({ reference }: AlarmEntry, names: AlarmNames): AlarmConfig["reference"] {
  if (reference === undefined) return null;
  return typeof reference === "number"
    ? { from: "constant", value: reference }
    : sourceOf(reference, null, names);
}

function deadbandOf({ deadband }: AlarmEntry, tag: Tag | null, usual: number): number {
  const span = tag?.range ? tag.range.high - tag.range.low : 0;
  if (deadband === undefined) return usual * span;
  return typeof deadband === "number" ? deadband : (Number(deadband.replace("%", "")) / 100) * span;
}

/** A bare tag must be on. */
export function permissivesOf(when: WhenEntry | undefined): readonly Permissive[] {
  if (when === undefined) return [];
  return (Array.isArray(when) ? when : [when]).map((one): Permissive => {
    if (typeof one === "string") return { tag: one, above: 0, below: Infinity };
    return { tag: one.tag, above: one.above ?? -Infinity, below: one.below ?? Infinity };
  });
}
