import { describe, expect, it } from "vitest";
import { RefusedInput } from "../../../src/domain/assay.ts";
import { createZone } from "../../../src/domain/zone.ts";
import { ASSAY_COLUMNS, readAssays } from "../../../src/http/sheets/assay-sheet.ts";
import { readCsv } from "../../../src/http/sheets/csv.ts";
import { rowsOfCsv, rowsOfJson } from "../../../src/http/sheets/sheet.ts";
import { readSheetTime } from "../../../src/http/sheets/times.ts";

const lima = createZone("America/Lima");
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD = "sample,point,cut_from,cut_to,value,unit";
const LINE = "S1,AY-901,2026-11-22 07:00,2026-11-22 19:00,12.4,g/t";

function read(text: string | Uint8Array) {
  return readAssays(rowsOfCsv(typeof text === "string" ? bytes(text) : text, ASSAY_COLUMNS), lima);
}

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof RefusedInput)
      return error.faults.map(({ row, column, sentence }) => `${row} ${column}: ${sentence}`);
    throw error;
  }
  return [];
}

describe("a CSV file", () => {
  it.each([
    ["commas and line feeds", `${HEAD}\n${LINE}\n`],
    ["CRLF and no end of the last line", `${HEAD}\r\n${LINE}`],
    ["a byte order mark", `\uFEFF${HEAD}\n${LINE}\n`],
    ["semicolons", `${HEAD}\n${LINE}\n`.replaceAll(",", ";")],
    ["Excel's separator line", `sep=;\r\n${`${HEAD}\r\n${LINE}`.replaceAll(",", ";")}`],
    ["tabs", `${HEAD}\n${LINE}\n`.replaceAll(",", "\t")],
    ["quotes and empty lines", `${HEAD}\n\n"S1","AY-901",${LINE.slice(10)}\n,,,,,\n`],
    ["empty cells behind the last column", `${HEAD}\n${LINE},,\n`],
    ["Spanish names", `Muestra,Punto,Desde,Hasta,Resultado,Unidad\n${LINE}\n`],
  ])("is read with %s", (_, text) => {
    expect(read(text)).toMatchObject([
      { sample: "S1", point: "AY-901", kind: "sample", value: 12.4, unit: "g/t", qualifier: "" },
    ]);
  });

  it("is read in UTF-16 and in Windows-1252, as Excel writes it", () => {
    const text = `${HEAD},método\n${LINE},FA-ñ\n`;
    const wide = new Uint8Array(2 + 2 * text.length);
    wide.set([0xff, 0xfe]);
    const view = new DataView(wide.buffer);
    for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), true);
    expect(read(wide)[0]?.method).toBe("FA-ñ");
    expect(read(Uint8Array.from(text, (one) => one.charCodeAt(0)))[0]?.method).toBe("FA-ñ");
  });

  it("counts rows as an editor does, also behind quoted line ends", () => {
    expect(readCsv(bytes('a,b\r\n"1\r\n2",3\r\n4,5')).map(({ row }) => row)).toEqual([1, 2, 4]);
    expect(readCsv(bytes('a,"say ""no"""')).map(({ cells }) => cells)).toEqual([["a", 'say "no"']]);
  });

  it.each([
    ["", ["1 (head): the file is empty"]],
    [
      `${HEAD.replace("value", "valeu")}\n${LINE}`,
      [/^1 valeu: there is no such column \(did you mean value/, "1 value: the column is missing"],
    ],
    [`${HEAD},value\n${LINE},1`, ["1 value: the column value is there twice"]],
    [
      `${HEAD}\n${LINE.replace("12.4", "12,4")}`,
      [/^2 \(line\): it has 7 cells and the head 6; is there a decimal comma/],
    ],
    [`${HEAD}\nS1,AY-901`, ["2 (line): it has 2 cells and the head 6"]],
    [`${HEAD}\n"S1`, ["2 (cell 1): a quote is opened and never closed"]],
    [`${HEAD}\n"S1"x,AY-901`, ["2 (cell 1): there is text behind the closing quote"]],
    [
      `${HEAD}\n${LINE}\n${LINE.replace("12.4", '"12,4"')}`,
      ['3 value: "12,4" has a decimal comma; write a point'],
    ],
    [
      `${HEAD}\n${LINE.replace("12.4", '"1,234.5"')}`,
      ['2 value: "1,234.5" has commas between thousands; leave them out'],
    ],
    [`${HEAD}\n${LINE.replace("12.4", "NaN")}`, ['2 value: "NaN" is no number']],
    [`${HEAD}\n${LINE.replace("12.4", "Infinity")}`, ['2 value: "Infinity" is no number']],
    [`${HEAD}\n${LINE.replace("12.4", "1e999")}`, ['2 value: "1e999" is no number']],
    [`${HEAD}\n${LINE.replace("12.4", "-3")}`, ['2 value: "-3" is negative']],
    [`${HEAD}\n${LINE.replace("12.4", "")}`, ["2 value: it is empty"]],
    [
      `${HEAD}\n${LINE.replace("S1", "=HYPERLINK(1)")}`,
      ['2 sample: "=HYPERLINK(1)" begins like the formula of a spreadsheet'],
    ],
    [`${HEAD},method\n${LINE},@SUM(A1)`, ['2 method: "@SUM(A1)" begins like the formula of a spreadsheet']],
    [`${HEAD}\n${LINE.replace("S1", "S|1")}`, [/^2 sample: "S\|1" is no name/]],
    [
      `${HEAD}\n${LINE.replace("2026-11-22 19:00", "11/22/2026 19:00")}`,
      [/^2 cut_to: "11\/22\/2026 19:00" is no time/],
    ],
    [`${HEAD},kind\n${LINE},sampel`, [/^2 kind: "sampel" is none of sample, muestra/]],
    [`${HEAD},version\n${LINE},1.5`, ['2 version: "1.5" is no whole number from 1 to 1000']],
    [
      `${HEAD},qualifier\n${LINE.replace("12.4", "<12.4")},>`,
      ["2 qualifier: it says > and the value says <"],
    ],
    [`${HEAD}\n${`${LINE}\n`.repeat(5001)}`, ["5002 (line): a file may have 5000 lines below its head"]],
  ])("is refused with row and column: %#", (text, expected) => {
    const faults = faultsOf(() => read(text));
    expect(faults).toHaveLength(expected.length);
    for (const [i, one] of expected.entries())
      if (typeof one === "string") expect(faults[i]).toBe(one);
      else expect(faults[i]).toMatch(one);
  });

  it("is refused with everything that is wrong in it, not only the first", () => {
    const text = `${HEAD}\n${LINE.replace("12.4", "x")}\n${LINE.replace("S1", "+1").replace("g/t", "")}`;
    expect(faultsOf(() => read(text)).map((one) => one.split(":")[0])).toEqual([
      "2 value",
      "3 sample",
      "3 unit",
    ]);
  });
});

describe("a list of records", () => {
  it("says the same as a CSV file", () => {
    const cut = { cutFrom: "2026-11-22T12:00:00Z", cut_to: "2026-11-23T00:00:00Z" };
    const record = { sample: "S1", tag: "AY-901", ...cut, value: 12.4, unit: "g/t" };
    const drafts = readAssays(rowsOfJson([record], ASSAY_COLUMNS), lima);
    const [fromCsv] = read(`${HEAD}\n${LINE}`);
    expect(drafts).toEqual([{ ...fromCsv, row: 1 }]);
  });

  it.each([
    [[], ["1 (list): the list is empty"]],
    [
      [7, null],
      ["1 (entry): it is no object", "2 (entry): it is no object"],
    ],
    [
      { sample: "S1" },
      [
        "1 point: it is missing",
        "1 cut_from: it is missing",
        "1 value: it is missing",
        "1 unit: it is missing",
      ],
    ],
    [
      { sample: {}, point: "AY-901", cut_from: "2026-11-22", value: [1], unit: "g/t" },
      ["1 sample: it is neither a text nor a number", "1 value: it is neither a text nor a number"],
    ],
    [
      { sample: "S1", point: "AY-901", cut_from: "2026-11-22", value: 1, unit: "g/t", __proto__x: 1 },
      [/^1 __proto__x: there is no such column/],
    ],
  ])("is refused with row and column: %#", (body, expected) => {
    const faults = faultsOf(() => readAssays(rowsOfJson(body, ASSAY_COLUMNS), lima));
    for (const [i, one] of expected.entries()) expect(faults[i]).toMatch(one);
    expect(faults).toHaveLength(expected.length);
  });
});

describe("a time in a sheet", () => {
  const noon = Date.parse("2026-11-22T12:00:00Z");
  it.each([
    ["2026-11-22T12:00:00Z", noon],
    ["2026-11-22T07:00:00-05:00", noon],
    ["2026-11-22T07:00:00-0500", noon],
    ["2026-11-22 07:00", noon],
    ["2026-11-22T07:00:00.250", noon + 250],
    ["2026-11-22", noon - 7 * 3_600_000],
    ["22/11/2026 07:00", noon],
    ["22/11/2026 7:00:00 a. m.", noon],
    ["22-11-2026 12:30 p.m.", noon + 5.5 * 3_600_000],
    ["22/11/2026 12:00 a.\u00a0m.", noon - 7 * 3_600_000],
    ["46348.2916666667", noon],
    ["46348", noon - 7 * 3_600_000],
  ])("%s is that moment in Lima", (text, time) => {
    expect(readSheetTime(text, lima)).toBe(time);
  });

  it.each([
    "",
    "yesterday",
    "31/04/2026",
    "11/22/2026",
    "2026-13-01",
    "2026-02-29",
    "22/11/26",
    "22/11/2026 25:00",
    "22/11/2026 13:00 p. m.",
    "12.4",
    "99999",
    "1234567",
  ])("%s is none", (text) => {
    expect(readSheetTime(text, lima)).toBeNull();
  });
});
