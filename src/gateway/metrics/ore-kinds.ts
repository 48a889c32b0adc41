import * as availability from "../../metallurgy/availability.ts";
import * as classification from "../../metallurgy/classification.ts";
import * as comminution from "../../metallurgy/comminution.ts";
import * as concentrate from "../../metallurgy/concentrate.ts";
import * as courses from "../../metallurgy/courses.ts";
import * as cyclone from "../../metallurgy/cyclone.ts";
import * as gravity from "../../metallurgy/gravity.ts";
import * as liquor from "../../metallurgy/liquor.ts";
import * as millPower from "../../metallurgy/mill-power.ts";
import { morrellGrossPower } from "../../metallurgy/morrell.ts";
import * as slurry from "../../metallurgy/slurry.ts";
import * as throughput from "../../metallurgy/throughput.ts";
import { any, course, mean, one, period, plainSum, reading, slope, statistic, sum } from "./recipe.ts";
import type { Kind } from "./recipe.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Slopes that tell what a machine is about to do. */
const TREND_MS = 10 * MINUTE_MS;
const LIQUOR = { liquor: 1 };
const CALENDAR = { calendar: "calendar" };

/** Ore and its grinding: throughput, crushing, mills, cyclone and gravity. */
export const ORE_KINDS: Readonly<Record<string, Kind>> = {
  "M-01": {
    title: "Belt rate",
    results: { "": reading(throughput.beltRate), disagreement: reading(throughput.beltDisagreement) },
  },
  "M-02": one("Dry rate", reading(throughput.dryRate)),
  "M-02a": one("Rate of a machine, zero while it stands", reading(availability.rateWhenOff)),
  "M-03": one("Total of a counter", statistic("delta", null, "sum")),
  "M-04": {
    title: "Dry tonnes",
    results: { "": plainSum(throughput.dryMass), disagreement: period(throughput.totalDisagreement) },
  },
  "M-05": {
    title: "Running and calendar rate",
    results: { running: period(throughput.runningRate), calendar: period(throughput.calendarRate) },
    defaults: { calendarTime: "calendar" },
  },
  "M-06": one("Load of the empty belt", course(courses.emptyBelt, "last")),
  "M-06a": one("Drift of the empty belt's load", period(throughput.beltZeroDrift)),
  "M-07": one("Solids by mass", reading(slurry.solidsFraction), LIQUOR),
  "M-08": {
    title: "Solids by volume and dilution",
    results: { volume: reading(slurry.volumeFraction), dilution: reading(slurry.dilution) },
    defaults: LIQUOR,
  },
  "M-09": {
    title: "Solids and water of a pulp flow",
    results: {
      solids: reading(slurry.solidsFlow),
      water: reading(slurry.waterFlow),
      liquor: reading(liquor.liquorFlow),
    },
    defaults: LIQUOR,
  },
  "M-10": one("Feed by pulp against feed by belt", period(throughput.feedCrossCheck)),
  "M-11": {
    title: "Availability and utilisation",
    results: {
      availability: period(availability.availability),
      utilisation: period(availability.utilisation),
      working: reading(availability.isWorking),
    },
    defaults: CALENDAR,
  },
  "M-12": one("Rate while running", period(throughput.runningRate)),
  "M-13": {
    title: "Choking and idling",
    results: {
      choke: reading(availability.isChoked),
      idle: reading(availability.isIdling),
      blocked: reading(availability.isChuteBlocked, {
        moving: { downstreamSlope: slope("t/h", TREND_MS) },
      }),
    },
  },
  "M-14": {
    title: "Crushing",
    results: {
      "": period(comminution.specificEnergy),
      reduction: period(comminution.reductionRatio),
      power: reading(comminution.threePhasePower),
    },
  },
  "M-15": one("Specific energy of grinding", period(comminution.specificEnergy)),
  "M-15a": one("Energy of several machines", sum("kW.h", "sum")),
  "M-16": {
    title: "Operating work index and efficiency",
    results: {
      wio: period(comminution.operatingWorkIndex),
      efficiency: period(comminution.grindingEfficiency),
      bond: period(comminution.bondEnergy),
    },
  },
  "M-17": one("Work index of the laboratory test", period(comminution.bondTest)),
  "M-18": one("Net power by Hogg and Fuerstenau", reading(millPower.hoggFuerstenauPower)),
  "M-18a": one("Power at the meter", reading(millPower.grossPower)),
  "M-19": one("Gross power by Morrell", reading(morrellGrossPower)),
  "M-20": {
    title: "Charge and power of a mill",
    results: {
      ratio: reading(millPower.powerRatio),
      charge: reading(millPower.millCharge),
      fill: reading(millPower.millFill),
    },
  },
  "M-21": one(
    "Mill that packs",
    reading(millPower.millOverload, {
      moving: {
        chargeSlope: slope("t", TREND_MS),
        powerSlope: slope("kW", TREND_MS),
        soundSlope: slope("%", TREND_MS),
      },
      standsMs: 5 * MINUTE_MS,
    }),
  ),
  "M-22": one("Circulating load by densities", reading(classification.circulatingLoadFromDensities), LIQUOR),
  "M-22a": one("Circulating load by sizes", period(classification.circulatingLoadFromSizes)),
  "M-23": one("Circulating load by flows", period(classification.circulatingLoadFromFlows)),
  "M-23a": one("Circulating load, the surer of several", {
    by: "several",
    unit: "%",
    of: (figures) => figures.reduce(classification.surer),
    over: "again",
  }),
  "M-24": one("P80", statistic("end")),
  "M-24a": one("P80 estimated from the cut", reading(classification.estimatedP80)),
  "M-24b": one("Cut size of the cyclone", reading(cyclone.cutSize)),
  "M-24c": one("Ratio of P80 to cut size", {
    by: "state",
    formula: any(classification.sizeFactor),
    start: classification.SIZE_FACTOR_START,
    over: "last",
  }),
  "M-25": {
    title: "Cyclone",
    results: {
      roping: reading(classification.roping, { standsMs: MINUTE_MS / 2 }),
      plugging: reading(classification.plugging, {
        moving: { usualPressure: mean("kPa", HOUR_MS), usualFlow: mean("m3/h", HOUR_MS) },
        standsMs: MINUTE_MS / 2,
      }),
    },
    defaults: { overflowCoarse: 0, usualOverflowCoarse: 0 },
  },
  "M-26": {
    title: "Mass pull of gravity",
    results: { "": period(gravity.massPull), flush: period(gravity.flushMass) },
  },
  "M-26a": one("Gravity concentrate", period(concentrate.concentrateOfFlushes, "sum")),
  "M-27": {
    title: "Gravity recovery",
    results: { "": period(gravity.gravityRecovery), unit: period(gravity.unitGravityRecovery) },
  },
  "M-28": {
    title: "Gravity recoverable gold",
    results: { share: period(gravity.gravityRecoverableGold), effort: period(gravity.gravityEffort) },
  },
  "M-29": {
    title: "Cycles of the concentrator",
    results: {
      perDay: period(gravity.cyclesPerDay),
      time: period(gravity.cycleTime),
      downtime: period(gravity.flushDowntime),
      missed: reading(gravity.missedFlush),
    },
    defaults: { calendarTime: "calendar", runTime: "calendar" },
  },
  "M-30": one("Recovery of intensive leaching", period(gravity.intensiveLeachRecovery)),
};
