import type { Plant } from "../src/config/plant.ts";
import type { Clock, EpochMs } from "../src/domain/time.ts";
import { isModelled, processSource } from "./instruments/process-source.ts";
import type { ProcessSource } from "./instruments/process-source.ts";
import type { Assay } from "./laboratory/assay.ts";
import { createCouriers } from "./laboratory/couriers.ts";
import type { Couriers } from "./laboratory/couriers.ts";
import { createDelivery } from "./laboratory/delivery.ts";
import { createLaboratory, reportedBy, visit } from "./laboratory/laboratory.ts";
import type { Laboratory } from "./laboratory/laboratory.ts";
import { recordPast } from "./past.ts";
import type { Past } from "./past.ts";
import type { ModelOptions } from "./plant/model.ts";
import type { SetpointName } from "./plant/setpoints.ts";
import type { Truth, TruthWindow } from "./plant/truth.ts";
import type { Scenario } from "./scenario.ts";

/** What a simulated plant can tell and take besides its sockets when the process model stands behind it. All of these throw where
 *  a plant is simulated from a table. */
export interface ProcessView {
  /** What it did before the start; null when it begins with it, or where there is no process. */
  readonly past: Past | null;
  /** What is true now. */
  truth(): Truth;
  /** What happened between two times. Throws RangeError for times that the books do not reach to. */
  truthBetween(from: EpochMs, to: EpochMs): TruthWindow;
  /** Does what an operator does at a setpoint. Throws RangeError for a value beyond its limits. */
  set(setpoint: SetpointName, value: number): void;
  setpoint(setpoint: SetpointName): number;
  /** What the laboratory has reported so far, oldest first. */
  assays(): readonly Assay[];
  /** Has the laboratory hand its results to a gateway. */
  postAssays: Couriers["send"];
}

export interface Process {
  readonly view: ProcessView;
  readonly source: ProcessSource;
  readonly laboratory: Laboratory;
  /** Brings the model up with the clock, and the laboratory's files with the model. */
  refresh(): void;
  /** Does so again and again, so that nobody who asks has to wait for it. */
  keepUp(): void;
  stop(): void;
}

export interface ProcessOptions {
  readonly seed: number;
  readonly model: ModelOptions;
  /** Where the laboratory drops its files; it drops none when absent. */
  readonly assayDir: string | null;
  /** How long results take as a share of what is usual; 1 when absent. */
  readonly turnaround?: number | undefined;
  /** How long it has been running already, ms; not at all when absent. A day takes about a second. */
  readonly pastMs?: number | undefined;
}

const KEEP_UP_MS = 1000;

/** The process behind a plant; null when the plant is not the one that is modelled. */
export function createProcess(
  plant: Plant,
  clock: Clock,
  { seed, model, assayDir, turnaround = 1, pastMs = 0 }: ProcessOptions,
): Process | null {
  if (!isModelled(plant)) return null;
  const startMs = clock.now();
  const source = processSource(plant, seed, startMs - pastMs, model);
  const laboratory = laboratoryAt(source, seed, turnaround);
  const couriers = createCouriers(laboratory, { from: startMs - pastMs, to: startMs });
  const delivery = assayDir === null ? null : createDelivery(assayDir);
  let cancel = (): void => {};

  const past = pastMs > 0 ? recordPast(source, plant.tags, startMs) : null;
  source.catchUp(startMs);

  function now(): EpochMs {
    const time = clock.now();
    source.catchUp(time);
    return time;
  }

  function refresh(): void {
    const time = now();
    delivery?.deliver(reportedBy(laboratory, time), time);
    couriers.deliver(time);
  }

  function keepUp(): void {
    refresh();
    cancel = clock.schedule(KEEP_UP_MS, keepUp);
  }

  const view: ProcessView = {
    past,
    ...modelView(source, now),
    assays: () => reportedBy(laboratory, now()),
    postAssays: (url, refused, token) => couriers.send(url, refused, token),
  };

  return {
    view,
    source,
    laboratory,
    refresh,
    keepUp,
    stop() {
      cancel();
      couriers.stop();
    },
  };
}

/** `catchUp` brings the model up with the clock. */
function modelView(
  source: ProcessSource,
  catchUp: () => void,
): Pick<ProcessView, "truth" | "truthBetween" | "set" | "setpoint"> {
  const { model } = source;
  return {
    truth() {
      catchUp();
      return model.truth();
    },
    truthBetween(from, to) {
      catchUp();
      return model.truthBetween(source.secondsAt(from), source.secondsAt(to));
    },
    set(setpoint, value) {
      catchUp();
      model.set(setpoint, value);
    },
    setpoint: (setpoint) => model.setpoint(setpoint),
  };
}

/** A laboratory that comes by as the process runs. */
function laboratoryAt(source: ProcessSource, seed: number, turnaround: number): Laboratory {
  const laboratory = createLaboratory(seed, source.startMs, source.startOfDayS, turnaround);
  source.welcome({
    get nextS() {
      return laboratory.nextS;
    },
    visit: (model) => visit(laboratory, model),
  });
  return laboratory;
}

/** The view of a plant without a process. */
export function noProcess(plant: Plant): ProcessView {
  const refuse = (): never => {
    throw new Error(`${plant.id} is simulated from a table: there is no process behind it.`);
  };
  return {
    past: null,
    truth: refuse,
    truthBetween: refuse,
    set: refuse,
    setpoint: refuse,
    assays: refuse,
    postAssays: refuse,
  };
}

/** The model as a scenario wants it. */
export function modelOf({ profile, lots, disturbances, hasBatches }: Scenario): ModelOptions {
  return { profile, lots, disturbances, hasBatches };
}

/** Sets what the scenario sets, at its times. The result calls off what is still to come. */
export function scheduleSettings(process: Process, { settings }: Scenario, clock: Clock): () => void {
  const cancels = settings.map(({ atMs, tag, value }) =>
    clock.schedule(atMs, () => process.view.set(tag, value)),
  );
  return () => {
    for (const cancel of cancels) cancel();
  };
}
