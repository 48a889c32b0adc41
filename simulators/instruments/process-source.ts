import type { Plant } from "../../src/config/plant.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { EngineeringValue } from "../codec/raw.ts";
import type { InstrumentFault } from "../plant/instruments.ts";
import { createPlantModel } from "../plant/model.ts";
import type { ModelOptions, PlantModel } from "../plant/model.ts";
import { isSetpoint, isWithin } from "../plant/setpoints.ts";
import { SIGNAL, SIGNALS } from "../plant/signal-list.ts";
import type { SignalId } from "../plant/signal-list.ts";
import { TOTALS } from "../plant/signals.ts";
import { instrumentSpecs } from "./instrument-specs.ts";
import { steadyState } from "./steady-state.ts";
import { readSteadyState } from "./steady-state-table.ts";
import type { ValueSource } from "./value-source.ts";

/** The process model as what the instruments show: it runs behind the clock and catches up when it is asked. */
export interface ProcessSource extends ValueSource {
  readonly model: PlantModel;
  /** When the model began, and the local time of day then, s. */
  readonly startMs: EpochMs;
  readonly startOfDayS: number;
  /** Has the model stop at a visitor's seconds on its way. */
  welcome(visitor: Visitor): void;
  /** Brings the model to this time; earlier times leave it where it is. */
  catchUp(time: EpochMs): void;
  /** Seconds of the model at a time. */
  secondsAt(time: EpochMs): number;
  /** What a tag shows when the instruments of the model read this. */
  valueWith(tag: Tag, time: EpochMs, readings: Float64Array): EngineeringValue;
  /** Begins a fault of a tag's instrument; the result ends it. Null for tags that are no signal of the model. */
  strike(tag: Tag, fault: InstrumentFault): (() => void) | null;
}

/** Somebody who comes by at certain seconds of the model. */
export interface Visitor {
  readonly nextS: number;
  visit(model: PlantModel): void;
}

/** A step of the clock that is larger than this is no time that has passed: the model goes on from where it is. */
const LEAP_S = 14 * 86_400;

/** Whether a plant has every tag that the process model measures. */
export function isModelled(plant: Plant): boolean {
  const ids = new Set(plant.tags.map(({ id }) => id));
  return SIGNALS.every((id) => ids.has(id));
}

export function processSource(
  plant: Plant,
  seed: number,
  startMs: EpochMs,
  options: ModelOptions,
): ProcessSource {
  const table = readSteadyState();
  const startOfDayS = secondOfDay(startMs, plant.timeZone);
  const model = createPlantModel({
    seed,
    instruments: instrumentSpecs(plant.tags, table),
    startOfDayS,
    ...options,
  });
  const others = steadyState(plant, seed, table);
  const courses = plant.tags.map((tag) => courseOf(tag, model, startMs, (time) => others.valueAt(tag, time)));
  const visitors: Visitor[] = [];
  let zeroMs = startMs;

  function run(untilS: number): void {
    while (model.timeS < untilS) {
      const stopS = visitors.reduce((soonest, { nextS }) => Math.min(soonest, nextS), untilS);
      model.step(Math.max(1, stopS - model.timeS));
      for (const visitor of visitors) if (visitor.nextS === model.timeS) visitor.visit(model);
    }
  }

  function catchUp(time: EpochMs): void {
    const ahead = Math.floor((time - zeroMs) / 1000) - model.timeS;
    if (ahead > LEAP_S) zeroMs = time - 1000 * model.timeS;
    else if (ahead > 0) run(model.timeS + ahead);
  }

  function valueWith(tag: Tag, time: EpochMs, readings: Float64Array): EngineeringValue {
    const course = courses[tag.index];
    if (course === undefined) throw new RangeError(`${tag.id} is no tag of ${plant.id}`);
    return course(time, readings);
  }

  return {
    model,
    startMs,
    startOfDayS,
    catchUp,
    valueWith,
    welcome: (visitor) => void visitors.push(visitor),
    secondsAt: (time) => (time - zeroMs) / 1000,
    strike: (tag, fault) => (isSignal(tag.id) ? model.strike(tag.id, fault) : null),
    valueAt(tag, time) {
      catchUp(time);
      return valueWith(tag, time, model.readings);
    },
    takes: ({ id }) => isSetpoint(id),
    write({ id }, value, time) {
      if (!isSetpoint(id) || !isWithin(id, Number(value))) return false;
      catchUp(time);
      model.set(id, Number(value));
      return true;
    },
  };
}

const TOTAL_PLACES: ReadonlySet<number> = new Set(TOTALS.map(([, total]) => total));

type Course = (time: EpochMs, readings: Float64Array) => EngineeringValue;

/** Totals go on from what years of steady running would have counted until the start. */
function courseOf(
  tag: Tag,
  model: PlantModel,
  startMs: EpochMs,
  otherwise: (time: EpochMs) => EngineeringValue,
): Course {
  const { id, type } = tag;
  if (isSetpoint(id)) return () => model.setpoint(id);
  if (!isSignal(id)) return otherwise;
  const place = SIGNAL[id];
  if (type === "bool") return (_, readings) => readings[place] !== 0;
  const before = TOTAL_PLACES.has(place) ? Number(otherwise(startMs)) : 0;
  return (_, readings) => before + (readings[place] as number);
}

function isSignal(id: string): id is SignalId {
  return Object.hasOwn(SIGNAL, id);
}

/** Seconds after local midnight. */
function secondOfDay(time: EpochMs, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" });
  const [hours = 0, minutes = 0, seconds = 0] = format.format(time).split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
