import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { decodeChunk, encodeChunk } from "../../../src/store/historian/chunk.ts";
import type { Linear } from "../../../src/store/historian/values.ts";
import { columnsOf, rowsOf } from "../../support/history.ts";
import type { Row } from "../../support/history.ts";

const START = Date.UTC(2026, 10, 22, 12);
const PLAIN: Linear = { scale: 1, offset: 0 };

/** Step of a loop signal of 0 to 40 as a PLC counts it. */
const LOOP = 40 / 27_648;

/** Every kind of number that an instrument, a counter or a mad device may send. */
const numbers = {
  "any float64": fc.double({ noNaN: true }),
  "any float32": fc.float({ noNaN: true }),
  "float32 of one magnitude": fc.float({ noNaN: true, min: 16, max: 17 }),
  "whole numbers": fc.integer(),
  "whole numbers beyond 32 bits": fc.maxSafeInteger(),
  "a counter near its end": fc.integer({ min: 2 ** 32 - 50, max: 2 ** 32 + 50 }),
  bits: fc.constantFrom(0, 1),
  "two decimals": fc.integer({ min: -5000, max: 5000 }).map((whole) => whole / 100),
  "float32 with one decimal": fc.integer({ min: -500, max: 500 }).map((whole) => Math.fround(whole / 10)),
  "float32 counts of a converter": fc
    .integer({ min: -40_000, max: 40_000 })
    .map((n) => Math.fround(n * LOOP)),
  "float32 counts of a step that is halfway between two float32": fc
    .integer({ min: 20_000, max: 30_000 })
    .map((count) => Math.fround((count * 10_000) / 65_536)),
  "float32 counts that begin elsewhere, and values at a limit": fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 300 }).map((n) => Math.fround(7.3 + n * LOOP)) },
    { weight: 1, arbitrary: fc.constantFrom(7.3, 0, -0, 9.999_999).map(Math.fround) },
  ),
  "odd ones": fc.constantFrom(
    0,
    -0,
    Infinity,
    -Infinity,
    Number.MIN_VALUE,
    Number.MAX_VALUE,
    2 ** 53,
    -(2 ** 53),
  ),
} satisfies Record<string, fc.Arbitrary<number>>;

const statuses = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.values(Status)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff_ffff }) },
);

/** Rows at rising times with the gaps and the jitter of real polls. */
function rowsWith(value: fc.Arbitrary<number>, exact?: fc.Arbitrary<bigint | string>): fc.Arbitrary<Row[]> {
  const step = fc.oneof(
    fc.constant(1000),
    fc.integer({ min: 995, max: 1005 }),
    fc.integer({ min: 1, max: 3_000_000 }),
  );
  const row = fc.record({ step, value, status: statuses, ...(exact === undefined ? {} : { exact }) });
  return fc.array(row, { minLength: 1, maxLength: 200 }).map((all) => {
    let time = START;
    return all.map(({ step: ms, ...rest }) => ({ ...rest, time: (time += ms) }));
  });
}

function expectRoundTrip(rows: readonly Row[], linear: Linear): void {
  const columns = columnsOf(rows);
  const decoded = decodeChunk(encodeChunk(columns, linear));
  // Object.is: bit for bit, so that −0 stays −0.
  expect(rowsOf(decoded)).toStrictEqual(rowsOf(columns));
  for (let row = 0; row < rows.length; row++)
    expect(Object.is(decoded.value[row], columns.value[row])).toBe(true);
}

describe("a chunk gives back what went in, bit for bit", () => {
  it.each(Object.entries(numbers))("%s", (_, value) => {
    fc.assert(fc.property(rowsWith(value), (rows) => expectRoundTrip(rows, PLAIN)));
  });

  it("raw counts of a loop signal, whatever scale and offset are said to be", () => {
    const linear = fc.record({
      scale: fc.double({ noNaN: true, noDefaultInfinity: true }),
      offset: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(linear, rowsWith(fc.integer({ min: -4864, max: 32_511 })), (line, rows) => {
        const scaled = rows.map((row) => ({ ...row, value: row.value * line.scale + line.offset }));
        expectRoundTrip(
          scaled.filter(({ value }) => !Number.isNaN(value)).concat([{ time: START + 1e9, value: 1 }]),
          line,
        );
      }),
    );
  });

  it("64-bit integers and texts", () => {
    const exact = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc.string({ unit: "grapheme" }),
    );
    fc.assert(fc.property(rowsWith(numbers["any float64"], exact), (rows) => expectRoundTrip(rows, PLAIN)));
  });

  it("64-bit integers that a number holds as well, without writing them twice", () => {
    const plain = Array.from({ length: 1000 }, (_, row) => ({ time: START + 1000 * row, value: 5 * row }));
    const doubled = plain.map((row) => ({ ...row, exact: BigInt(row.value) }));
    expectRoundTrip(doubled, PLAIN);
    const size = (rows: readonly Row[]): number => encodeChunk(columnsOf(rows), PLAIN).length;
    expect(size(doubled)).toBeLessThan(size(plain) + 10);
  });
});

describe("a chunk is small", () => {
  const hour = (value: (second: number) => number): Row[] =>
    Array.from({ length: 3600 }, (_, second) => ({ time: START + 1000 * second, value: value(second) }));
  const slope = 250 / 27_648;
  // A small stirrer of bits, so that the table needs no random source.
  const stirred = (second: number): number => ((second * 2_654_435_761) >>> 16) % 200;

  it.each<readonly [string, (second: number) => number, Linear, number]>([
    ["a state that does not change", () => 1, PLAIN, 0.02],
    [
      "a totalizer in hundredths",
      (second) => Math.round(12_345 + second / 9) * 0.01,
      { scale: 0.01, offset: 0 },
      0.3,
    ],
    [
      "counts of a noisy loop signal",
      (second) => (13_000 + stirred(second)) * slope,
      { scale: slope, offset: 0 },
      1.2,
    ],
    [
      "counts of a noisy signal that come as float32",
      (second) => Math.fround((13_000 + stirred(second)) * LOOP),
      PLAIN,
      1.2,
    ],
    ["a double with two decimals", (second) => Math.round(1640 + stirred(second)) / 100, PLAIN, 1.2],
  ])("%s", (_, value, linear, bytesPerRow) => {
    expect(encodeChunk(columnsOf(hour(value)), linear).length / 3600).toBeLessThan(bytesPerRow);
  });
});

describe("bytes that are no chunk are refused", () => {
  const chunk = encodeChunk(columnsOf([{ time: START, value: 1 }]), PLAIN);
  it.each([
    ["nothing", new Uint8Array(0)],
    ["a later form", Uint8Array.of(2, ...chunk.subarray(1))],
    ["a chunk cut short", chunk.subarray(0, chunk.length - 3)],
  ])("%s", (_, bytes) => {
    expect(() => decodeChunk(bytes)).toThrow();
  });
});
