import type { Substance } from "../domain/substance.ts";
import { parseDuration } from "./durations.ts";
import type {
  AssayPoint,
  ErrorConfig,
  Flowsheet,
  InputConfig,
  InstrumentConfig,
  Metallurgy,
  MetricConfig,
  Spread,
} from "./metallurgy.ts";
import type {
  FlowsheetEntry,
  InputEntry,
  InstrumentsEntry,
  MetallurgyEntry,
  MetricEntry,
} from "./metric-schema.ts";

const CORRELATION_MS = 300_000;

/** The sections about figures; what is left out is empty. */
export function resolveMetallurgy(entry: MetallurgyEntry): Metallurgy {
  return {
    metrics: Object.entries(entry.metrics ?? {}).map(([id, metric]) => resolveMetric(id, metric)),
    flowsheet: resolveFlowsheet(entry.flowsheet),
    assays: Object.entries(entry.assays ?? {}).map(
      ([id, { title, unit, stream, every, range, ...errors }]): AssayPoint => ({
        id,
        title,
        unit,
        stream: stream ?? null,
        solids: entry.flowsheet?.streams[stream ?? ""]?.solids ?? null,
        every,
        range: range ?? null,
        error: errorOf(errors),
      }),
    ),
    instruments: Object.fromEntries(
      Object.entries(entry.instruments ?? {}).map(([tag, instrument]) => [tag, instrumentOf(instrument)]),
    ),
    laboratory: {
      standards: entry.laboratory?.standards ?? {},
      blankMax: entry.laboratory?.blankMax ?? Infinity,
    },
    plan: Object.fromEntries(
      Object.entries(entry.plan ?? {}).map(([result, { shift = null, day = null, better }]) => [
        result,
        { shift, day, better },
      ]),
    ),
  };
}

function resolveMetric(id: string, entry: MetricEntry): MetricConfig {
  const { title, kind, expression, unit, area, periods, inputs } = entry;
  return {
    id,
    title,
    kind: kind ?? null,
    expression: expression ?? null,
    unit: unit ?? null,
    area,
    periods,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, sourcesOf(input)])),
  };
}

export function sourcesOf(entry: InputEntry): InputConfig {
  if (typeof entry === "number") return inputOf({ take: "auto", value: entry });
  if (typeof entry === "string") return inputOf({ take: "auto", of: [entry] });
  return inputOf(isList(entry) ? { take: "auto", of: entry } : entry);
}

type InputMap = Exclude<InputEntry, number | string | string[]>;

function inputOf({ of = [], take, value, sd, errorOf: whose, unit, band }: InputMap): InputConfig {
  return {
    of: typeof of === "string" ? [of] : of,
    take,
    constant: value ?? null,
    constantU: sd ?? 0,
    errorOf: whose ?? null,
    unit: unit ?? null,
    band: band ?? null,
  };
}

function isList(entry: InputEntry): entry is string[] {
  return Array.isArray(entry);
}

function instrumentOf({ sameAs, ...errors }: NonNullable<InstrumentsEntry>[string]): InstrumentConfig {
  const isGiven = Object.keys(errors).length > 0;
  return { error: isGiven ? errorOf(errors) : null, sameAs: sameAs ?? null };
}

type SpreadEntry = number | string | readonly [string, number] | undefined;

function errorOf(entry: {
  readonly sd?: SpreadEntry;
  readonly random?: SpreadEntry;
  readonly correlation?: string | undefined;
}): ErrorConfig {
  const { sd, random, correlation } = entry;
  return {
    systematic: spreadOf(sd),
    random: spreadOf(random),
    correlationMs: correlation === undefined ? CORRELATION_MS : parseDuration(correlation),
  };
}

function spreadOf(entry: SpreadEntry): Spread {
  if (entry === undefined) return { relative: 0, absolute: 0 };
  if (typeof entry === "number") return { relative: 0, absolute: entry };
  if (typeof entry === "string") return { relative: shareOf(entry), absolute: 0 };
  return { relative: shareOf(entry[0]), absolute: entry[1] };
}

function shareOf(percent: string): number {
  return Number(percent.replace("%", "")) / 100;
}

function resolveFlowsheet(entry: FlowsheetEntry | undefined): Flowsheet {
  return {
    nodes: Object.entries(entry?.nodes ?? {}).map(([id, { title, area }]) => ({ id, title, area })),
    streams: Object.entries(entry?.streams ?? {}).map(([id, stream]) => ({
      id,
      title: stream.title ?? id,
      from: stream.from,
      to: stream.to,
      carries: carriedBy(stream),
      solids: stream.solids ?? null,
      water: stream.water ?? null,
      gold: stream.gold ?? null,
    })),
  };
}

/** What a stream carries: as it says, else what an ore or a pulp does. */
export function carriedBy({ carries, water }: StreamEntry): readonly Substance[] {
  return carries ?? (water === undefined ? ["solids", "gold"] : ["solids", "water", "gold"]);
}

type StreamEntry = Pick<FlowsheetEntry["streams"][string], "carries" | "water">;
