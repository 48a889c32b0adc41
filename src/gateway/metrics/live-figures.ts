import type { Conditioning } from "../../conditioning/conditioning.ts";
import type { Figure } from "../../domain/figure.ts";
import type { MetricRecord, PublishedFigure } from "../../domain/metric.ts";
import { publishedFigure } from "../../domain/metric.ts";
import type { Clock, EpochMs } from "../../domain/time.ts";
import { sleep } from "../../domain/time.ts";
import type { BoundInput, BoundMetric } from "./binding.ts";
import { computeFigure } from "./compute.ts";
import type { Engine } from "./engine.ts";
import { createInstants } from "./instant.ts";
import { recordOf } from "./record.ts";
import { isToldByMoment } from "./series.ts";
import { chooseSource } from "./sources.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Span } from "./tallies.ts";

const STEP_MS = 1_000;
const ROLL_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface LiveOptions {
  readonly metrics: readonly BoundMetric[];
  readonly engine: Engine;
  readonly image: Pick<Conditioning, "valueOf" | "statusOf">;
  readonly clock: Clock;
}

/** Figures of the present, every second, and of the last hour, every minute. They are shown and not kept. */
export interface LiveFigures {
  instant(metric: string): PublishedFigure | null;
  rolling(metric: string): MetricRecord | null;
  run(signal: AbortSignal): Promise<void>;
}

export function createLiveFigures(
  { metrics, engine, image, clock }: LiveOptions,
  show: (figure: PublishedFigure) => void,
): LiveFigures {
  const hourly = new Map<string, MetricRecord>();
  const known = new Map<BoundInput, Figure>();
  const instants = createInstants(metrics, image, (input) => known.get(input) ?? null);
  const around: Surroundings = {
    ...engine.surroundings,
    record: (metric, span) =>
      span.kind === "open" ? (hourly.get(metric) ?? null) : engine.surroundings.record(metric, span),
  };
  const rolling = engine.graph.needs.ofPeriod("rolling");
  const settled = metrics
    .filter(({ recipe }) => recipe.by === "reading")
    .flatMap(({ inputs }) => inputs)
    .filter(({ sources: [first] }) => first !== undefined && !isToldByMoment(first));

  async function roll(): Promise<void> {
    const to = clock.now();
    const span: Span = { kind: "open", key: "rolling", from: to - HOUR_MS, to };
    for (const input of settled) {
      const { source, taken } = await chooseSource(input, span, around);
      if (source.from === "tag" || taken.figure.value === null) known.delete(input);
      else known.set(input, taken.figure);
    }
    for (const metric of rolling) await rollOne(metric, span);
  }

  async function rollOne(metric: BoundMetric, span: Span): Promise<void> {
    const outcome = await computeFigure(metric, span, around);
    const occasion = { period: "rolling", state: "PRELIMINARY", cause: "the last hour", by: null } as const;
    const record = { ...recordOf(metric, span, outcome, { ...occasion, at: span.to }), version: 0 };
    hourly.set(metric.id, record);
    if (metric.periods.includes("rolling")) show(publishedFigure(record, metric.area));
  }

  function step(now: EpochMs): void {
    instants.step(now);
    for (const figure of instants.news(now)) show(figure);
  }

  return {
    instant: (metric) => instants.latest(metric, clock.now()),
    rolling: (metric) => hourly.get(metric) ?? null,
    async run(signal) {
      let rolledAt = -Infinity;
      while (!signal.aborted) {
        if (clock.monotonic() - rolledAt >= ROLL_MS) {
          rolledAt = clock.monotonic();
          await roll().catch(() => void (rolledAt = clock.monotonic()));
        }
        step(clock.now());
        await sleep(clock, STEP_MS, signal).catch(() => undefined);
      }
    },
  };
}
