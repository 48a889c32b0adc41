import { expect, test } from "vitest";
import { randomFor } from "../../../src/domain/random.ts";
import { Status } from "../../../src/domain/status.ts";
import { alarmBench, rule } from "../../support/alarm-bench.ts";
import type { AlarmBench } from "../../support/alarm-bench.ts";

const bit = (id: string, source: number, scanMs: number, follows = false) =>
  rule({ id, source, scanMs, condition: { type: "on" }, group: "trip", follows });

/** Two bits that two devices set at these times, polled each on a grid of its own. */
function trial(
  scanMs: number,
  setAt: readonly [number, number],
  phases: readonly [number, number],
): AlarmBench {
  const bench = alarmBench([bit("A", 0, scanMs), bit("B", 1, scanMs)]);
  const polls = [0, 1].flatMap((source) =>
    Array.from({ length: Math.ceil(1_000 / scanMs) }, (_, k) => ({
      source,
      at: (k + (phases[source] as number)) * scanMs,
    })),
  );
  let now = 0;
  for (const { source, at } of polls.toSorted((a, b) => a.at - b.at)) {
    bench.jump(at - now);
    now = at;
    bench.show(at >= (setAt[source] as number) ? 1 : 0, Status.Good, source);
  }
  bench.pass(3);
  return bench;
}

const ranks = (bench: AlarmBench): unknown[] =>
  [0, 1].map((index) => bench.engine.reading(index).standing.firstOut);

test("of bits that come 100 ms apart on a scan of 20 ms, the first is found in 100 of 100 trials", () => {
  const random = randomFor("first-out", 1);
  for (let turn = 0; turn < 100; turn++) {
    const begin = 300 + random() * 20;
    const isAFirst = random() < 0.5;
    const setAt = isAFirst ? ([begin, begin + 100] as const) : ([begin + 100, begin] as const);
    expect(ranks(trial(20, setAt, [random(), random()]))).toEqual(
      isAFirst ? ["first", "follower"] : ["follower", "first"],
    );
  }
});

test("closer than two scans can tell apart it is said to be undetermined, and never guessed", () => {
  const random = randomFor("first-out", 2);
  let undetermined = 0;
  for (let turn = 0; turn < 200; turn++) {
    const begin = 300 + random() * 100;
    const apart = random() * 250;
    const found = ranks(trial(100, [begin, begin + apart], [random(), random()]));
    expect(found).not.toEqual(["follower", "first"]);
    if (apart <= 100) expect(found).toEqual(["undetermined", "undetermined"]);
    if (found[0] === "undetermined") undetermined++;
  }
  expect(undetermined).toBeGreaterThan(80);
});

test("a device that could not be read while it happened is not said to have been later", () => {
  const bench = alarmBench([bit("A", 0, 20), bit("B", 1, 20)]);
  bench.show(0, Status.Good, 0);
  bench.show(0, Status.Good, 1);
  bench.jump(20);
  bench.show(NaN, Status.BadNoCommunication, 1);
  bench.show(1, Status.Good, 0);
  bench.jump(500);
  bench.show(1, Status.Good, 1);
  bench.pass(3);
  expect(ranks(bench)).toEqual(["undetermined", "undetermined"]);
});

test("the ranking is told and belongs to one episode", () => {
  const bench = alarmBench([bit("A", 0, 20), bit("B", 1, 20)]);
  const set = (a: number, b: number): void => {
    bench.show(a, Status.Good, 0);
    bench.show(b, Status.Good, 1);
    bench.jump(20);
  };
  for (const [a, b] of [
    [0, 0],
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
    [1, 1],
  ] as const)
    set(a, b);
  bench.pass(3);
  expect(ranks(bench)).toEqual(["follower", "first"]);
  expect(bench.story().filter((line) => line.includes("first-out"))).toHaveLength(2);
  set(0, 0);
  bench.ask("acknowledge", {}, 0);
  bench.ask("acknowledge", {}, 1);
  expect(ranks(bench)).toEqual([null, null]);
  set(1, 0);
  bench.pass(3);
  expect(ranks(bench)).toEqual(["first", null]);
});

test("one that follows does not call while the first is there, and calls when it is gone", () => {
  const bench = alarmBench([bit("A", 0, 20), bit("B", 1, 20, true)]);
  for (const b of [0, 0, 0, 0, 0, 0, 1]) {
    bench.show(b === 0 && bench.story().length === 0 ? 0 : 1, Status.Good, 0);
    bench.show(b, Status.Good, 1);
    bench.jump(20);
    if (b === 0) bench.show(1, Status.Good, 0);
    bench.jump(20);
  }
  bench.pass(3);
  expect([bench.state(0), bench.state(1)]).toEqual(["UNACK", "SUPPR"]);
  bench.show(0, Status.Good, 0);
  bench.pass(1);
  expect(bench.state(1)).toBe("UNACK");
});

test("one that follows calls when it is alone, once it is known that nothing came before it", () => {
  const bench = alarmBench([bit("A", 0, 20), bit("B", 1, 20, true)]);
  bench.show(0, Status.Good, 0);
  bench.show(0, Status.Good, 1);
  bench.jump(20);
  bench.show(1, Status.Good, 1);
  expect(bench.state(1)).toBe("NORM");
  bench.pass(3);
  expect(bench.state(1)).toBe("UNACK");
  expect(bench.engine.reading(1).standing.firstOut).toBe("first");
});
