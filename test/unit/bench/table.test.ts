import { describe, expect, it } from "vitest";
import { selectCases } from "../../bench/cases.ts";
import { selfTimes } from "../../bench/profile.ts";
import { cpuSecondsPerMillion, formatTable, ratioTo } from "../../bench/table.ts";
import type { Measurement } from "../../bench/table.ts";

const row: Measurement = {
  case: "10x1s-mqtt0",
  subject: "gateway",
  silent: 0,
  windowMs: 6000,
  asked: 30_000,
  served: 30_000,
  delivered: 30_000,
  arrivedOfWindow: 29_700,
  repeated: 0,
  bad: 0,
  distinctTags: 5000,
  cpuMs: 150,
  residentBytesMax: 120e6,
  startMs: 900,
  firstMs: 1,
  latencyP50Ms: 2.5,
  latencyP99Ms: 8,
  loopDelayP99Ms: 3,
  missed: 0,
  lateP99Ms: 1,
};
const yardstick: Measurement = { ...row, subject: "c", cpuMs: 30, loopDelayP99Ms: null };

describe("the table", () => {
  it("gives processor seconds per million delivered readings", () => {
    expect(cpuSecondsPerMillion(row)).toBe(5);
    expect(cpuSecondsPerMillion({ ...row, delivered: 0 })).toBeNaN();
  });

  it("compares with the yardstick of the same case only", () => {
    expect(ratioTo(row, "c", [row, yardstick])).toBe(5);
    expect(ratioTo({ ...row, case: "50x1s-http" }, "c", [row, yardstick])).toBeNaN();
  });

  it("shows rates, ratios, and what silent devices added", () => {
    const silent = { ...row, silent: 10, lateP99Ms: 4.5 };
    const [, gateway = "", , withSilent = ""] = formatTable([row, yardstick, silent]).split("\n");
    expect(gateway.split(/ +/).slice(0, 10)).toEqual([
      "10x1s-mqtt0",
      "gateway",
      "0",
      "5000",
      "5000",
      "5000",
      "1.0",
      "5.00",
      "5.0",
      "-",
    ]);
    expect(withSilent).toContain("4.5 (3.5)");
  });

  it("shows a subject that delivered nothing with the reason", () => {
    const failed = { case: "10x1s-http", subject: "gateway", failure: "no reading arrived" };
    expect(formatTable([failed])).toMatch(/10x1s-http +gateway +no reading arrived/);
  });
});

it("a case is selected by a part of its name", () => {
  expect(selectCases(["10x1s"]).map(({ name }) => name)).toEqual([
    "10x1s-mqtt0",
    "10x1s-mqtt1",
    "10x1s-sparkplug",
    "10x1s-http",
  ]);
  expect(selectCases(["nothing"])).toEqual([]);
  expect(selectCases([]).length).toBeGreaterThan(12);
});

it("a profile is summed by function, without the idle time", () => {
  const frame = (functionName: string, url: string, lineNumber: number) => ({
    functionName,
    url,
    lineNumber,
  });
  const times = selfTimes({
    nodes: [
      { id: 1, callFrame: frame("(idle)", "", -1) },
      { id: 2, callFrame: frame("encode", "node:buffer", 9) },
      { id: 3, callFrame: frame("encode", "node:buffer", 9) },
      { id: 4, callFrame: frame("(garbage collector)", "", -1) },
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [5000, 1000, 2000, 1000],
  });
  expect(times).toEqual([
    { place: "encode node:buffer:10", ms: 3, share: 0.75 },
    { place: "(garbage collector)", ms: 1, share: 0.25 },
  ]);
});
