import type { Plc } from "./plc.ts";
import { LUBE_KPA } from "./plc.ts";
import { PUMP_MAX_M3PERH } from "./units.ts";
import type { Units } from "./units.ts";

/** What can go wrong with the process, by name. `amount` means something else for each and has a usual value. */
export interface Upset {
  readonly meaning: string;
  readonly usualAmount: number;
  readonly begin: (plant: Struck, amount: number) => void;
  readonly end: (plant: Struck) => void;
}

export interface Struck {
  readonly units: Units;
  readonly plc: Plc;
}

const GATE_PERCENT = 30;
/** Flow through a plugged cyclone, of the usual. */
const PLUGGED_FLOW_SHARE = 0.75;

/** A motor whose contactor stays out. */
function stopped(meaning: string, motor: keyof Plc["motors"]): Upset {
  return {
    meaning,
    usualAmount: 1,
    begin({ plc }) {
      plc.motors[motor].isBroken = true;
    },
    end({ plc }) {
      plc.motors[motor].isBroken = false;
    },
  };
}

/** A switch of the PLC that somebody or something throws. */
function thrown(
  meaning: string,
  flag: "isMetalOnBelt" | "isEmergencyStop" | "hasBundLeak" | "isShowerOn",
): Upset {
  return {
    meaning,
    usualAmount: 1,
    begin({ plc }) {
      plc[flag] = true;
    },
    end({ plc }) {
      plc[flag] = false;
    },
  };
}

/** A number that takes another value for a while. */
function changed(
  meaning: string,
  usualAmount: number,
  write: (plant: Struck, value: number) => void,
  healthy: number,
): Upset {
  return { meaning, usualAmount, begin: write, end: (plant) => write(plant, healthy) };
}

export const UPSETS = {
  "belt-slip": changed(
    "the weigh-feeder's belt makes this share of its drive's speed",
    0.7,
    ({ units }, share) => {
      units.feed.grip = share;
    },
    1,
  ),
  "crusher-belt-slip": changed(
    "the crushed ore belt makes this share of its drive's speed",
    0.7,
    ({ units }, share) => {
      units.belt.speedMPerS = share * units.belt.usualMPerS;
    },
    1,
  ),
  "blocked-chute": {
    meaning: "nothing leaves the cone crusher",
    usualAmount: 1,
    begin({ units }) {
      units.cone.isBlocked = true;
    },
    end({ units }) {
      units.cone.isBlocked = false;
    },
  },
  "blocked-jaw-chute": {
    meaning: "nothing leaves the jaw crusher",
    usualAmount: 1,
    begin({ units }) {
      units.jaw.isBlocked = true;
    },
    end({ units }) {
      units.jaw.isBlocked = false;
    },
  },
  "feed-loss": changed(
    "the fine ore bin gives no more than this, t/h of dry ore",
    0.5,
    ({ units }, dryTPerH) => {
      units.feed.gateDryTPerH = dryTPerH;
    },
    Infinity,
  ),
  "mill-overload": changed(
    "the discharge of mill 2 passes this share of what it should",
    0.08,
    ({ units }, share) => {
      units.mill2.trunnion = share;
    },
    1,
  ),
  "mill-1-overload": changed(
    "the discharge of mill 1 passes this share of what it should",
    0.08,
    ({ units }, share) => {
      units.mill1.trunnion = share;
    },
    1,
  ),
  roping: changed(
    "the apex of the cyclone passes no more than this, m3/h",
    7,
    ({ units }, m3PerH) => {
      units.cyclone.apexM3PerH = m3PerH;
    },
    15,
  ),
  "cyclone-plug": {
    // Against a factor of 1.4 the circulating load gives way within minutes, and the overflow is hardly coarser than before.
    meaning: "the cyclone cuts this much coarser at less flow and more pressure",
    usualAmount: 2.4,
    begin({ units }, cut) {
      units.cyclone.cutFactor = cut;
      units.cyclone.pressureFactor = 1.7 / PLUGGED_FLOW_SHARE ** 1.8;
      units.sump.pumpMaxM3PerH = PLUGGED_FLOW_SHARE * 16.4;
    },
    end({ units }) {
      units.cyclone.cutFactor = 1;
      units.cyclone.pressureFactor = 1;
      units.sump.pumpMaxM3PerH = PUMP_MAX_M3PERH;
    },
  },
  "gravity-feed-stopped": changed(
    "the gate to the concentrator sends this share of the underflow",
    0,
    ({ units }, share) => {
      units.gravity.gate = share;
    },
    GATE_PERCENT / 100,
  ),
  "nacn-pump-trip": stopped("the cyanide dosing pump stands", "naCn"),
  "lime-feeder-trip": stopped("the lime feeder stands", "lime"),
  "smbs-pump-trip": stopped("the metabisulphite pump stands", "smbs"),
  "air-blower-off": stopped("the blower stands", "blower"),
  "mill-1-trip": stopped("mill 1 stands", "mill1"),
  "mill-2-trip": stopped("mill 2 stands", "mill2"),
  "cyclone-pump-trip": stopped("the cyclone feed pump stands", "pump"),
  "crushing-trip": stopped("the crushers stand", "crushing"),
  "screen-hole": {
    meaning: "this share of the carbon of the second CIL tank slips on with the pulp every hour",
    usualAmount: 0.2,
    begin({ units }, share) {
      units.screenHole.tank = 3;
      units.screenHole.sharePerH = share;
    },
    end({ units }) {
      units.screenHole.sharePerH = 0;
    },
  },
  "tail-screen-hole": changed(
    "this share of the carbon of the last CIL tank goes to the tailings every hour",
    0.02,
    ({ units }, share) => {
      units.carbon.lossPerH = share;
    },
    0,
  ),
  "carbon-advance-stopped": {
    meaning: "no carbon is moved",
    usualAmount: 1,
    begin({ units }) {
      units.carbon.isAdvancing = false;
    },
    end({ units }) {
      units.carbon.isAdvancing = true;
    },
  },
  "carbon-fouled": changed(
    "carbon takes up gold at this share of its speed",
    0.5,
    ({ units }, share) => {
      units.leach.carbonActivity = share;
    },
    1,
  ),
  "kiln-off": {
    meaning: "stripped carbon goes back without regeneration",
    usualAmount: 1,
    begin({ units }) {
      units.carbon.isKilnOn = false;
    },
    end({ units }) {
      units.carbon.isKilnOn = true;
    },
  },
  "hard-ore": changed(
    "ore from the mine is this much harder",
    1.11,
    ({ units }, factor) => {
      units.mine.hardnessFactor = factor;
    },
    1,
  ),
  "rich-ore": changed(
    "ore from the mine is this much richer",
    1.5,
    ({ units }, factor) => {
      units.mine.gradeFactor = factor;
    },
    1,
  ),
  "wet-ore": changed(
    "ore from the mine is this much wetter",
    1.6,
    ({ units }, factor) => {
      units.mine.moistureFactor = factor;
    },
    1,
  ),
  "lube-failure": changed(
    "the lube oil of mill 1 has this pressure, kPa",
    40,
    ({ plc }, kPa) => {
      plc.lube1KPa = kPa;
    },
    LUBE_KPA,
  ),
  "water-cut": {
    meaning: "no fresh water comes in",
    usualAmount: 1,
    begin({ units }) {
      units.water.isIntakeOpen = false;
    },
    end({ units }) {
      units.water.isIntakeOpen = true;
    },
  },
  "power-cut": {
    meaning: "every motor stands; the PLCs run on their batteries",
    usualAmount: 1,
    begin({ plc }) {
      plc.hasPower = false;
    },
    end({ plc }) {
      plc.hasPower = true;
    },
  },
  "metal-on-belt": thrown("the metal detector of the crushed ore belt sees something", "isMetalOnBelt"),
  "emergency-stop": thrown("somebody pulls the emergency stop of crushing", "isEmergencyStop"),
  "bund-leak": thrown("cyanide solution stands in the bund", "hasBundLeak"),
  "safety-shower": thrown("somebody is under the safety shower", "isShowerOn"),
} as const satisfies Record<string, Upset>;

export type UpsetName = keyof typeof UPSETS;

export function isUpset(name: string): name is UpsetName {
  return Object.hasOwn(UPSETS, name);
}
