import { createBin } from "./bin.ts";
import type { Bin } from "./bin.ts";
import { createCarbon } from "./carbon.ts";
import type { Carbon } from "./carbon.ts";
import { createBelt, createCone, createJaw } from "./crusher.ts";
import type { Belt, Crusher } from "./crusher.ts";
import { createCyclone } from "./cyclone.ts";
import type { Cyclone } from "./cyclone.ts";
import { createTailings } from "./detox.ts";
import type { Tailings } from "./detox.ts";
import { createGravity } from "./gravity.ts";
import type { Gravity } from "./gravity.ts";
import { createLeach } from "./leach.ts";
import type { Leach } from "./leach.ts";
import { createMill } from "./mill.ts";
import type { Mill } from "./mill.ts";
import { ORE_WIDTH } from "./ore.ts";
import { pulp } from "./pulp.ts";
import { createReagents } from "./reagents.ts";
import type { Reagents } from "./reagents.ts";
import { crushedFractions } from "./sizes.ts";
import { createWater } from "./water.ts";
import type { Water } from "./water.ts";

export const ROM_BIN_T = 60;
export const FINE_ORE_BIN_T = 100;
export const PUMP_MAX_M3PERH = 24.1;

export interface Units {
  /** ROM bin, mixed. */
  readonly rom: Float64Array;
  readonly romFeed: Float64Array;
  readonly jaw: Crusher;
  readonly jawBelt: Belt;
  readonly cone: Crusher;
  readonly belt: Belt;
  readonly fineOre: Bin;
  readonly feed: MillFeed;
  readonly mill1: Mill;
  readonly mill2: Mill;
  readonly sump: Sump;
  readonly cyclone: Cyclone;
  readonly gravity: Gravity;
  readonly leach: Leach;
  readonly carbon: Carbon;
  readonly tailings: Tailings;
  readonly water: Water;
  readonly reagents: Reagents;
  readonly screenHole: { tank: number; sharePerH: number };
  readonly mine: { gradeFactor: number; moistureFactor: number; hardnessFactor: number };
}

export interface MillFeed {
  readonly drawn: Float64Array;
  /** Class fractions of the ore, and the F80 (µm) that they stand for. */
  fractions: Float64Array;
  f80Um: number;
  wetTPerH: number;
  dryTPerH: number;
  beltMPerS: number;
  /** Share of the drive's speed that the belt really makes. */
  grip: number;
  /** The gate of the bin passes no more than this, t/h of dry ore. */
  gateDryTPerH: number;
  waterM3PerH: number;
}

export interface Sump {
  readonly pulp: Float64Array;
  /** Spilled on the floor, pumped back slowly. */
  readonly floor: Float64Array;
  readonly pumped: Float64Array;
  readonly spilled: Float64Array;
  readonly returned: Float64Array;
  readonly toMill2: Float64Array;
  volumeM3: number;
  pumpM3PerH: number;
  /** What the pump gives at full speed into the line as it is. */
  pumpMaxM3PerH: number;
  waterM3PerH: number;
  fluidisationM3PerH: number;
  overflowP80Um: number;
}

const REFERENCE_F80_UM = 9000;

export function createUnits(): Units {
  return {
    rom: new Float64Array(ORE_WIDTH),
    romFeed: new Float64Array(ORE_WIDTH),
    jaw: createJaw(),
    jawBelt: createBelt(),
    cone: createCone(),
    belt: createBelt(),
    fineOre: createBin(FINE_ORE_BIN_T),
    feed: createFeed(),
    mill1: createMill(),
    mill2: createMill(),
    sump: createSump(),
    cyclone: createCyclone(),
    gravity: createGravity(),
    leach: createLeach(),
    carbon: createCarbon(),
    tailings: createTailings(),
    water: createWater(),
    reagents: createReagents(),
    screenHole: { tank: 0, sharePerH: 0 },
    mine: { gradeFactor: 1, moistureFactor: 1, hardnessFactor: 1 },
  };
}

function createFeed(): MillFeed {
  return {
    drawn: new Float64Array(ORE_WIDTH),
    fractions: crushedFractions(REFERENCE_F80_UM),
    f80Um: REFERENCE_F80_UM,
    wetTPerH: 0,
    dryTPerH: 0,
    beltMPerS: 0.8,
    grip: 1,
    gateDryTPerH: Infinity,
    waterM3PerH: 0,
  };
}

function createSump(): Sump {
  return {
    pulp: pulp(),
    floor: pulp(),
    pumped: pulp(),
    spilled: pulp(),
    returned: pulp(),
    toMill2: pulp(),
    volumeM3: 0,
    pumpM3PerH: 0,
    pumpMaxM3PerH: PUMP_MAX_M3PERH,
    waterM3PerH: 0,
    fluidisationM3PerH: 0,
    overflowP80Um: 105.7,
  };
}
