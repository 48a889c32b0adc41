import { fill } from "./bin.ts";
import { C_GOLD, C_MASS, STRIPPED_LOADING } from "./carbon.ts";
import { STEP_H } from "./constants.ts";
import { CHOKED_T, coneP80Mm, load, unload } from "./crusher.ts";
import { FIRST_CARBON_TANK, T_CARBON, T_GOLD_CARBON } from "./leach.ts";
import { composition, O_F80, wetMass } from "./ore.ts";
import type { Lot } from "./ore.ts";
import type { Plc } from "./plc.ts";
import { STEADY_PROFILE } from "./steady-profile.ts";
import type { Units } from "./units.ts";
import { deposit } from "./vector.ts";

export type StartProfile = "steady" | "empty";

const ROM_START_T = 36;
const CRUSHING_TPERH = 9.6;
const BELT_S = 25;
const FINE_ORE_START_T = 65;
/** Stripped carbon that waits for its turn: an elution's worth and a day's. */
const SPARE_CARBON_T = 0.828;
const FRESH_CARBON_T = 0.456;

/** The vessels whose content makes up a profile. */
export function profileRows(units: Units): Readonly<Record<keyof typeof STEADY_PROFILE.rows, Float64Array>> {
  const [tank1, tank2, tank3, tank4, tank5, tank6, tank7] = units.leach.tanks as Seven;
  const { detox, thickener, pond } = units.tailings;
  return {
    mill1: units.mill1.pulp,
    mill2: units.mill2.pulp,
    sump: units.sump.pulp,
    tank1,
    tank2,
    tank3,
    tank4,
    tank5,
    tank6,
    tank7,
    detox,
    thickener,
    pond,
  };
}

/** One of each for the seven tanks. */
export type Seven = [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

/** Fills bins, tanks and hoppers; the concentrate hopper with what has come since the reactor was last filled. `empty` has ore in the bins and fresh carbon in the tanks, and nothing else. */
export function startFrom(
  profile: StartProfile,
  units: Units,
  plc: Plc,
  lots: readonly Lot[],
  hoursSinceReactor: number,
): void {
  fillBins(units, lots);
  units.carbon.stripped[C_MASS] = SPARE_CARBON_T;
  units.carbon.stripped[C_GOLD] = SPARE_CARBON_T * STRIPPED_LOADING;
  if (profile === "empty") {
    for (const tank of units.leach.tanks.slice(FIRST_CARBON_TANK)) {
      tank[T_CARBON] = FRESH_CARBON_T;
      tank[T_GOLD_CARBON] = FRESH_CARBON_T * STRIPPED_LOADING;
    }
    return;
  }
  fillHopper(units, hoursSinceReactor);
  const rows = Object.entries(profileRows(units)) as [keyof typeof STEADY_PROFILE.rows, Float64Array][];
  for (const [name, row] of rows) row.set(STEADY_PROFILE.rows[name]);
  plc.naCnIntegral = STEADY_PROFILE.naCnLPerH;
  plc.naCnLPerH = STEADY_PROFILE.naCnLPerH;
  plc.smbsLPerH = STEADY_PROFILE.smbsLPerH;
  units.reagents.naCnLPerH = STEADY_PROFILE.naCnLPerH;
  units.reagents.smbsLPerH = STEADY_PROFILE.smbsLPerH;
  units.water.makeUpBase = STEADY_PROFILE.makeUpM3PerH;
  units.water.intakeBase = STEADY_PROFILE.intakeM3PerH;
}

function fillHopper({ gravity }: Units, hours: number): void {
  deposit(
    gravity.hopper,
    Float64Array.from(STEADY_PROFILE.concentratePerH, (amount) => amount * hours),
  );
}

/** The bins hold what the lots give on average, crushed in the fine ore bin. */
function fillBins(units: Units, lots: readonly Lot[]): void {
  const blend = blendOf(lots);
  const perT = wetMass(blend);
  deposit(
    units.rom,
    blend.map((part) => (part * ROM_START_T) / perT),
  );
  const crushed = blend.map((part) => part / perT);
  crushed[O_F80] = coneP80Mm(units.cone.cssMm) / perT;
  for (let i = 0; i < FINE_ORE_START_T; i++) fill(units.fineOre, crushed);
  loadCrushing(units, blend, perT);
}

/** Crushers and belts carry what they do at the usual rate. */
function loadCrushing({ jaw, jawBelt, cone, belt }: Units, blend: Float64Array, perT: number): void {
  const row = (wetT: number) => blend.map((part) => (part * wetT) / perT);
  deposit(jaw.chamber, row((CHOKED_T * CRUSHING_TPERH) / jaw.capacityTPerH));
  deposit(cone.chamber, row((CHOKED_T * CRUSHING_TPERH) / cone.capacityTPerH));
  for (const one of [jawBelt, belt])
    for (let second = 0; second < BELT_S; second++) {
      load(one, row(CRUSHING_TPERH * STEP_H));
      unload(one);
    }
}

/** A t of dry ore with each lot's share in it. */
function blendOf(lots: readonly Lot[]): Float64Array {
  const blend = new Float64Array(composition(lots[0] as Lot, 1, 1, 1).length);
  const total = lots.reduce((sum, lot) => sum + lot.wetMassT, 0);
  for (const lot of lots)
    deposit(
      blend,
      composition(lot, 1, 1, 1).map((part) => (part * lot.wetMassT) / total),
    );
  return blend;
}
