import { describe, expect, it } from "vitest";
import { closureOf, goldCarried } from "../../../src/metallurgy/closure.ts";

describe("closure of a node", () => {
  it("is what leaves less what enters, as a share of what enters, with the uncertainty of both", () => {
    // By hand: (49.4 + 0.2 − 50) / 50 = −0.8 %; out 49.6 ± 0.5 (0.5² + 0.01² = 0.2501), in 50 ± 0.4.
    const closure = closureOf(
      [{ value: 50, u: 0.4 }],
      [
        { value: 49.4, u: 0.5 },
        { value: 0.2, u: 0.01 },
      ],
    );
    expect(closure?.percent).toBeCloseTo(-0.8, 12);
    expect(closure?.u).toBeCloseTo(100 * Math.sqrt(0.2501 / 2500 + (49.6 * 0.4) ** 2 / 50 ** 4), 12);
  });

  it("is not known while nothing enters", () => {
    expect(closureOf([], [{ value: 1, u: 0 }])).toBeNull();
    expect(closureOf([{ value: 0, u: 0.1 }], [{ value: 1, u: 0 }])).toBeNull();
  });

  it("takes the gold of a stream from its tonnes and its grade", () => {
    const gold = goldCarried({ value: 50, u: 0.5 }, { value: 12, u: 0.3 });
    expect(gold.value).toBe(600);
    expect(gold.u).toBeCloseTo(Math.sqrt(36 + 225), 12);
  });
});
