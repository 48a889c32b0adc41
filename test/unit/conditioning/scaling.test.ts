import { describe, expect, it } from "vitest";
import {
  linearOf,
  loopStatus,
  rangeStatus,
  stateStatus,
  statesOf,
} from "../../../src/conditioning/scaling.ts";
import { Status } from "../../../src/domain/status.ts";
import { tagOf } from "../../support/tags.ts";

const COUNTS = { low: 0, high: 27648 };
const MILLIAMPS = { low: 4, high: 20 };

describe("scaling", () => {
  it.each([
    {
      what: "21500 counts on 0…14 pH",
      raw: 21500,
      loopRaw: COUNTS,
      range: { low: 0, high: 14 },
      is: 10.8869,
    },
    {
      what: "18.3 mA on 0…250 kPa",
      raw: 18.3,
      loopRaw: MILLIAMPS,
      range: { low: 0, high: 250 },
      is: 223.438,
    },
    { what: "half of −500…500 mV", raw: 13824, loopRaw: COUNTS, range: { low: -500, high: 500 }, is: 0 },
  ])("$what become $is", ({ raw, loopRaw, range, is }) => {
    const { scale, offset } = linearOf(tagOf(0, { range, scaling: { scale: 1, offset: 0, loopRaw } }));
    expect(Math.abs(raw * scale + offset - is)).toBeLessThanOrEqual(0.0005);
  });

  it("scale and offset of the profile apply where there is no loop", () => {
    const tag = tagOf(0, { scaling: { scale: 0.1, offset: -40, loopRaw: null } });
    expect(linearOf(tag)).toEqual({ scale: 0.1, offset: -40 });
  });
});

describe("NAMUR NE 43", () => {
  it.each([
    [0, Status.BadSensorFailure],
    [3.59, Status.BadSensorFailure],
    [3.6, Status.BadSensorFailure],
    [3.61, Status.UncertainLoopLow],
    [3.79, Status.UncertainLoopLow],
    [3.8, Status.Good],
    [4, Status.Good],
    [20, Status.Good],
    [20.5, Status.Good],
    [20.51, Status.UncertainLoopHigh],
    [20.99, Status.UncertainLoopHigh],
    [21, Status.BadSensorFailure],
    [22, Status.BadSensorFailure],
    [NaN, Status.BadSensorFailure],
  ])("%f mA has status %#", (current, status) => {
    expect(loopStatus(current, MILLIAMPS, "float32")).toBe(status);
  });

  it.each([
    [-4864, Status.BadSensorFailure],
    [-692, Status.BadSensorFailure],
    [-691, Status.UncertainLoopLow],
    [-346, Status.UncertainLoopLow],
    [-345, Status.Good],
    [28512, Status.Good],
    [28513, Status.UncertainLoopHigh],
    [29375, Status.UncertainLoopHigh],
    [29376, Status.BadSensorFailure],
    [32767, Status.BadSensorFailure],
    [-32768, Status.BadSensorFailure],
  ])("%i counts of 0…27648 have status %#", (raw, status) => {
    expect(loopStatus(raw, COUNTS, "int16")).toBe(status);
  });

  it("32767 is a wire break even where the card's counts end just below it, but not where they go beyond", () => {
    expect(loopStatus(32767, { low: 0, high: 32000 }, "int16")).toBe(Status.BadSensorFailure);
    expect(loopStatus(32767, { low: 0, high: 65535 }, "uint16")).toBe(Status.Good);
  });

  it("a reverse-acting loop has its limits mirrored", () => {
    expect(loopStatus(20, { low: 20, high: 4 }, "float32")).toBe(Status.Good);
    expect(loopStatus(20.3, { low: 20, high: 4 }, "float32")).toBe(Status.UncertainLoopLow);
    expect(loopStatus(3, { low: 20, high: 4 }, "float32")).toBe(Status.BadSensorFailure);
  });
});

describe("range", () => {
  it.each([
    [-2.6, Status.BadOutOfRange],
    [-2.5, Status.UncertainRangeLow],
    [-0.01, Status.UncertainRangeLow],
    [0, Status.Good],
    [100, Status.Good],
    [100.01, Status.UncertainRangeHigh],
    [102.5, Status.UncertainRangeHigh],
    [102.6, Status.BadOutOfRange],
  ])("%f on 0…100 has status %#", (value, status) => {
    expect(rangeStatus(value, { low: 0, high: 100 })).toBe(status);
  });

  it("the rounding of a 32-bit float at 100 % is no excursion", () => {
    expect(rangeStatus(Math.fround(0.1), { low: 0, high: 0.1 })).toBe(Status.Good);
    expect(rangeStatus(Math.fround(-12.3), { low: -12.3, high: 0 })).toBe(Status.Good);
  });

  it("the span counts, not the upper end", () => {
    expect(rangeStatus(52.5, { low: 55, high: 65 })).toBe(Status.BadOutOfRange);
    expect(rangeStatus(54.8, { low: 55, high: 65 })).toBe(Status.UncertainRangeLow);
  });
});

it("a state that the profile does not name is uncertain", () => {
  const states = statesOf(tagOf(0, { type: "uint16", values: { 0: "idle", 1: "run", 4: "rinse" } }));
  if (states === null) throw new Error("an enumeration has states");
  expect([0, 1, 4].map((state) => stateStatus(state, states))).toEqual([0, 0, 0]);
  expect(stateStatus(2, states)).toBe(Status.UncertainRangeHigh);
  expect(stateStatus(9, states)).toBe(Status.UncertainRangeHigh);
  expect(stateStatus(-1, states)).toBe(Status.UncertainRangeLow);
});
