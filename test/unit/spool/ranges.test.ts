import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRanges } from "../../../src/store/spool/ranges.ts";

const bound = fc.nat(40);
const step = fc.record({ kind: fc.constantFrom("add" as const, "remove" as const), a: bound, b: bound });

describe("ranges of numbers", () => {
  it("hold the same numbers as a set after any additions and removals, in as few ranges as possible", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ranges = createRanges();
        const model = new Set<number>();
        for (const { kind, a, b } of steps) {
          const before = model.size;
          for (let number = a; number < b; number++) model[kind === "add" ? "add" : "delete"](number);
          if (kind === "add") ranges.add(a, b);
          else expect(ranges.remove(a, b)).toBe(before - model.size);
          const listed = ranges
            .list()
            .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
          expect(listed).toEqual([...model].sort((x, y) => x - y));
          expect(ranges.size()).toBe(model.size);
          for (const [index, [from]] of ranges.list().entries())
            if (index > 0) expect(from).toBeGreaterThan(ranges.list()[index - 1]![1]);
        }
        for (let number = 0; number < 42; number++) {
          expect(ranges.overlaps(number, number + 1)).toBe(model.has(number));
          const next = [...model].sort((x, y) => x - y).find((one) => one >= number);
          const range = ranges.after(number);
          expect(range === null ? undefined : Math.max(range[0], number)).toBe(next);
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("start from a list and forget nothing of it", () => {
    expect(
      createRanges([
        [5, 7],
        [1, 3],
        [7, 9],
      ]).list(),
    ).toEqual([
      [1, 3],
      [5, 9],
    ]);
  });
});
