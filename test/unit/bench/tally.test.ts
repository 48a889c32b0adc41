import { describe, expect, it } from "vitest";
import { countLines, histogramPercentile, numberAt, tagBefore, Tally } from "../../bench/tally.ts";
import { addMs, currentTick, isWithin, ticksBetween, TICKS_PER_MS, TICKS_WRAP } from "../../bench/ticks.ts";

describe("ticks", () => {
  it("count on over their wrap", () => {
    expect(ticksBetween(TICKS_WRAP - 3, 5)).toBe(8);
    expect(addMs(TICKS_WRAP - 2, 1)).toBe(2);
  });

  it("are exact in a float32", () => {
    for (const tick of [0, 1, TICKS_WRAP - 1, currentTick()]) expect(Math.fround(tick)).toBe(tick);
  });

  it("belong to a window from its start to just before its end, also over the wrap", () => {
    const window = { startTick: TICKS_WRAP - 2, ticks: 4 };
    expect([TICKS_WRAP - 3, TICKS_WRAP - 2, 0, 1, 2].map((tick) => isWithin(window, tick))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the tally of a sink", () => {
  const armed = (startTick: number, ticks: number): Tally => {
    const tally = new Tally();
    tally.arm({ startTick, ticks });
    return tally;
  };

  it("counts a reading once, however often it arrives", () => {
    const tally = armed(100, 100);
    for (const value of [110, 110, 120]) tally.take(7, value, 130);
    expect(tally.report()).toMatchObject({ delivered: 2, repeated: 1, distinctTags: 1 });
  });

  it("tells readings that arrive in the window from those that were served in it", () => {
    const tally = armed(100, 100);
    tally.take(1, 99, 101);
    tally.take(1, 199, 250);
    expect(tally.report()).toMatchObject({ delivered: 1, arrivedOfWindow: 1 });
  });

  it("keeps readings without a value apart", () => {
    const tally = armed(0, 100);
    tally.take(1, NaN, 10);
    expect(tally.report()).toMatchObject({ delivered: 0, bad: 1, firstMs: null });
  });

  it("ignores what is no bench tag", () => {
    const tally = armed(0, 100);
    tally.take(-1, 5, 10);
    expect(tally.report()).toMatchObject({ delivered: 0, firstMs: null });
  });

  it("takes latencies from the answer to the arrival, in ms", () => {
    const tally = armed(1000, 1000);
    for (let tag = 0; tag < 100; tag++) tally.take(tag, 1000, 1000 + TICKS_PER_MS * (tag < 98 ? 2 : 50));
    expect(tally.report()).toMatchObject({ latencyP50Ms: 2, latencyP99Ms: 50 });
  });

  it("reads tags and values out of line protocol, whatever the other keys are", () => {
    const now = currentTick();
    const tally = armed(addMs(now, -1000), 10_000);
    const lines = [
      `reading,plant=bench,area=grinding,device=D07,tag=D07-FT-123 value=${now},quality=0i,status=0i 1763868000123`,
      `reading,plant=bench,device=D07,tag=D07-FT-124,area=grinding quality=0i,value=${now} 1763868000123`,
      `reading,plant=bench,area=grinding,device=D08,tag=D08-FT-001 quality=2i,status=2147483648i 1763868000123`,
    ];
    countLines(Buffer.from(lines.join("\n")), tally);
    expect(tally.report()).toMatchObject({ delivered: 2, bad: 1, distinctTags: 2 });
  });
});

it.each([
  ["bench/bench/grinding/D07-FT-123", 3623],
  ["bench/bench/grinding/D49-FT-499", 24_999],
  ["bench/bench/status", -1],
  ["status", -1],
])("the topic %s is tag %i", (topic, tag) => {
  expect(tagBefore(Buffer.from(topic), topic.length)).toBe(tag);
});

it.each([
  ["120,", 120],
  ["0}", 0],
  ["null}", NaN],
])("the number at the start of %s is %d", (text, number) => {
  expect(numberAt(Buffer.from(text), 0)).toBe(number);
});

it("a percentile of a histogram is the first bin that holds it", () => {
  const counts = Uint32Array.of(0, 50, 49, 1);
  expect([0.5, 0.99, 1].map((share) => histogramPercentile(counts, share))).toEqual([1, 2, 3]);
  expect(histogramPercentile(new Uint32Array(3), 0.5)).toBeNaN();
});
