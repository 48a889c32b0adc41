import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readingAt } from "../../../src/domain/batch.ts";
import { severity, Status } from "../../../src/domain/status.ts";
import { LineEncoder } from "../../../src/outputs/influx/line.ts";
import { shortestFloat32 } from "../../../src/domain/number.ts";
import { parseLines } from "../../support/line-protocol.ts";
import type { ParsedLine } from "../../support/line-protocol.ts";
import { batchOfRows, KINDS, TIME } from "../../support/outputs.ts";
import type { Row } from "../../support/outputs.ts";
import { tagOf } from "../../support/tags.ts";

function linesOf(rows: readonly Row[], tags = KINDS, plant = "puma"): string {
  const { bytes, starts, count } = new LineEncoder(plant, tags, 10_000).encode(
    batchOfRows(rows),
    0,
    rows.length,
  );
  return bytes.toString("utf8", 0, starts[count]);
}

describe("a line", () => {
  const FT = "reading,plant=puma,area=grinding,device=P1,tag=FT-207";
  const JQ = "reading,plant=puma,area=utilities,device=E1,tag=JQ-203";
  const XS = "reading,plant=puma,area=leach,device=L,tag=XS-304";
  test.each<[string, Row, string]>([
    ["of a float", { tag: 0, value: Math.fround(16.4) }, `${FT} value=16.4,quality=0i,status=0i ${TIME}\n`],
    [
      "of a whole number, which stays a float",
      { tag: 0, value: 16 },
      `${FT} value=16,quality=0i,status=0i ${TIME}\n`,
    ],
    [
      "of a bit",
      { tag: 1, value: 1 },
      `reading,plant=puma,area=grinding,device=P1,tag=XS-203 value=1,quality=0i,status=0i ${TIME}\n`,
    ],
    [
      "of a 64-bit integer",
      { tag: 2, value: 2n ** 53n + 1n },
      `${JQ} value=9007199254740992,count=9007199254740993i,quality=0i,status=0i ${TIME}\n`,
    ],
    [
      "of an integer above 2^63 − 1",
      { tag: 2, value: 2n ** 64n - 1n },
      `${JQ} value=18446744073709552000,text="18446744073709551615",quality=0i,status=0i ${TIME}\n`,
    ],
    [
      "of a text",
      { tag: 3, value: 'Año "7" \\ a,b=c\r\nnext' },
      `${XS} text="Año \\"7\\" \\\\ a,b=c  next",quality=0i,status=0i ${TIME}\n`,
    ],
    ["of an empty text", { tag: 3, value: "" }, `${XS} text="",quality=0i,status=0i ${TIME}\n`],
    [
      "of a bad reading, which has no value",
      { tag: 0, value: null },
      `${FT} quality=2i,status=${Status.BadNoCommunication}i ${TIME}\n`,
    ],
    [
      "of a bad text",
      { tag: 3, value: "old", status: Status.BadStale },
      `${XS} quality=2i,status=${Status.BadStale}i ${TIME}\n`,
    ],
    [
      "of an uncertain reading",
      { tag: 0, value: 5, status: Status.UncertainStale },
      `${FT} value=5,quality=1i,status=${Status.UncertainStale}i ${TIME}\n`,
    ],
    ["of a number that is none", { tag: 0, value: Infinity }, `${FT} quality=0i,status=0i ${TIME}\n`],
  ])("%s", (_name, row, line) => {
    expect(linesOf([row])).toBe(line);
  });

  test.each([
    ["a,b", "a,b"],
    ["a b", "a b"],
    ["a=b", "a=b"],
    ["a\nb value=1", "a_b value=1"],
    ["a\\", "a_"],
    ["a\\,b", "a_,b"],
    ["línea", "línea"],
  ])("cannot be broken by the tag id %j", (id, read) => {
    const [line] = parseLines(linesOf([{ tag: 0, value: 1 }], [tagOf(0, { id, area: id, device: id })], id));
    expect(line!.tags).toEqual({ plant: read, area: read, device: read, tag: read });
    expect(line!.fields).toEqual({ value: 1, quality: 0n, status: 0n });
  });

  test("leaves out a tag whose value is empty", () => {
    expect(linesOf([{ tag: 0, value: 1 }], [tagOf(0, { area: "" })])).toMatch(
      /^reading,plant=puma,device=P1,/u,
    );
  });

  test("reads back as the reading it was, by an independent reader", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    const row = fc.oneof(
      fc.record({ tag: fc.constantFrom(0), value: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
      fc.record({ tag: fc.constantFrom(2), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }) }),
      fc.record({ tag: fc.constantFrom(3), value: text }),
      fc.record({
        tag: fc.constantFrom(1, 4, 5),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      fc.record({ tag: fc.nat({ max: 5 }), value: fc.constant(null) }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const lines = parseLines(linesOf(rows));
        expect(lines).toHaveLength(rows.length);
        lines.forEach((line, index) => expectEqualReading(rows, index, line));
      }),
      { numRuns: 500 },
    );
  });

  function expectEqualReading(rows: readonly Row[], index: number, line: ParsedLine): void {
    const reading = readingAt(batchOfRows(rows), index, KINDS);
    const { tag, status, sourceTime } = reading;
    const { value } = rows[index]!;
    const fields: Record<string, unknown> = { quality: BigInt(severity(status)), status: BigInt(status) };
    if (typeof value === "number")
      fields["value"] = (tag.type === "float32" ? shortestFloat32(value) : value) + 0;
    if (typeof value === "bigint") {
      fields["value"] = Number(value);
      if (value < 2n ** 63n) fields["count"] = value;
      else fields["text"] = String(value);
    }
    // oxlint-disable-next-line no-control-regex -- what the line protocol cannot carry
    if (typeof value === "string") fields["text"] = value.replace(/[\u0000-\u001f\u007f]/gu, " ");
    expect(line.measurement).toBe("reading");
    expect(line.tags).toEqual({ plant: "puma", area: tag.area, device: tag.device, tag: tag.id });
    expect(line.fields).toEqual(fields);
    expect(line.time).toBe(sourceTime);
  }
});

test("every line can be cut out by its place", () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({ tag: index % 6, value: index }));
  const { bytes, starts } = new LineEncoder("puma", KINDS, 100).encode(batchOfRows(rows), 10, 50);
  for (let line = 0; line < 40; line++) {
    const text = bytes.toString("utf8", starts[line], starts[line + 1]);
    expect(parseLines(text)[0]!.fields["value"]).toBe(line + 10);
  }
});
