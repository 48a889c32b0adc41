import type { Refusal } from "../domain/figure.ts";
import { formula, ratio } from "./formula.ts";

const HOURS_MIN = 0.05;

const HOURS = { calendar: "h", planned: "h", breakdown: "h" } as const;

interface Hours {
  readonly calendar: number;
  readonly planned: number;
  readonly breakdown: number;
}

/** Hours in which the machine could have run: the calendar's less planned and unplanned repairs. Standing for lack of ore
 *  or with a full bin is not down. */
function availableHours({ calendar, planned, breakdown }: Hours): number | Refusal {
  const left = calendar - planned - breakdown;
  return planned < 0 || breakdown < 0 || left < 0 ? "OUT_OF_DOMAIN" : left;
}

/** M-11, M-47. Availability, %: (T − down)/T. No value when more hours are down than there are. */
export const availability = formula({
  unit: "%",
  inputs: HOURS,
  of: (x) => {
    const left = availableHours(x);
    return typeof left === "string" ? left : ratio(100 * left, x.calendar, HOURS_MIN);
  },
});

/** M-11, M-47. Utilisation, %: hours run over hours available. LOW_DENOM when the machine was down all the time. */
export const utilisation = formula({
  unit: "%",
  inputs: { ...HOURS, standby: "h" },
  of: ({ standby, ...hours }) => {
    const left = availableHours(hours);
    if (typeof left === "string") return left;
    return standby < 0 || standby > left ? "OUT_OF_DOMAIN" : ratio(100 * (left - standby), left, HOURS_MIN);
  },
});

/** M-47. Share of the calendar that the machine ran, %. */
export const runningShare = formula({
  unit: "%",
  inputs: { ...HOURS, standby: "h" },
  of: ({ standby, ...hours }) => {
    const left = availableHours(hours);
    return typeof left === "string" ? left : ratio(100 * (left - standby), hours.calendar, HOURS_MIN);
  },
});

/** M-47. Performance, %: tonnes over what the nameplate gives in the hours run. */
export const performance = formula({
  unit: "%",
  inputs: { dry: "t", runTime: "h", nameplate: "t/h" },
  of: ({ dry, runTime, nameplate }) => ratio(100 * dry, runTime * nameplate, HOURS_MIN),
});

/** M-47. Quality, %: tonnes on specification (P80 and pH in band) over all. */
export const onSpecification = formula({
  unit: "%",
  inputs: { dryOnSpecification: "t", dry: "t" },
  of: ({ dryOnSpecification, dry }) => ratio(100 * dryOnSpecification, dry, 0.2),
});

/** M-47. Overall equipment effectiveness, %: availability × utilisation × performance × quality, which is tonnes on
 *  specification over what the nameplate gives in the whole calendar. */
export const overallEffectiveness = formula({
  unit: "%",
  inputs: { dryOnSpecification: "t", calendar: "h", nameplate: "t/h" },
  of: ({ dryOnSpecification, calendar, nameplate }) =>
    ratio(100 * dryOnSpecification, calendar * nameplate, HOURS_MIN),
});

/** M-11. Whether a machine really runs (1): its run bit is on and it carries more than 5 % of its nameplate. */
export const isWorking = formula({
  unit: "1",
  inputs: { running: "1", load: "t/h", nameplate: "t/h" },
  of: ({ running, load, nameplate }) => Number(running > 0.5 && load > 0.05 * nameplate),
});

/** M-13. Whether a crusher chokes (1): chamber above 90 % and more than 95 % of full-load current. */
export const isChoked = formula({
  unit: "1",
  inputs: { level: "%", current: "A", fullLoadCurrent: "A" },
  of: ({ level, current, fullLoadCurrent }) => Number(level > 90 && current > 0.95 * fullLoadCurrent),
});

/** M-13. Whether the chute below a crusher is blocked (1): the chamber stands above 90 % while the rate on the belt behind
 *  it falls. The slope is over ten minutes. */
export const isChuteBlocked = formula({
  unit: "1",
  inputs: { level: "%", downstreamSlope: "t/h/h" },
  of: ({ level, downstreamSlope }) => Number(level > 90 && downstreamSlope < 0),
});

/** M-13. Whether a crusher turns without ore (1): it runs and draws less than 1.1 × its idle current. */
export const isIdling = formula({
  unit: "1",
  inputs: { running: "1", current: "A", idleCurrent: "A" },
  of: ({ running, current, idleCurrent }) => Number(running > 0.5 && current < 1.1 * idleCurrent),
});

/** A rate of a machine that is off: inside the dead band of 1 % of span it is a true zero. */
export const rateWhenOff = formula({
  unit: "t/h",
  inputs: { rate: "t/h", span: "t/h", running: "1" },
  of: ({ rate, span, running }) => (running < 0.5 && Math.abs(rate) <= 0.01 * span ? 0 : rate),
});
