import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ModbusLimits } from "../../../src/config/plant.ts";
import { timingOf } from "../../../src/drivers/modbus/line.ts";
import type { LinkTiming } from "../../../src/drivers/modbus/line.ts";
import {
  cutKey,
  dataBytesOf,
  halveBlock,
  inReadingOrder,
  planReads,
} from "../../../src/drivers/modbus/plan.ts";
import type { Block, ReadPlan } from "../../../src/drivers/modbus/plan.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { LIMITS, modbusTags, rtuConnection, tcpConnection } from "../../support/modbus-tags.ts";
import type { TagSketch } from "../../support/modbus-tags.ts";

const TCP = timingOf(tcpConnection(502));
const serial = (baud: number): LinkTiming => timingOf(rtuConnection("/dev/null", 1000, baud));

function plan(sketches: readonly TagSketch[], limits: Partial<ModbusLimits> = {}, timing = TCP): ReadPlan {
  return planReads(modbusTags(sketches), { ...LIMITS, ...limits }, timing);
}

function reads({ blocks }: ReadPlan): readonly string[] {
  return blocks.map(({ table, address, quantity }) => `${table} ${address}+${quantity}`);
}

const floats = (...addresses: readonly number[]): readonly TagSketch[] =>
  addresses.map((address) => ({ address }));

describe("reads are merged", () => {
  test("neighbours are read together, in address order", () => {
    expect(reads(plan(floats(4, 0, 2)))).toEqual(["holding 0+6"]);
  });

  test("tables are never mixed", () => {
    const planned = plan([{ table: "input" }, { table: "holding" }, { table: "coil", type: "bool" }]);
    expect(reads(planned)).toEqual(["coil 0+1", "holding 0+2", "input 0+2"]);
  });

  test("bits of one register are one read", () => {
    expect(reads(plan([0, 1, 2].map((bit) => ({ type: "bool", bit, address: 90 }))))).toEqual([
      "holding 90+1",
    ]);
  });

  test("500 floats are eight reads of 124 registers and one of 8, none tearing a value", () => {
    const planned = plan(floats(...Array.from({ length: 500 }, (_, i) => i * 2)));
    expect(planned.blocks).toHaveLength(9);
    expect(Math.max(...planned.blocks.map((block) => block.quantity))).toBe(124);
  });

  test("2001 coils take two reads [V1.1b3, 6.1: at most 2000]", () => {
    const coils = Array.from(
      { length: 2001 },
      (_, address) => ({ table: "coil", type: "bool", address }) as const,
    );
    expect(plan(coils).blocks).toHaveLength(2);
  });

  test("a device may allow less, but never more than the protocol", () => {
    expect(
      plan(floats(...Array.from({ length: 20 }, (_, i) => i * 2)), { registersMax: 10 }).blocks,
    ).toHaveLength(4);
    const wide = plan(floats(...Array.from({ length: 100 }, (_, i) => i * 2)), { registersMax: 9999 });
    expect(Math.max(...wide.blocks.map((block) => block.quantity))).toBeLessThanOrEqual(125);
  });
});

describe("holes", () => {
  test("on TCP a round trip costs more than a hundred unused registers", () => {
    expect(reads(plan(floats(0, 120)))).toEqual(["holding 0+122"]);
  });

  test.each([
    [9600, 9, "one read"],
    [9600, 12, "two reads"],
  ])("at %i baud a hole of %i registers means %s", (baud, hole, expected) => {
    const planned = plan(floats(0, 2 + hole), {}, serial(baud));
    expect(planned.blocks.length === 1 ? "one read" : "two reads").toBe(expected);
  });

  test("a given gap is the limit, whatever the link costs", () => {
    expect(plan(floats(0, 7), { gap: 5 }).blocks).toHaveLength(1);
    expect(plan(floats(0, 8), { gap: 5 }).blocks).toHaveLength(2);
    expect(plan(floats(0, 3), { gap: 0 }).blocks).toHaveLength(2);
  });

  test("a forbidden range is not read across", () => {
    expect(reads(plan(floats(0, 10), { forbidden: [[5, 5]] }))).toEqual(["holding 0+2", "holding 10+2"]);
  });

  test("a tag inside a forbidden range is unreadable, and so is one longer than a read", () => {
    const planned = plan([{ address: 4 }, { address: 40, type: "string", width: 126 }, { address: 300 }], {
      forbidden: [[5, 9]],
    });
    expect(planned.unreadable.map((tag) => tag.id)).toEqual(["T0", "T1"]);
    expect(reads(planned)).toEqual(["holding 300+2"]);
  });

  test("a read begins anew at a cut, together with every bit of that register", () => {
    const tags = modbusTags([
      { address: 0 },
      { address: 2, type: "bool", bit: 0 },
      { address: 2, type: "bool", bit: 1 },
    ]);
    const lessons = { refused: [], cuts: new Set([cutKey("holding", 2)]) };
    const { blocks } = planReads(tags, LIMITS, TCP, lessons);
    expect(blocks.map((block) => [block.address, block.tags.length])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });
});

describe("halving", () => {
  test("cuts in the middle and never through a register's bits or a value", () => {
    const tags = inReadingOrder(
      modbusTags([{ address: 0 }, ...[0, 1, 2].map((bit) => ({ address: 2, type: "bool", bit }) as const)]),
    );
    const halves = halveBlock({ table: "holding", address: 0, quantity: 3, tags });
    expect(halves?.map((half) => half.tags.length)).toEqual([1, 3]);
    expect(halveBlock(halves?.[1] as Block)).toBeNull();
  });
});

const sketch: fc.Arbitrary<TagSketch> = fc
  .record({
    table: fc.constantFrom("coil", "discrete", "holding", "input"),
    address: fc.integer({ min: 0, max: 700 }),
    type: fc.constantFrom("uint16", "float32", "float64", "string"),
    width: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ table, address, type, width }): TagSketch => {
    if (table === "coil" || table === "discrete") return { table, address, type: "bool" };
    return type === "string" ? { table, address, type, width } : { table, address, type };
  });

const limits: fc.Arbitrary<ModbusLimits> = fc.record({
  wordOrder: fc.constant("ABCD" as const),
  registersMax: fc.integer({ min: 12, max: 125 }),
  bitsMax: fc.integer({ min: 1, max: 2000 }),
  gap: fc.oneof(fc.constant("auto" as const), fc.integer({ min: 0, max: 50 })),
  forbidden: fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 8 }))
      .map(([first, more]) => [first, first + more] as const),
    { maxLength: 4 },
  ),
  inFlightMax: fc.constant(1),
  writesMultiple: fc.constant(false),
});

const timing = fc.constantFrom(TCP, serial(9600), serial(115_200));

function source(tag: Tag): { table: string; address: number; width: number } {
  if (tag.source.protocol !== "modbus") throw new Error("not Modbus");
  return tag.source;
}

function isBits(table: string): boolean {
  return table === "coil" || table === "discrete";
}

/** Joins as long as it may, from the left: what a plan without foresight would do. */
function greedyCost(tags: readonly Tag[], rules: ModbusLimits, link: LinkTiming): number {
  return (["coil", "discrete", "holding", "input"] as const).reduce((total, table) => {
    const runs: { start: number; end: number }[] = [];
    for (const tag of inReadingOrder(tags.filter((one) => source(one).table === table))) {
      const { address, width } = source(tag);
      const run = runs.at(-1);
      if (run !== undefined && mayJoin(run, address, width, rules, isBits(table)))
        run.end = Math.max(run.end, address + width);
      else runs.push({ start: address, end: address + width });
    }
    const costs = runs.map(({ start, end }) => link.exchangeMs(dataBytesOf(table, end - start)));
    return total + costs.reduce((sum, cost) => sum + cost, 0);
  }, 0);
}

function mayJoin(
  { start, end }: { readonly start: number; readonly end: number },
  address: number,
  width: number,
  { gap, forbidden, bitsMax, registersMax }: ModbusLimits,
  ofBits: boolean,
): boolean {
  const newEnd = Math.max(end, address + width);
  const holeMax = gap === "auto" ? Infinity : gap * (ofBits ? 16 : 1);
  if (newEnd - start > (ofBits ? bitsMax : registersMax) || address - end > holeMax) return false;
  return ofBits || !forbidden.some(([first, last]) => start <= last && first < newEnd);
}

describe("for any tags, limits and link", () => {
  test("every tag is read exactly once or named unreadable; limits, gaps and forbidden ranges hold; nothing is torn", () => {
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 80 }), limits, timing, (sketches, rules, link) => {
        const tags = modbusTags(sketches);
        const { blocks, unreadable } = planReads(tags, rules, link);
        const seen = [...blocks.flatMap((block) => block.tags), ...unreadable].map((tag) => tag.index);
        expect(seen.toSorted((a, b) => a - b)).toEqual(tags.map((tag) => tag.index));
        for (const block of blocks) {
          const { table, address, quantity } = block;
          expect(quantity).toBeLessThanOrEqual(isBits(table) ? rules.bitsMax : rules.registersMax);
          for (const tag of block.tags) {
            expect(source(tag).table).toBe(table);
            expect(source(tag).address).toBeGreaterThanOrEqual(address);
            expect(source(tag).address + source(tag).width).toBeLessThanOrEqual(address + quantity);
          }
          if (isBits(table)) continue;
          for (const [first, last] of rules.forbidden)
            expect(address > last || address + quantity <= first).toBe(true);
        }
      }),
      { seed: 20_240_603, numRuns: 300 },
    );
  });

  test("the plan costs no more than joining greedily", () => {
    fc.assert(
      fc.property(fc.array(sketch, { maxLength: 80 }), limits, timing, (sketches, rules, link) => {
        const tags = modbusTags(sketches);
        const { blocks, unreadable } = planReads(tags, rules, link);
        const cost = blocks.reduce(
          (total, block) => total + link.exchangeMs(dataBytesOf(block.table, block.quantity)),
          0,
        );
        const readable = tags.filter((tag) => !unreadable.includes(tag));
        expect(cost).toBeLessThanOrEqual(greedyCost(readable, rules, link) + 1e-9);
      }),
      { seed: 20_240_604, numRuns: 300 },
    );
  });
});
