import { describe, expect, it } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { isoTime, jsonValue, tagObject } from "../../../src/http/tag-object.ts";
import { memoryView, STARTED_AT } from "../../support/http-view.ts";
import { tagOf } from "../../support/tags.ts";

describe("a value in JSON", () => {
  it.each([
    [16.4, 16.4],
    [true, true],
    ["text", "text"],
    [null, null],
    [7n, 7],
    [-9007199254740991n, -9007199254740991],
    [9007199254740992n, "9007199254740992"],
    [18446744073709551615n, "18446744073709551615"],
    [-9223372036854775808n, "-9223372036854775808"],
    [Infinity, null],
    [NaN, null],
    [1e308, 1e308],
  ])("%s becomes %j", (value, json) => {
    expect(jsonValue(value)).toBe(json);
  });
});

it.each([
  [Date.UTC(2026, 10, 22, 12, 0, 0, 5), "2026-11-22T12:00:00.005Z"],
  [NaN, "1970-01-01T00:00:00.000Z"],
  [9e15, "1970-01-01T00:00:00.000Z"],
])("time %s is written %s", (time, text) => {
  expect(isoTime(time)).toBe(text);
});

describe("a tag object", () => {
  it("has just the fields of the contract where nothing more is to be said", () => {
    const view = memoryView([tagOf(0)]);
    view.set("FT-100", { value: 16.4, sourceTime: STARTED_AT + 1 });
    expect(tagObject(view, 0)).toEqual({
      tag: "FT-100",
      title: "Flow 0",
      area: "grinding",
      device: "P1",
      unit: "m3/h",
      range: [0, 100],
      value: 16.4,
      quality: "good",
      status: 0,
      reason: null,
      sourceTime: "2026-11-22T12:00:00.001Z",
      receivedTime: "2026-11-22T12:00:00.000Z",
    });
  });

  it("has no value but a reason when it is bad", () => {
    const view = memoryView([tagOf(0)]);
    view.set("FT-100", { value: null, status: Status.BadNoCommunication });
    expect(tagObject(view, 0)).toMatchObject({ value: null, quality: "bad", reason: "COMM" });
  });

  it("names the state of an enumeration", () => {
    const values = { 0: "idle", 1: "run" };
    const view = memoryView([tagOf(0, { values, unit: null, range: null })]);
    view.set("FT-100", { value: 1 });
    expect(tagObject(view, 0)).toMatchObject({ value: 1, state: "run", states: values });
    view.set("FT-100", { value: 9 });
    expect(tagObject(view, 0)).not.toHaveProperty("state");
  });

  it("tells the device's own time and a totalizer's amount where there are such", () => {
    const view = memoryView([tagOf(0)]);
    view.deviceTimes.set(0, 0);
    view.totals.set(0, 12.5);
    expect(tagObject(view, 0)).toMatchObject({ deviceTime: "1970-01-01T00:00:00.000Z", accumulated: 12.5 });
  });
});
