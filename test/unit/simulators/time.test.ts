import { describe, expect, test } from "vitest";
import { durationMs } from "../../../simulators/duration.ts";
import { createWireRecord, HISTORY_MS } from "../../../simulators/instruments/wire-record.ts";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { sleep } from "../../../src/domain/time.ts";
import { modbusTag } from "../../support/simulated-plant.ts";

describe("durations", () => {
  test.each([
    [250, 250],
    ["250ms", 250],
    ["1.5s", 1500],
    ["10m", 600_000],
    ["10min", 600_000],
    ["8h", 28_800_000],
    ["2d", 172_800_000],
  ])("%s is %d ms", (duration, ms) => {
    expect(durationMs(duration)).toBe(ms);
  });

  test.each(["", "5", "h", "5 weeks", "-1s"])('"%s" is refused', (text) => {
    expect(() => durationMs(text)).toThrow(/is no duration/);
  });
});

describe("the virtual clock", () => {
  test("runs timers at their own times, in order, also those that timers make", async () => {
    const clock = virtualClock(1000);
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.now()]);
    clock.schedule(300, note("c"));
    clock.schedule(100, () => {
      note("a")();
      clock.schedule(100, note("b"));
    });
    const cancel = clock.schedule(50, note("never"));
    cancel();
    await clock.advance(250);
    expect(seen).toEqual([
      ["a", 1100],
      ["b", 1200],
    ]);
    await clock.advance(100);
    expect(seen.at(-1)).toEqual(["c", 1300]);
    expect(clock.monotonic()).toBe(350);
  });

  test("eight hours of one-second sleeps are quick", async () => {
    const clock = virtualClock(0);
    let turns = 0;
    const loop = (async () => {
      for (; turns < 28_800; turns++) await sleep(clock, 1000);
    })();
    await clock.advance(28_800_000);
    await loop;
    expect(turns).toBe(28_800);
  });
});

describe("the record of what was sent", () => {
  const tag = modbusTag({ source: {} });

  test("keeps the last two minutes, newest last, and one value per time", () => {
    const record = createWireRecord(1);
    for (let i = 0; i < 5000; i++) record.push(tag, i, i * 100, 0);
    record.push(tag, -1, 499_900, 7);
    const history = record.history(tag);
    expect(history.length).toBe(1200);
    expect(history.at(-1)).toEqual({ value: -1, time: 499_900, status: 7 });
    expect(record.latest(tag)).toEqual(history.at(-1));
    expect(history[0]?.time).toBeGreaterThanOrEqual(499_900 - HISTORY_MS);
    expect(history.map(({ value }) => value).slice(0, 2)).toEqual([3800, 3801]);
  });

  test("is empty for a tag that was never asked for", () => {
    expect(createWireRecord(1).latest(tag)).toBeNull();
    expect(createWireRecord(1).history(tag)).toEqual([]);
  });

  test("keeps 64-bit integers and texts exactly", () => {
    const record = createWireRecord(2);
    const long = modbusTag({ type: "uint64", source: {} });
    for (let i = 0; i < 40; i++) record.push(long, 2n ** 60n + BigInt(i), i, 0);
    expect(record.history(long).map(({ value }) => value)).toEqual(
      Array.from({ length: 40 }, (_, i) => 2n ** 60n + BigInt(i)),
    );
  });
});
