import { formula, ratio } from "./formula.ts";

const WATER = {
  fresh: "m3",
  oreMoisture: "m3",
  reclaim: "m3",
  lockedInTails: "m3",
  evaporation: "m3",
  tankChange: "m3",
} as const;

interface Water {
  readonly fresh: number;
  readonly oreMoisture: number;
  readonly reclaim: number;
  readonly lockedInTails: number;
  readonly evaporation: number;
  readonly tankChange: number;
}

function surplus({ fresh, oreMoisture, reclaim, lockedInTails, evaporation, tankChange }: Water): number {
  return fresh + oreMoisture + reclaim - lockedInTails - evaporation - tankChange;
}

/** M-50. Water that came in and is not found again, m3; negative when more is found. */
export const waterSurplus = formula({ unit: "m3", inputs: WATER, of: surplus });

/** M-50. The same over all water in, %; an alert is due beyond 10. */
export const waterClosure = formula({
  unit: "%",
  inputs: WATER,
  of: (x) => ratio(100 * surplus(x), x.fresh + x.oreMoisture + x.reclaim, 0.5),
});

/** M-50. Fresh water per tonne of dry ore, m3/t. */
export const makeUpWater = formula({
  unit: "m3/t",
  inputs: { fresh: "m3", dry: "t" },
  of: ({ fresh, dry }) => ratio(fresh, dry, 0.2),
});

/** M-50. Share of the water that is used again, %. */
export const reclaimShare = formula({
  unit: "%",
  inputs: { reclaim: "m3", fresh: "m3" },
  of: ({ reclaim, fresh }) => ratio(100 * reclaim, reclaim + fresh, 0.5),
});

/** M-58. Share of the water sent to the tailings dam that comes back, %. */
export const waterReturn = formula({
  unit: "%",
  inputs: { decant: "m3", sent: "m3" },
  of: ({ decant, sent }) => ratio(100 * decant, sent, 0.5),
});

const MM_PER_KPA = 1e6 / (1000 * 9.80665);

/** M-58. Rise of the water in a dam's wall, mm a day, from the slope of a pore pressure over days. */
export const piezometricTrend = formula({
  unit: "mm/d",
  inputs: { pressureSlope: "kPa/h" },
  of: ({ pressureSlope }) => 24 * MM_PER_KPA * pressureSlope,
});

/** M-58. Height of a water column, mm, that a pore pressure means. */
export const piezometricHead = formula({
  unit: "mm",
  inputs: { pressure: "kPa" },
  of: ({ pressure }) => MM_PER_KPA * pressure,
});
