import { describe, expect, it } from "vitest";
import { createCalendar, PERIOD_KINDS } from "../../../src/domain/calendar.ts";

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const rules = { productionDay: "07:00", shifts: { day: "07:00", night: "19:00" } };

describe("the plant's calendar in Lima, which never changes its clocks", () => {
  const calendar = createCalendar({ timeZone: "America/Lima", ...rules });

  it.each([
    ["hour", "2026-11-22T14:30:00Z", "2026-11-22T09:00", "2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"],
    ["shift", "2026-11-22T12:00:00Z", "2026-11-22/day", "2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z"],
    ["shift", "2026-11-22T11:59:59.999Z", "2026-11-21/night", "2026-11-22T00:00:00Z", "2026-11-22T12:00:00Z"],
    ["day", "2026-11-23T11:59:59Z", "2026-11-22", "2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z"],
    ["week", "2026-11-22T20:00:00Z", "2026-W47", "2026-11-16T12:00:00Z", "2026-11-23T12:00:00Z"],
    ["month", "2026-12-01T11:00:00Z", "2026-11", "2026-11-01T12:00:00Z", "2026-12-01T12:00:00Z"],
  ] as const)("the %s of %s is %s", (kind, time, key, from, to) => {
    const period = calendar.periodAt(kind, at(time));
    expect(period).toEqual({ kind, key, from: at(from), to: at(to) });
    expect(calendar.find(kind, key)).toEqual(period);
  });

  it.each([
    ["shift", "2026-11-22/noon"],
    ["shift", "2026-11-22"],
    ["day", "2026-02-30"],
    ["day", "22/11/2026"],
    ["month", "2026-13"],
    ["week", "2026-W54"],
    ["hour", "2026-11-22T25:00"],
    ["hour", "2026-11-22"],
  ] as const)("there is no %s %s", (kind, key) => {
    expect(calendar.find(kind, key)).toBeNull();
  });

  it("a month is the production days that start in it, and nothing else", () => {
    const november = calendar.find("month", "2026-11");
    const days = calendar.within("day", november?.from ?? 0, november?.to ?? 0);
    expect(days).toHaveLength(30);
    expect(days[0]?.key).toBe("2026-11-01");
    expect(days.at(-1)?.key).toBe("2026-11-30");
  });
});

describe("half-open periods over changes of the clocks", () => {
  it.each([
    ["Europe/Berlin", "2026-03-27T00:00:00Z", "2026-03-31T00:00:00Z"],
    ["Europe/Berlin", "2026-10-23T00:00:00Z", "2026-10-27T00:00:00Z"],
    ["America/Santiago", "2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z"],
    ["America/Santiago", "2026-09-04T00:00:00Z", "2026-09-08T00:00:00Z"],
    ["Australia/Lord_Howe", "2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z"],
    ["Asia/Kathmandu", "2026-04-03T00:00:00Z", "2026-04-07T00:00:00Z"],
  ])("every moment in %s from %s on belongs to exactly one period of each kind", (timeZone, from, to) => {
    const odd = { productionDay: "02:30", shifts: { a: "02:30", b: "10:30", c: "18:30" } };
    for (const calendar of [createCalendar({ timeZone, ...rules }), createCalendar({ timeZone, ...odd })])
      for (const kind of PERIOD_KINDS) {
        const periods = calendar.within(kind, at(from), at(to));
        for (const [i, period] of periods.entries()) {
          expect(period.to).toBeGreaterThan(period.from);
          if (i > 0) expect(period.from).toBe(periods[i - 1]?.to);
          expect(calendar.find(kind, period.key)).toEqual(period);
          for (const time of [period.from, period.to - 1, (period.from + period.to) / 2])
            expect(calendar.periodAt(kind, time)).toEqual(period);
        }
        expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
      }
  });

  it("the night shift is 11 h long in spring and 13 h in autumn", () => {
    const calendar = createCalendar({ timeZone: "Europe/Berlin", ...rules });
    const length = (key: string): number => {
      const shift = calendar.find("shift", key);
      return ((shift?.to ?? 0) - (shift?.from ?? 0)) / HOUR;
    };
    expect(length("2026-03-28/night")).toBe(11);
    expect(length("2026-10-24/night")).toBe(13);
    expect(length("2026-10-24/day")).toBe(12);
  });
});
