import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Phrases } from "../domain/phrases.ts";
import { shippedDevices } from "./find-profile.ts";
import type { Fault } from "../domain/errors.ts";
import { faultAt, readSource } from "./source-file.ts";

/** Languages besides that of the plant file which come with the gateway. */
const SHIPPED = ["es-PE"] as const;

/** What the titles of a plant are in other languages, by language: the file that the plant names (relative to its own), on top
 *  of what comes with the gateway for the shipped profiles and its own alarms. */
export function readTexts(
  named: Readonly<Record<string, string>>,
  plantFile: string,
  faults: Fault[],
): Readonly<Record<string, Phrases>> {
  const languages = [...new Set([...SHIPPED, ...Object.keys(named)])];
  return Object.fromEntries(
    languages.map((language) => [
      language,
      { ...shippedTexts(language, faults), ...ownTexts(named[language], plantFile, faults) },
    ]),
  );
}

function shippedTexts(language: string, faults: Fault[]): Phrases {
  const folder = shippedDevices();
  const file = folder === null ? null : join(folder, "texts", `${language}.yaml`);
  return file === null || !existsSync(file) ? {} : readPhrases(file, faults);
}

function ownTexts(name: string | undefined, plantFile: string, faults: Fault[]): Phrases {
  return name === undefined ? {} : readPhrases(resolve(dirname(plantFile), name), faults);
}

function readPhrases(file: string, faults: Fault[]): Phrases {
  const source = readSource(file, faults);
  if (source === null) return {};
  const content = source.content;
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    faults.push(
      faultAt(source, [], "must be a map from the texts of the plant to those of the language", "value"),
    );
    return {};
  }
  const phrases = Object.entries(content as Record<string, unknown>);
  for (const [text, said] of phrases)
    if (typeof said !== "string" || said.trim() === "")
      faults.push(
        faultAt(source, [text], "must be a text, in quotes where YAML takes it for something else", "value"),
      );
    else if (gapCount(text) !== gapCount(said))
      faults.push(faultAt(source, [text], "must have as many {} as the text that it stands for", "value"));
  return Object.fromEntries(phrases.filter(([, said]) => typeof said === "string")) as Phrases;
}

function gapCount(text: string): number {
  return text.split("{}").length - 1;
}
