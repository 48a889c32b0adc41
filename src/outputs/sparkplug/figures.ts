import type { MetricOutline, PublishedFigure } from "../../domain/metric.ts";
import { isBad, Status } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { SparkplugType } from "./fields.ts";
import type { MetricDefinition } from "./metric.ts";
import type { BornMetric, DataWriter } from "./payload.ts";

interface Told {
  readonly definition: MetricDefinition;
  last: PublishedFigure | null;
}

/** Figures as metrics of the node, `metrics/<id>/<period>`: what the host has been told of each. */
export class FigureLedger {
  readonly #told: ReadonlyMap<string, Told>;

  /** Aliases from `aliasFrom` on. */
  constructor(outlines: readonly MetricOutline[], aliasFrom: number) {
    const names = outlines.flatMap((outline) => outline.periods.map((period) => ({ outline, period })));
    this.#told = new Map(
      names.map(({ outline, period }, index) => {
        const name = `metrics/${outline.id}/${period}`;
        const { unit, title } = outline;
        const definition = {
          name,
          alias: aliasFrom + index,
          type: SparkplugType.Double,
          unit,
          range: null,
          title,
        };
        return [name, { definition, last: null }];
      }),
    );
  }

  born(now: EpochMs): readonly BornMetric[] {
    return [...this.#told.values()].map(({ definition, last }) => ({
      definition,
      value: last?.value ?? null,
      status: last?.status ?? Status.BadWaitingForInitialData,
      time: last === null ? now : Math.round(last.to),
    }));
  }

  /** Adds what is known to the host; what is older than the last it was told of the same figure is historical. */
  add(figures: readonly PublishedFigure[], writer: DataWriter): void {
    for (const figure of figures) {
      const told = this.#told.get(`metrics/${figure.metric}/${figure.period}`);
      if (told === undefined) continue;
      const isHistorical = told.last !== null && figure.to < told.last.to;
      const value = isBad(figure.status) ? null : figure.value;
      writer.add(told.definition, value, figure.status, Math.round(figure.to), isHistorical, true);
      if (!isHistorical) told.last = figure;
    }
  }
}
