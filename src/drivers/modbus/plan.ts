import type { ModbusLimits } from "../../config/plant.ts";
import type { ModbusTable, Tag } from "../../domain/tag.ts";
import type { LinkTiming } from "./line.ts";
import { modbusSource } from "./registers.ts";

/** Registers in one reply at the most. Modbus Application Protocol V1.1b3, 6.3 and 6.4. */
export const READ_REGISTERS_MAX = 125;
/** Coils or discrete inputs in one reply at the most. V1.1b3, 6.1 and 6.2. */
export const READ_BITS_MAX = 2000;
const BITS_PER_REGISTER = 16;

/** One read request and the tags that its reply brings, in the order of `inReadingOrder`. */
export interface Block {
  readonly table: ModbusTable;
  readonly address: number;
  /** Registers, or bits for coils and discrete inputs. */
  readonly quantity: number;
  readonly tags: readonly Tag[];
}

export interface ReadPlan {
  readonly blocks: readonly Block[];
  /** Tags that no permitted read can bring: in a forbidden range, or longer than the device's largest read. */
  readonly unreadable: readonly Tag[];
}

/** Addresses of one table, `end` not included. */
export interface Span {
  readonly table: ModbusTable;
  readonly start: number;
  readonly end: number;
}

/** What the device itself has taught since the start. */
export interface Lessons {
  /** Spans that it refuses and that no read may touch. */
  readonly refused: readonly Span[];
  /** Addresses at which a read must begin anew, because it refused the read across them; named by `cutKey`. */
  readonly cuts: ReadonlySet<string>;
}

const NO_LESSONS: Lessons = { refused: [], cuts: new Set() };

export function cutKey(table: ModbusTable, address: number): string {
  return `${table} ${address}`;
}

export function isBitTable(table: ModbusTable): boolean {
  return table === "coil" || table === "discrete";
}

/** Data bytes in the reply to a read. */
export function dataBytesOf(table: ModbusTable, quantity: number): number {
  return isBitTable(table) ? Math.ceil(quantity / 8) : quantity * 2;
}

const TABLES: readonly ModbusTable[] = ["coil", "discrete", "holding", "input"];

/** Table by table, each by address: every block of every plan is a run of tags in this order. */
export function inReadingOrder(tags: readonly Tag[]): readonly Tag[] {
  return tags.toSorted((a, b) => {
    const [one, other] = [modbusSource(a), modbusSource(b)];
    return (
      TABLES.indexOf(one.table) - TABLES.indexOf(other.table) ||
      one.address - other.address ||
      one.width - other.width ||
      a.index - b.index
    );
  });
}

export function spanOf(tag: Tag): Span {
  const { table, address, width } = modbusSource(tag);
  return { table, start: address, end: address + width };
}

/** The cheapest set of reads that brings every tag of one device and scan class once: cost is the time the link is taken,
 *  so holes are read where that is cheaper than another exchange. No value is torn, no forbidden or refused address touched. */
export function planReads(
  tags: readonly Tag[],
  limits: ModbusLimits,
  timing: LinkTiming,
  lessons: Lessons = NO_LESSONS,
): ReadPlan {
  const blocks: Block[] = [];
  const unreadable: Tag[] = [];
  for (const table of TABLES) {
    const rules = rulesOf(table, limits, lessons);
    const readable: Tag[] = [];
    for (const tag of inReadingOrder(tags.filter((candidate) => modbusSource(candidate).table === table))) {
      const { start, end } = spanOf(tag);
      (rules.allows(start, end) ? readable : unreadable).push(tag);
    }
    blocks.push(...cheapestBlocks(readable, rules, timing));
  }
  return { blocks, unreadable };
}

interface Rules {
  readonly table: ModbusTable;
  readonly quantityMax: number;
  readonly holeMax: number;
  mustBeginAt(address: number): boolean;
  allows(start: number, end: number): boolean;
}

function rulesOf(table: ModbusTable, limits: ModbusLimits, lessons: Lessons): Rules {
  const isBits = isBitTable(table);
  const quantityMax = isBits
    ? Math.min(limits.bitsMax, READ_BITS_MAX)
    : Math.min(limits.registersMax, READ_REGISTERS_MAX);
  const closed: Span[] = lessons.refused.filter((span) => span.table === table);
  if (!isBits)
    for (const [first, last] of limits.forbidden) closed.push({ table, start: first, end: last + 1 });
  const registersMax = limits.gap === "auto" ? Infinity : limits.gap;
  return {
    table,
    quantityMax,
    holeMax: isBits ? registersMax * BITS_PER_REGISTER : registersMax,
    mustBeginAt: (address) => lessons.cuts.size > 0 && lessons.cuts.has(cutKey(table, address)),
    allows: (start, end) =>
      end - start <= quantityMax && !closed.some((span) => start < span.end && span.start < end),
  };
}

/** Shortest path over the tags in order: `best[n]` is the least cost of reading the first n of them. */
function cheapestBlocks(tags: readonly Tag[], rules: Rules, timing: LinkTiming): readonly Block[] {
  const best = new Float64Array(tags.length + 1).fill(Infinity);
  const begins = new Int32Array(tags.length + 1);
  const spans = tags.map(spanOf);
  best[0] = 0;
  for (let from = 0; from < spans.length; from++) {
    const { start } = spans[from] as Span;
    let end = start;
    for (let last = from; last < spans.length; last++) {
      const span = spans[last] as Span;
      if (!isReachable(span, start, end, rules)) break;
      end = Math.max(end, span.end);
      if (!rules.allows(start, end)) break;
      const cost = (best[from] as number) + timing.exchangeMs(dataBytesOf(rules.table, end - start));
      if (cost >= (best[last + 1] as number)) continue;
      best[last + 1] = cost;
      begins[last + 1] = from;
    }
  }
  const blocks: Block[] = [];
  for (let to = tags.length; to > 0; to = begins[to] as number)
    blocks.unshift(blockOf(tags.slice(begins[to], to)));
  return blocks;
}

/** Whether a block from `start` to `end` may be continued to this span. */
function isReachable(span: Span, start: number, end: number, rules: Rules): boolean {
  return span.start - end <= rules.holeMax && (span.start === start || !rules.mustBeginAt(span.start));
}

/** The read of exactly these tags, which are of one table and in reading order. */
export function blockOf(tags: readonly Tag[]): Block {
  const spans = tags.map(spanOf);
  const { table, start } = spans[0] as Span;
  const end = Math.max(...spans.map((span) => span.end));
  return { table, address: start, quantity: end - start, tags };
}

/** Halves a block between two values, as near to the middle as no value is torn; null when it is one value. */
export function halveBlock({ tags }: Block): readonly [Block, Block] | null {
  let end = 0;
  let best = 0;
  for (const [i, tag] of tags.entries()) {
    const span = spanOf(tag);
    const isNearer = Math.abs(2 * i - tags.length) < Math.abs(2 * best - tags.length);
    if (i > 0 && span.start >= end && (best === 0 || isNearer)) best = i;
    end = Math.max(end, span.end);
  }
  return best === 0 ? null : [blockOf(tags.slice(0, best)), blockOf(tags.slice(best))];
}
