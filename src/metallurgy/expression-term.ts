import type { Refusal } from "../domain/figure.ts";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { describePowers, isSameKind, measureOf, product, raise } from "../domain/unit-algebra.ts";
import type { Measure } from "../domain/unit-algebra.ts";
import { UNIT_CODES } from "../domain/unit.ts";
import { Misread } from "./expression-tree.ts";

/** Values of the inputs by name. */
export type Values = Readonly<Record<string, number>>;

/** A measure with the code that people would give it: gold by tonnes is g/t and not ppm. Null where there is none. */
export interface NamedMeasure extends Measure {
  readonly code: string | null;
}

/** A part of an expression that knows its unit. */
export interface Term {
  /** As people wrote it. */
  readonly text: string;
  /** The value counts multiples of this. */
  readonly measure: NamedMeasure;
  /** Of a number that stands in the expression; null for what is computed. */
  readonly constant: number | null;
  /** NaN where there is none; the reason is then with the `Course`. */
  readonly value: (x: Values) => number;
  /** Partial derivative by an input. */
  readonly slope: (x: Values, name: string) => number;
}

/** One evaluation of an expression: keeps the first reason why it has no value. */
export class Course {
  reason: Refusal | null = null;

  refuse(reason: Refusal): number {
    this.reason ??= reason;
    return NaN;
  }

  /** A result that is no number is none. */
  finite(value: number): number {
    return Number.isFinite(value) ? value : this.refuse("OUT_OF_DOMAIN");
  }
}

export const RATIO: NamedMeasure = { factor: 1, offset: 0, powers: {}, code: "1" };

export function constantTerm(value: number, text: string, measure = RATIO): Term {
  return { text, measure, constant: value, value: () => value, slope: () => 0 };
}

/** An input in its own unit; degrees Celsius become kelvins, so that they can be multiplied. */
export function inputTerm(name: string, { factor, offset, powers }: Measure, code: string): Term {
  return {
    text: name,
    measure: { factor, offset: 0, powers, code: offset === 0 ? code : null },
    constant: null,
    value: (x) => (x[name] ?? NaN) + offset,
    slope: (_, by) => (by === name ? 1 : 0),
  };
}

/** The same quantity counted in another unit of its kind. A bare 0 is 0 of everything. `place` is what asks for it. */
export function inUnitOf(term: Term, measure: NamedMeasure, place: string): Term {
  if (term.constant === 0) return { ...term, measure };
  if (!isSameKind(term.measure, measure)) {
    const { text } = term;
    const [found, wanted] = [unitName(term.measure), unitName(measure)];
    throw new Misread(
      place,
      typeof found === "string"
        ? say("unit-wanted", { text, found, wanted })
        : say("unit-wanted-of-bare", { text, wanted }),
    );
  }
  return rescaled(term, measure);
}

function rescaled(term: Term, measure: NamedMeasure): Term {
  const ratio = term.measure.factor / measure.factor;
  if (ratio === 1) return { ...term, measure };
  return {
    text: term.text,
    measure,
    constant: term.constant === null ? null : term.constant * ratio,
    value: (x) => ratio * term.value(x),
    slope: (x, name) => ratio * term.slope(x, name),
  };
}

/** All parts in the unit of the first that has one. */
export function alike(parts: readonly Term[], place: string): readonly Term[] {
  const leader = parts.find(({ constant }) => constant !== 0) ?? parts[0];
  return leader === undefined ? [] : parts.map((part) => inUnitOf(part, leader.measure, place));
}

export function productOf(a: NamedMeasure, b: NamedMeasure): NamedMeasure {
  const measure = product(a, b);
  if (b.code === "1") return { ...measure, code: a.code };
  if (a.code === "1") return { ...measure, code: b.code };
  const [aOver, aUnder] = parted(a.code);
  const [bOver, bUnder] = parted(b.code);
  if (bUnder === a.code) return { ...measure, code: bOver };
  if (aUnder === b.code) return { ...measure, code: aOver };
  const crossed = bUnder === aOver ? `${bOver}/${aUnder}` : `${aOver}/${bUnder}`;
  return { ...measure, code: known(bUnder === aOver || aUnder === bOver ? crossed : `${a.code}.${b.code}`) };
}

export function quotientOf(a: NamedMeasure, b: NamedMeasure): NamedMeasure {
  const measure = product(a, raise(b, -1));
  if (b.code === "1") return { ...measure, code: a.code };
  const [aOver, aUnder] = parted(a.code);
  const [bOver, bUnder] = parted(b.code);
  if (bOver === a.code && bUnder !== null) return { ...measure, code: bUnder };
  const code = aUnder === bUnder && aUnder !== null ? `${aOver}/${bOver}` : `${a.code}/${b.code}`;
  return { ...measure, code: known(code) };
}

/** What stands over and under the stroke of a code. */
function parted(code: string | null): readonly [over: string | null, under: string | null] {
  const [over, under, more] = (code ?? "").split("/");
  return over === undefined || under === undefined || more !== undefined ? [null, null] : [over, under];
}

export function powerOf(a: NamedMeasure, exponent: number): NamedMeasure {
  return { ...raise(a, exponent), code: exponent === 1 || a.code === "1" ? a.code : null };
}

function known(code: string): string | null {
  return UNIT_CODES.includes(code) ? code : null;
}

/** The UCUM code that counts in exactly this measure; null when the plant's vocabulary has none. */
export function codeOf(measure: NamedMeasure): string | null {
  const isExact = (code: string): boolean => {
    const found = measureOf(code);
    if (found === null || found.offset !== 0 || !isSameKind(found, measure)) return false;
    return Math.abs(found.factor / measure.factor - 1) < 1e-9;
  };
  const code = measure.code ?? "";
  return UNIT_CODES.includes(code) && isExact(code) ? code : (UNIT_CODES.find(isExact) ?? null);
}

/** What to call a unit in a sentence. */
export function unitName(measure: NamedMeasure): Said | string {
  const code = codeOf(measure) ?? describePowers(measure.powers);
  return code === "1" ? say("bare-number") : code;
}
