import { join } from "node:path";
import { expect, test } from "vitest";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import type { PlantModel } from "../../simulators/plant/model.ts";
import { isSetpoint } from "../../simulators/plant/setpoints.ts";
import { SIGNAL } from "../../simulators/plant/signal-list.ts";
import type { SignalId } from "../../simulators/plant/signal-list.ts";
import { createAlarmEngine } from "../../src/alarms/engine.ts";
import type { AlarmEngine } from "../../src/alarms/engine.ts";
import { loadPlant } from "../../src/config/load.ts";
import type { AlarmTransition } from "../../src/domain/alarm.ts";
import { Status } from "../../src/domain/status.ts";
import { exactly } from "../../src/domain/figure.ts";
import type { Figure } from "../../src/domain/figure.ts";
import { compileAlarms } from "../../src/gateway/alarms/compile.ts";
import type { BoundInput } from "../../src/gateway/metrics/binding.ts";
import { compileMetrics } from "../../src/gateway/metrics/compile.ts";
import { createInstants } from "../../src/gateway/metrics/instant.ts";
import { outlinesOf } from "../../src/gateway/metrics/outlines.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";

const plant = loadPlant(join(import.meta.dirname, "../../devices/plants/puma.yaml"));
const { metrics } = compileMetrics(plant);
const set = compileAlarms(plant, outlinesOf(metrics));
const INSTANT = new Set(metrics.filter(({ periods }) => periods.includes("instant")).map(({ id }) => id));
const START = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60;

interface Watched {
  readonly model: PlantModel;
  readonly engine: AlarmEngine;
  readonly told: AlarmTransition[];
  /** From now on nothing can be read of this tag. */
  fail(tag: string): void;
  /** The plant goes on, read and judged every second. */
  pass(seconds: number): void;
}

/** What stands in a formula that no instrument shows; nobody has assayed anything. */
function constantOf({ sources }: BoundInput): Figure | null {
  const constant = sources.find((source) => source.from === "constant");
  return constant === undefined ? null : exactly(constant.value * constant.factor + constant.offset, "1");
}

/** The process model with its noisy instruments, and the alarms of the plant on what they show and on the figures of the
 *  present. Devices answer, and what the model does not measure is not known. */
function watch(): Watched {
  const model = createPlantModel({
    seed: 4,
    hasBatches: false,
    instruments: instrumentSpecs(plant.tags, readSteadyState()),
  });
  const values = plant.tags.map(({ id }): (() => number) => {
    if (isSetpoint(id)) return () => model.setpoint(id);
    const place = SIGNAL[id as SignalId];
    return () => model.readings[place] as number;
  });
  const told: AlarmTransition[] = [];
  const failed = new Set<number>();
  let beats = 0;
  const now = (): number => START + model.timeS * 1_000;
  const valueOf = (source: number): number => {
    const tag = plant.tags[source];
    if (tag === undefined) return valueOfExtra(set.extras[source - plant.tags.length]);
    return tag.id.startsWith("KQ-") ? beats : (values[source] as () => number)();
  };
  const valueOfExtra = (extra: (typeof set.extras)[number] | undefined): number => {
    if (extra?.from === "device") return 0;
    if (extra?.from !== "metric" || !INSTANT.has(extra.id)) return NaN;
    return instants.latest(extra.id, now())?.value ?? NaN;
  };
  const statusOf = (source: number): number => {
    if (failed.has(source)) return Status.BadSensorFailure;
    return Number.isNaN(valueOf(source)) ? Status.BadWaitingForInitialData : Status.Good;
  };
  const instants = createInstants(metrics, { valueOf, statusOf }, constantOf);
  const engine = createAlarmEngine(
    set.rules,
    { valueOf, statusOf, timeOf: now },
    [],
    (transition) => void told.push(transition),
  );
  return {
    model,
    engine,
    told,
    fail: (tag) => void failed.add(plant.tags.findIndex(({ id }) => id === tag)),
    pass(seconds) {
      for (let second = 0; second < seconds; second++) {
        model.step(1);
        beats++;
        const at = { now: now(), monotonicMs: model.timeS * 1_000 };
        instants.step(at.now);
        for (const { index } of plant.tags) engine.take(index, valueOf(index), statusOf(index), at.now, at);
        engine.sweep(at);
      }
    },
  };
}

const indexOf = new Map(set.rules.map(({ id }, index) => [id, index]));

function stateOf({ engine }: Watched, alarm: string): string {
  return engine.reading(indexOf.get(alarm) as number).standing.state;
}

function ask({ engine, model }: Watched, alarm: string, action: "acknowledge"): string | null {
  const at = { now: START + model.timeS * 1_000, monotonicMs: model.timeS * 1_000 };
  const request = { action, by: "Ana", reason: null, forMs: null, second: null };
  return engine.act(indexOf.get(alarm) as number, request, at)?.sentence ?? null;
}

const calls = ({ told }: Watched): AlarmTransition[] => told.filter(({ to }) => to === "UNACK");

test("a plant that runs as it should calls nobody", () => {
  const puma = watch();
  puma.pass(4 * 3_600);
  expect(calls(puma).map(({ alarm, at, value }) => `${alarm} ${(at - START) / 1000} ${value}`)).toEqual([]);
});

/** Minutes from `beginS` to the first call of each alarm, in the order in which they came. */
function minutesOf(watched: Watched, beginS: number): Map<string, number> {
  const minutes = new Map<string, number>();
  for (const { alarm, at } of calls(watched))
    if (!minutes.has(alarm)) minutes.set(alarm, ((at - START) / 1_000 - beginS) / MINUTE);
  return minutes;
}

test("without lime the alarms come as pH falls and HCN rises: low, HCN high, the interlock and very low, HCN very high", () => {
  const puma = watch();
  puma.pass(10 * MINUTE);
  const end = puma.model.upset("lime-feeder-trip");
  const begin = puma.model.timeS;
  puma.pass(110 * MINUTE);
  const minutes = minutesOf(puma, begin);
  // Times of the first tank alone, and the lime that the mills hold for 17 to 20 minutes more.
  const holdUp = 18.5;
  const expected: Readonly<Record<string, number>> = {
    "AT-401A.L": 27 + holdUp,
    "AT-491.H": 29 + holdUp,
    "XS-602P.OFF": 45 + holdUp,
    "AT-401A.LL": 45 + holdUp,
    "AT-491.HH": 59 + holdUp,
  };
  for (const [alarm, minute] of Object.entries(expected))
    expect(
      Math.abs((minutes.get(alarm) ?? Infinity) - minute),
      `${alarm} at ${minutes.get(alarm)}`,
    ).toBeLessThan(3);
  const order = [...minutes.keys()].filter((alarm) => alarm in expected);
  expect(order).toEqual(["AT-401A.L", "AT-491.H", "XS-602P.OFF", "AT-401A.LL", "AT-491.HH"]);
  const states = (): unknown[] => Object.keys(expected).map((alarm) => stateOf(puma, alarm));
  for (const alarm of Object.keys(expected)) expect(ask(puma, alarm, "acknowledge")).toBeNull();
  expect(states()).toEqual(["ACK", "ACK", "ACK", "ACK", "ACK"]);
  end();
  puma.model.set("FFIC-603.SP", 1.7);
  puma.pass(150 * MINUTE);
  // The permit does not come back by itself.
  expect(states()).toEqual(["NORM", "NORM", "ACK", "NORM", "NORM"]);
});

test("without SMBS its own alarm comes before that of the cyanide, which comes at 25 and at 50 mg/L", () => {
  const puma = watch();
  puma.pass(10 * MINUTE);
  puma.model.upset("smbs-pump-trip");
  const begin = puma.model.timeS;
  puma.pass(70 * MINUTE);
  const minutes = minutesOf(puma, begin);
  expect([...minutes.keys()].filter((alarm) => /^(FT-604|AT-703)/u.test(alarm))).toEqual([
    "FT-604.L",
    "AT-703.H",
    "AT-703.HH",
  ]);
  expect(minutes.get("FT-604.L")).toBeLessThan(2);
  // The analyser shows every 15 min what was true 10 min before.
  expect(minutes.get("AT-703.H")).toBeGreaterThan(11);
  expect(minutes.get("AT-703.H")).toBeLessThan(11 + 10 + 15 + 3);
});

test("a mill that packs calls when it gets heavy and quiet and again when its power falls, and the other one does not", () => {
  const puma = watch();
  puma.pass(10 * MINUTE);
  puma.model.upset("mill-overload", 0);
  const begin = puma.model.timeS;
  puma.pass(50 * MINUTE);
  const minutes = minutesOf(puma, begin);
  expect(minutes.get("PACKING-2.L")).toBeGreaterThan(10);
  expect(minutes.get("PACKING-2.L")).toBeLessThan(25);
  expect(minutes.get("OVERLOAD-2.ON")).toBeGreaterThan(20);
  expect(minutes.get("OVERLOAD-2.ON")).toBeLessThan(40);
  expect(minutes.has("PACKING-1.L") || minutes.has("OVERLOAD-1.ON")).toBe(false);
});

test("a pH probe that fails clears no alarm, and has its own", () => {
  const puma = watch();
  puma.pass(10 * MINUTE);
  puma.model.upset("lime-feeder-trip");
  puma.pass(75 * MINUTE);
  expect(stateOf(puma, "AT-401A.LL")).toBe("UNACK");
  puma.fail("AT-401A");
  puma.pass(30 * MINUTE);
  expect(stateOf(puma, "AT-401A.LL")).toBe("UNACK");
  expect(stateOf(puma, "AT-401A.BAD")).toBe("UNACK");
});
