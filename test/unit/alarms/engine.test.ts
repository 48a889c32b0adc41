import { describe, expect, test } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { alarmBench, rule, START } from "../../support/alarm-bench.ts";

describe("the way of an alarm", () => {
  test("it comes, is acknowledged and goes", () => {
    const bench = alarmBench([rule()]);
    bench.show(91);
    expect(bench.ask("acknowledge", { reason: "seen" })).toBeNull();
    bench.show(84);
    expect(bench.story()).toEqual([
      "LT-1.H NORM alarm UNACK",
      "LT-1.H UNACK acknowledge ACK",
      "LT-1.H ACK return NORM",
    ]);
    expect(bench.told[0]).toMatchObject({ value: 91, limit: 90, priority: 3, at: START });
    expect(bench.told[1]?.standing).toMatchObject({ by: "Ana", reason: "seen", activeSince: START });
  });

  test("gone before anybody saw it, it waits for somebody, and comes again", () => {
    const bench = alarmBench([rule()]);
    for (const value of [91, 80, 91, 80]) bench.show(value);
    expect(bench.state()).toBe("RTNUN");
    bench.ask("acknowledge");
    expect(bench.state()).toBe("NORM");
    expect(bench.story().slice(1, 3)).toEqual(["LT-1.H UNACK return RTNUN", "LT-1.H RTNUN alarm UNACK"]);
  });

  test("a latching one stays until it is acknowledged and then reset", () => {
    const bench = alarmBench([rule({ isLatching: true })]);
    bench.show(91);
    expect(bench.ask("reset")).toMatch(/is UNACK: reset means nothing now/);
    bench.show(80);
    expect(bench.state()).toBe("LATCH_UN");
    expect(bench.ask("reset")).not.toBeNull();
    bench.ask("acknowledge");
    expect(bench.state()).toBe("LATCH_ACK");
    bench.show(91);
    bench.ask("acknowledge");
    bench.show(80);
    expect(bench.state()).toBe("LATCH_ACK");
    bench.ask("reset");
    expect(bench.state()).toBe("NORM");
  });

  test("acknowledged and forgotten, it calls again", () => {
    const bench = alarmBench([rule({ reAlarmMs: 60_000 })]);
    bench.show(91);
    bench.ask("acknowledge");
    bench.pass(59);
    expect(bench.state()).toBe("ACK");
    bench.pass(1);
    expect(bench.story().at(-1)).toBe("LT-1.H ACK re-alarm UNACK");
  });

  test("two transitions in one millisecond get times of their own", () => {
    const bench = alarmBench([rule()]);
    for (const value of [91, 80, 91]) bench.show(value);
    expect(bench.told.map(({ at }) => at - START)).toEqual([0, 1, 2]);
  });
});

describe("delays, deadbands and quality", () => {
  test("an alarm needs its condition for the whole of its delay, and a return too", () => {
    const bench = alarmBench([rule({ onDelayMs: 10_000, offDelayMs: 5_000 })]);
    bench.show(91);
    bench.pass(9);
    expect(bench.state()).toBe("NORM");
    bench.show(80);
    bench.show(91);
    bench.pass(10);
    expect(bench.state()).toBe("UNACK");
    expect(bench.engine.reading(0).standing.activeSince).toBe(START + 9_000);
    bench.show(80);
    bench.pass(4);
    expect(bench.state()).toBe("UNACK");
    bench.pass(1);
    expect(bench.state()).toBe("RTNUN");
  });

  test("a value must pass the deadband to leave, and the limit itself is not beyond it", () => {
    const bench = alarmBench([rule()]);
    bench.show(90);
    expect(bench.state()).toBe("NORM");
    bench.show(90.1);
    bench.show(85.1);
    expect(bench.state()).toBe("UNACK");
    bench.show(85);
    expect(bench.state()).toBe("RTNUN");
  });

  test("a bad reading freezes an alarm and never clears it", () => {
    const bench = alarmBench([rule({ onDelayMs: 10_000 })]);
    bench.show(91);
    bench.pass(10);
    bench.show(NaN, Status.BadNoCommunication);
    bench.pass(600);
    expect(bench.state()).toBe("UNACK");
    bench.ask("acknowledge");
    bench.pass(10);
    expect(bench.state()).toBe("ACK");
    expect(bench.engine.reading(0)).toMatchObject({ value: null, status: Status.BadNoCommunication });
  });

  test("time in which nothing could be read does not count towards a delay, and is no reason to begin anew", () => {
    const bench = alarmBench([rule({ onDelayMs: 10_000 })]);
    bench.show(91);
    bench.pass(6);
    bench.show(NaN, Status.BadSensorFailure);
    bench.pass(30);
    bench.show(91);
    bench.pass(3);
    expect(bench.state()).toBe("NORM");
    bench.pass(1);
    expect(bench.state()).toBe("UNACK");
  });

  test("the diagnostic alarm comes when a reading is bad", () => {
    const bench = alarmBench([rule({ id: "LT-1.BAD", condition: { type: "bad" }, onDelayMs: 5_000 })]);
    bench.show(NaN, Status.BadSensorFailure);
    bench.pass(5);
    expect(bench.state()).toBe("UNACK");
    bench.show(4);
    expect(bench.state()).toBe("RTNUN");
  });

  test("a heartbeat that stands still, or cannot be read, is lost", () => {
    const bench = alarmBench([rule({ condition: { type: "still" }, onDelayMs: 15_000 })]);
    for (let beat = 0; beat < 30; beat++) {
      bench.show(beat);
      bench.pass(1);
    }
    expect(bench.state()).toBe("NORM");
    for (let second = 0; second < 15; second++) {
      bench.show(29);
      bench.pass(1);
    }
    expect(bench.state()).toBe("UNACK");
    bench.show(30);
    expect(bench.state()).toBe("RTNUN");
    bench.show(NaN, Status.BadNoCommunication);
    bench.pass(16);
    expect(bench.state()).toBe("UNACK");
  });
});

describe("putting alarms aside", () => {
  test("shelved, it says nothing until its time is over, and then what is true", () => {
    const bench = alarmBench([rule()]);
    expect(bench.ask("shelve", { forMs: 3_600_000 })).toMatch(/say why/);
    expect(bench.ask("shelve", { forMs: 13 * 3_600_000, reason: "welding" })).toMatch(/at most 12 hours/);
    expect(bench.ask("shelve", { forMs: 3_600_000, reason: "welding" })).toBeNull();
    bench.show(91);
    bench.pass(3_599);
    expect(bench.state()).toBe("SHELVED");
    bench.pass(1);
    expect(bench.story()).toEqual(["LT-1.H NORM shelve SHELVED", "LT-1.H SHELVED shelving-expired UNACK"]);
    bench.ask("shelve", { forMs: 3_600_000, reason: "welding" });
    bench.show(80);
    bench.ask("unshelve");
    expect(bench.state()).toBe("NORM");
  });

  test("an alarm of priority 1 is shelved by two people or not at all", () => {
    const bench = alarmBench([rule({ priority: 1 })]);
    const said = { forMs: 60_000, reason: "probe is being changed" };
    expect(bench.ask("shelve", said)).toMatch(/second person/);
    expect(bench.ask("shelve", { ...said, second: " ana" })).toMatch(/second person/);
    expect(bench.ask("shelve", { ...said, second: "Luis" })).toBeNull();
  });

  test("out of service and suppressed, it comes back only the way it went", () => {
    const bench = alarmBench([rule()]);
    bench.show(91);
    bench.ask("out-of-service", { reason: "calibration" });
    expect(bench.ask("unshelve")).toMatch(/is OOS, not SHELVED/);
    expect(bench.ask("acknowledge")).not.toBeNull();
    bench.ask("return-to-service");
    expect(bench.state()).toBe("UNACK");
    bench.ask("suppress", { reason: "acid wash" });
    bench.ask("unsuppress");
    expect(bench.state()).toBe("UNACK");
  });

  test("an alarm whose equipment is off means nothing, but what nobody has noted yet stays to be seen", () => {
    const bench = alarmBench([rule({ when: [{ source: 1, above: 0, below: Infinity }] })]);
    bench.show(1, Status.Good, 1);
    bench.show(91);
    bench.show(0, Status.Good, 1);
    bench.pass(5);
    expect(bench.state()).toBe("UNACK");
    bench.ask("acknowledge");
    bench.pass(1);
    expect(bench.state()).toBe("SUPPR");
    expect(bench.ask("unsuppress")).toMatch(/by design/);
    bench.show(NaN, Status.BadNoCommunication, 1);
    bench.pass(5);
    expect(bench.state()).toBe("SUPPR");
    bench.show(1, Status.Good, 1);
    bench.pass(1);
    expect(bench.state()).toBe("UNACK");
  });

  test("coming back while its equipment is off, it does not call first", () => {
    const bench = alarmBench([rule({ when: [{ source: 1, above: 0, below: Infinity }] })]);
    bench.show(0, Status.Good, 1);
    bench.show(50);
    bench.ask("out-of-service", { reason: "calibration" });
    bench.show(91);
    bench.ask("return-to-service");
    expect(bench.story()).toEqual([
      "LT-1.H NORM suppressed-by-design SUPPR",
      "LT-1.H SUPPR out-of-service OOS",
      "LT-1.H OOS suppressed-by-design SUPPR",
    ]);
  });
});

test("a share of a reference moves with it, and a reference that is bad freezes the alarm", () => {
  const power = rule({
    condition: { type: "L", limit: { by: "share", share: 0.8 }, deadband: 0 },
    reference: { by: "source", source: 1 },
  });
  const bench = alarmBench([power]);
  bench.show(50, Status.Good, 1);
  bench.show(39);
  expect(bench.state()).toBe("UNACK");
  expect(bench.told[0]?.limit).toBe(40);
  bench.show(NaN, Status.BadNoCommunication, 1);
  bench.show(60);
  expect(bench.state()).toBe("UNACK");
  bench.show(50, Status.Good, 1);
  bench.pass(1);
  expect(bench.state()).toBe("RTNUN");
});

test("a deviation counts on both sides, and a band has two ends", () => {
  const bench = alarmBench([
    rule({
      id: "dev",
      condition: { type: "deviation", limit: { by: "share", share: 0.1 }, deadband: 0 },
      reference: { by: "value", value: 10 },
    }),
    rule({ id: "band", condition: { type: "outside", low: 8, high: 9.5, deadband: 0.1 } }),
  ]);
  const states = (value: number): string => {
    bench.show(value);
    return `${bench.state(0)} ${bench.state(1)}`;
  };
  expect(states(9.2)).toBe("NORM NORM");
  expect(states(8.9)).toBe("UNACK NORM");
  expect(states(9.55)).toBe("RTNUN UNACK");
  expect(states(9.45)).toBe("RTNUN UNACK");
  expect(bench.engine.reading(1).limit).toBe(9.5);
  expect(states(9.3)).toBe("RTNUN RTNUN");
});
