import type { Plant } from "../../src/config/plant.ts";
import { unitSymbol } from "../../src/domain/unit.ts";
import { durationMs } from "../duration.ts";
import { instrumentFault } from "../faults/instrument-fault.ts";
import { FAULTS } from "../faults/catalogue.ts";
import type { FaultName, FaultRequest } from "../faults/catalogue.ts";
import { instrumentSpecs } from "../instruments/instrument-specs.ts";
import { readSteadyState } from "../instruments/steady-state-table.ts";
import { createPlantModel } from "../plant/model.ts";
import type { PlantModel } from "../plant/model.ts";
import { SIGNAL } from "../plant/signal-list.ts";
import type { SignalId } from "../plant/signal-list.ts";
import { isUpset } from "../plant/upsets.ts";
import { modelOf } from "../process-plant.ts";
import type { Scenario } from "../scenario.ts";
import type { Mark, Picture, Trend } from "./svg.ts";

/** Points of a line: as many as a screen can show. */
const POINTS = 900;

interface Event {
  readonly atS: number;
  readonly act: () => void;
}

interface Hidden {
  readonly title: string;
  readonly unit: string;
  readonly of: (model: PlantModel) => number;
}

/** What no instrument shows, by name. */
const HIDDEN: Readonly<Record<string, Hidden>> = {
  recovery: {
    title: "Gold recovered in the last 24 h",
    unit: "%",
    of: (model) => 100 * (model.truth().recovery ?? NaN),
  },
  "feed-grade": {
    title: "Gold in mill feed",
    unit: "g/t",
    of: (model) => model.truth().grades.feed ?? NaN,
  },
  "tails-grade": {
    title: "Gold in tailings solids",
    unit: "g/t",
    of: (model) => model.truth().grades.tails ?? NaN,
  },
  "tails-solution": {
    title: "Gold in solution, CIL 5",
    unit: "mg/L",
    of: (model) => model.truth().grades.solutions.at(-1) ?? NaN,
  },
  "gold-on-carbon": {
    title: "Gold on carbon",
    unit: "g",
    of: (model) => model.truth().inventory.goldOnCarbonG,
  },
  "carbon-1": {
    title: "Gold on carbon of CIL 1",
    unit: "g/t",
    of: (model) => model.truth().grades.carbon[0] ?? NaN,
  },
  "carbon-2": {
    title: "Gold on carbon of CIL 2",
    unit: "g/t",
    of: (model) => model.truth().grades.carbon[1] ?? NaN,
  },
};

/** Runs a scenario on the model alone and collects its trends. Faults on the wire leave no trace in them. */
export function trendsOf(scenario: Scenario, plant: Plant, seed: number): Picture {
  const instruments = instrumentSpecs(plant.tags, readSteadyState());
  const model = createPlantModel({ ...modelOf(scenario), seed, instruments });
  const events = eventsOf(scenario, plant, model);
  const stepS = Math.max(1, Math.round(scenario.durationMs / 1000 / POINTS));
  const count = Math.floor(scenario.durationMs / 1000 / stepS) + 1;
  const panels = scenario.plot.map((names) => names.map((name) => startTrend(name, plant)));
  const all = panels.flat();
  const hours: number[] = [];
  for (let i = 0; i < count; i++) {
    if (i > 0) runTo(model, i * stepS, events, all);
    hours.push(model.timeS / 3600);
    for (const trend of all) keepPoint(trend, model);
  }
  const marks = marksOf(scenario);
  return { title: scenario.title, subtitle: scenario.description, hours, panels, marks };
}

/** Faults and what operators did, in order of time. */
function marksOf({ faults, settings, durationMs: wholeMs }: Scenario): Mark[] {
  const hour = (ms: number): number => Math.min(ms, wholeMs) / 3_600_000;
  const struck = faults.map(({ fault, at = 0, for: lasting, ...request }) => {
    const what = request.tag ?? request.device ?? request.connection;
    const fromMs = durationMs(at);
    const toMs = lasting === undefined ? wholeMs : fromMs + durationMs(lasting);
    return { name: what === undefined ? fault : `${fault} ${what}`, from: hour(fromMs), to: hour(toMs) };
  });
  const set = settings.map(({ atMs, tag, value }) => {
    return { name: `${tag} = ${value}`, from: hour(atMs), to: hour(atMs) };
  });
  return [...struck, ...set].sort((one, other) => one.from - other.from);
}

interface GrowingTrend extends Trend {
  readonly place: number;
  readonly hidden: ((model: PlantModel) => number) | null;
  readonly truth: number[];
  readonly band: { readonly low: number[]; readonly high: number[] } | null;
  /** Extremes since the last point. */
  low: number;
  high: number;
}

/** Throws RangeError when nothing has this name. */
function startTrend(name: string, plant: Plant): GrowingTrend {
  const fresh = { name, truth: [], low: Infinity, high: -Infinity };
  const hidden = HIDDEN[name];
  if (hidden !== undefined)
    return { ...fresh, title: hidden.title, unit: hidden.unit, place: -1, hidden: hidden.of, band: null };
  const tag = plant.tags.find(({ id }) => id === name);
  const place = SIGNAL[name as SignalId];
  if (tag === undefined || place === undefined)
    throw new RangeError(
      `There is nothing to plot called "${name}": give a tag or ${Object.keys(HIDDEN).join(", ")}.`,
    );
  const { title } = tag;
  return { ...fresh, title, unit: unitSymbol(tag.unit), place, hidden: null, band: { low: [], high: [] } };
}

/** Moves on to a second, stopping for every event, and watches the readings meanwhile. */
function runTo(model: PlantModel, untilS: number, events: Event[], trends: readonly GrowingTrend[]): void {
  while (model.timeS < untilS) {
    while (events[0] !== undefined && events[0].atS <= model.timeS) events.shift()?.act();
    model.step(1);
    for (const trend of trends) watch(trend, model.readings);
  }
}

function watch(trend: GrowingTrend, readings: Float64Array): void {
  if (trend.band === null) return;
  const value = readings[trend.place] ?? NaN;
  if (value < trend.low) trend.low = value;
  if (value > trend.high) trend.high = value;
}

function keepPoint(trend: GrowingTrend, model: PlantModel): void {
  trend.truth.push(trend.hidden === null ? (model.signals[trend.place] ?? NaN) : trend.hidden(model));
  if (trend.band === null) return;
  const shown = model.readings[trend.place] ?? NaN;
  trend.band.low.push(Math.min(trend.low, shown));
  trend.band.high.push(Math.max(trend.high, shown));
  trend.low = Infinity;
  trend.high = -Infinity;
}

function eventsOf({ settings, faults }: Scenario, plant: Plant, model: PlantModel): Event[] {
  const set = settings.map(({ atMs, tag, value }) => ({
    atS: atMs / 1000,
    act: () => model.set(tag, value),
  }));
  const struck = faults.flatMap((request) => faultEvents(request, plant, model));
  return [...set, ...struck].sort((one, other) => one.atS - other.atS);
}

function faultEvents(request: FaultRequest, plant: Plant, model: PlantModel): Event[] {
  const begin = beginning(request, plant, model);
  if (begin === null) return [];
  const atS = durationMs(request.at ?? 0) / 1000;
  let end = (): void => {};
  const start: Event = {
    atS,
    act() {
      end = begin();
    },
  };
  return request.for === undefined
    ? [start]
    : [start, { atS: atS + durationMs(request.for) / 1000, act: () => end() }];
}

/** Null for faults that the model knows nothing of. */
function beginning(request: FaultRequest, plant: Plant, model: PlantModel): (() => () => void) | null {
  const { fault, amount } = request;
  if (isUpset(fault)) return () => model.upset(fault, amount);
  const tag = plant.tags.find(({ id }) => id === request.tag);
  if (tag === undefined || !Object.hasOwn(FAULTS, fault)) return null;
  const struck = instrumentFault(fault as FaultName, request, tag);
  return struck === null ? null : () => model.strike(tag.id as SignalId, struck);
}
