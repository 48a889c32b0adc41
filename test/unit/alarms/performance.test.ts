import { expect, test } from "vitest";
import { alarmPerformance } from "../../../src/alarms/performance.ts";
import type { AlarmEvent, AlarmPerformance, AlarmPriority, AlarmState } from "../../../src/domain/alarm.ts";
import { Status } from "../../../src/domain/status.ts";

const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 10, 22, 12);

let sequence = 0;

function event(alarm: string, s: number, to: AlarmState, priority: AlarmPriority = 3): AlarmEvent {
  const at = FROM + 1_000 * s;
  const from = to === "UNACK" ? "NORM" : "UNACK";
  const standing = {
    alarm,
    state: to,
    since: at,
    activeSince: to === "UNACK" ? at : null,
    until: null,
    by: null,
    reason: null,
    firstOut: null,
  };
  const cause = to === "UNACK" ? "alarm" : to === "RTNUN" ? "return" : "acknowledge";
  return {
    sequence: sequence++,
    alarm,
    priority,
    at,
    cause,
    from,
    to,
    value: 1,
    status: Status.Good,
    limit: 0,
    standing,
  };
}

const measure = ({ measures }: AlarmPerformance, name: string) => measures.find((one) => one.name === name);
const judged = (events: readonly AlarmEvent[], hours = 1): AlarmPerformance =>
  alarmPerformance({ from: FROM, to: FROM + hours * HOUR, events, standings: [] });

test("a quiet shift is acceptable and a flood is found where it was", () => {
  expect(measure(judged([event("a", 5, "UNACK")]), "alarms per 10 minutes")).toMatchObject({
    value: 1 / 6,
    rating: "acceptable",
  });
  const flood = Array.from({ length: 30 }, (_, index) => event(`a${index}`, 605 + index, "UNACK"));
  const performance = judged(flood);
  expect(performance.perTenMinutes).toEqual([0, 30, 0, 0, 0, 0]);
  expect(performance.floods).toEqual([{ from: FROM + 600_000, to: FROM + 1_200_000, alarms: 30 }]);
  expect(measure(performance, "alarms per 10 minutes")).toMatchObject({ value: 5, rating: "unacceptable" });
  expect(measure(performance, "time in flood")?.value).toBeCloseTo(100 / 6, 9);
  expect(measure(performance, "most in 10 minutes")?.rating).toBe("manageable");
});

test("an alarm that comes three times in a minute chatters, and one that goes at once is fleeting", () => {
  const events = [
    event("chatter", 0, "UNACK"),
    event("chatter", 20, "RTNUN"),
    event("chatter", 21, "UNACK"),
    event("chatter", 40, "RTNUN"),
    event("slow", 10, "UNACK"),
    event("slow", 100, "UNACK"),
    event("slow", 190, "UNACK"),
    event("chatter", 60, "UNACK"),
    event("blip", 300, "UNACK"),
    event("blip", 303, "RTNUN"),
    event("seen", 400, "UNACK"),
    event("seen", 402, "ACK"),
    event("seen", 404, "RTNUN"),
  ];
  const { chattering, fleeting, top } = judged(events);
  expect(chattering).toEqual(["chatter"]);
  expect(fleeting).toEqual(["blip"]);
  expect(top[0]).toEqual({ alarm: "chatter", alarms: 3, share: 3 / 8 });
});

test("the mix of priorities leaves diagnostic alarms out, and nothing is said where nothing came", () => {
  const events = [
    ...Array.from({ length: 19 }, (_, index) => event(`low${index}`, 60 * index, "UNACK")),
    event("grave", 5, "UNACK", 1),
    ...Array.from({ length: 20 }, (_, index) => event(`diagnostic${index}`, 60 * index, "UNACK", 4)),
  ];
  expect(measure(judged(events), "priority 1")).toMatchObject({ value: 5, rating: "acceptable" });
  expect(measure(judged([]), "priority 1")).toMatchObject({ value: null, rating: null });
  expect(measure(judged([]), "share of the ten most frequent")?.rating).toBeNull();
});

test("an alarm that has been there for more than a day stands", () => {
  const outline = {
    id: "old",
    title: "Old",
    area: "mill",
    on: "LT-1",
    type: "H",
    unit: "%",
    priority: 3,
    group: null,
    consequence: "c",
    response: "r",
    timeToRespondMs: null,
  } as const;
  const standing = {
    ...event("old", 0, "UNACK").standing,
    outline,
    value: 1,
    status: 0,
    limit: 0,
    setting: null,
  };
  const to = FROM + 25 * HOUR;
  const performance = alarmPerformance({ from: to - HOUR, to, events: [], standings: [standing] });
  expect(performance.stale).toEqual(["old"]);
  expect(measure(performance, "standing for more than 24 h")).toMatchObject({
    value: 1,
    rating: "acceptable",
  });
});
