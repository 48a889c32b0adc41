import { readFileSync } from "node:fs";
import { Type } from "typebox";
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { parse } from "yaml";
import { durationMs } from "../duration.ts";

const closed = { additionalProperties: false };
const Time = Type.String();
const NoiseShape = Type.Object({ sigma: Type.Union([Type.Number(), Type.String()]), tau: Time }, closed);
const RowShape = Type.Union([
  Type.Object(
    {
      value: Type.Number(),
      noise: Type.Union([Type.String(), NoiseShape]),
      every: Type.Optional(Time),
      delay: Type.Optional(Time),
    },
    closed,
  ),
  Type.Object(
    {
      ramp: Type.Tuple([Type.Number(), Type.Number()]),
      period: Time,
      noise: Type.Union([Type.String(), NoiseShape]),
    },
    closed,
  ),
  Type.Object({ total: Type.String() }, closed),
  Type.Object({ count: Time }, closed),
  Type.Object({ state: Type.Number() }, closed),
  Type.Object({ cycle: Type.Record(Type.String(), Time) }, closed),
]);
const TableShape = Type.Object(
  { noise: Type.Record(Type.String(), NoiseShape), tags: Type.Record(Type.String(), RowShape) },
  closed,
);

type RawRow = Static<typeof RowShape>;

/** Standard deviation in the tag's unit, or as a share of its range, and correlation time. */
export interface NoiseClass {
  readonly sigma: number;
  readonly sigmaOf: "unit" | "span";
  readonly tauMs: number;
}

export type SteadyStateRow =
  | {
      readonly kind: "noisy";
      readonly value: number;
      readonly noise: NoiseClass;
      readonly everyMs: number | null;
      /** An analyser's result comes this long after its sample; 0 for what measures all the time. */
      readonly delayMs: number;
    }
  | {
      readonly kind: "ramp";
      readonly from: number;
      readonly to: number;
      readonly periodMs: number;
      readonly noise: NoiseClass;
    }
  | { readonly kind: "total"; readonly of: string }
  | { readonly kind: "count"; readonly periodMs: number }
  | { readonly kind: "state"; readonly value: number }
  | { readonly kind: "cycle"; readonly steps: readonly { readonly state: number; readonly ms: number }[] };

export type SteadyStateTable = ReadonlyMap<string, SteadyStateRow>;

/** Reads a steady-state file; the one that comes with the simulators when none is named.
 *  Throws TypeError with the place of the first thing wrong in it. */
export function readSteadyState(
  file: string | URL = new URL("../steady-state.yaml", import.meta.url),
): SteadyStateTable {
  const document: unknown = parse(readFileSync(file, "utf8"));
  if (!Value.Check(TableShape, document)) {
    const [fault] = Value.Errors(TableShape, document);
    throw new TypeError(
      `${file.toString()} ${fault?.instancePath ?? ""}: ${fault?.message ?? "is no steady state"}`,
    );
  }
  const classes = new Map(Object.entries(document.noise).map(([name, shape]) => [name, noiseClass(shape)]));
  return new Map(Object.entries(document.tags).map(([tag, row]) => [tag, resolved(tag, row, classes)]));
}

function resolved(tag: string, row: RawRow, classes: ReadonlyMap<string, NoiseClass>): SteadyStateRow {
  if ("total" in row) return { kind: "total", of: row.total };
  if ("count" in row) return { kind: "count", periodMs: durationMs(row.count) };
  if ("state" in row) return { kind: "state", value: row.state };
  if ("cycle" in row) return { kind: "cycle", steps: cycleSteps(row.cycle) };
  const noise = noiseOf(tag, row.noise, classes);
  if ("ramp" in row)
    return {
      kind: "ramp",
      from: row.ramp[0],
      to: row.ramp[1],
      periodMs: durationMs(row.period),
      noise,
    };
  return {
    kind: "noisy",
    value: row.value,
    noise,
    everyMs: row.every === undefined ? null : durationMs(row.every),
    delayMs: row.delay === undefined ? 0 : durationMs(row.delay),
  };
}

function noiseOf(
  tag: string,
  noise: string | Static<typeof NoiseShape>,
  classes: ReadonlyMap<string, NoiseClass>,
): NoiseClass {
  if (typeof noise !== "string") return noiseClass(noise);
  const known = classes.get(noise);
  if (known === undefined) throw new TypeError(`${tag}: there is no noise class "${noise}"`);
  return known;
}

function cycleSteps(cycle: Readonly<Record<string, string>>): { state: number; ms: number }[] {
  return Object.entries(cycle).map(([state, time]) => ({ state: Number(state), ms: durationMs(time) }));
}

function noiseClass(shape: Static<typeof NoiseShape>): NoiseClass {
  const tauMs = durationMs(shape.tau);
  if (typeof shape.sigma === "number") return { sigma: shape.sigma, sigmaOf: "unit", tauMs };
  return { sigma: Number(shape.sigma.replace("%", "")) / 100, sigmaOf: "span", tauMs };
}
