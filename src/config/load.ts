import { basename, dirname, resolve } from "node:path";
import { BadConfiguration } from "../domain/errors.ts";
import type { Fault } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import type { Configuration, ConfigurationSource } from "./configuration.ts";
import { checkAlarms } from "./check-alarms.ts";
import { checkDevices } from "./check-devices.ts";
import { checkInstances } from "./check-instances.ts";
import { checkMetallurgy } from "./check-metallurgy.ts";
import { checkListeners } from "./check-listeners.ts";
import { checkOutputs } from "./check-outputs.ts";
import { checkPages } from "./check-pages.ts";
import { checkWrites } from "./check-writes.ts";
import { examine } from "./examine.ts";
import type { Complain } from "./examine.ts";
import { findProfile, profileFolders, profileNames } from "./find-profile.ts";
import { readProfile } from "./load-profile.ts";
import type { Profile } from "./load-profile.ts";
import { readTexts } from "./load-texts.ts";
import { faultInPlant, instancesOf } from "./plant-draft.ts";
import type { PlantDraft } from "./plant-draft.ts";
import { PlantSchema } from "./plant-schema.ts";
import type { Plant } from "./plant.ts";
import { resolvePlant } from "./resolve-plant.ts";
import { openSecrets } from "./secrets.ts";
import type { Environment, SecretReferences } from "./secrets.ts";
import { faultAt, readSource } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

/** Reads a plant file and its profiles, and resolves them into a frozen plant.
 *  Throws BadConfiguration with everything that is wrong in any of the files. */
export function loadPlant(file: string, environment: Environment = process.env): Plant {
  return loadConfiguration(file, environment).plant;
}

/** The plant, and all that it was read from. Throws like `loadPlant`. */
export function loadConfiguration(file: string, environment: Environment = process.env): Configuration {
  const absolute = resolve(file);
  const faults: Fault[] = [];
  const source = readSource(absolute, faults);
  if (source === null) throw new BadConfiguration(faults);
  const read = readDraft(source, absolute, environment, faults);
  if (read === null) throw new BadConfiguration(inOrder(faults, source.file));
  const { draft, secrets } = read;
  for (const check of CHECKS) check(draft);
  const texts = readTexts(draft, absolute);
  if (faults.length > 0) throw new BadConfiguration(inOrder(faults, source.file));
  const plant = resolvePlant(draft, texts.phrases, absolute);
  const profiles = [...draft.profiles.values()].flatMap((profile) => profile?.source ?? []);
  const sources = sourcesOf(source, profiles, texts.sources);
  return { plant, sources, secrets, dataDir: draft.data.dir };
}

const CHECKS = [
  checkDevices,
  checkInstances,
  checkMetallurgy,
  checkAlarms,
  checkPages,
  checkWrites,
  checkOutputs,
  checkListeners,
];

function sourcesOf(
  plant: SourceFile,
  profiles: readonly SourceFile[],
  texts: readonly SourceFile[],
): ConfigurationSource[] {
  const entry =
    (kind: ConfigurationSource["kind"]) =>
    ({ path, text }: SourceFile): [string, ConfigurationSource] => [
      path,
      { kind, name: basename(path), path, text },
    ];
  const all = [entry("plant")(plant), ...profiles.map(entry("profile")), ...texts.map(entry("text"))];
  return [...new Map(all).values()];
}

function readDraft(
  source: SourceFile,
  absolute: string,
  environment: Environment,
  faults: Fault[],
): { readonly draft: PlantDraft; readonly secrets: SecretReferences } | null {
  const complain: Complain = (path, told, at, quoted = told) => {
    if (opened?.isMissing(path) === true) return;
    faults.push(faultAt(source, path, opened?.isSecret(path) === true ? told : quoted, at));
  };
  let opened: ReturnType<typeof openSecrets> | null = null;
  opened = openSecrets(source.content, dirname(absolute), environment, complain);
  const sound = examine(PlantSchema, opened.content, [], complain) as Partial<PlantDraft> | undefined;
  if (sound === undefined) return null;
  const draft: PlantDraft = { ...EMPTY, ...sound, source, profiles: new Map(), instances: [], faults };
  const profiles = readProfiles(draft, absolute);
  const instances = Object.entries(draft.devices).flatMap(([id, device]) => {
    const profile = profiles.get(id) ?? null;
    return profile === null ? [] : instancesOf(id, device, profile);
  });
  return { draft: { ...draft, profiles, instances }, secrets: opened.references };
}

const EMPTY = {
  plant: {},
  scanClasses: {},
  connections: {},
  devices: {},
  outputs: {},
  broker: undefined,
  data: { dir: "", spoolMax: "", groupCommit: "", historyDays: 0 },
  http: {},
  texts: {},
};

/** The profile of each device; each file is read, and its faults are told, once. */
function readProfiles(draft: PlantDraft, plantFile: string): Map<string, Profile | null> {
  const folders = profileFolders(plantFile);
  const byFile = new Map<string, Profile | null>();
  const byDevice = new Map<string, Profile | null>();
  for (const [id, { profile: name }] of Object.entries(draft.devices)) {
    if (name === undefined) continue;
    const file = findProfile(name, folders);
    if (file === null) {
      const told = suggesting(say("profile-absent", { name }), nearest(name, profileNames(folders)));
      faultInPlant(draft, ["devices", id, "profile"], told);
      continue;
    }
    const profile = byFile.has(file) ? (byFile.get(file) ?? null) : readProfile(file, draft.faults);
    byFile.set(file, profile);
    byDevice.set(id, profile);
  }
  return byDevice;
}

/** Those of the plant file first, each file from top to bottom, none twice: a profile used by three devices is wrong once. */
function inOrder(faults: readonly Fault[], plantFile: string): Fault[] {
  const rank = ({ file }: Fault): string => (file === plantFile ? "" : file);
  const distinct = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return [...distinct.values()].sort(
    (a, b) => compare(rank(a), rank(b)) || a.line - b.line || a.column - b.column,
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
