import { expect, test } from "vitest";
import { alarmLoad } from "../../../src/alarms/floods.ts";

test("W-32: the load of an operator over fourteen times ten minutes, with two floods", () => {
  const load = alarmLoad([3, 1, 0, 14, 11, 6, 4, 2, 1, 0, 12, 9, 5, 3]);
  expect(load).toEqual({
    total: 71,
    mean: expect.closeTo(5.07143, 5) as number,
    peak: 14,
    shareAboveLimit: expect.closeTo(0.214286, 6) as number,
    floods: [
      { first: 3, last: 5, alarms: 31 },
      { first: 10, last: 12, alarms: 26 },
    ],
    shareInFlood: expect.closeTo(0.428571, 6) as number,
  });
});

test("a flood that has not ended counts up to now, and ten alarms are none", () => {
  expect(alarmLoad([10, 11, 5])?.floods).toEqual([{ first: 1, last: 2, alarms: 16 }]);
  expect(alarmLoad([10, 10])?.floods).toEqual([]);
});

test("nothing is said of no time", () => {
  expect(alarmLoad([])).toBeNull();
});
