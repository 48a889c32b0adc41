import { basename, resolve } from "node:path";
import { BadConfiguration } from "../domain/errors.ts";
import type { Fault } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import { checkRegisters } from "./check-registers.ts";
import { checkModbusTag, checkTag } from "./check-tag.ts";
import type { TagCheck, TagDraft } from "./check-tag.ts";
import { examine } from "./examine.ts";
import type { Complain } from "./examine.ts";
import type { ModbusLimitsEntry } from "./profile-schema.ts";
import { ModbusLimitsSchema, ProfileSchema } from "./profile-schema.ts";
import { faultAt, readSource } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

/** A profile as far as it is sound. It is complete when reading it brought no fault. */
export interface Profile {
  readonly source: SourceFile;
  readonly title: string;
  readonly protocol: "modbus" | "opcua" | null;
  readonly limits: ModbusLimitsEntry;
  readonly tags: ReadonlyMap<string, TagDraft>;
}

/** What the schema says of a device without limits of its own. */
export const DEFAULT_LIMITS = examine(ModbusLimitsSchema, {}, [], () => {}) as ModbusLimitsEntry;

/** Reads one profile and checks everything that needs no plant. Throws BadConfiguration with every fault. */
export function loadProfile(file: string): Profile {
  const faults: Fault[] = [];
  const profile = readProfile(resolve(file), faults);
  if (profile === null || faults.length > 0) throw new BadConfiguration(faults);
  return profile;
}

/** The same for the plant loader, which collects faults of many files. Null when the file is no YAML map at all. */
export function readProfile(absolute: string, faults: Fault[]): Profile | null {
  const source = readSource(absolute, faults);
  if (source === null) return null;
  const complain: Complain = (path, told, at, quoted = told) => {
    faults.push(faultAt(source, path, quoted, at));
  };
  const sound = examine(ProfileSchema, source.content, [], complain) as
    | Partial<
        Omit<Profile, "tags"> & { profile: string; modbus: ModbusLimitsEntry; tags: Record<string, TagDraft> }
      >
    | undefined;
  if (sound === undefined) return null;
  const profile: Profile = {
    source,
    title: sound.title ?? "",
    protocol: sound.protocol ?? null,
    limits: { ...DEFAULT_LIMITS, ...sound.modbus },
    tags: new Map(Object.entries(sound.tags ?? {})),
  };
  checkName(sound.profile, absolute, complain);
  checkTags(profile, complain);
  return profile;
}

function checkName(name: string | undefined, absolute: string, complain: Complain): void {
  const expected = basename(absolute).replace(/[.]ya?ml$/u, "");
  if (name !== undefined && name !== expected)
    complain(["profile"], say("profile-name", { expected, name }), "value");
}

function checkTags(profile: Profile, complain: Complain): void {
  const check = profile.protocol === "modbus" ? checkModbusTag : checkTag;
  for (const [id, tag] of profile.tags) check(tagCheck(profile, id, tag, complain));
  if (profile.protocol === "modbus")
    checkRegisters(profile.tags, (id, key, told) => {
      complain(["tags", id, key], told, "value");
    });
}

function tagCheck(profile: Profile, id: string, tag: TagDraft, complain: Complain): TagCheck {
  return {
    tag,
    written: new Set(writtenKeys(profile.source, ["tags", id])),
    limits: profile.limits,
    fault: (key, told) => {
      complain(["tags", id, key], told, "value");
    },
    lack: (told) => {
      complain(["tags", id], told, "key");
    },
  };
}

/** The keys that stand in a map of a document, whether right or wrong. */
export function writtenKeys(source: SourceFile, path: readonly string[]): readonly string[] {
  let at: unknown = source.content;
  for (const key of path) at = (at as Record<string, unknown> | null | undefined)?.[key];
  return typeof at === "object" && at !== null ? Object.keys(at) : [];
}
