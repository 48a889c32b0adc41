import { language } from "../preferences.ts";

/** Parts of a plant as the gateway's sentences name them, in the plural that a Spanish sentence wants. */
const PARTS = new Map([
  ["connection", "conexiones"],
  ["device", "equipos de campo"],
  ["tag", "señales"],
  ["metric", "cifras"],
  ["sampling point", "puntos de muestreo"],
  ["alarm", "alarmas"],
  ["output", "salidas"],
  ["equipment", "equipos"],
]);

const WHAT = new Map([
  ["added", "alta de"],
  ["removed", "baja de"],
  ["changed", "cambio de"],
]);

const CHANGE =
  /^(?<part>(?:(?! (?:added|removed|changed): ).)+) (?<what>added|removed|changed): (?<names>.+?)(?: and (?<more>\d+) more)?$/u;
const NOTHING = "nothing that is polled, computed, judged or sent";

/** A sentence about what a version changed, which the gateway keeps in English, in Spanish; null for one that is not known here. */
export function spanishChange(sentence: string): string | null {
  if (sentence === NOTHING) return "nada que se lea, calcule, vigile o envíe";
  const { part = "", what = "", names = "", more } = CHANGE.exec(sentence)?.groups ?? {};
  const [verb, noun] = [WHAT.get(what), PARTS.get(part)];
  if (verb === undefined || noun === undefined) return null;
  return `${verb} ${noun}: ${names}${more === undefined ? "" : ` y ${more} más`}`;
}

/** The same in the reader's language. */
export function changeText(sentence: string): string | null {
  return language.value === "en" ? sentence : spanishChange(sentence);
}
