import { C_GOLD, C_MASS, GOLD } from "./carbon.ts";
import { T_CARBON, T_GOLD_SOLID, T_GOLD_SOLUTION, T_SOLIDS, T_WATER } from "./leach.ts";
import { oreGold, O_SOLIDS, O_WATER } from "./ore.ts";
import { goldOf, solidsOf, WATER } from "./pulp.ts";
import type { Units } from "./units.ts";
import { at } from "./vector.ts";

/** Where gold stands in the plant, g; solids and water of the whole plant, t. */
export interface Inventory {
  readonly solidsT: number;
  readonly waterT: number;
  readonly carbonT: number;
  readonly goldG: number;
  /** Ore bins, belts and crushers. */
  readonly goldInOreG: number;
  /** Mills, sump and floor. */
  readonly goldInGrindingG: number;
  /** Bowl, hopper and reactor with its solution. */
  readonly goldInGravityG: number;
  readonly goldInLeachSolidsG: number;
  readonly goldInSolutionG: number;
  readonly goldOnCarbonG: number;
  /** Eluate and cathodes. */
  readonly goldInGoldRoomG: number;
  /** Detox, thickener, dam, and carbon that got there: lost. */
  readonly goldInTailingsG: number;
}

function oreRows(units: Units): readonly Float64Array[] {
  const { rom, jaw, jawBelt, cone, belt, fineOre } = units;
  return [rom, jaw.chamber, jawBelt.content, cone.chamber, belt.content, fineOre.content];
}

function pulpRows({ mill1, mill2, sump }: Units): readonly Float64Array[] {
  return [mill1.pulp, mill2.pulp, sump.pulp, sump.floor];
}

function tailRows({ tailings }: Units): readonly Float64Array[] {
  return [tailings.detox, tailings.thickener, tailings.dam];
}

const total = (rows: readonly Float64Array[], of: (row: Float64Array) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);

const place = (index: number) => (row: Float64Array) => at(row, index);

export function takeInventory(units: Units): Inventory {
  const { leach, carbon, gravity, tailings } = units;
  const gold = {
    goldInOreG: total(oreRows(units), oreGold),
    goldInGrindingG: total(pulpRows(units), goldOf),
    goldInGravityG: total([gravity.bowl, gravity.hopper, gravity.reactor], goldOf) + at(gravity.pregnant, 0),
    goldInLeachSolidsG: total(leach.tanks, place(T_GOLD_SOLID)),
    goldInSolutionG: total(leach.tanks, place(T_GOLD_SOLUTION)),
    goldOnCarbonG: total([...leach.carbons, carbon.loaded, carbon.column, carbon.stripped], place(C_GOLD)),
    goldInGoldRoomG: at(carbon.eluate, GOLD) + at(carbon.cathodes, GOLD),
    goldInTailingsG:
      total(tailRows(units), place(T_GOLD_SOLID)) +
      total(tailRows(units), place(T_GOLD_SOLUTION)) +
      at(carbon.lost, C_GOLD),
  };
  return {
    solidsT: solidsIn(units),
    waterT: waterIn(units),
    carbonT:
      total(leach.tanks, place(T_CARBON)) +
      total([carbon.loaded, carbon.column, carbon.stripped, carbon.lost], place(C_MASS)),
    goldG: Object.values(gold).reduce((sum, part) => sum + part, 0),
    ...gold,
  };

  function solidsIn(all: Units): number {
    const ground = [...pulpRows(all), gravity.bowl, gravity.hopper, gravity.reactor];
    const leached = [...leach.tanks, ...tailRows(all)];
    return total(oreRows(all), place(O_SOLIDS)) + total(ground, solidsOf) + total(leached, place(T_SOLIDS));
  }

  function waterIn(all: Units): number {
    const { naCnMixing, naCnDay, smbs, copper } = all.reagents;
    const ground = [...pulpRows(all), gravity.bowl, gravity.hopper, gravity.reactor];
    const leached = [...leach.tanks, ...tailRows(all)];
    const clear = [tailings.pond, all.water.process, all.water.fresh];
    const solutions = [naCnMixing, naCnDay, smbs, copper].map(({ content }) => content);
    return (
      total(oreRows(all), place(O_WATER)) +
      total(ground, place(WATER)) +
      total(leached, place(T_WATER)) +
      total([...clear, ...solutions], place(0))
    );
  }
}
