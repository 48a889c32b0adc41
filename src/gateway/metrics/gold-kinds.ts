import * as accounting from "../../metallurgy/accounting.ts";
import * as availability from "../../metallurgy/availability.ts";
import * as carbon from "../../metallurgy/carbon.ts";
import * as leach from "../../metallurgy/leach.ts";
import * as liquor from "../../metallurgy/liquor.ts";
import * as reagents from "../../metallurgy/reagents.ts";
import * as recovery from "../../metallurgy/recovery.ts";
import * as tankGold from "../../metallurgy/tank-gold.ts";
import { one, period, reading, statistic, sum } from "./recipe.ts";
import type { Kind } from "./recipe.ts";

const LIQUOR = { liquor: 1 };
const CALENDAR = { calendar: "calendar" };

/** Leach, carbon, recovery and the accounting of gold. */
export const GOLD_KINDS: Readonly<Record<string, Kind>> = {
  "M-31": one("Residence in a tank", reading(leach.residence)),
  "M-31a": one("Residence in several tanks", sum("h", "again")),
  "M-32": one("Leach extraction on solids", period(leach.extraction)),
  "M-33": one("Leach extraction on products", period(leach.extractionOnProducts)),
  "M-34": {
    title: "Cyanide added and consumed",
    results: {
      added: period(reagents.cyanideAdded),
      consumed: period(reagents.cyanideConsumed),
      tank: period(reagents.dayTankUse),
      rate: reading(reagents.dosingRate),
    },
  },
  "M-35": one("Reagent added", period(reagents.reagentAdded)),
  "M-36": {
    title: "Mean, extremes and time in band",
    results: {
      mean: statistic("mean"),
      min: statistic("min"),
      max: statistic("max"),
      inBand: statistic("inBand", "%"),
    },
  },
  "M-37": {
    title: "Carbon of a tank and its gold",
    results: {
      "": period(tankGold.carbonInTank, "last"),
      gold: period(tankGold.goldOnTankCarbon, "last"),
    },
  },
  "M-37a": one("Carbon of several tanks", sum("t", "last")),
  "M-38": {
    title: "Gold moved by carbon",
    results: {
      "": period(carbon.metalByCarbon),
      upgrade: period(carbon.upgrade),
      advance: period(carbon.carbonAdvance),
    },
  },
  "M-39": {
    title: "Stage adsorption",
    results: { "": period(carbon.stageAdsorption), slope: period(carbon.loadingSlope) },
  },
  "M-40": one("Carbon activity", period(carbon.relativeActivity)),
  "M-40a": one("Gold lost dissolved", period(liquor.goldInLiquor, "sum")),
  "M-40b": one("Share of the gold that is lost dissolved", period(leach.solubleLoss)),
  "M-41": one("Gold in feed", period(recovery.goldInSolids, "sum")),
  "M-42": {
    title: "Two-product yield and recovery",
    results: { yield: period(recovery.twoProductYield), recovery: period(recovery.twoProductRecovery) },
  },
  "M-43": one("Gold in circuit", sum("g", "last")),
  "M-43a": {
    title: "Gold in the pulp of a tank",
    results: {
      solids: period(tankGold.goldInTankSolids, "last"),
      solution: period(tankGold.goldInTankSolution, "last"),
    },
    defaults: LIQUOR,
  },
  "M-43b": one("Gold in a heap, a hopper or a bag", period(recovery.goldInSolids, "last")),
  "M-44": {
    title: "Gold poured and recovered",
    results: { recovered: period(accounting.goldRecovered), ounces: period(accounting.troyOunces) },
    defaults: { poured: "entry:pour", gold: "entry:pour" },
  },
  "M-45": one("Gold in tails", period(accounting.tailsGold, "sum")),
  "M-46": {
    title: "Gold accounting",
    results: {
      accounted: period(accounting.goldAccounted),
      head: period(accounting.calculatedHead),
      recovery: period(accounting.checkOutRecovery),
      headTails: period(accounting.headTailsRecovery),
      unaccounted: period(accounting.unaccountedGold),
      share: period(accounting.unaccountedShare),
      factor: period(accounting.callFactor),
    },
    defaults: { poured: "entry:pour" },
  },
  "M-47": {
    title: "Equipment effectiveness",
    results: {
      performance: period(availability.performance),
      quality: period(availability.onSpecification),
      oee: period(availability.overallEffectiveness),
    },
    defaults: CALENDAR,
  },
};
