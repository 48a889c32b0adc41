import type { TagDraft } from "./check-tag.ts";
import { article, widthOf } from "./check-tag.ts";

interface Span {
  readonly id: string;
  readonly tag: TagDraft;
  readonly first: number;
  readonly last: number;
}

/** Registers that two tags of one device take in ways that cannot both be true. Two readings of exactly the same registers as
 *  the same type are allowed, and so are bits of a status word that is also read whole. Each pair is reported once, at the later tag. */
export function checkRegisters(
  tags: ReadonlyMap<string, TagDraft>,
  fault: (tag: string, key: string, sentence: string) => void,
): void {
  const tables = new Map<string, Span[]>();
  for (const [id, tag] of tags) {
    const span = spanOf(id, tag);
    if (span === null) continue;
    const seen = tables.get(String(tag.table)) ?? [];
    for (const other of seen) {
      const clash = clashOf(other, span);
      if (clash !== null) fault(id, clash.key, clash.sentence);
    }
    seen.push(span);
    tables.set(String(tag.table), seen);
  }
}

function spanOf(id: string, tag: TagDraft): Span | null {
  const width = widthOf(tag);
  if (tag.table === undefined || tag.address === undefined || width === 0) return null;
  return { id, tag, first: tag.address, last: tag.address + width - 1 };
}

function clashOf(other: Span, span: Span): { readonly key: string; readonly sentence: string } | null {
  if (span.last < other.first || span.first > other.last) return null;
  const areBits = [span.tag.type, other.tag.type].filter((type) => type === "bool").length;
  if (areBits === 2) return sameBit(other, span);
  if (areBits === 1) return bitOfNumber(other, span);
  const isSame = span.first === other.first && span.last === other.last && span.tag.type === other.tag.type;
  return isSame ? null : { key: "address", sentence: `${places(span)} overlap those of ${describe(other)}` };
}

function sameBit(other: Span, span: Span): { readonly key: string; readonly sentence: string } | null {
  if (span.tag.bit !== other.tag.bit) return null;
  return span.tag.bit === undefined
    ? { key: "address", sentence: `${other.id} is at address ${span.first} of this table already` }
    : { key: "bit", sentence: `${other.id} is bit ${span.tag.bit} of register ${span.first} already` };
}

/** A bit is a part of a status word, but never of a measured or a longer number. */
function bitOfNumber(other: Span, span: Span): { readonly key: string; readonly sentence: string } | null {
  const [bit, whole] = span.tag.type === "bool" ? [span, other] : [other, span];
  const isStatusWord =
    whole.tag.type === "uint16" && whole.tag.scale === undefined && whole.tag.rawRange === undefined;
  if (isStatusWord) return null;
  return {
    key: "address",
    sentence: `register ${bit.first} cannot be a part of ${describe(whole)} and hold the bit ${bit.id} too`,
  };
}

function places({ first, last }: Span): string {
  return first === last ? `register ${first}` : `registers ${first} to ${last}`;
}

function describe({ id, tag, first, last }: Span): string {
  return `${id} (${article(tag.type ?? "value")} at ${first === last ? first : `${first} to ${last}`})`;
}
