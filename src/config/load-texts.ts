import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Phrases } from "../domain/phrases.ts";
import { shippedDevices } from "./find-profile.ts";
import type { Fault } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import type { PlantDraft } from "./plant-draft.ts";
import { faultAt, readSource } from "./source-file.ts";
import type { SourceFile } from "./source-file.ts";

/** Languages besides that of the plant file which come with the gateway. */
const SHIPPED = ["es-PE"] as const;

/** What the titles of a plant are in other languages, by language: the file that the plant names, on top of what comes with the
 *  gateway for the shipped profiles and its own alarms. Such files are looked for in `texts` beside the plant file, in the folder
 *  next to it, and among the shipped ones, in this order. */
export function readTexts({ texts: named, source, faults }: TextsDraft, plantFile: string): Texts {
  const folders = textFolders(plantFile);
  const sources: SourceFile[] = [];
  const readNamed = (language: string): Phrases => {
    const name = named[language];
    if (name === undefined) return {};
    const file = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined) return readPhrases(file, faults, sources);
    faults.push(faultAt(source, ["texts", language], say("texts-absent", { file: name }), "value"));
    return {};
  };
  const languages = [...new Set([...SHIPPED, ...Object.keys(named)])];
  const phrases = Object.fromEntries(
    languages.map((language) => [language, { ...shippedTexts(language, faults), ...readNamed(language) }]),
  );
  return { phrases, sources };
}

export interface Texts {
  readonly phrases: Readonly<Record<string, Phrases>>;
  /** The files that the plant names. */
  readonly sources: readonly SourceFile[];
}
type TextsDraft = Pick<PlantDraft, "texts" | "source" | "faults">;

function textFolders(plantFile: string): readonly string[] {
  const folder = dirname(plantFile);
  const shipped = shippedDevices();
  const folders = [join(folder, "texts"), join(folder, "..", "texts")];
  return shipped === null ? folders : [...folders, join(shipped, "texts")];
}

function shippedTexts(language: string, faults: Fault[]): Phrases {
  const folder = shippedDevices();
  const file = folder === null ? null : join(folder, "texts", `${language}.yaml`);
  return file === null || !existsSync(file) ? {} : readPhrases(file, faults, []);
}

/** Adds the file to `sources`. */
function readPhrases(file: string, faults: Fault[], sources: SourceFile[]): Phrases {
  const source = readSource(file, faults);
  if (source === null) return {};
  sources.push(source);
  const content = source.content;
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    faults.push(faultAt(source, [], say("texts-map"), "value"));
    return {};
  }
  const phrases = Object.entries(content as Record<string, unknown>);
  for (const [text, said] of phrases)
    if (typeof said !== "string" || said.trim() === "")
      faults.push(faultAt(source, [text], say("texts-text"), "value"));
    else if (gapCount(text) !== gapCount(said))
      faults.push(faultAt(source, [text], say("texts-gaps", { gap: "{}" }), "value"));
  return Object.fromEntries(phrases.filter(([, said]) => typeof said === "string")) as Phrases;
}

function gapCount(text: string): number {
  return text.split("{}").length - 1;
}
