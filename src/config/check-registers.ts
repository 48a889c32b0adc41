import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import type { TagDraft } from "./check-tag.ts";
import { ofType, widthOf } from "./check-tag.ts";

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
  fault: (tag: string, key: string, told: Said) => void,
): void {
  const tables = new Map<string, Span[]>();
  for (const [id, tag] of tags) {
    const span = spanOf(id, tag);
    if (span === null) continue;
    const seen = tables.get(String(tag.table)) ?? [];
    for (const other of seen) {
      const clash = clashOf(other, span);
      if (clash !== null) fault(id, clash.key, clash.told);
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

interface Clash {
  readonly key: string;
  readonly told: Said;
}

function clashOf(other: Span, span: Span): Clash | null {
  if (span.last < other.first || span.first > other.last) return null;
  const areBits = [span.tag.type, other.tag.type].filter((type) => type === "bool").length;
  if (areBits === 2) return sameBit(other, span);
  if (areBits === 1) return bitOfNumber(other, span);
  const isSame = span.first === other.first && span.last === other.last && span.tag.type === other.tag.type;
  if (isSame) return null;
  return { key: "address", told: say("registers-overlap", { where: places(span), other: described(other) }) };
}

function sameBit(other: Span, span: Span): Clash | null {
  if (span.tag.bit !== other.tag.bit) return null;
  const [tag, bit] = [other.id, span.tag.bit];
  return bit === undefined
    ? { key: "address", told: say("address-taken", { tag, address: span.first }) }
    : { key: "bit", told: say("bit-taken", { tag, bit, register: span.first }) };
}

/** A bit is a part of a status word, but never of a measured or a longer number. */
function bitOfNumber(other: Span, span: Span): Clash | null {
  const [bit, whole] = span.tag.type === "bool" ? [span, other] : [other, span];
  const isStatusWord =
    whole.tag.type === "uint16" && whole.tag.scale === undefined && whole.tag.rawRange === undefined;
  if (isStatusWord) return null;
  return {
    key: "address",
    told: say("bit-in-number", { register: bit.first, whole: described(whole), bit: bit.id }),
  };
}

function places({ first, last }: Span): Said {
  return first === last ? say("register", { first }) : say("registers", { first, last });
}

function described({ id, tag, first, last }: Span): Said {
  const where = first === last ? first : say("from-to", { from: first, to: last });
  return say("tag-at", { tag: id, type: ofType(tag.type ?? ""), where });
}
