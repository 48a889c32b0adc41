import { expect, test } from "vitest";
import { createAnnunciator, SILENCE_MS } from "../../../src/alarms/annunciator.ts";
import type { Annunciator } from "../../../src/alarms/annunciator.ts";
import type { AlarmPriority, AlarmState } from "../../../src/domain/alarm.ts";
import { START } from "../../support/alarm-bench.ts";

function moved(
  annunciator: Annunciator,
  alarm: string,
  [from, to]: readonly [AlarmState, AlarmState],
  afterMs: number,
  priority: AlarmPriority = 2,
): void {
  annunciator.take({ alarm, priority, at: START + afterMs, from, to });
}

const COMES = ["NORM", "UNACK"] as const;

test("what calls is heard until somebody takes note of it or it goes; diagnostic alarms are not heard", () => {
  const annunciator = createAnnunciator([]);
  moved(annunciator, "A", COMES, 0);
  moved(annunciator, "B", COMES, 1_000, 1);
  moved(annunciator, "C", COMES, 2_000, 4);
  moved(annunciator, "D", COMES, 3_000);
  expect(annunciator.view(START + 3_000).calls).toEqual([
    { priority: 1, alarms: 1, last: START + 1_000 },
    { priority: 2, alarms: 2, last: START + 3_000 },
  ]);
  moved(annunciator, "D", ["UNACK", "RTNUN"], 4_000);
  moved(annunciator, "B", ["UNACK", "ACK"], 4_000, 1);
  expect(annunciator.view(START + 4_000).calls).toEqual([{ priority: 2, alarms: 1, last: START }]);
});

test("a ranking is no new call, and an alarm that comes again is", () => {
  const annunciator = createAnnunciator([]);
  moved(annunciator, "A", COMES, 0);
  moved(annunciator, "A", ["UNACK", "UNACK"], 2_000);
  expect(annunciator.view(START).calls[0]?.last).toBe(START);
  moved(annunciator, "A", ["UNACK", "RTNUN"], 3_000);
  moved(annunciator, "A", ["RTNUN", "UNACK"], 4_000);
  expect(annunciator.view(START).calls[0]?.last).toBe(START + 4_000);
});

test("each console is silenced by itself, by somebody, and for a time", () => {
  const annunciator = createAnnunciator([]);
  moved(annunciator, "A", COMES, 0);
  annunciator.silence("room", "Ana", START + 1_000);
  annunciator.silence("tablet", "Luis", START + 2_000);
  annunciator.silence("room", "Eva", START + 3_000);
  expect(annunciator.view(START + 4_000).silences).toEqual([
    { console: "tablet", by: "Luis", at: START + 2_000, until: START + 2_000 + SILENCE_MS },
    { console: "room", by: "Eva", at: START + 3_000, until: START + 3_000 + SILENCE_MS },
  ]);
  expect(annunciator.view(START + 2_000 + SILENCE_MS).silences.map(({ console }) => console)).toEqual([
    "room",
  ]);
});

test("what nobody had taken note of before a restart is heard again, and nothing is silenced", () => {
  const annunciator = createAnnunciator([
    { alarm: "A", priority: 1, state: "UNACK", at: START },
    { alarm: "B", priority: 1, state: "ACK", at: START },
  ]);
  expect(annunciator.view(START)).toEqual({
    calls: [{ priority: 1, alarms: 1, last: START }],
    silences: [],
    lastTenMinutes: 0,
    isFlood: false,
  });
});

test("not more consoles are remembered than a plant can have", () => {
  const annunciator = createAnnunciator([]);
  for (let console = 0; console < 200; console++) annunciator.silence(`c${console}`, "Ana", START);
  const { silences } = annunciator.view(START);
  expect(silences).toHaveLength(64);
  expect(silences.at(-1)?.console).toBe("c199");
});

test("a flood begins with the eleventh call of ten minutes and ends when fewer than five are left", () => {
  const annunciator = createAnnunciator([]);
  for (let call = 0; call < 10; call++) moved(annunciator, `A${call}`, COMES, call * 1_000);
  expect(annunciator.view(START + 10_000)).toMatchObject({ lastTenMinutes: 10, isFlood: false });
  moved(annunciator, "B", COMES, 11_000);
  expect(annunciator.view(START + 11_000)).toMatchObject({ lastTenMinutes: 11, isFlood: true });
  expect(annunciator.view(START + 605_500)).toMatchObject({ lastTenMinutes: 5, isFlood: true });
  expect(annunciator.view(START + 606_500)).toMatchObject({ lastTenMinutes: 4, isFlood: false });
});
