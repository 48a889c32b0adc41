import { say } from "../../src/domain/said.ts";
import { UnfitWish } from "../../src/domain/simulation.ts";
import { createBooks } from "./books.ts";
import { SLOW_STEP_S } from "./constants.ts";
import { hoursSinceReactor, stepFlowsheet } from "./flowsheet.ts";
import type { Flowsheet } from "./flowsheet.ts";
import { createInstruments } from "./instruments.ts";
import type { InstrumentFault, InstrumentSpec } from "./instruments.ts";
import { createLedger } from "./ledger.ts";
import { createMine } from "./mine.ts";
import type { Disturbances } from "./mine.ts";
import { REFERENCE_LOT } from "./ore.ts";
import type { Lot } from "./ore.ts";
import { createPlc } from "./plc.ts";
import { isWithin, SETPOINTS } from "./setpoints.ts";
import type { SetpointName } from "./setpoints.ts";
import { SIGNAL, SIGNALS } from "./signal-list.ts";
import type { SignalId } from "./signal-list.ts";
import { countTotals, writeSignals } from "./signals.ts";
import { startFrom } from "./start-profile.ts";
import type { StartProfile } from "./start-profile.ts";
import { truthOf, windowBetween } from "./truth.ts";
import type { Truth, TruthWindow } from "./truth.ts";
import { createUnits } from "./units.ts";
import { UPSETS } from "./upsets.ts";
import type { Upset, UpsetName } from "./upsets.ts";

export interface ModelOptions {
  /** Of all random streams; 1 when absent. */
  readonly seed?: number;
  /** `steady` (usual): as if it had run for weeks. `empty`: ore in the bins, fresh carbon, nothing else. */
  readonly profile?: StartProfile;
  /** Ore; the reference ore of 12 g/t when absent. */
  readonly lots?: readonly Lot[];
  readonly disturbances?: Disturbances;
  /** Flushes, daily leach batches, carbon transfer, elution and pours; true when absent. False takes their time-average, which is
   *  what the reference figures are computed with. */
  readonly hasBatches?: boolean;
  /** By place of the signal; readings are the truth when absent. */
  readonly instruments?: readonly InstrumentSpec[];
  /** Time of day at the start, s after midnight; 07:00 when absent. */
  readonly startOfDayS?: number;
}

/** The plant in software. */
export interface PlantModel {
  /** Since the start, s. */
  readonly timeS: number;
  /** What is true, by place of the tag in SIGNALS, in the tags' units. */
  readonly signals: Float64Array;
  /** What the instruments show, likewise. */
  readonly readings: Float64Array;
  /** Moves on by whole seconds. */
  step(seconds: number): void;
  signal(tag: SignalId): number;
  reading(tag: SignalId): number;
  /** Throws RangeError for a value beyond the setpoint's limits. */
  set(name: SetpointName, value: number): void;
  setpoint(name: SetpointName): number;
  /** Begins an upset of the process; the result ends it. */
  upset(name: UpsetName, amount?: number): () => void;
  /** Begins a fault of an instrument; the result ends it. Throws where the model runs without instruments. */
  strike(tag: SignalId, fault: InstrumentFault): () => void;
  truth(): Truth;
  /** What happened between two times since the start, s. */
  truthBetween(fromS: number, toS: number): TruthWindow;
  /** The plant itself, for those who look deeper. */
  readonly sheet: Flowsheet;
}

const DAY_S = 86_400;
const MORNING_S = 7 * 3600;

export function createPlantModel(options: ModelOptions = {}): PlantModel {
  const seed = options.seed ?? 1;
  const signals = new Float64Array(SIGNALS.length);
  rehearse(options, seed, signals);
  const sheet = createSheet(options, seed, signals);
  const instruments =
    options.instruments === undefined ? null : createInstruments(options.instruments, signals, seed);
  const plant = instruments === null ? sheet : { ...sheet, readings: instruments.readings };
  const books = createBooks(plant);

  function stepOnce(): void {
    stepFlowsheet(plant);
    writeSignals(plant, signals);
    countTotals(signals);
    instruments?.read(signals, plant.timeS);
    books.keep(plant);
  }

  function truthBetween(fromS: number, toS: number): TruthWindow {
    return windowBetween(fromS, toS, books.at(fromS, plant), books.at(toS, plant));
  }

  return {
    get timeS() {
      return plant.timeS;
    },
    signals,
    readings: plant.readings,
    sheet: plant,
    step(seconds) {
      for (let i = 0; i < seconds; i++) stepOnce();
    },
    signal: (tag) => signals[SIGNAL[tag]] as number,
    reading: (tag) => plant.readings[SIGNAL[tag]] as number,
    set: (name, value) => SETPOINTS[name].write(plant.plc, checked(name, value)),
    setpoint: (name) => SETPOINTS[name].read(plant.plc),
    upset(name, amount) {
      const upset: Upset = UPSETS[name];
      upset.begin(plant, amount ?? upset.usualAmount);
      return () => upset.end(plant);
    },
    strike(tag, fault) {
      if (instruments === null) throw new Error("A model without instruments has none to strike.");
      return instruments.strike(SIGNAL[tag], fault, plant.timeS);
    },
    truth: () => truthOf(plant, truthBetween(Math.max(0, plant.timeS - DAY_S), plant.timeS)),
    truthBetween,
  };
}

function createSheet(options: ModelOptions, seed: number, readings: Float64Array): Flowsheet {
  const units = createUnits();
  const plc = createPlc();
  const lots = options.lots ?? [REFERENCE_LOT];
  const startOfDayS = options.startOfDayS ?? MORNING_S;
  const isAveraged = options.hasBatches === false;
  startFrom(options.profile ?? "steady", units, plc, lots, isAveraged ? 0 : hoursSinceReactor(startOfDayS));
  return {
    units,
    plc,
    ledger: createLedger(),
    mine: createMine(lots, options.disturbances ?? {}, seed),
    readings,
    isAveraged,
    startOfDayS,
    timeS: 0,
  };
}

/** Signals that say what a step has found (flows, powers) are not known before the first one: a plant of its own takes a few steps to
 *  find them out. Temperatures have long been reached. */
function rehearse(options: ModelOptions, seed: number, signals: Float64Array): void {
  const sheet = createSheet(options, seed, signals);
  for (const [tag, value] of WARM) signals[SIGNAL[tag]] = value;
  writeSignals(sheet, signals);
  for (let i = 0; i < SLOW_STEP_S; i++) {
    stepFlowsheet(sheet);
    writeSignals(sheet, signals);
  }
}

const WARM: readonly (readonly [SignalId, number])[] = [
  ["TT-103", 55],
  ["TT-107", 48],
  ["TT-203A", 46],
  ["TT-203B", 46.5],
  ["TT-204A", 46],
  ["TT-204B", 46.5],
  ["TT-304", 20],
  ["TT-501", 60],
  ["TT-505", 700],
  ["MT-201", 3.5],
];

function checked(name: SetpointName, value: number): number {
  const { low, high } = SETPOINTS[name];
  if (!isWithin(name, value))
    throw new UnfitWish(say("setpoint-range", { setpoint: name, low, high, value }));
  return value;
}
