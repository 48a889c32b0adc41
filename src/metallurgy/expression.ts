import type { Refusal } from "../domain/figure.ts";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { hinting, nearest } from "../domain/spelling.ts";
import { isSameKind, measureOf } from "../domain/unit-algebra.ts";
import type { Measure } from "../domain/unit-algebra.ts";
import { measureIn, OPERATIONS, UNIT_FUNCTIONS } from "./expression-functions.ts";
import { codeOf, constantTerm, Course, inputTerm, unitName } from "./expression-term.ts";
import type { Term, Values } from "./expression-term.ts";
import { Misread, readExpression } from "./expression-tree.ts";
import type { ExpressionFault, Tree } from "./expression-tree.ts";
import { formula } from "./formula.ts";
import type { Formula, Units } from "./formula.ts";

const INPUT_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Makes a formula of an expression over inputs: + − * / **, comparisons, && || !, min, max, abs, sqrt, exp, ln, log10 and
 *  if(condition, then, otherwise). Units are checked here: a sum of unlike things is a fault, a sum of like ones in different
 *  units is converted, and a percentage counts as its share. `quantity(5, "t/h")` is a number with a unit,
 *  `number(flow, "m3/h")` the bare number of a quantity. Temperatures are absolute.
 *  The result is in `unit`; without one in what the units multiply up to, if that has a name. Its inputs are those that the
 *  expression names. Uncertainty goes by the exact derivative; at a corner (min, max, abs, if) by that of the side taken.
 *  Where it has no value the formula refuses: LOW_DENOM for a division by 0, OUT_OF_DOMAIN for anything else. */
export function compileExpression(text: string, inputUnits: Units, unit?: string): Formula | ExpressionFault {
  try {
    return compile(text, inputUnits, unit);
  } catch (error) {
    if (error instanceof Misread) return error.fault;
    throw error;
  }
}

export function isExpressionFault(result: Formula | ExpressionFault): result is ExpressionFault {
  return typeof result !== "function";
}

function compile(text: string, inputUnits: Units, unit: string | undefined): Formula {
  const binding = { inputUnits, used: new Map<string, string>(), course: new Course() };
  const term = termOf(readExpression(text), binding);
  const { code, measure } = resultUnit(term, unit);
  const factor = term.measure.factor / measure.factor;
  const names = [...binding.used.keys()];
  const { course } = binding;
  return formula({
    unit: code,
    inputs: Object.fromEntries(binding.used),
    of: (x: Values): number | Refusal => {
      course.reason = null;
      const value = term.value(x) * factor - measure.offset;
      return Number.isFinite(value) ? value : (course.reason ?? "OUT_OF_DOMAIN");
    },
    partials: (x: Values) => Object.fromEntries(names.map((name) => [name, factor * term.slope(x, name)])),
  });
}

/** The unit of the result and its measure; the offset is that of degrees Celsius over kelvins. */
function resultUnit(term: Term, unit: string | undefined): { code: string; measure: Measure } {
  if (unit === undefined) {
    const code = codeOf(term.measure);
    if (code === null) throw new Misread(term.text, say("comes-out", { found: unitName(term.measure) }));
    return { code, measure: term.measure };
  }
  const measure = measureOf(unit);
  if (measure === null) throw new Misread(unit, say("unit-unknown"));
  if (term.constant !== 0 && !isSameKind(term.measure, measure))
    throw new Misread(term.text, say("comes-out-otherwise", { found: unitName(term.measure), wanted: unit }));
  return { code: unit, measure: { ...measure, offset: measure.offset / measure.factor } };
}

interface Binding {
  readonly inputUnits: Units;
  /** Inputs that the expression names, with their units. */
  readonly used: Map<string, string>;
  readonly course: Course;
}

function termOf(tree: Tree, binding: Binding): Term {
  switch (tree.is) {
    case "number":
      return constantTerm(tree.value, tree.text);
    case "text":
      throw new Misread(tree.text, say("text-for-unit"));
    case "input":
      return inputOf(tree.name, binding);
    case "application":
      return application(tree, binding);
  }
}

function inputOf(name: string, { inputUnits, used }: Binding): Term {
  const unit = INPUT_NAME.test(name) && Object.hasOwn(inputUnits, name) ? inputUnits[name] : undefined;
  if (unit === undefined) throw new Misread(name, unheardOf("no-such-input", name, Object.keys(inputUnits)));
  const measure = measureOf(unit);
  if (measure === null) throw new Misread(name, say("input-unit-unknown", { unit }));
  used.set(name, unit);
  return inputTerm(name, measure, unit);
}

function unheardOf(code: "no-such-input" | "no-such-function", name: string, known: readonly string[]): Said {
  const near = nearest(name, known);
  const there = near.length > 0 ? near : known;
  const hint = there.length > 0 ? say("there-is", { known: there.join(", ") }) : null;
  return hinting(say(code, { name }), hint);
}

function application(tree: Tree & { is: "application" }, binding: Binding): Term {
  const { of, parts, text } = tree;
  const unitFunction = UNIT_FUNCTIONS.get(of);
  if (unitFunction !== undefined) {
    const [part, unit, more] = parts;
    if (part === undefined || unit === undefined || more !== undefined)
      throw new Misread(text, say("takes-value-and-unit", { function: of }));
    return unitFunction(termOf(part, binding), measureIn(unit, text), text);
  }
  const operation = OPERATIONS.get(of);
  if (operation === undefined) throw new Misread(text, unheardOf("no-such-function", of, functionNames()));
  const [least, most] = operation.takes;
  if (parts.length < least || parts.length > most)
    throw new Misread(text, say("takes-values", { function: of, count: countOf(least, most) }));
  return operation.rule(
    parts.map((part) => termOf(part, binding)),
    text,
    binding.course,
  );
}

function countOf(least: number, most: number): Said | number {
  return least === most ? least : say("from-to", { from: least, to: most });
}

function functionNames(): readonly string[] {
  const named = [...OPERATIONS.keys()].filter((name) => /^[a-z]+[0-9]*$/.test(name));
  return [...named, ...UNIT_FUNCTIONS.keys()];
}
