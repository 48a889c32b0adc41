import { COMMON_WORDS } from "./common-words.ts";

export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 200;
/** Different characters that a password has at least. */
const DIFFERENT_MIN = 5;
/** Characters that must be left when all that everybody knows has been taken out. */
const OWN_MIN = 6;

const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "1q2w3e4r5t6y7u8i9o0p",
  "qazwsxedcrfvtgbyhnujmikolp",
];
const RUNS = [...ROWS, ...ROWS.map((row) => Array.from(row).toReversed().join(""))];
/** Neighbours on the keyboard or in the alphabet that count as a run. */
const RUN_MIN = 4;

const LOOKALIKES: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

/** What is wrong with a new password of somebody of this name; null when it will do. Length counts, and that it is none of
 *  those that are tried first; no mixture of kinds of characters is asked for.
 *  Source: NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2. */
export function passwordFault(password: string, name: string): string | null {
  const letters = Array.from(password.normalize("NFKC"));
  if (letters.length < PASSWORD_LENGTH_MIN)
    return `A password has at least ${PASSWORD_LENGTH_MIN} characters.`;
  if (letters.length > PASSWORD_LENGTH_MAX)
    return `A password has at most ${PASSWORD_LENGTH_MAX} characters.`;
  if (new Set(letters).size < DIFFERENT_MIN)
    return `A password has at least ${DIFFERENT_MIN} different characters.`;
  const folded = letters.join("").toLowerCase();
  if (ownLength(folded, name) < OWN_MIN)
    return "This password is one of those that are tried first: take several words that have nothing to do with each other.";
  return null;
}

/** How many different characters are left without common words, runs, the person's name and what is repeated. */
function ownLength(folded: string, name: string): number {
  const words = [...COMMON_WORDS, ...name.toLowerCase().split(/[^\p{L}\p{N}]+/u)].filter(
    (word) => word.length > 2,
  );
  const readings = [folded, Array.from(folded, (letter) => LOOKALIKES[letter] ?? letter).join("")];
  return Math.min(...readings.map((reading) => leftOf(reading, words)));
}

function leftOf(reading: string, words: readonly string[]): number {
  let left = withoutRuns(reading);
  for (const word of words.toSorted((a, b) => b.length - a.length)) left = left.replaceAll(word, " ");
  left = left.replace(/(?:19|20)\d\d/g, " ");
  const unlike = left.replace(/[^\p{L}\p{N}]/gu, "").replace(/(.+?)\1+/gu, "$1");
  return unlike.length;
}

/** Takes out stretches such as `12345`, `qwert` and `edcba`. */
function withoutRuns(text: string): string {
  let left = "";
  for (let at = 0; at < text.length;) {
    const length = runAt(text, at);
    left += length === 0 ? text[at] : " ";
    at += Math.max(1, length);
  }
  return left;
}

function runAt(text: string, at: number): number {
  for (let length = text.length - at; length >= RUN_MIN; length--) {
    const stretch = text.slice(at, at + length);
    if (RUNS.some((run) => run.includes(stretch))) return length;
  }
  return 0;
}
