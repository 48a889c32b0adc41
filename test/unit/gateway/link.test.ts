import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { createBatch } from "../../../src/domain/batch.ts";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { saidElsewhere } from "../../../src/domain/said.ts";
import { zeroLinkCounters } from "../../../src/domain/health.ts";
import type { Driver, Poll, PollGroup } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { sleep } from "../../../src/domain/time.ts";
import { Link } from "../../../src/gateway/link.ts";
import { NO_ACCESS } from "../../support/no-access.ts";
import { tagOf } from "../../support/tags.ts";

const TIMEOUT_MS = 1_000;
const ANSWER_MS = 20;

/** A line whose units answer after a moment or not at all, and which may be cut: a driver over the clock alone. */
function createField(units: readonly string[], inFlightMax = 1) {
  const clock = virtualClock(1_700_000_000_000);
  const silent = new Set<string>();
  const polls: { unit: string; at: number; answered: boolean }[] = [];
  const lost: string[] = [];
  const groups: PollGroup[] = units.map((unit, index) => ({
    device: unit,
    scanClass: "fast",
    periodMs: 1_000,
    unit,
    tags: [tagOf(index)],
  }));
  const line = { isCut: false, isClosing: false, isStuck: false, connects: 0 };
  const told: string[] = [];
  const tell = (_facts: object, sentence: string): void => void told.push(sentence);
  const drivers: { isStuckForGood: boolean; isClosed: boolean }[] = [];
  const makeDriver = (): Driver => {
    const own = { isStuckForGood: false, isClosed: false };
    drivers.push(own);
    return driverOver(own);
  };
  const driverOver = (own: (typeof drivers)[number]): Driver => ({
    groups,
    inFlightMax,
    counters: zeroLinkCounters(),
    quarantined: () => [],
    single: NO_ACCESS,
    async connect() {
      line.connects++;
      if (line.isCut) throw new ConnectionLost(saidElsewhere("nobody there"));
    },
    async poll(index, signal): Promise<Poll> {
      const unit = groups[index]!.unit;
      const at = clock.monotonic();
      const answered = !silent.has(unit);
      if (line.isStuck || own.isStuckForGood) await new Promise(() => undefined);
      await sleep(clock, answered ? ANSWER_MS : TIMEOUT_MS, signal);
      if (line.isCut || line.isClosing) throw new ConnectionLost(saidElsewhere("cut"));
      polls.push({ unit, at, answered });
      return { batch: createBatch(0), answered, confirmsRest: false };
    },
    async close() {
      own.isClosed = true;
      if (own.isStuckForGood) await new Promise(() => undefined);
    },
  });
  const stop = new AbortController();
  const link = new Link({
    connection: { id: "bus", protocol: "modbus-tcp", host: "127.0.0.1", port: 1, timeoutMs: TIMEOUT_MS },
    driver: makeDriver(),
    renew: () => Promise.resolve(makeDriver()),
    phase: 0.25,
    clock,
    networkClock: clock,
    random: mulberry32(1),
    log: { debug() {}, info: tell, warn: tell, error: tell },
    pipeline: { accept: () => undefined, lose: (group) => lost.push(group.device) },
  });
  const done = link.run(stop.signal);
  return { clock, silent, polls, lost, told, line, drivers, link, stop, done };
}

describe("a field connection at work", () => {
  let field: ReturnType<typeof createField>;
  afterEach(async () => {
    field.stop.abort();
    await field.done;
  });

  it("polls every group once at connect and then once a period on its own phase", async () => {
    field = createField(["1", "2"], 2);
    await field.clock.advance(10_000);
    const times = field.polls.filter(({ unit }) => unit === "1").map(({ at }) => at);
    expect(times[0]).toBe(0);
    expect(times.slice(1)).toEqual([250, 1250, 2250, 3250, 4250, 5250, 6250, 7250, 8250, 9250]);
    expect(field.link.turns.every((turn) => turn.missed === 0)).toBe(true);
  });

  it("is made anew and counted when nothing has come of a poll for a minute", async () => {
    field = createField(["1", "2"]);
    await field.clock.advance(5_000);
    field.line.isStuck = true;
    await field.clock.advance(58_000);
    expect([field.line.connects, field.link.driver.counters.stalls]).toEqual([1, 0]);
    field.line.isStuck = false;
    await field.clock.advance(6_000);
    expect([field.line.connects, field.link.driver.counters.stalls]).toEqual([2, 1]);
    expect(field.lost).toEqual(["1", "2"]);
    const polls = field.polls.length;
    await field.clock.advance(10_000);
    expect(field.polls.length).toBeGreaterThan(polls + 10);
  });

  it("keeps a driver that stood still once and answered since, however often", async () => {
    field = createField(["1", "2"]);
    for (let times = 0; times < 3; times++) {
      await field.clock.advance(5_000);
      field.line.isStuck = true;
      await field.clock.advance(58_000);
      field.line.isStuck = false;
      await field.clock.advance(6_000);
    }
    expect([field.link.driver.counters.stalls, field.drivers.length]).toEqual([3, 1]);
  });

  it("is given another driver when one stands still twice without an answer, though it says no good-bye", async () => {
    field = createField(["1", "2"]);
    await field.clock.advance(5_000);
    const [first] = field.drivers;
    if (first === undefined) throw new Error("there is no driver");
    first.isStuckForGood = true;
    field.link.driver.counters.requests = 17;
    await field.clock.advance(70_000);
    expect([field.link.driver.counters.stalls, field.drivers.length]).toEqual([1, 1]);
    await field.clock.advance(70_000);
    expect([field.drivers.length, first.isClosed]).toEqual([2, true]);
    const polls = field.polls.length;
    await field.clock.advance(10_000);
    expect(field.polls.length).toBeGreaterThan(polls + 10);
    expect([field.link.driver.counters.stalls, field.link.driver.counters.requests]).toEqual([2, 17]);
    expect(field.link.isConnected()).toBe(true);
  });

  it("costs one dead unit of eight at most one time-out in 30 s once its breaker is open", async () => {
    field = createField(["1", "2", "3", "4", "5", "6", "7", "8"]);
    field.silent.add("5");
    await field.clock.advance(10_000);
    const opened = field.clock.monotonic();
    await field.clock.advance(600_000);
    const timeouts = field.polls.filter(({ answered, at }) => !answered && at > opened).map(({ at }) => at);
    expect(timeouts.length).toBeGreaterThan(4);
    for (const [index, at] of timeouts.entries()) {
      if (index > 0) expect(at - timeouts[index - 1]!).toBeGreaterThanOrEqual(30_000);
    }
    const healthy = field.polls.filter(({ unit, at }) => unit === "4" && at > opened).map(({ at }) => at);
    const gaps = healthy.slice(1).map((at, index) => at - healthy[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_000 + TIMEOUT_MS);
  });

  it("spends no more on three dead units of a bus than on one", async () => {
    field = createField(["1", "2", "3", "4"]);
    for (const unit of ["1", "2", "3"]) field.silent.add(unit);
    await field.clock.advance(30_000);
    const opened = field.clock.monotonic();
    await field.clock.advance(600_000);
    const timeouts = field.polls.filter(({ answered, at }) => !answered && at > opened).map(({ at }) => at);
    for (const [index, at] of timeouts.entries()) {
      if (index > 0) expect(at - timeouts[index - 1]!).toBeGreaterThanOrEqual(30_000);
    }
  });

  it("takes a unit back at its first answered probe", async () => {
    field = createField(["1", "2"]);
    field.silent.add("1");
    await field.clock.advance(20_000);
    field.silent.delete("1");
    await field.clock.advance(130_000);
    const last = field.polls.filter(({ unit }) => unit === "1").slice(-5);
    expect(last.every(({ answered }) => answered)).toBe(true);
    expect(field.link.turns[0]?.unit.breaker.state).toBe("closed");
  });

  it("sees a unit that is alone on its connection within six seconds of its return", async () => {
    field = createField(["1"]);
    field.silent.add("1");
    await field.clock.advance(60_000);
    field.silent.delete("1");
    const returned = field.clock.monotonic();
    await field.clock.advance(10_000);
    const first = field.polls.find(({ answered, at }) => answered && at > returned);
    expect(first!.at - returned).toBeLessThanOrEqual(6_000);
  });

  it("loses every tag when the link goes, and is back within five seconds of the link's return", async () => {
    field = createField(["1", "2"]);
    await field.clock.advance(3_000);
    field.line.isCut = true;
    await field.clock.advance(120_000);
    expect(new Set(field.lost)).toEqual(new Set(["1", "2"]));
    expect(field.link.isConnected()).toBe(false);
    field.line.isCut = false;
    const returned = field.clock.monotonic();
    await field.clock.advance(6_000);
    expect(field.polls.find(({ at }) => at > returned)!.at - returned).toBeLessThanOrEqual(5_000);
    expect(field.link.lastError()).toBeNull();
  });

  it.each([
    ["is not there", "isCut"],
    ["takes every connection and ends it again", "isClosing"],
  ] as const)(
    "tells of a device that %s for long when it goes and when it answers again, each time",
    async (_, how) => {
      field = createField(["1", "2"]);
      const expected = ["connected"];
      for (let times = 0; times < 2; times++) {
        await field.clock.advance(10_000);
        field.line[how] = true;
        await field.clock.advance(1_200_000);
        expected.push("connection lost, its tags are bad");
        expect(field.told).toEqual(expected);
        field.line[how] = false;
        await field.clock.advance(60_000);
        expected.push("connected again");
        expect(field.told).toEqual(expected);
      }
    },
  );

  it("tells of a unit that is silent for long when it goes and when it answers again, each time", async () => {
    field = createField(["1", "2"]);
    const expected = ["connected"];
    for (let times = 0; times < 2; times++) {
      field.silent.add("1");
      await field.clock.advance(300_000);
      expected.push("unit is silent, only probed from now on");
      expect(field.told).toEqual(expected);
      field.silent.delete("1");
      await field.clock.advance(600_000);
      expected.push("unit answers again");
      expect(field.told).toEqual(expected);
    }
  });

  it("counts the periods that a slow device makes it miss instead of making them up", async () => {
    field = createField(["1", "2", "3"]);
    for (const unit of ["1"]) field.silent.add(unit);
    await field.clock.advance(3_500);
    const missed = field.link.turns.reduce((total, turn) => total + turn.missed, 0);
    expect(missed).toBeGreaterThan(0);
    const polls = field.polls.filter(({ unit }) => unit === "2").length;
    expect(polls).toBeLessThanOrEqual(4);
  });
});
