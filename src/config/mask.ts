import { isAlias, isScalar, parseDocument, visit } from "yaml";
import type { Document, Scalar } from "yaml";
import { MASK, maskUrls } from "../domain/mask.ts";

/** Keys of a plant file whose text is a secret. */
export const SECRET_KEY = /(?:password|token)$/iu;

/** Where a secret is kept, which is none. */
const REFERENCE = /^\$\{[^}]*\}$/u;

/** A setting that somebody has put aside as a comment. */
const COMMENT = /^((?:(?!#).)*#.*?(?:password|token)["']?\s*:\s*)(?!["']?\$\{)\S.*$/gimu;

/** A plant file without the passwords and tokens that somebody has written into it, however YAML lets them; references to where
 *  they are kept stay. */
export function maskPlantFile(yaml: string): string {
  let masked = yaml;
  // From the end, so that what is in front of it stays where it is.
  for (const [from, to] of secretRanges(yaml).toReversed())
    masked = `${masked.slice(0, from)}${MASK}${masked.slice(from, to).endsWith("\n") ? "\n" : ""}${masked.slice(to)}`;
  return maskUrls(masked.replaceAll(COMMENT, `$1${MASK}`));
}

/** In the order of the text, each once. Only a text that may have one is worth being parsed. */
function secretRanges(yaml: string): (readonly [from: number, to: number])[] {
  if (!/password|token/iu.test(yaml)) return [];
  const document: Document = parseDocument(yaml, { prettyErrors: false });
  const found = new Map<number, number>();
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !SECRET_KEY.test(String(key.value))) return;
      const { range, value: text } = scalarOf(value, document) ?? {};
      if (range && !REFERENCE.test(String(text))) found.set(range[0], range[1]);
    },
  });
  return [...found].sort(([a], [b]) => a - b);
}

function scalarOf(value: unknown, document: Document): Scalar | null {
  const meant = isAlias(value) ? value.resolve(document) : value;
  return isScalar(meant) ? meant : null;
}
