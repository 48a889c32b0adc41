import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Type } from "typebox";
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { parse } from "yaml";
import { durationMs } from "./duration.ts";
import type { FaultRequest } from "./faults/catalogue.ts";
import type { Disturbance, DisturbanceName, Disturbances } from "./plant/mine.ts";
import { PUMA_LOTS, REFERENCE_LOT } from "./plant/ore.ts";
import type { Lot } from "./plant/ore.ts";
import { isSetpoint } from "./plant/setpoints.ts";
import type { SetpointName } from "./plant/setpoints.ts";

/** What happens to the plant, and when. */
export interface Scenario {
  readonly title: string;
  readonly description: string;
  readonly durationMs: number;
  readonly profile: "steady" | "empty";
  readonly lots: readonly Lot[];
  readonly disturbances: Disturbances;
  readonly hasBatches: boolean;
  readonly settings: readonly { readonly atMs: number; readonly tag: SetpointName; readonly value: number }[];
  readonly faults: readonly FaultRequest[];
  /** Groups of tags that a picture of it shows. */
  readonly plot: readonly (readonly string[])[];
}

const closed = { additionalProperties: false };
const Time = Type.String({ description: "10min, 8h, 2d" });
const LotShape = Type.Object(
  {
    name: Type.String(),
    source: Type.String(),
    method: Type.String(),
    wetMassT: Type.Number({ exclusiveMinimum: 0 }),
    headGrade: Type.Number({ minimum: 0 }),
    moisturePercent: Type.Number({ minimum: 0, maximum: 15 }),
    f80Mm: Type.Number({ exclusiveMinimum: 0 }),
    workIndex: Type.Number({ exclusiveMinimum: 0 }),
    freeShare: Type.Number({ minimum: 0, maximum: 1 }),
  },
  closed,
);
const DisturbanceShape = Type.Object({ sigma: Type.Number({ minimum: 0 }), correlation: Time }, closed);
const FaultShape = Type.Object(
  {
    fault: Type.String(),
    connection: Type.Optional(Type.String()),
    device: Type.Optional(Type.String()),
    tag: Type.Optional(Type.String()),
    at: Type.Optional(Time),
    for: Type.Optional(Time),
    every: Type.Optional(Type.Integer({ minimum: 1 })),
    delay: Type.Optional(Time),
    pieces: Type.Optional(Type.Integer({ minimum: 2 })),
    code: Type.Optional(Type.Integer()),
    skewMs: Type.Optional(Type.Number()),
    status: Type.Optional(Type.Integer()),
    amount: Type.Optional(Type.Number()),
  },
  closed,
);

/** A scenario file. */
export const ScenarioShape = Type.Object(
  {
    title: Type.String(),
    description: Type.String(),
    duration: Time,
    start: Type.Optional(Type.Union([Type.Literal("steady"), Type.Literal("empty")])),
    batches: Type.Optional(Type.Boolean()),
    lots: Type.Optional(
      Type.Union([Type.Literal("reference"), Type.Literal("puma"), Type.Array(LotShape, { minItems: 1 })]),
    ),
    disturbances: Type.Optional(
      Type.Object(
        {
          "feed-grade": Type.Optional(DisturbanceShape),
          moisture: Type.Optional(DisturbanceShape),
          hardness: Type.Optional(DisturbanceShape),
        },
        closed,
      ),
    ),
    set: Type.Optional(
      Type.Array(Type.Object({ at: Time, tag: Type.String(), value: Type.Number() }, closed)),
    ),
    faults: Type.Optional(Type.Array(FaultShape)),
    plot: Type.Optional(Type.Array(Type.Array(Type.String(), { minItems: 1 }))),
  },
  closed,
);

const SHIPPED = new URL("scenarios/", import.meta.url);
const USUAL_PLOT = [
  ["WIT-201", "FT-208"],
  ["JT-203", "JT-204"],
  ["DT-207", "DT-208"],
  ["AT-401C", "AT-407C"],
];

/** Names of the scenarios that come with the simulators. */
export function shippedScenarios(): readonly string[] {
  return readdirSync(SHIPPED)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/** Reads a scenario by the path of its file or, when it comes with the simulators, by name.
 *  Throws RangeError with the place of the first thing wrong in it. */
export function loadScenario(nameOrFile: string): Scenario {
  const file = existsSync(nameOrFile) ? nameOrFile : join(fileURLToPath(SHIPPED), `${nameOrFile}.yaml`);
  if (!existsSync(file))
    throw new RangeError(
      `There is no scenario "${nameOrFile}". Known ones: ${shippedScenarios().join(", ")}; or give a file.`,
    );
  const document: unknown = parse(readFileSync(file, "utf8"));
  if (!Value.Check(ScenarioShape, document)) {
    const [fault] = Value.Errors(ScenarioShape, document);
    throw new RangeError(`${file} ${fault?.instancePath ?? ""}: ${fault?.message ?? "is no scenario"}`);
  }
  return resolve(file, document);
}

function resolve(file: string, raw: Static<typeof ScenarioShape>): Scenario {
  return {
    title: raw.title,
    description: raw.description,
    durationMs: durationMs(raw.duration),
    profile: raw.start ?? "steady",
    hasBatches: raw.batches ?? true,
    lots: lotsOf(raw.lots ?? "reference"),
    disturbances: disturbancesOf(raw.disturbances ?? {}),
    settings: (raw.set ?? []).map(({ at, tag, value }) => {
      if (!isSetpoint(tag)) throw new RangeError(`${file} /set: ${tag} is no setpoint`);
      return { atMs: durationMs(at), tag, value };
    }),
    faults: raw.faults ?? [],
    plot: raw.plot ?? USUAL_PLOT,
  };
}

function lotsOf(lots: "reference" | "puma" | readonly Lot[]): readonly Lot[] {
  if (lots === "reference") return [REFERENCE_LOT];
  return lots === "puma" ? PUMA_LOTS : lots;
}

function disturbancesOf(raw: NonNullable<Static<typeof ScenarioShape>["disturbances"]>): Disturbances {
  const all = Object.entries(raw).map(([name, { sigma, correlation }]) => {
    const disturbance: Disturbance = { sigma, correlationH: durationMs(correlation) / 3_600_000 };
    return [name as DisturbanceName, disturbance] as const;
  });
  return Object.fromEntries(all);
}
