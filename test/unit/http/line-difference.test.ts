import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDifference } from "../../../src/http/line-difference.ts";
import type { DifferenceLine } from "../../../src/http/line-difference.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));
const shown = (lines: readonly (DifferenceLine | null)[]): string[] =>
  lines.map((line) => (line === null ? "…" : { same: " ", added: "+", removed: "-" }[line.kind] + line.text));

test("a changed line is shown as what it was and what it is, with three lines around it", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const changed = lines.with(10, "another");
  expect(shown(lineDifference(lines.join("\n"), changed.join("\n")))).toEqual([
    "…",
    " line 7",
    " line 8",
    " line 9",
    "-line 10",
    "+another",
    " line 11",
    " line 12",
    " line 13",
    "…",
  ]);
});

test("equal texts differ in nothing", () => {
  expect(shown(lineDifference("a\nb", "a\nb"))).toEqual(["…"]);
});

test("without what was added the text is the old one, without what was removed the new one", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = lineDifference(before, after);
      if (lines.includes(null)) return;
      const without = (kind: string): string =>
        lines.flatMap((line) => (line === null || line.kind === kind ? [] : [line.text])).join("\n");
      expect(without("added")).toBe(before);
      expect(without("removed")).toBe(after);
    }),
  );
});
