import { say } from "../domain/said.ts";
import { measureOf } from "../domain/unit-algebra.ts";
import type { Term, Course } from "./expression-term.ts";
import { alike, inUnitOf, powerOf, productOf, quotientOf, RATIO } from "./expression-term.ts";
import type { Tree } from "./expression-tree.ts";
import { Misread } from "./expression-tree.ts";

/** What an operator or function makes of its parts. */
type Rule = (parts: readonly Term[], text: string, course: Course) => Term;

interface Operation {
  /** How many parts it takes, at least and at most. */
  readonly takes: readonly [number, number];
  readonly rule: Rule;
}

/** A term that is computed. */
function computed(
  text: string,
  measure: Term["measure"],
  value: Term["value"],
  slope: Term["slope"] = () => 0,
): Term {
  return { text, measure, constant: null, value, slope };
}

/** The chain rule: what does not move moves nothing, however steep the function is there. */
function chain(steepness: number, inner: number): number {
  return inner === 0 ? 0 : steepness * inner;
}

/** Parts of one unit, added with these signs. */
function sumRule(sign: 1 | -1): Rule {
  return (parts, text, course) => {
    const [a, b] = alike(parts, text) as [Term, Term];
    return computed(
      text,
      a.measure,
      (x) => course.finite(a.value(x) + sign * b.value(x)),
      (x, name) => a.slope(x, name) + sign * b.slope(x, name),
    );
  };
}

const productRule: Rule = (parts, text, course) => {
  const [a, b] = parts as [Term, Term];
  return computed(
    text,
    productOf(a.measure, b.measure),
    (x) => course.finite(a.value(x) * b.value(x)),
    (x, name) => a.slope(x, name) * b.value(x) + a.value(x) * b.slope(x, name),
  );
};

const quotientRule: Rule = (parts, text, course) => {
  const [a, b] = parts as [Term, Term];
  const value = (x: Parameters<Term["value"]>[0]): number => {
    const denominator = b.value(x);
    return denominator === 0 ? course.refuse("LOW_DENOM") : course.finite(a.value(x) / denominator);
  };
  return computed(
    text,
    quotientOf(a.measure, b.measure),
    value,
    (x, name) => (a.slope(x, name) - value(x) * b.slope(x, name)) / b.value(x),
  );
};

/** A power with a number for exponent takes the unit along; any other wants bare numbers. */
const powerRule: Rule = (parts, text, course) => {
  const [a, b] = parts as [Term, Term];
  const exponent = b.constant;
  if (exponent !== null) {
    inUnitOf(b, RATIO, text);
    return computed(
      text,
      powerOf(a.measure, exponent),
      (x) => course.finite(a.value(x) ** exponent),
      (x, name) => chain(exponent * a.value(x) ** (exponent - 1), exponent === 0 ? 0 : a.slope(x, name)),
    );
  }
  const base = inUnitOf(a, RATIO, text);
  const power = inUnitOf(b, RATIO, text);
  const value = (x: Parameters<Term["value"]>[0]): number => {
    const from = base.value(x);
    return from > 0 ? course.finite(from ** power.value(x)) : course.refuse("OUT_OF_DOMAIN");
  };
  return computed(
    text,
    RATIO,
    value,
    (x, name) =>
      value(x) *
      (power.slope(x, name) * Math.log(base.value(x)) +
        (power.value(x) * base.slope(x, name)) / base.value(x)),
  );
};

/** 1 or 0; no verdict on what has no value. */
function comparison(isTrue: (a: number, b: number) => boolean): Rule {
  return (parts, text) => {
    const [a, b] = alike(parts, text) as [Term, Term];
    return computed(text, RATIO, (x) => verdict(a.value(x), b.value(x), isTrue));
  };
}

function verdict(a: number, b: number, isTrue: (a: number, b: number) => boolean): number {
  return Number.isNaN(a) || Number.isNaN(b) ? NaN : Number(isTrue(a, b));
}

/** Numbers above 0.5 are true, as those of run bits are. */
function logic(isTrue: (a: boolean, b: boolean) => boolean): Rule {
  return (parts, text) => {
    const [a, b] = parts.map((part) => inUnitOf(part, RATIO, text)) as [Term, Term];
    return computed(text, RATIO, (x) => verdict(a.value(x), b.value(x), (p, q) => isTrue(p > 0.5, q > 0.5)));
  };
}

const notRule: Rule = ([part], text) => {
  const a = inUnitOf(part as Term, RATIO, text);
  return computed(text, RATIO, (x) => verdict(a.value(x), 0, (value) => value <= 0.5));
};

const negationRule: Rule = ([part], text) => {
  const a = part as Term;
  return {
    text,
    measure: a.measure,
    constant: a.constant === null ? null : 0 - a.constant,
    value: (x) => 0 - a.value(x),
    slope: (x, name) => 0 - a.slope(x, name),
  };
};

/** The least or greatest of parts of one unit; its slope is that of the part that it is. */
function extreme(isBetter: (a: number, b: number) => boolean): Rule {
  return (parts, text) => {
    const terms = alike(parts, text);
    const best = (x: Parameters<Term["value"]>[0]): { value: number; term: Term } => {
      let chosen = { value: NaN, term: terms[0] as Term };
      for (const [i, term] of terms.entries()) {
        const value = term.value(x);
        if (Number.isNaN(value)) return { value, term };
        if (i === 0 || isBetter(value, chosen.value)) chosen = { value, term };
      }
      return chosen;
    };
    const { measure } = terms[0] as Term;
    return computed(
      text,
      measure,
      (x) => best(x).value,
      (x, name) => best(x).term.slope(x, name),
    );
  };
}

/** Only the branch that is taken is computed, so that `if(d > 0, n / d, 0)` has a value everywhere. */
const conditionRule: Rule = ([test, ...branches], text) => {
  const condition = inUnitOf(test as Term, RATIO, text);
  const [yes, no] = alike(branches, text) as [Term, Term];
  const taken = (x: Parameters<Term["value"]>[0]): Term | null => {
    const value = condition.value(x);
    if (Number.isNaN(value)) return null;
    return value > 0.5 ? yes : no;
  };
  return computed(
    text,
    yes.measure,
    (x) => taken(x)?.value(x) ?? NaN,
    (x, name) => taken(x)?.slope(x, name) ?? NaN,
  );
};

/** A function of one bare number with its derivative. */
function bare(of: (value: number) => number, slope: (value: number) => number): Rule {
  return ([part], text, course) => {
    const a = inUnitOf(part as Term, RATIO, text);
    return computed(
      text,
      RATIO,
      (x) => course.finite(of(a.value(x))),
      (x, name) => chain(slope(a.value(x)), a.slope(x, name)),
    );
  };
}

const rootRule: Rule = ([part], text, course) => {
  const a = part as Term;
  return computed(
    text,
    powerOf(a.measure, 0.5),
    (x) => course.finite(Math.sqrt(a.value(x))),
    (x, name) => chain(0.5 / Math.sqrt(a.value(x)), a.slope(x, name)),
  );
};

const magnitudeRule: Rule = ([part], text) => {
  const a = part as Term;
  return computed(
    text,
    a.measure,
    (x) => Math.abs(a.value(x)),
    (x, name) => (a.value(x) < 0 ? 0 - a.slope(x, name) : a.slope(x, name)),
  );
};

/** Everything that an expression may apply; there is no way to anything else. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["+", { takes: [2, 2], rule: sumRule(1) }],
  ["-", { takes: [2, 2], rule: sumRule(-1) }],
  ["*", { takes: [2, 2], rule: productRule }],
  ["/", { takes: [2, 2], rule: quotientRule }],
  ["**", { takes: [2, 2], rule: powerRule }],
  ["<", { takes: [2, 2], rule: comparison((a, b) => a < b) }],
  ["<=", { takes: [2, 2], rule: comparison((a, b) => a <= b) }],
  [">", { takes: [2, 2], rule: comparison((a, b) => a > b) }],
  [">=", { takes: [2, 2], rule: comparison((a, b) => a >= b) }],
  ["==", { takes: [2, 2], rule: comparison((a, b) => a === b) }],
  ["!=", { takes: [2, 2], rule: comparison((a, b) => a !== b) }],
  ["&&", { takes: [2, 2], rule: logic((a, b) => a && b) }],
  ["||", { takes: [2, 2], rule: logic((a, b) => a || b) }],
  ["unary !", { takes: [1, 1], rule: notRule }],
  ["unary -", { takes: [1, 1], rule: negationRule }],
  ["unary +", { takes: [1, 1], rule: ([part]) => part as Term }],
  ["min", { takes: [2, 100], rule: extreme((a, b) => a < b) }],
  ["max", { takes: [2, 100], rule: extreme((a, b) => a > b) }],
  ["abs", { takes: [1, 1], rule: magnitudeRule }],
  ["sqrt", { takes: [1, 1], rule: rootRule }],
  ["exp", { takes: [1, 1], rule: bare(Math.exp, Math.exp) }],
  ["ln", { takes: [1, 1], rule: bare(Math.log, (value) => 1 / value) }],
  ["log10", { takes: [1, 1], rule: bare(Math.log10, (value) => 1 / (value * Math.LN10)) }],
  ["if", { takes: [3, 3], rule: conditionRule }],
]);

/** Functions whose second argument is the text of a unit. */
export const UNIT_FUNCTIONS: ReadonlyMap<
  string,
  (part: Term, measure: Term["measure"], text: string) => Term
> = new Map([
  // A number with its unit.
  [
    "quantity",
    (part: Term, measure: Term["measure"], text: string): Term => {
      if (part.constant === null) throw new Misread(text, say("unit-of-plain-number"));
      return { ...inUnitOf(part, RATIO, text), text, measure };
    },
  ],
  // The bare number of a quantity in a unit, for formulas found by experiment.
  [
    "number",
    (part: Term, measure: Term["measure"], text: string): Term => ({
      ...inUnitOf(part, measure, text),
      text,
      measure: RATIO,
    }),
  ],
]);

/** The unit that a text names. */
export function measureIn(tree: Tree, place: string): Term["measure"] {
  const measure = tree.is === "text" ? measureOf(tree.value) : null;
  if (measure === null || measure.offset !== 0)
    throw new Misread(place, say("no-unit-to-count", { text: tree.text }));
  return { ...measure, code: tree.is === "text" ? tree.value : null };
}
