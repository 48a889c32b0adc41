import fc from "fast-check";
import { expect, test } from "vitest";
import { isAside, nextState } from "../../../src/alarms/states.ts";
import type { AlarmInput } from "../../../src/alarms/states.ts";
import { ALARM_ACTIONS, ALARM_STATES } from "../../../src/domain/alarm.ts";
import type { AlarmCause, AlarmStanding, AlarmState, AlarmTransition } from "../../../src/domain/alarm.ts";
import { Status } from "../../../src/domain/status.ts";
import { alarmBench, rule } from "../../support/alarm-bench.ts";
import type { AlarmBench } from "../../support/alarm-bench.ts";

const RULES = [
  rule({ id: "plain", when: [{ source: 1, above: 0, below: Infinity }], onDelayMs: 2_000 }),
  rule({ id: "latched", isLatching: true, group: "g" }),
  rule({ id: "grave", priority: 1, offDelayMs: 3_000, reAlarmMs: 20_000, group: "g", follows: true }),
  rule({
    id: "low",
    condition: { type: "L", limit: { by: "amount", amount: 50 }, deadband: 5 },
    group: "g",
    follows: true,
  }),
];

type Step =
  | { readonly do: "show"; readonly source: number; readonly value: number; readonly isBad: boolean }
  | { readonly do: "pass"; readonly seconds: number }
  | { readonly do: "ask"; readonly action: (typeof ALARM_ACTIONS)[number]; readonly index: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("show" as const),
      source: fc.integer({ min: 0, max: 1 }),
      value: fc.constantFrom(0, 48, 52, 87, 91),
      isBad: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass" as const), seconds: fc.constantFrom(1, 2, 5, 30) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      action: fc.constantFrom(...ALARM_ACTIONS),
      index: fc.integer({ min: 0, max: RULES.length - 1 }),
    }),
  },
);
const history = fc.array(step, { maxLength: 120 });

function live(bench: AlarmBench, steps: readonly Step[]): void {
  for (const one of steps) {
    if (one.do === "pass") bench.pass(one.seconds);
    else if (one.do === "ask")
      bench.ask(one.action, { reason: "because", forMs: 10_000, second: "Luis" }, one.index);
    else
      bench.show(
        one.isBad ? NaN : one.value,
        one.isBad ? Status.BadNoCommunication : Status.Good,
        one.source,
      );
  }
}

const INPUT: Readonly<Record<Exclude<AlarmCause, "first-out">, AlarmInput>> = {
  alarm: "alarm",
  "re-alarm": "re-alarm",
  return: "return",
  "suppressed-by-design": "suppress",
  "released-by-design": "restore",
  "shelving-expired": "restore",
  acknowledge: "acknowledge",
  shelve: "shelve",
  unshelve: "restore",
  suppress: "suppress",
  unsuppress: "restore",
  "out-of-service": "withdraw",
  "return-to-service": "restore",
  reset: "reset",
};

/** What the state diagram says of a transition. */
function isDeclared({ alarm, cause, from, to, standing }: AlarmTransition): boolean {
  if (cause === "first-out") return from === to;
  const isThere = standing.activeSince !== null;
  return nextState(from, INPUT[cause], alarm === "latched", isThere) === to;
}

test("whatever happens, every transition is one of the state diagram and begins where the last one ended", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const bench = alarmBench(RULES);
      live(bench, steps);
      const states = new Map<string, AlarmState>();
      const times = new Map<string, number>();
      for (const transition of bench.told) {
        expect(ALARM_STATES).toContain(transition.to);
        expect(transition.from).toBe(states.get(transition.alarm) ?? "NORM");
        expect(transition.at).toBeGreaterThan(times.get(transition.alarm) ?? 0);
        expect(isDeclared(transition), JSON.stringify(transition)).toBe(true);
        states.set(transition.alarm, transition.to);
        times.set(transition.alarm, transition.at);
      }
      for (const [index, { id }] of RULES.entries())
        expect(bench.state(index)).toBe(states.get(id) ?? "NORM");
    }),
    { numRuns: 500, seed: 6 },
  );
});

test("an alarm that is there is shown as there, unless it is put aside, waits for its group or cannot be judged", () => {
  fc.assert(
    fc.property(history, (steps) => {
      const bench = alarmBench(RULES);
      live(bench, [
        ...steps,
        { do: "show", source: 0, value: 91, isBad: false },
        { do: "show", source: 1, value: 1, isBad: false },
      ]);
      bench.pass(10);
      for (const index of [0, 1]) {
        const state = bench.state(index);
        expect(isAside(state) || state === "UNACK" || state === "ACK", state).toBe(true);
      }
    }),
    { numRuns: 300, seed: 6 },
  );
});

test("the last transitions are all that is needed to go on where it stopped, as often as one likes", () => {
  fc.assert(
    fc.property(history, history, (steps, later) => {
      const bench = alarmBench(RULES);
      live(bench, steps);
      const written = new Map<string, AlarmStanding>();
      for (const { alarm, standing } of bench.told) written.set(alarm, standing);
      const again = alarmBench(RULES, [...written.values()]);
      expect(again.told).toEqual([]);
      const standings = again.engine.standings();
      expect(standings.map(({ state, by, until, reason }) => ({ state, by, until, reason }))).toEqual(
        bench.engine.standings().map(({ state, by, until, reason }) => ({ state, by, until, reason })),
      );
      expect(alarmBench(RULES, standings).engine.standings()).toEqual(standings);
      // Nobody knows anything yet: nothing moves but what a person asks and what is shelved for long enough.
      again.pass(1);
      expect(
        again.told.every(({ cause }) => cause === "shelving-expired" || cause === "suppressed-by-design"),
      ).toBe(true);
      live(again, later);
      for (const transition of again.told) expect(isDeclared(transition)).toBe(true);
    }),
    { numRuns: 300, seed: 6 },
  );
});
