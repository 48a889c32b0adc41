import * as comminution from "../../metallurgy/comminution.ts";
import * as courses from "../../metallurgy/courses.ts";
import * as cyanide from "../../metallurgy/cyanide.ts";
import * as reagents from "../../metallurgy/reagents.ts";
import * as water from "../../metallurgy/water.ts";
import { course, one, period, reading, statistic, sum } from "./recipe.ts";
import type { Kind } from "./recipe.ts";

/** Water, energy, stocks, people and the dam. */
export const SITE_KINDS: Readonly<Record<string, Kind>> = {
  "M-50": {
    title: "Water",
    results: {
      makeUp: period(water.makeUpWater),
      reclaim: period(water.reclaimShare),
      closure: period(water.waterClosure),
      surplus: period(water.waterSurplus),
    },
  },
  "M-50a": one("Water of several streams", sum("m3", "sum")),
  "M-51": one("Specific energy of the plant", period(comminution.specificEnergy)),
  "M-52": one("Days of stock", period(reagents.reagentDaysLeft)),
  "M-53": one("Molecular share of cyanide", reading(cyanide.hydrogenCyanideShare)),
  "M-54": {
    title: "Hydrogen cyanide in air",
    results: {
      mean: statistic("mean"),
      max: statistic("max"),
      twa: course(courses.highestExposure(courses.TWA_MS), "highest"),
      stel: course(courses.highestExposure(courses.STEL_MS), "highest"),
      fault: course(courses.detectorFault, "highest"),
    },
  },
  "M-55": one("Dosing without a permit", reading(cyanide.unpermittedDosing)),
  "M-56": { title: "WAD cyanide to the dam", results: { mean: statistic("mean"), max: statistic("max") } },
  "M-57": one("Sulphur dioxide per cyanide", period(reagents.sulphurDioxideRatio)),
  "M-57a": one("Load of WAD cyanide", reading(reagents.wadLoad)),
  "M-58": {
    title: "Tailings dam",
    results: {
      "": period(water.waterReturn),
      head: reading(water.piezometricHead),
      trend: course(courses.piezometerTrend, "again"),
      freeboard: statistic("min"),
    },
  },
};
