import { normal } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { C_GOLD } from "../plant/carbon.ts";
import type { PlantModel } from "../plant/model.ts";
import { goldOf } from "../plant/pulp.ts";
import { at } from "../plant/vector.ts";

/** Gold that somebody counted in a part of the circuit which no instrument sees. */
export interface Count {
  readonly component: "grinding" | "gold-room";
  readonly shiftEnd: EpochMs;
  readonly at: EpochMs;
  readonly goldG: number;
  /** Standard uncertainty. */
  readonly uG: number;
}

/** How well people count: mills and sump by level and a dip sample, the gold room by volume, assay and scale. */
const GRINDING_SHARE = 0.25;
const GOLD_ROOM_SHARE = 0.03;
const U_MIN_G = 1;
/** People count before the shift is over, ms. */
const BEFORE_END_MS = 60_000;

/** What is counted at the end of a shift, both parts. */
export function countGold(model: PlantModel, shiftEnd: EpochMs, random: Random): Count[] {
  const { goldInGrindingG } = model.truth().inventory;
  const when = { shiftEnd, at: shiftEnd - BEFORE_END_MS };
  return [
    { component: "grinding", ...when, ...counted(goldInGrindingG, GRINDING_SHARE, random) },
    { component: "gold-room", ...when, ...counted(goldInRoom(model), GOLD_ROOM_SHARE, random) },
  ];
}

/** What is behind the gold room's door and in its books: eluate and cathodes, carbon that is in no tank (on its way, in the
 *  column, stripped), and of gravity all but the hopper, which has a scale. */
function goldInRoom(model: PlantModel): number {
  const { gravity, leach } = model.sheet.units;
  const { goldInGoldRoomG, goldOnCarbonG, goldInGravityG } = model.truth().inventory;
  const inTanks = leach.carbons.reduce((sum, carbon) => sum + at(carbon, C_GOLD), 0);
  return goldInGoldRoomG + (goldOnCarbonG - inTanks) + (goldInGravityG - goldOf(gravity.hopper));
}

function counted(gold: number, share: number, random: Random): Pick<Count, "goldG" | "uG"> {
  const uG = Math.max(U_MIN_G, share * gold);
  return { goldG: Number(Math.max(0, gold + uG * normal(random)).toFixed(1)), uG: Number(uG.toFixed(1)) };
}
