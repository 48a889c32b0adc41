import { times } from "../domain/quantity.ts";
import type { Figure } from "../domain/figure.ts";
import { formula, ratio, sumOf } from "./formula.ts";

const T_PER_H_OF_KG_PER_S = 3.6;

/** M-01. Wet rate over a belt, t/h, from its load and its speed: 3.6·q·v. A belt at rest carries nothing past.
 *  A negative speed (a belt running back) has no rate. */
export const beltRate = formula({
  unit: "t/h",
  inputs: { load: "kg/m", speed: "m/s" },
  of: ({ load, speed }) => (speed < 0 ? "OUT_OF_DOMAIN" : T_PER_H_OF_KG_PER_S * times(load, speed)),
  partials: ({ load, speed }) => ({ load: T_PER_H_OF_KG_PER_S * speed, speed: T_PER_H_OF_KG_PER_S * load }),
});

/** M-01. Distance of the integrator's own rate from load × speed, as a share of the rate; beyond 0.02 something is wrong.
 *  LOW_DENOM while nothing runs over the belt. */
export const beltDisagreement = formula({
  unit: "1",
  inputs: { rate: "t/h", load: "kg/m", speed: "m/s" },
  of: ({ rate, load, speed }) => ratio(Math.abs(rate - T_PER_H_OF_KG_PER_S * load * speed), rate, 0.01),
});

/** M-02. Dry rate, t/h, from the wet one and the moisture (kg of water per kg of wet ore): W(1−w).
 *  No value for a moisture outside [0, 1). */
export const dryRate = formula({
  unit: "t/h",
  inputs: { wet: "t/h", moisture: "1" },
  of: ({ wet, moisture }) => dryShare(wet, moisture),
  partials: ({ wet, moisture }) => ({ wet: 1 - moisture, moisture: -wet }),
});

/** M-04. Dry tonnes of one period of one moisture. The month is the sum of its periods. */
export const dryMass = formula({
  unit: "t",
  inputs: { wet: "t", moisture: "1" },
  of: ({ wet, moisture }) => dryShare(wet, moisture),
  partials: ({ wet, moisture }) => ({ wet: 1 - moisture, moisture: -wet }),
});

function dryShare(wet: number, moisture: number): number | "OUT_OF_DOMAIN" {
  return moisture < 0 || moisture >= 1 || wet < 0 ? "OUT_OF_DOMAIN" : wet * (1 - moisture);
}

/** M-04. Dry total, t, of several moisture periods. */
export function dryTotal(
  periods: readonly { readonly wet: Figure<"t">; readonly moisture: Figure<"1"> }[],
): Figure<"t"> {
  return sumOf("t", periods.map(dryMass));
}

/** M-04. Distance of the totalizer from the integral of the rate, as a share; beyond 0.02 the total is uncertain. */
export const totalDisagreement = formula({
  unit: "1",
  inputs: { total: "t", integral: "t" },
  of: ({ total, integral }) => ratio(Math.abs(total - integral), integral, 0.01),
});

/** M-06. Drift of the empty belt's load from that of the last calibration, as a share of the scale's span; beyond 0.005 the
 *  scale is due for calibration. */
export const beltZeroDrift = formula({
  unit: "1",
  inputs: { zero: "kg/m", calibratedZero: "kg/m", span: "kg/m" },
  of: ({ zero, calibratedZero, span }) => ratio(Math.abs(zero - calibratedZero), span, 0.01),
});

const RUN_HOURS_MIN = 0.05;

/** M-05, M-12. Tonnes per hour that the machine ran. LOW_DENOM below three minutes of running. */
export const runningRate = formula({
  unit: "t/h",
  inputs: { mass: "t", runTime: "h" },
  of: ({ mass, runTime }) => ratio(mass, runTime, RUN_HOURS_MIN),
});

/** M-05. Tonnes per calendar day, whether the machine ran or not. Never to be mixed with the running rate. */
export const calendarRate = formula({
  unit: "t/d",
  inputs: { mass: "t", calendarTime: "d" },
  of: ({ mass, calendarTime }) => ratio(mass, calendarTime, 1 / 1440),
});

/** M-10. Solids seen by flow and density against those fed by the belt: 1 when the instruments agree. A data alert is due
 *  when it differs from 1 by more than twice its uncertainty. */
export const feedCrossCheck = formula({
  unit: "1",
  inputs: { slurrySolids: "t/h", beltSolids: "t/h" },
  of: ({ slurrySolids, beltSolids }) => ratio(slurrySolids, beltSolids, 0.05),
});
