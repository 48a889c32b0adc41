/** Exponents of the base dimensions that a plant needs. `NaCN` and `CN` make concentrations of the two different things;
 *  `pH` keeps acidity from being added to anything else. */
export type Powers = Readonly<Record<string, number>>;

/** A unit as a multiple of coherent base units: value in base units = value × factor + offset. */
export interface Measure {
  readonly factor: number;
  /** Only for degrees Celsius. */
  readonly offset: number;
  readonly powers: Powers;
}

type Atom = readonly [factor: number, powers: Powers, offset?: number];

const TIME: Powers = { s: 1 };
const RATIO: Powers = {};
const VOLUME: Powers = { m: 3 };
const ENERGY: Powers = { kg: 1, m: 2, s: -2 };
const VOLT: Powers = { kg: 1, m: 2, s: -3, A: -1 };

const ATOMS: ReadonlyMap<string, Atom> = new Map<string, Atom>([
  ["1", [1, RATIO]],
  ["%", [0.01, RATIO]],
  ["[ppm]", [1e-6, RATIO]],
  ["g", [1e-3, { kg: 1 }]],
  ["t", [1e3, { kg: 1 }]],
  ["[oz_tr]", [0.0311034768, { kg: 1 }]],
  ["m", [1, { m: 1 }]],
  ["L", [1e-3, VOLUME]],
  ["s", [1, TIME]],
  ["min", [60, TIME]],
  ["h", [3600, TIME]],
  ["d", [86400, TIME]],
  ["Hz", [1, { s: -1 }]],
  ["A", [1, { A: 1 }]],
  ["V", [1, VOLT]],
  ["Ohm", [1, { kg: 1, m: 2, s: -3, A: -2 }]],
  ["S", [1, { kg: -1, m: -2, s: 3, A: 2 }]],
  ["W", [1, { kg: 1, m: 2, s: -3 }]],
  ["J", [1, ENERGY]],
  ["N", [1, { kg: 1, m: 1, s: -2 }]],
  ["Pa", [1, { kg: 1, m: -1, s: -2 }]],
  ["bar", [1e5, { kg: 1, m: -1, s: -2 }]],
  ["K", [1, { K: 1 }]],
  ["Cel", [1, { K: 1 }, 273.15]],
  ["deg", [Math.PI / 180, RATIO]],
  ["mol", [1, { mol: 1 }]],
  ["[pH]", [1, { pH: 1 }]],
]);

const PREFIXES: ReadonlyMap<string, number> = new Map([
  ["u", 1e-6],
  ["m", 1e-3],
  ["c", 1e-2],
  ["k", 1e3],
  ["M", 1e6],
]);

const PREFIXED = new Set(["g", "m", "L", "s", "A", "V", "W", "J", "N", "Pa", "Hz", "bar", "S", "Ohm", "mol"]);
const ANNOTATION = /\{(\w+)\}/g;
const COMPONENT = /^(\[?[A-Za-z_%]+\]?)([23])?(-1)?$/;

const CACHE = new Map<string, Measure | null>();

/** Reads a UCUM code of the plant's vocabulary; null when it is none. Annotations NaCN and CN are substances, others
 *  (`{reactive}`) make kinds of their own, so that kvar is never added to kW. */
export function measureOf(code: string): Measure | null {
  let measure = CACHE.get(code);
  if (measure === undefined) {
    measure = parse(code);
    CACHE.set(code, measure);
  }
  return measure;
}

function parse(code: string): Measure | null {
  const bare = code.replaceAll(ANNOTATION, "");
  const result = withoutAnnotations(bare);
  if (result === null) return null;
  const powers = { ...result.powers };
  for (const [, annotation = ""] of code.matchAll(ANNOTATION))
    powers[annotation] = (powers[annotation] ?? 0) + 1;
  return { factor: result.factor, offset: ATOMS.get(bare)?.[2] ?? 0, powers };
}

function withoutAnnotations(bare: string): Measure | null {
  const [numerator = "", ...denominators] = bare.split("/");
  let result: Measure | null = { factor: 1, offset: 0, powers: RATIO };
  for (const part of numerator === "" ? [] : numerator.split("."))
    result = combine(result, component(part), 1);
  for (const group of denominators)
    for (const part of group.split(".")) result = combine(result, component(part), -1);
  return result;
}

function component(text: string): Measure | null {
  if (text === "1") return { factor: 1, offset: 0, powers: RATIO };
  const match = COMPONENT.exec(text);
  if (match === null) return null;
  const [, name = "", power, inverse] = match;
  const atom = ATOMS.get(name) ?? prefixed(name);
  if (atom === null) return null;
  return raise({ factor: atom[0], offset: 0, powers: atom[1] }, Number(power ?? 1) * (inverse ? -1 : 1));
}

function prefixed(name: string): Atom | null {
  const prefix = PREFIXES.get(name.slice(0, 1));
  const rest = name.slice(1);
  const atom = ATOMS.get(rest);
  if (prefix === undefined || atom === undefined || !PREFIXED.has(rest)) return null;
  return [prefix * atom[0], atom[1]];
}

function combine(a: Measure | null, b: Measure | null, power: 1 | -1): Measure | null {
  return a === null || b === null ? null : product(a, power === 1 ? b : raise(b, -1));
}

/** A product or power of degrees Celsius is one of kelvins. */
export function product(a: Measure, b: Measure): Measure {
  const powers: Record<string, number> = { ...a.powers };
  for (const [base, power] of Object.entries(b.powers)) {
    const sum = (powers[base] ?? 0) + power;
    if (sum === 0) delete powers[base];
    else powers[base] = sum;
  }
  return { factor: a.factor * b.factor, offset: 0, powers };
}

export function raise(a: Measure, power: number): Measure {
  if (power === 1) return a;
  const powers = Object.fromEntries(
    Object.entries(a.powers)
      .map(([base, exponent]) => [base, exponent * power] as const)
      .filter(([, exponent]) => exponent !== 0),
  );
  return { factor: a.factor ** power, offset: 0, powers };
}

/** Whether values of the two can be added and compared after conversion. */
export function isSameKind(a: Measure, b: Measure): boolean {
  const bases = Object.keys(a.powers);
  return (
    bases.length === Object.keys(b.powers).length &&
    bases.every((base) => Math.abs((a.powers[base] ?? 0) - (b.powers[base] ?? 0)) < 1e-9)
  );
}

/** How to turn a value of one unit into one of another: value × factor + offset; null when they are different things. */
export function conversion(
  from: string,
  to: string,
): { readonly factor: number; readonly offset: number } | null {
  if (from === to) return { factor: 1, offset: 0 };
  const a = measureOf(from);
  const b = measureOf(to);
  if (a === null || b === null || !isSameKind(a, b)) return null;
  return { factor: a.factor / b.factor, offset: (a.offset - b.offset) / b.factor };
}

/** Powers as people read them in a message: `kg.s-1`. */
export function describePowers(powers: Powers): string {
  const words = Object.entries(powers).map(([base, power]) => (power === 1 ? base : `${base}${power}`));
  return words.length === 0 ? "1" : words.join(".");
}
