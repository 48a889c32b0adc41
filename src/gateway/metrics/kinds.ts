import type { Take } from "../../config/metallurgy.ts";
import * as accounting from "../../metallurgy/accounting.ts";
import * as availability from "../../metallurgy/availability.ts";
import * as carbon from "../../metallurgy/carbon.ts";
import * as classification from "../../metallurgy/classification.ts";
import * as comminution from "../../metallurgy/comminution.ts";
import * as concentrate from "../../metallurgy/concentrate.ts";
import * as cyanide from "../../metallurgy/cyanide.ts";
import type { Formula } from "../../metallurgy/formula.ts";
import * as gravity from "../../metallurgy/gravity.ts";
import * as leach from "../../metallurgy/leach.ts";
import * as liquor from "../../metallurgy/liquor.ts";
import * as millPower from "../../metallurgy/mill-power.ts";
import { morrellGrossPower } from "../../metallurgy/morrell.ts";
import * as reagents from "../../metallurgy/reagents.ts";
import * as recovery from "../../metallurgy/recovery.ts";
import * as slurry from "../../metallurgy/slurry.ts";
import * as tankGold from "../../metallurgy/tank-gold.ts";
import * as throughput from "../../metallurgy/throughput.ts";
import * as water from "../../metallurgy/water.ts";

/** How the figure of a longer period comes about. `sum`: from the figures of its shifts, because each has its own
 *  assays. `last`: that of its last shift, for what is a state and no flow. `again`: by the formula, over the whole. */
export type Over = "sum" | "last" | "again";

/** One result of a kind. */
export type Recipe =
  /** The formula on every reading, then the mean over time; a rate also gets a total. */
  | { readonly by: "reading"; readonly formula: Formula }
  /** The formula on what its inputs come to over the period. */
  | { readonly by: "period"; readonly formula: Formula; readonly over: Over }
  /** The single input `of`, taken in a certain way. */
  | {
      readonly by: "statistic";
      readonly take: Take | "inBand";
      readonly unit: string | null;
      readonly over: Over;
    }
  /** All inputs, however many, added up. */
  | { readonly by: "sum"; readonly unit: string; readonly over: Over };

/** A formula of the plant file: what M-numbers stand for. */
export interface Kind {
  readonly title: string;
  /** By suffix; a kind with one result has no suffix. */
  readonly results: Readonly<Record<string, Recipe>>;
  /** Inputs that may be left out. */
  readonly defaults?: Readonly<Record<string, number | string>>;
}

/** Formulas of any inputs and units meet in one table; the engine checks names and units when it binds them. */
const any = (formula: unknown): Formula => formula as Formula;
const reading = (formula: unknown): Recipe => ({ by: "reading", formula: any(formula) });
const period = (formula: unknown, over: Over = "again"): Recipe => ({
  by: "period",
  formula: any(formula),
  over,
});
const statistic = (take: Take | "inBand", unit: string | null = null, over: Over = "again"): Recipe => ({
  by: "statistic",
  take,
  unit,
  over,
});
const one = (title: string, recipe: Recipe, defaults: Kind["defaults"] = {}): Kind => ({
  title,
  results: { "": recipe },
  defaults,
});

const LIQUOR = { liquor: 1 };
const CALENDAR = { calendar: "calendar" };

export const KINDS: Readonly<Record<string, Kind>> = {
  "M-01": {
    title: "Belt rate",
    results: { "": reading(throughput.beltRate), disagreement: reading(throughput.beltDisagreement) },
  },
  "M-02": one("Dry rate", reading(throughput.dryRate)),
  "M-03": one("Total of a counter", statistic("delta", null, "sum")),
  "M-04": {
    title: "Dry tonnes",
    results: { "": period(throughput.dryMass, "sum"), disagreement: period(throughput.totalDisagreement) },
  },
  "M-05": {
    title: "Running and calendar rate",
    results: { running: period(throughput.runningRate), calendar: period(throughput.calendarRate) },
    defaults: { calendarTime: "calendar" },
  },
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
      blocked: reading(availability.isChuteBlocked),
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
  "M-15a": one("Energy of several machines", { by: "sum", unit: "kW.h", over: "sum" }),
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
      ratio: period(millPower.powerRatio),
      charge: reading(millPower.millCharge),
      fill: reading(millPower.millFill),
    },
  },
  "M-22": one("Circulating load by densities", reading(classification.circulatingLoadFromDensities), LIQUOR),
  "M-22a": one("Circulating load by sizes", period(classification.circulatingLoadFromSizes)),
  "M-23": one("Circulating load by flows", period(classification.circulatingLoadFromFlows)),
  "M-24": one("P80", statistic("end")),
  "M-24a": one("P80 estimated from the cut", reading(classification.estimatedP80)),
  "M-25": {
    title: "Cyclone",
    results: { roping: reading(classification.roping), plugging: reading(classification.plugging) },
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
  "M-31": one("Residence in a tank", reading(leach.residence)),
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
  "M-43": one("Gold in circuit", { by: "sum", unit: "g", over: "last" }),
  "M-43a": {
    title: "Gold and carbon of a tank",
    results: {
      solids: period(tankGold.goldInTankSolids, "last"),
      solution: period(tankGold.goldInTankSolution, "last"),
      carbon: period(tankGold.carbonInTank, "last"),
      loaded: period(tankGold.goldOnTankCarbon, "last"),
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
  "M-50": {
    title: "Water",
    results: {
      makeUp: period(water.makeUpWater),
      reclaim: period(water.reclaimShare),
      closure: period(water.waterClosure),
      surplus: period(water.waterSurplus),
    },
  },
  "M-50a": one("Water of several streams", { by: "sum", unit: "m3", over: "sum" }),
  "M-51": one("Specific energy of the plant", period(comminution.specificEnergy)),
  "M-52": one("Days of stock", period(reagents.reagentDaysLeft)),
  "M-53": one("Molecular share of cyanide", reading(cyanide.hydrogenCyanideShare)),
  "M-54": { title: "Hydrogen cyanide in air", results: { mean: statistic("mean"), max: statistic("max") } },
  "M-55": one("Dosing without a permit", reading(cyanide.unpermittedDosing)),
  "M-56": { title: "WAD cyanide to the dam", results: { mean: statistic("mean"), max: statistic("max") } },
  "M-57": one("Sulphur dioxide per cyanide", period(reagents.sulphurDioxideRatio)),
  "M-57a": one("Load of WAD cyanide", reading(reagents.wadLoad)),
  "M-58": {
    title: "Tailings dam",
    results: {
      "": period(water.waterReturn),
      head: reading(water.piezometricHead),
      freeboard: statistic("min"),
    },
  },
};
