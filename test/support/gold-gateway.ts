import type { ErrorConfig, InputConfig, MetricConfig } from "../../src/config/metallurgy.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { batchFrom } from "./history.ts";
import { clockAt, metallurgyOf, pointOf, startLaboratory } from "./laboratory.ts";
import type { LaboratoryGateway } from "./laboratory.ts";
import { course } from "./metric-bench.ts";
import { constantOf } from "./records.ts";
import { plantOf } from "./simulated-plant.ts";
import { tagOf } from "./tags.ts";

/** The day shift of 22 November in Lima. */
export const SHIFT = {
  from: Date.UTC(2026, 10, 22, 12),
  to: Date.UTC(2026, 10, 23, 0),
  key: "2026-11-22/day",
};
const HOURS = 12;

/** As far as the gateway's clock got: the shift is over, and so is its day. */
export const AFTER = SHIFT.to + 13 * 3_600_000;

export type Metric = Pick<MetricConfig, "id" | "kind"> & {
  readonly inputs: Readonly<Record<string, InputConfig>>;
};

export const from = (...of: string[]): InputConfig => ({ ...constantOf(0), of, constant: null });

export function errorOf(absolute: number): ErrorConfig {
  return {
    systematic: { relative: 0, absolute },
    random: { relative: 0, absolute: 0 },
    correlationMs: 300_000,
  };
}

/** A belt that brought so many tonnes in the shift, and how far it may be wrong. */
export interface Belt {
  readonly tag: string;
  readonly tonnes: number;
  readonly u: number;
}

export interface GoldPlant {
  readonly belts: readonly Belt[];
  /** Sampling points by name, with the standard uncertainty of a sample, g/t. */
  readonly points: Readonly<Record<string, number>>;
  readonly metrics: readonly Metric[];
  readonly flowsheet?: NonNullable<Plant["metallurgy"]>["flowsheet"];
}

/** A real gateway with the shift in its history; nobody has assayed anything yet. */
export async function startGoldGateway(
  plant: GoldPlant,
  now: () => EpochMs,
  webDir?: string,
): Promise<LaboratoryGateway> {
  const { belts, points, metrics, flowsheet = { nodes: [], streams: [] } } = plant;
  const tags: Tag[] = belts.map(({ tag }, index) => tagOf(index, { id: tag, unit: "t/h" }));
  const metallurgy = metallurgyOf({
    metrics: metrics.map(configOf),
    assays: Object.entries(points).map(([id, absolute]) =>
      pointOf(id, "g/t", { error: { ...errorOf(0), random: { relative: 0, absolute } } }),
    ),
    instruments: Object.fromEntries(
      belts.map(({ tag, u }) => [tag, { error: errorOf(u / HOURS), sameAs: null }]),
    ),
    flowsheet,
  });
  const lab = await startLaboratory(clockAt(now), { tags: plantOf([], [], tags).tags, metallurgy }, webDir);
  for (const [index, { tonnes }] of belts.entries()) {
    const rows = course(SHIFT.from, AFTER, 30_000, () => tonnes / HOURS);
    lab.gateway.historian.append(batchFrom(index, rows));
  }
  await lab.gateway.historian.sync();
  lab.gateway.reopen(SHIFT.from);
  return lab;
}

function configOf({ id, kind, inputs }: Metric): MetricConfig {
  return { ...COMMON, id, title: id, kind, inputs };
}

const COMMON = {
  expression: null,
  unit: null,
  area: "grinding",
  periods: ["shift", "day"],
} as const satisfies Partial<MetricConfig>;

/** A sample of the whole shift, as the laboratory tells it. */
export function sampleOf(point: string, value: number, changes: object = {}): object {
  const cut = { cut_from: "2026-11-22T07:00:00-05:00", cut_to: "2026-11-22T19:00:00-05:00" };
  return { sample: `${point}-1`, point, ...cut, value, unit: "g/t", ...changes };
}
