import { describe, expect, it } from "vitest";
import type { History } from "../../../src/domain/history.ts";
import { historyCsv, textCell, valueCell } from "../../../src/http/history-csv.ts";
import { createZone } from "../../../src/domain/zone.ts";
import { columnsOf } from "../../support/history.ts";
import { tagOf } from "../../support/tags.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A reading a second for ever; counts how often a page is asked for. */
function endless(): { history: History; pages: () => number } {
  let pages = 0;
  const history: History = {
    readRaw(_, from, to, rowsMax) {
      pages++;
      const count = Math.min(rowsMax, Math.ceil((to - from) / SECOND));
      const rows = Array.from({ length: count }, (_row, i) => ({ time: from + SECOND * i, value: i }));
      const end = from + SECOND * count;
      return Promise.resolve({ ...columnsOf(rows), next: end < to ? end : null });
    },
    readBuckets: () => Promise.reject(new Error("not asked")),
    latestBefore: () => Promise.reject(new Error("not asked")),
  };
  return { history, pages: () => pages };
}

async function linesOf(from: number, to: number, timeZone: string): Promise<string[]> {
  let text = "";
  for await (const piece of historyCsv(
    endless().history,
    [tagOf(0, { id: "FT-207" })],
    { from, to },
    timeZone,
  ))
    text += piece.toString();
  return text.split("\r\n").slice(1, -1);
}

describe("a CSV file", () => {
  it("is made no further than it is read", async () => {
    const { history, pages } = endless();
    const year = { from: 0, to: 365 * 24 * HOUR };
    const pieces = historyCsv(history, [tagOf(0), tagOf(1)], year, "America/Lima");
    for (let read = 0; read < 4; read++) await pieces.next();
    expect(pages()).toBe(3); // the first piece is the heading
    await pieces.return(undefined);
    expect(pages()).toBe(3);
  });

  it("shows the plant's clock, which goes from 01:59:59 to 03:00 in spring and shows an hour twice in autumn", async () => {
    const spring = Date.UTC(2026, 2, 29, 1); // when Lisbon goes from UTC to UTC+1
    const [before, after] = await linesOf(spring - SECOND, spring + SECOND, "Europe/Lisbon");
    expect(before).toContain("2026-03-29T00:59:59.000Z,2026-03-29 00:59:59.000,");
    expect(after).toContain("2026-03-29T01:00:00.000Z,2026-03-29 02:00:00.000,");
    const autumn = Date.UTC(2026, 9, 25, 1);
    const [summer, winter] = await linesOf(autumn - SECOND, autumn + SECOND, "Europe/Lisbon");
    expect(summer).toContain("2026-10-25T00:59:59.000Z,2026-10-25 01:59:59.000,");
    expect(winter).toContain("2026-10-25T01:00:00.000Z,2026-10-25 01:00:00.000,");
  });

  it.each([
    ["America/Lima", Date.UTC(2026, 6, 1), -5 * HOUR],
    ["Asia/Kathmandu", Date.UTC(2026, 6, 1), 5.75 * HOUR],
    ["Australia/Lord_Howe", Date.UTC(2026, 0, 1), 11 * HOUR],
    ["Australia/Lord_Howe", Date.UTC(2026, 6, 1), 10.5 * HOUR],
    ["UTC", Date.UTC(1970, 0, 1), 0],
  ])("knows that %s at %d is ahead of UTC by %d ms", (zone, time, offsetMs) => {
    expect(createZone(zone).toLocal(time) - time).toBe(offsetMs);
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\tx", "'\tx"],
    ["＝1", "'＝1"],
    ["a,b", '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ["=a\r\nb", '"\'=a\r\nb"'],
    ["FT-207", "FT-207"],
    ["", ""],
  ])("writes the text %j as %j", (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });

  it.each([
    [-1.5, "-1.5"],
    [1e-9, "1e-9"],
    [18446744073709551615n, "18446744073709551615"],
    [true, "1"],
    [null, ""],
    [NaN, ""],
    [Infinity, ""],
    ["=x", "'=x"],
  ])("writes the value %s as %j", (value, cell) => {
    expect(valueCell(value)).toBe(cell);
  });
});
