import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { ColumnDecoder } from "../../../src/store/spool/column-decoder.ts";
import { ColumnEncoder } from "../../../src/store/spool/column-encoder.ts";
import type { SpoolTag } from "../../../src/store/spool/column-kinds.ts";

const TAGS: readonly SpoolTag[] = [
  { id: "plain", scale: 1, offset: 0 },
  { id: "scaled", scale: 0.1, offset: -40 },
  { id: "loop", scale: 100 / 27_648, offset: 0 },
  { id: "odd", scale: 0, offset: 0 },
];

const value = fc.oneof(
  fc.double(),
  fc.float(),
  fc.integer(),
  fc.integer({ min: -32_768, max: 32_767 }).map((count) => count * 0.1 - 40),
  fc.constantFrom(NaN, 0, -0, Infinity, -Infinity, 1e308, 5e-324, 2 ** 53 + 2, 2 ** 31, -(2 ** 31)),
);

const row = fc.record({
  tag: fc.nat(TAGS.length - 1),
  value,
  status: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  source: fc.oneof(
    fc.integer({ min: 0, max: 5000 }).map((ms) => 1.7e12 + ms),
    fc.double({ noNaN: false }),
  ),
  received: fc.oneof(
    fc.integer({ min: 0, max: 5000 }).map((ms) => 1.7e12 + ms),
    fc.constantFrom(0, 8.64e15, 0.5),
  ),
  exact: fc.option(fc.oneof(fc.bigInt(), fc.string(), fc.constant("ñandú €")), { nil: null, freq: 8 }),
});

type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function batchOfRows(rows: readonly Row[]): ReadingBatch {
  const batch = createBatch(rows.length);
  for (const one of rows) {
    const at = batch.length++;
    batch.tag[at] = one.tag;
    batch.value[at] = one.value;
    batch.status[at] = one.status;
    batch.sourceTime[at] = one.source;
    batch.receivedTime[at] = one.received;
    if (one.exact !== null) batch.exact.set(at, one.exact);
  }
  return batch;
}

describe("readings as columns", () => {
  it("come back bit for bit, whatever they are, block after block", () => {
    const encoder = new ColumnEncoder(TAGS);
    const decoder = new ColumnDecoder(TAGS);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const batch = batchOfRows(rows);
        const read = decoder.decode(Buffer.from(encoder.encode(batch)), rows.length);
        expect(read.length).toBe(batch.length);
        for (const column of ["tag", "value", "status", "sourceTime", "receivedTime"] as const)
          for (let at = 0; at < rows.length; at++)
            if (!Object.is(read[column][at], batch[column][at]))
              throw new Error(`${column} ${at}: ${batch[column][at]} became ${read[column][at]}`);
        expect([...read.exact]).toEqual([...batch.exact]);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("keep scaled integers as the counts they were, and repetitions as nothing", () => {
    const encoder = new ColumnEncoder(TAGS);
    const batch = createBatch(1000);
    for (let at = 0; at < 1000; at++) {
      batch.tag[at] = 1;
      batch.value[at] = (at % 50) * 0.1 - 40;
    }
    batch.length = 1000;
    const counted = encoder.encode(batch).length;
    batch.value.fill(7.3);
    const repeated = encoder.encode(batch).length;
    // One byte for the step to the next tag and one for how the value is kept, then one for the step of the count.
    expect(counted).toBeLessThan(3100);
    expect(repeated).toBeLessThan(2100);
  });

  it("refuse a tag that is not in the plant and more rows than a block holds", () => {
    const encoder = new ColumnEncoder(TAGS);
    const batch = createBatch(1);
    batch.length = 1;
    batch.tag[0] = 4;
    expect(() => encoder.encode(batch)).toThrow(RangeError);
    expect(() => encoder.encode({ ...createBatch(9000), length: 9000 })).toThrow(RangeError);
  });
});
