import { Type } from "typebox";
import type { Static } from "typebox";
import type { MetricRecord, PublishedFigure } from "../domain/metric.ts";
import { METRIC_PERIODS } from "../domain/metric.ts";
import { qualityOf, reasonOf } from "../domain/status.ts";
import { isoTime, Time } from "./tag-object.ts";

const Amount = Type.Union([Type.Number(), Type.Null()]);
const Words = Type.Union([Type.String(), Type.Null()]);
const Quality = Type.Union([Type.Literal("good"), Type.Literal("uncertain"), Type.Literal("bad")]);

const InputObject = Type.Object({
  name: Type.String({ description: "Of the formula's input; empty for the shifts of a longer period." }),
  source: Type.String({ description: "tag, metric, assay, surrogate, entry, constant or calendar." }),
  id: Type.String(),
  value: Amount,
  sd: Amount,
  unit: Type.String(),
  quality: Quality,
  version: Type.Union([Type.Integer(), Type.Null()]),
});

export const FigureObject = Type.Object(
  {
    metric: Type.String(),
    period: Type.Enum([...METRIC_PERIODS]),
    key: Type.String({ description: "Name of the period, such as 2026-11-22/day; empty for the present." }),
    from: Time,
    to: Time,
    version: Type.Integer({
      description: "Counts from 1; 0 for the present and the last hour, which are not kept.",
    }),
    value: Amount,
    unit: Type.String(),
    sd: Type.Union([Type.Number(), Type.Null()], {
      description: "Standard uncertainty, one sigma, in the unit.",
    }),
    quality: Quality,
    status: Type.Integer(),
    reason: Type.Union([Type.String(), Type.Null()], {
      description: "Why there is no value, or it is not good.",
    }),
    coverage: Type.Number({ description: "Share of the period that was measured, 0 to 1." }),
    filled: Type.Optional(
      Type.Union([Type.Number(), Type.Null()], {
        description:
          "What a total would be had the unmeasured time been like the rest; what is made of the total is made of this.",
      }),
    ),
    filledSd: Type.Optional(Amount),
    total: Type.Optional(
      Type.Union([Type.Number(), Type.Null()], { description: "What a rate adds up to." }),
    ),
    totalSd: Type.Optional(Amount),
    totalUnit: Type.Optional(Words),
    state: Type.Optional(Type.Enum(["PRELIMINARY", "PROVISIONAL", "FINAL", "RESTATED"])),
    cause: Type.Optional(Type.String({ description: "Why this version was made." })),
    by: Type.Optional(Words),
    formula: Type.Optional(Type.String()),
    inputs: Type.Optional(Type.Array(InputObject)),
    inputHash: Type.Optional(Type.String()),
    computedAt: Type.Optional(Time),
  },
  { title: "Figure" },
);
export type FigureObject = Static<typeof FigureObject>;

export function figureObject(figure: MetricRecord | PublishedFigure): FigureObject {
  const { metric, period, from, to, version, value, unit, u, status, coverage } = figure;
  const isRecord = "inputs" in figure;
  return {
    metric,
    period,
    key: isRecord ? figure.key : "",
    from: isoTime(from),
    to: isoTime(to),
    version,
    value,
    unit,
    sd: u,
    quality: qualityOf(status),
    status,
    reason: (isRecord ? figure.reason : null) ?? reasonOf(status),
    coverage,
    ...(isRecord ? recordParts(figure) : {}),
  };
}

function recordParts(record: MetricRecord): Partial<FigureObject> {
  const { filled, filledU, total, totalU, totalUnit } = record;
  const { state, cause, by, formula, inputs, inputHash, computedAt } = record;
  return {
    filled,
    filledSd: filledU,
    total,
    totalSd: totalU,
    totalUnit,
    state,
    cause,
    by,
    formula,
    inputHash,
    computedAt: isoTime(computedAt),
    inputs: inputs.map(({ name, source, id, value, u, unit, status, version }) => {
      const quality = qualityOf(status);
      return { name, source, id, value, sd: u, unit, quality, version };
    }),
  };
}
