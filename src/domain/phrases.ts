/** Texts of the plant in another language. A key that has `{}` speaks for every text of its form, and what stands there is
 *  looked up too: with `{} level: Nivel de {}` and `Mill sump: Cajón de bombeo` a "Mill sump level" is a "Nivel de cajón de
 *  bombeo". */
export type Phrases = Readonly<Record<string, string>>;

export type Translator = (text: string) => string;

const GAP = "{}";
/** Forms within forms: more than this is no title. */
const DEPTH_MAX = 6;

/** Says texts in the language of `phrases`, and those that it does not know as they are. Of two forms that fit, the one that
 *  says more of the text itself is taken. */
export function createTranslator(phrases: Phrases): Translator {
  const exact = new Map(Object.entries(phrases).filter(([key]) => !key.includes(GAP)));
  const forms = Object.entries(phrases)
    .filter(([key]) => key.includes(GAP))
    .map(([key, said]) => ({ parts: key.split(GAP), said }))
    .sort((a, b) => b.parts.join("").length - a.parts.join("").length);
  const known = new Map<string, string>();

  const say = (text: string, depth: number): string => {
    const found = exact.get(text);
    if (found !== undefined || depth === DEPTH_MAX) return found ?? text;
    for (const { parts, said } of forms) {
      const gaps = gapsOf(text, parts);
      if (gaps === null) continue;
      const inner = gaps.map((gap) => say(gap, depth + 1));
      return said
        .split(GAP)
        .reduce((before, after, at) => before + within(before, inner[at - 1] ?? "") + after);
    }
    return text;
  };
  return (text) => {
    let said = known.get(text);
    if (said === undefined) known.set(text, (said = say(text, 0)));
    return said;
  };
}

/** Words from the first to the last: what begins or ends with a mark, but for a negative number, belongs to another form. */
const PHRASE = /^(?:-\d|[^\s\p{P}])(?:.*[^\s:;,.])?$/u;

/** What stands in the gaps between `parts`; null when the text is not of that form. */
function gapsOf(text: string, parts: readonly string[]): string[] | null {
  const first = parts[0] ?? "";
  if (!text.startsWith(first)) return null;
  const gaps: string[] = [];
  let at = first.length;
  for (const [index, part] of parts.slice(1).entries()) {
    const isLast = index === parts.length - 2;
    const end = isLast ? text.length - part.length : text.indexOf(part, at);
    const gap = text.slice(at, end);
    if (end <= at || !text.startsWith(part, end) || !PHRASE.test(gap)) return null;
    gaps.push(gap);
    at = end + part.length;
  }
  return gaps;
}

/** A word in the middle of a text begins small; an abbreviation and a formula such as NaCN do not. */
function within(before: string, text: string): string {
  const isWord = /^\p{Lu}\p{Ll}+(?!\p{L})/u.test(text);
  return before !== "" && isWord ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** What people read of the plant, wherever it stands in an answer: a text or a list of texts. */
const READ = new Set([
  "title",
  "consequence",
  "response",
  "missing",
  "cause",
  "failure",
  "reason",
  "by",
  "group",
]);

/** The same value with what people read of the plant in the language of `say`: titles, consequences, responses, what is
 *  missing, why something was held or computed anew, by whom where that is nobody's name, and the names of states. */
export function translated<T>(value: T, say: Translator): T {
  return translatedAt(value, say, "") as T;
}

function translatedAt(value: unknown, say: Translator, key: string): unknown {
  if (typeof value === "string") return READ.has(key) ? say(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => translatedAt(one, say, key));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      key === "states" && typeof one === "string" ? say(one) : translatedAt(one, say, name),
    ]),
  );
}
