import { say } from "../domain/said.ts";
import { didYouMean, firstOf, hinting, nearest, suggesting } from "../domain/spelling.ts";
import { checkReporting } from "./check-tag.ts";
import { formatDuration, parseDuration } from "./durations.ts";
import { writtenKeys } from "./load-profile.ts";
import { faultInPlant, faultInTag, runBitFinder } from "./plant-draft.ts";
import type { PlantDraft, TagInstance } from "./plant-draft.ts";

/** What can only be said of tags once they have their place in the plant. */
export function checkInstances(draft: PlantDraft): void {
  checkSelections(draft);
  checkNames(draft);
  checkSameDevice(draft);
  const tags = new Map(draft.instances.map((instance) => [instance.id, instance]));
  const runBitOf = runBitFinder(draft.instances);
  const scanClasses = writtenKeys(draft.source, ["scanClasses"]);
  for (const instance of draft.instances) {
    checkScanClass(draft, instance, scanClasses);
    checkRunBit(draft, instance, tags.get(runBitOf(instance) ?? ""), tags.keys());
    checkStuckTime(draft, instance);
    checkOverride(draft, instance);
  }
}

/** Repeats that are seen before a value counts as stuck. */
const REPEATS_MIN = 3;

function checkStuckTime(draft: PlantDraft, instance: TagInstance): void {
  const { stuckAfter, scan } = instance.tag;
  const period = draft.scanClasses[scan ?? ""];
  if (stuckAfter === undefined || period === undefined) return;
  const least = REPEATS_MIN * parseDuration(period);
  if (parseDuration(stuckAfter) < least)
    faultInTag(
      draft,
      instance,
      "stuckAfter",
      say("stuck-too-soon", { least: formatDuration(least), period, given: stuckAfter }),
    );
}

function checkSelections(draft: PlantDraft): void {
  for (const [id, device] of Object.entries(draft.devices)) {
    const source = draft.profiles.get(id)?.source;
    if (source === undefined || device.tags === undefined) continue;
    const known = writtenKeys(source, ["tags"]);
    for (const own of Object.keys(device.tags)) {
      if (known.includes(own)) continue;
      const told = say("profile-no-tag", { profile: device.profile ?? "", name: own });
      faultInPlant(draft, ["devices", id, "tags", own], suggesting(told, nearest(own, known)), "key");
    }
  }
}

/** Names that a sentence lists before it counts the others. */
const TAGS_SHOWN = 3;

/** One fault for a pair of devices with many names in common, because a forgotten prefix is one mistake. */
function checkNames(draft: PlantDraft): void {
  const owners = new Map<string, string>();
  const clashes = new Map<string, { device: string; owner: string; ids: string[] }>();
  for (const { device, own, id, override } of draft.instances) {
    const owner = owners.get(id);
    if (owner === undefined) owners.set(id, device);
    else if (override.tag !== undefined)
      faultInPlant(draft, ["devices", device, "tags", own], say("tag-taken", { tag: id, device: owner }));
    else {
      const clash = clashes.get(`${device} ${owner}`) ?? { device, owner, ids: [] };
      clash.ids.push(id);
      clashes.set(`${device} ${owner}`, clash);
    }
  }
  for (const { device, owner, ids } of clashes.values()) {
    const told = say("tags-taken", { device: owner, tags: firstOf(ids, TAGS_SHOWN) });
    faultInPlant(draft, ["devices", device], told, "key");
  }
}

/** The same tag of the same profile behind the same unit would be read twice under two names. */
function checkSameDevice(draft: PlantDraft): void {
  const readers = new Map<string, string>();
  const reported = new Set<string>();
  for (const { device, profile, own } of draft.instances) {
    const { connection, unit } = draft.devices[device] ?? {};
    const place = [connection, unit, profile.source.file, own].join("\n");
    const reader = readers.get(place);
    if (reader === undefined) readers.set(place, device);
    else if (!reported.has(device)) {
      reported.add(device);
      const line = connection ?? "";
      const where = unit === undefined ? line : say("connection-unit", { connection: line, unit });
      const told = say("tag-read-already", { device: reader, tag: own, where });
      faultInPlant(draft, ["devices", device], told, "key");
    }
  }
}

function checkScanClass(draft: PlantDraft, instance: TagInstance, known: readonly string[]): void {
  const { scan } = instance.tag;
  if (scan === undefined || known.length === 0 || known.includes(scan)) return;
  const hint = didYouMean(nearest(scan, known)) ?? say("scan-classes-known", { known: known.join(", ") });
  faultInTag(draft, instance, "scan", hinting(say("plant-no-scan-class", { name: scan }), hint));
}

function checkRunBit(
  draft: PlantDraft,
  instance: TagInstance,
  runBit: TagInstance | undefined,
  ids: Iterable<string>,
): void {
  const { stuckWhile } = instance.tag;
  if (stuckWhile === undefined) return;
  if (runBit === undefined) {
    if (isWrittenSomewhere(draft, stuckWhile)) return;
    const told = suggesting(say("plant-no-tag", { name: stuckWhile }), nearest(stuckWhile, ids));
    faultInTag(draft, instance, "stuckWhile", told);
  } else if (runBit.tag.type !== undefined && runBit.tag.type !== "bool")
    faultInTag(
      draft,
      instance,
      "stuckWhile",
      say("run-bit-no-bool", { tag: stuckWhile, type: runBit.tag.type }),
    );
}

/** A tag whose own entry is wrong is reported there; it is not missing. */
function isWrittenSomewhere(draft: PlantDraft, id: string): boolean {
  return [...draft.profiles.values()].some(
    (profile) =>
      profile !== null && !profile.tags.has(id) && writtenKeys(profile.source, ["tags"]).includes(id),
  );
}

/** Deadband and stuck check as this instance has them. The profile's own were checked with the profile. */
function checkOverride(draft: PlantDraft, instance: TagInstance): void {
  if (Object.keys(instance.override).length === 0) return;
  const { profile, own, override, tag } = instance;
  checkReporting({
    tag,
    written: new Set([...writtenKeys(profile.source, ["tags", own]), ...Object.keys(override)]),
    limits: profile.limits,
    fault: (key, told) => {
      if (Object.hasOwn(override, key)) faultInTag(draft, instance, key, told);
    },
    lack: () => {},
  });
}
