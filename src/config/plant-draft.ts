import type { Fault } from "../domain/errors.ts";
import type { Said } from "../domain/said.ts";
import type { AlarmEntry } from "./alarm-schema.ts";
import type { Draft, TagDraft } from "./check-tag.ts";
import type { ConnectionEntry } from "./connection-schema.ts";
import type { Profile } from "./load-profile.ts";
import type { MetallurgyEntry } from "./metric-schema.ts";
import type { PageEntry } from "./page-schema.ts";
import type { DeviceEntry, OverrideEntry, PlantEntry } from "./plant-schema.ts";
import { faultAt } from "./source-file.ts";
import type { Path, SourceFile } from "./source-file.ts";
import type { WriteEntry } from "./writes-schema.ts";

/** The sound parts of a plant file and of its profiles, while they are being checked against each other. */
export interface PlantDraft extends MetallurgyEntry, PageEntry {
  readonly source: SourceFile;
  readonly plant: Draft<PlantEntry["plant"]>;
  readonly scanClasses: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, Partial<ConnectionEntry>>>;
  readonly devices: Readonly<Record<string, Draft<DeviceEntry>>>;
  readonly outputs: PlantEntry["outputs"];
  readonly broker: PlantEntry["broker"];
  readonly data: PlantEntry["data"];
  readonly http: Draft<PlantEntry["http"]>;
  readonly texts: Readonly<Record<string, string>>;
  readonly alarms?: Readonly<Record<string, Partial<AlarmEntry>>> | undefined;
  readonly writes?: Readonly<Record<string, Partial<WriteEntry>>> | undefined;
  /** By device; null where the profile could not be read. */
  readonly profiles: ReadonlyMap<string, Profile | null>;
  readonly instances: readonly TagInstance[];
  readonly faults: Fault[];
}

/** One tag of one device. */
export interface TagInstance {
  readonly device: string;
  readonly profile: Profile;
  /** Its name in the profile and in the plant. */
  readonly own: string;
  readonly id: string;
  /** What the plant file says of this instance, and the profile's entry with that put on top. */
  readonly override: Draft<OverrideEntry>;
  readonly tag: TagDraft;
}

/** The tags that a device really gives: those it selects, or all, under their names in the plant. */
export function instancesOf(id: string, device: Draft<DeviceEntry>, profile: Profile): TagInstance[] {
  const prefix = device.prefix ?? "";
  const selected = device.tags === undefined ? null : new Map(Object.entries(device.tags));
  const instances: TagInstance[] = [];
  for (const [own, entry] of profile.tags) {
    const said = selected === null ? {} : selected.get(own);
    if (said === undefined) continue;
    const override: Draft<OverrideEntry> = typeof said === "string" ? { tag: said } : said;
    const { tag: newName, ...differences } = override;
    const differs = Object.keys(differences).length > 0;
    instances.push({
      device: id,
      profile,
      own,
      id: prefix + (newName ?? own),
      override,
      tag: differs ? { ...entry, ...differences } : entry,
    });
  }
  return instances;
}

export function faultInPlant(draft: PlantDraft, path: Path, told: Said, at: "key" | "value" = "value"): void {
  draft.faults.push(faultAt(draft.source, path, told, at));
}

/** Points at a key of a tag where it was written: in the plant file if it says it for this instance, else in the profile. */
export function faultInTag(
  draft: PlantDraft,
  { device, profile, own, override }: TagInstance,
  key: string,
  told: Said,
): void {
  const fault = Object.hasOwn(override, key)
    ? faultAt(draft.source, ["devices", device, "tags", own, key], told, "value")
    : faultAt(profile.source, ["tags", own, key], told, "value");
  draft.faults.push(fault);
}

/** Finds the plant's name of a tag's run bit: a tag of the same device under its name in the profile, else any tag under
 *  its plant name; null where there is none. What the plant file says for one instance is a plant name first. */
export function runBitFinder(instances: readonly TagInstance[]): (instance: TagInstance) => string | null {
  if (instances.every(({ tag }) => tag.stuckWhile === undefined)) return () => null;
  const siblings = new Map(instances.map(({ device, own, id }) => [`${device}\n${own}`, id]));
  const ids = new Set(instances.map(({ id }) => id));
  return ({ device, tag, override }) => {
    if (tag.stuckWhile === undefined) return null;
    const sibling = siblings.get(`${device}\n${tag.stuckWhile}`) ?? null;
    const anywhere = ids.has(tag.stuckWhile) ? tag.stuckWhile : null;
    return override.stuckWhile === undefined ? (sibling ?? anywhere) : (anywhere ?? sibling);
  };
}
