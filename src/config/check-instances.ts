import { didYouMean, nearest } from "../domain/spelling.ts";
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
      `must be at least ${formatDuration(least)}, three scans of ${period}, not ${stuckAfter}`,
    );
}

function checkSelections(draft: PlantDraft): void {
  for (const [id, device] of Object.entries(draft.devices)) {
    const source = draft.profiles.get(id)?.source;
    if (source === undefined || device.tags === undefined) continue;
    const known = writtenKeys(source, ["tags"]);
    for (const own of Object.keys(device.tags)) {
      if (known.includes(own)) continue;
      const sentence = `the profile ${device.profile ?? ""} has no tag ${own}${didYouMean(nearest(own, known))}`;
      faultInPlant(draft, ["devices", id, "tags", own], sentence, "key");
    }
  }
}

/** One fault for a pair of devices with many names in common, because a forgotten prefix is one mistake. */
function checkNames(draft: PlantDraft): void {
  const owners = new Map<string, string>();
  const clashes = new Map<string, { device: string; owner: string; ids: string[] }>();
  for (const { device, own, id, override } of draft.instances) {
    const owner = owners.get(id);
    if (owner === undefined) owners.set(id, device);
    else if (override.tag !== undefined)
      faultInPlant(draft, ["devices", device, "tags", own], `the tag ${id} is one of ${owner} already`);
    else {
      const clash = clashes.get(`${device} ${owner}`) ?? { device, owner, ids: [] };
      clash.ids.push(id);
      clashes.set(`${device} ${owner}`, clash);
    }
  }
  for (const { device, owner, ids } of clashes.values()) {
    const shown =
      ids.length > 3 ? `${ids.slice(0, 3).join(", ")} and ${ids.length - 3} more` : ids.join(", ");
    const sentence = `${owner} has the tags ${shown} already; give this device a \`prefix\` or rename them under \`tags\``;
    faultInPlant(draft, ["devices", device], sentence, "key");
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
      const where = unit === undefined ? "" : `, unit ${unit}`;
      const sentence = `${reader} reads ${own} of this profile on ${connection ?? ""}${where} already`;
      faultInPlant(draft, ["devices", device], sentence, "key");
    }
  }
}

function checkScanClass(draft: PlantDraft, instance: TagInstance, known: readonly string[]): void {
  const { scan } = instance.tag;
  if (scan === undefined || known.length === 0 || known.includes(scan)) return;
  const suggestion = didYouMean(nearest(scan, known)) || `; there are ${known.join(", ")}`;
  faultInTag(draft, instance, "scan", `the plant file has no scan class ${scan}${suggestion}`);
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
    const suggestion = didYouMean(nearest(stuckWhile, ids));
    faultInTag(draft, instance, "stuckWhile", `the plant has no tag ${stuckWhile}${suggestion}`);
  } else if (runBit.tag.type !== undefined && runBit.tag.type !== "bool")
    faultInTag(
      draft,
      instance,
      "stuckWhile",
      `${stuckWhile} is of type ${runBit.tag.type}; a run bit is a bool`,
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
    fault: (key, sentence) => {
      if (Object.hasOwn(override, key)) faultInTag(draft, instance, key, sentence);
    },
    lack: () => {},
  });
}
