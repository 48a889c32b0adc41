import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactly, measured, unknown } from "../../../src/domain/figure.ts";
import { textOf } from "../../../src/domain/said.ts";
import { Status } from "../../../src/domain/status.ts";
import { compileExpression, isExpressionFault } from "../../../src/metallurgy/expression.ts";
import type { Formula, Units } from "../../../src/metallurgy/formula.ts";
import { expectFigure, expectNear } from "../../support/near.ts";

const PLANT: Units = {
  wet: "t/h",
  moisture: "%",
  power: "kW",
  flow: "m3/h",
  temperature: "Cel",
  grade: "g/t",
  running: "1",
  hours: "h",
  pH: "[pH]",
};

const READINGS = {
  wet: 4,
  moisture: 3.5,
  power: 70,
  flow: 8,
  temperature: 20,
  grade: 12,
  running: 1,
  hours: 6,
  pH: 10.8,
};

/** What is wrong with an expression, in English. */
function misread(text: string, units: Units = PLANT, unit?: string): object {
  const result = compileExpression(text, units, unit);
  if (!isExpressionFault(result)) throw new Error(`nothing is wrong with ${text}`);
  return { place: textOf(result.place), sentence: result.told.sentence };
}

function compiled(text: string, units: Units = PLANT, unit?: string): Formula {
  const result = compileExpression(text, units, unit);
  if (isExpressionFault(result)) throw new Error(`${textOf(result.place)}: ${result.told.sentence}`);
  return result;
}

function valueOf(text: string, unit?: string): unknown {
  return compiled(text, PLANT, unit).of(READINGS as never);
}

describe("an expression", () => {
  test.each<[text: string, unit: string, value: number]>([
    ["wet * (1 - moisture)", "t/h", 3.86],
    ["wet * grade", "g/h", 48],
    ["power / wet", "kW.h/t", 17.5],
    ["power * hours", "kW.h", 420],
    ["wet + quantity(500, 'kg/h')", "t/h", 4.5],
    ["quantity(500, 'kg/h') + wet", "kg/h", 4500],
    ["max(wet, quantity(2, 't/h'), quantity(9000, 'kg/h'))", "t/h", 9],
    ["min(quantity(2, 't/h'), wet)", "t/h", 2],
    ["abs(-wet)", "t/h", 4],
    ["sqrt(wet ** 2 * 9)", "t/h", 12],
    ["ln(exp(2))", "1", 2],
    ["log10(number(wet, 'kg/h') / 4)", "1", 3],
    ["if(wet > 0, power / wet, 0)", "kW.h/t", 17.5],
    ["if(running, wet, 0)", "t/h", 4],
    ["if(!running, wet, quantity(1, 't/h'))", "t/h", 1],
    ["(wet >= quantity(4, 't/h')) + (wet <= quantity(4, 't/h')) + (wet < 0) + (wet != 0)", "1", 3],
    ["(pH == quantity(10.8, '[pH]')) && running || 0", "1", 1],
    ["2 ** 3 ** 2", "1", 512],
    ["1 - 2 - 3", "1", -4],
    ["+wet - -wet", "t/h", 8],
    ["temperature", "K", 293.15],
    ["(1 + running) ** (running + 1)", "1", 4],
    ["moisture", "%", 3.5],
    ["wet * grade / wet", "g/t", 12],
    ["2 * (wet * hours * grade) / (wet * hours)", "g/t", 24],
    ["grade * wet / quantity(1, 't/h')", "g/t", 48],
    ["wet * hours / wet", "h", 6],
    ["quantity(5, '[ppm]') * 2", "[ppm]", 10],
    ["quantity(6, 't') / wet", "h", 1.5],
    ["wet ** 1", "t/h", 4],
    ["grade * wet", "g/h", 48],
    ["wet * grade * hours", "g", 288],
    ["power / wet * wet", "kW", 70],
    ["(wet / wet) * 2", "1", 2],
    ["flow * quantity(1.3, 't/m3')", "t/h", 10.4],
    ["quantity(1.3, 't/m3') * flow", "t/h", 10.4],
    ["flow / wet", "m3/t", 2],
    ["number(wet, 't/h')", "1", 4],
  ])("%s comes out in %s", (text, unit, value) => {
    const formula = compiled(text);
    expect(formula.unit).toBe(unit);
    expect(formula.of(READINGS as never)).toBeCloseTo(value, 9);
  });

  test("comes out in the unit that is asked for", () => {
    expect(valueOf("wet * (1 - moisture)", "kg/h")).toBeCloseTo(3860, 9);
    expect(valueOf("flow * quantity(2, 'g/m3')", "kg/h")).toBeCloseTo(0.016, 12);
    expect(valueOf("0 * 1", "1")).toBe(0);
  });

  test("keeps temperatures absolute and differences of them in kelvins", () => {
    expect(valueOf("max(temperature, quantity(300, 'K'))", "Cel")).toBeCloseTo(26.85, 9);
    expect(valueOf("temperature - quantity(273.15, 'K')")).toBeCloseTo(20, 9);
  });

  test("takes only the inputs that it names", () => {
    expect(compiled("wet * hours * 0 + wet * hours").inputs).toEqual({ wet: "t/h", hours: "h" });
  });

  test("has no value where it divides by nothing or leaves the numbers, and says which", () => {
    expect(valueOf("wet / (wet - wet)")).toBe("LOW_DENOM");
    expect(valueOf("1 + (wet / (wet - wet) > 3 * wet / wet)")).toBe("LOW_DENOM");
    expect(valueOf("!(1 / 0)")).toBe("LOW_DENOM");
    expect(valueOf("if(1 / 0, 1, 2)")).toBe("LOW_DENOM");
    expect(valueOf("min(1, 1 / 0)")).toBe("LOW_DENOM");
    expect(valueOf("sqrt(0 - running)")).toBe("OUT_OF_DOMAIN");
    expect(valueOf("ln(0 * running)")).toBe("OUT_OF_DOMAIN");
    expect(valueOf("exp(1000)")).toBe("OUT_OF_DOMAIN");
    expect(valueOf("(0 - running) ** (running / 2)")).toBe("OUT_OF_DOMAIN");
  });

  test("forgets the reason of one evaluation before the next", () => {
    const formula = compiled("sqrt(running) / running");
    expect(formula.of({ running: 0 } as never)).toBe("LOW_DENOM");
    expect(formula.of({ running: -1 } as never)).toBe("OUT_OF_DOMAIN");
    expect(formula.of({ running: 4 } as never)).toBe(0.5);
  });

  test("carries quality, uncertainty and shared errors like any other formula", () => {
    const wet = measured(4, "t/h", 0.04, "WIT-201", Status.UncertainStuck);
    const figure = compiled("wet * (1 - moisture)")({ wet, moisture: measured(3.5, "%", 0.2) });
    expectFigure(figure, 3.86, Math.hypot(0.965 * 0.04, 4 * 0.002));
    expect(figure.status).toBe(Status.UncertainStuck);
    expectNear(figure.parts["WIT-201"], 0.965 * 0.04);
    const cancelled = compiled("wet - wet")({ wet });
    expect(cancelled).toMatchObject({ value: 0, u: 0 });
    const missing = compiled("wet * 2")({ wet: unknown("MISSING") });
    expect(missing).toMatchObject({ value: null, reason: "MISSING" });
  });

  test("has no value where its uncertainty has none", () => {
    const figure = compiled("sqrt(running)")({ running: measured(0, "1", 0.1) });
    expect(figure).toMatchObject({ value: null, reason: "OUT_OF_DOMAIN" });
    expect(compiled("sqrt(running)")({ running: exactly(0, "1") })).toMatchObject({ value: 0, u: 0 });
  });
});

describe("slopes where they are easily wrong", () => {
  const ABC = { a: "1", b: "1" } as const;
  test.each<[text: string, byA: number]>([
    ["a > b", 0],
    ["!(a > b)", 0],
    ["a > b && b > 0", 0],
    ["(a < b) * a", 1],
    ["-a", -1],
    ["+a", 1],
    ["a ** 0", 0],
    ["a ** 3", 12],
    ["b ** a", 9 * Math.log(3)],
    ["a ** a", 4 * (Math.log(2) + 1)],
    ["abs(-a)", 1],
    ["if(b > a, a * b, a)", 3],
    ["if(a > b, a * b, 5 * a)", 5],
    ["min(a, b, 10)", 1],
    ["max(a, b, 10)", 0],
    ["a / b", 1 / 3],
    ["b / a", -0.75],
    ["number(quantity(2, '%'), '1') * a", 0.02],
  ])("%s by a", (text, byA) => {
    const slopes = compiled(text, ABC).partials?.({ a: 2, b: 3 }) ?? {};
    expect(slopes["a"]).toBeCloseTo(byA, 12);
  });

  test("a condition without a value has no slope either", () => {
    const formula = compiled("if(ln(a - 2), a, b)", ABC);
    expect(formula.of({ a: 2, b: 3 } as never)).toBe("OUT_OF_DOMAIN");
    expect(formula.partials?.({ a: 2, b: 3 })["a"]).toBeNaN();
  });
});

describe("a wrong expression is refused with its place and a sentence", () => {
  test.each<[text: string, place: string, sentence: RegExp]>([
    ["wet + power", "wet + power", /^power is in kW where t\/h is wanted$/],
    ["2 * (wet + power * hours)", "wet + power * hours", /^power \* hours is in kW.h where t\/h is wanted$/],
    ["wet > 5", "wet > 5", /^5 is a bare number where t\/h is wanted$/],
    ["exp(wet)", "exp(wet)", /^wet is in t\/h where a bare number is wanted$/],
    ["wet ** running", "wet ** running", /bare number is wanted/],
    ["flow * grade", "flow * grade", /^comes out in m3.s-1: say in what unit it is wanted$/],
    ["wett", "wett", /^there is no input wett; there is wet$/],
    ["abz(wet)", "abz(wet)", /^there is no function abz; there is abs$/],
    ["constructor", "constructor", /^there is no input/],
    ["__proto__", "__proto__", /^there is no input/],
    ["toString()", "toString()", /^there is no function/],
    ["min.constructor('x')()", "min.constructor(…)", /^is no function$/],
    ["wet.constructor", "wet.constructor", /^there are only numbers here/],
    ["wet['constructor']", "wet[…]", /^there are only numbers here/],
    ["this", "this", /^there are only numbers here/],
    ["[wet]", "…", /^there are only numbers here/],
    ["wet ? 1 : 2", "?", /if\(condition, then, otherwise\)/],
    ["wet, wet", "the expression", /more than one/],
    ["", "the expression", /^is empty/],
    ["(wet", "character 5", /unclosed \(/],
    ["wet = 3", "character 5", /unexpected/],
    ["-wet ** 2", "-wet ** 2", /brackets/],
    ["wet ^ 2", "wet ^ 2", /written \*\*/],
    ["~running", "~running", /no operator ~/],
    ["true", "true", /no number/],
    ["1e999", "1e999", /no number/],
    ["'wet'", "'wet'", /only name a unit/],
    ["min(wet)", "min(wet)", /^min takes 2 to 100 values$/],
    ["abs(wet, wet)", "abs(wet, wet)", /^abs takes 1 values$/],
    ["quantity(5)", "quantity(5)", /takes a value and the text of a unit/],
    ["quantity(5, wet)", "quantity(5, wet)", /^wet is no unit/],
    ["quantity(5, 'Cel')", "quantity(5, 'Cel')", /^'Cel' is no unit to count in/],
    ["quantity(wet, 't/h')", "quantity(wet, 't/h')", /plain number/],
    ["number(wet, 'kW')", "number(wet, 'kW')", /^wet is in t\/h where kW is wanted$/],
    [`${"(".repeat(40)}1${")".repeat(40)}`, "character 33", /32 levels/],
    ["-".repeat(40) + "1", "…", /32 levels/],
    ["-".repeat(9000) + "1", expect.stringContaining("-") as string, /32 levels/],
    [Array(600).fill("1").join("+"), "the expression", /1000 parts/],
    ["1".repeat(10_001), expect.stringContaining("111") as string, /10,000 characters/],
  ])("%s", (text, place, sentence) => {
    expect(misread(text)).toEqual({ place, sentence: expect.stringMatching(sentence) as string });
  });

  test("a unit that does not exist, and one that the result is not in", () => {
    expect(misread("wet", PLANT, "furlong")).toEqual({
      place: "furlong",
      sentence: "is no unit",
    });
    expect(misread("wet", PLANT, "kW")).toEqual({
      place: "wet",
      sentence: "comes out in t/h, not in kW",
    });
    expect(misread("x", { x: "furlong" })).toEqual({
      place: "x",
      sentence: "its unit furlong is no unit",
    });
  });

  test("a sum of three hundred tags is not deep", () => {
    const text = Array<string>(300).fill("running").join(" + ");
    expect(compiled(text).of({ running: 2 } as never)).toBe(600);
  });
});

/** An expression of bare numbers with what it ought to come to, written a second time. */
interface Sample {
  readonly text: string;
  readonly is: (x: Readonly<Record<string, number>>) => number;
}

const known = (value: number): number => (Number.isFinite(value) ? value : NaN);

const { sample } = fc.letrec<{ sample: Sample }>((tie) => {
  const part = tie("sample");
  const leaf = fc.oneof(
    fc.constantFrom("a", "b", "c").map((name): Sample => ({ text: name, is: (x) => x[name] ?? NaN })),
    fc.integer({ min: 1, max: 9 }).map((n): Sample => ({ text: String(n), is: () => n })),
  );
  const two = (
    text: (p: string, q: string) => string,
    of: (p: number, q: number) => number,
  ): fc.Arbitrary<Sample> =>
    fc
      .tuple(part, part)
      .map(([p, q]) => ({ text: text(p.text, q.text), is: (x) => known(of(p.is(x), q.is(x))) }));
  const one = (name: string, of: (p: number) => number): fc.Arbitrary<Sample> =>
    part.map((p) => ({ text: `${name}(${p.text})`, is: (x) => known(of(p.is(x))) }));
  return {
    sample: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      two(
        (p, q) => `(${p} + ${q})`,
        (p, q) => p + q,
      ),
      two(
        (p, q) => `(${p} - ${q})`,
        (p, q) => p - q,
      ),
      two(
        (p, q) => `(${p} * ${q})`,
        (p, q) => p * q,
      ),
      two(
        (p, q) => `(${p} / ${q})`,
        (p, q) => (q === 0 ? NaN : p / q),
      ),
      two(
        (p, q) => `min(${p}, ${q})`,
        (p, q) => Math.min(p, q),
      ),
      two(
        (p, q) => `max(${p}, ${q})`,
        (p, q) => Math.max(p, q),
      ),
      two(
        (p, q) => `if(${p} > ${q}, ${p}, ${q})`,
        (p, q) => (Number.isNaN(p) || Number.isNaN(q) ? NaN : p > q ? p : q),
      ),
      two(
        (p, q) => `abs(${p}) ** (${q} / 10)`,
        (p, q) => (p === 0 ? NaN : Math.abs(p) ** (q / 10)),
      ),
      one("sqrt", Math.sqrt),
      one("ln", Math.log),
      one("log10", Math.log10),
      one("exp", Math.exp),
      one("abs", Math.abs),
    ),
  };
});

const ABC = { a: "1", b: "1", c: "1" } as const;
const point = fc.record({
  a: fc.double({ min: 0.1, max: 5, noNaN: true }),
  b: fc.double({ min: 0.1, max: 5, noNaN: true }),
  // Not about 0, where |c| has its corner.
  c: fc
    .tuple(fc.constantFrom(-1, 1), fc.double({ min: 0.1, max: 3, noNaN: true }))
    .map(([sign, c]) => sign * c),
});

/** These run for a second or two; a busy machine may need much longer. */
const BUSY_MS = 120_000;

describe("any expression of bare numbers", () => {
  test(
    "has the value that arithmetic says",
    () => {
      fc.assert(
        fc.property(sample, point, ({ text, is }, x) => {
          const expected = is(x);
          const actual = compiled(text, ABC).of(x as never);
          if (typeof actual === "string") expect(Number.isFinite(expected)).toBe(false);
          else expect(actual).toBeCloseTo(expected, 9 - Math.ceil(Math.log10(Math.abs(expected) + 1)));
        }),
        { numRuns: 2_000, seed: 1 },
      );
    },
    BUSY_MS,
  );

  test(
    "has the slopes that small differences say",
    () => {
      let compared = 0;
      fc.assert(
        fc.property(sample, point, ({ text }, x) => {
          const formula = compiled(text, ABC);
          const slopes = formula.partials?.(x) as Record<string, number>;
          for (const name of Object.keys(formula.inputs) as (keyof typeof x)[]) {
            const at = (shift: number): number => {
              const value = formula.of({ ...x, [name]: x[name] + shift } as never);
              return typeof value === "number" ? value : NaN;
            };
            const coarse = (at(1e-5) - at(-1e-5)) / 2e-5;
            const fine = (at(1e-6) - at(-1e-6)) / 2e-6;
            const size = Math.abs(fine) + Math.abs(at(0)) * 1e-4 + 1e-4;
            const skew = (at(1e-6) + at(-1e-6) - 2 * at(0)) / 1e-6;
            // Where two differences disagree there is a corner or a pole near by.
            if (!(Math.abs(coarse - fine) < 1e-5 * size && Math.abs(skew) < 1e-2 * size)) continue;
            expect(Math.abs(slopes[name]! - fine)).toBeLessThan(1e-4 * size);
            compared++;
          }
        }),
        { numRuns: 2_000, seed: 2 },
      );
      expect(compared).toBeGreaterThan(1_000);
    },
    BUSY_MS,
  );
});

test(
  "ten thousand heaps of characters and words compile or are refused, and reach nothing outside the list",
  () => {
    const words = fc.constantFrom(
      ...`wet moisture 1 0 2.5 + - * / ** < >= == && || ! ( ) ( ) , [ ] . ? : ; 't/h' min max if sqrt exp`.split(
        " ",
      ),
      ...`constructor __proto__ prototype toString valueOf this globalThis process eval Function import`.split(
        " ",
      ),
      ...`require quantity( number( abs( ln( => = \` \\`.split(" "),
    );
    const soup = fc.oneof(
      { arbitrary: fc.array(words, { maxLength: 24 }).map((list) => list.join(" ")), weight: 3 },
      { arbitrary: fc.array(words, { maxLength: 24 }).map((list) => list.join("")), weight: 1 },
      { arbitrary: fc.string({ maxLength: 40, unit: "binary" }), weight: 1 },
      { arbitrary: sample.map(({ text }) => text.replaceAll("a", "wet / wet")), weight: 1 },
    );
    const allowed = /^(wet|moisture|running|min|max|if|sqrt|exp|abs|ln|log10|quantity|number|e\d+)$/;
    let compiledCount = 0;
    fc.assert(
      fc.property(soup, (text) => {
        const result = compileExpression(text, PLANT);
        if (isExpressionFault(result)) {
          expect(result.told.sentence.length).toBeGreaterThan(0);
          return;
        }
        compiledCount++;
        for (const [word] of text.replaceAll("'t/h'", "").matchAll(/[A-Za-z_]\w*/g))
          expect(word).toMatch(allowed);
        for (const name of Object.keys(result.inputs)) expect(Object.hasOwn(PLANT, name)).toBe(true);
        const value = result.of(READINGS as never);
        if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
        else expect(["LOW_DENOM", "OUT_OF_DOMAIN"]).toContain(value);
      }),
      { numRuns: 10_000, seed: 3 },
    );
    expect(compiledCount).toBeGreaterThan(100);
  },
  BUSY_MS,
);
