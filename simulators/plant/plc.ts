/** What operators set, in the units of their tags. */
export interface Setpoints {
  /** Wet mill feed, t/h. */
  feedTPerH: number;
  millWaterM3PerH: number;
  sumpWaterM3PerH: number;
  /** Density of the cyclone feed, t/m3; counts when the controller is in automatic. */
  sumpDensity: number;
  isDensityAutomatic: boolean;
  fluidisationM3PerH: number;
  cycleMin: number;
  gatePercent: number;
  naCnMgPerL: number;
  /** Whether the concentration decides the dosing; else `naCnLPerH` does. */
  isNaCnAutomatic: boolean;
  naCnLPerH: number;
  /** kg of lime per t of dry ore. */
  limeKgPerT: number;
  /** g of SO2 per g of WAD cyanide. */
  so2Ratio: number;
  crushingTPerH: number;
  coneCssMm: number;
}

/** A motor with its trip. A trip goes away when its cause has been gone for as long as it takes somebody to go there. */
export interface Motor {
  isRunning: boolean;
  isTripped: boolean;
  /** The contactor is out for good: a fault. */
  isBroken: boolean;
  /** How long the cause of a trip has lasted, or has been gone, s. */
  causeS: number;
  clearS: number;
}

/** Crushing is all its machines; its ROM feeder trips alone when a crusher is choked, so that the crushers can run empty. */
export const MOTORS = [
  "crushing",
  "romFeeder",
  "feeder",
  "mill1",
  "mill2",
  "pump",
  "naCn",
  "lime",
  "smbs",
  "blower",
] as const;
export type MotorName = (typeof MOTORS)[number];

export interface Plc {
  readonly setpoints: Setpoints;
  readonly motors: Readonly<Record<MotorName, Motor>>;
  hasPower: boolean;
  /** Since power came back, s. */
  poweredS: number;
  /** Since power went, s. */
  outageS: number;
  isCrushingWanted: boolean;
  /** Seconds that the crushers have run without ore. */
  crushingIdleS: number;
  /** Correction of the weigh-feeder's drive, ratio. */
  feederTrim: number;
  densityIntegral: number;
  naCnIntegral: number;
  naCnLPerH: number;
  limeKgPerH: number;
  smbsLPerH: number;
  copperLPerH: number;
  hasPermit: boolean;
  permitLostS: number;
  /** An operator's wish to arm the NaCN permit again. */
  isRearmAsked: boolean;
  lube1KPa: number;
  lube2KPa: number;
  airflowShare: number;
  isMetalOnBelt: boolean;
  isEmergencyStop: boolean;
  hasBundLeak: boolean;
  isShowerOn: boolean;
}

/** Agitators are the first to start when power is back, s. */
export const AGITATION_S = 60;

export const LUBE_KPA = 180;

export function createPlc(): Plc {
  return {
    setpoints: {
      feedTPerH: 4.2 / (1 - 0.035),
      millWaterM3PerH: 1.65,
      sumpWaterM3PerH: 2.55,
      sumpDensity: 1.554,
      isDensityAutomatic: false,
      fluidisationM3PerH: 2.5,
      cycleMin: 60,
      gatePercent: 30,
      naCnMgPerL: 600,
      isNaCnAutomatic: true,
      naCnLPerH: 31.3,
      limeKgPerT: 1,
      so2Ratio: 4,
      crushingTPerH: 9.6,
      coneCssMm: 10,
    },
    motors: motors(),
    hasPower: true,
    poweredS: Infinity,
    outageS: 0,
    isCrushingWanted: true,
    crushingIdleS: 0,
    feederTrim: 1,
    densityIntegral: 2.55,
    naCnIntegral: 31.3,
    naCnLPerH: 31.3,
    limeKgPerH: 4.2,
    smbsLPerH: 29.4,
    copperLPerH: 1.5,
    hasPermit: true,
    permitLostS: 0,
    isRearmAsked: false,
    lube1KPa: LUBE_KPA,
    lube2KPa: LUBE_KPA,
    airflowShare: 1,
    isMetalOnBelt: false,
    isEmergencyStop: false,
    hasBundLeak: false,
    isShowerOn: false,
  };
}

function motors(): Record<MotorName, Motor> {
  const all = MOTORS.map((name) => [name, motor()] as const);
  return Object.fromEntries(all) as Record<MotorName, Motor>;
}

function motor(): Motor {
  return { isRunning: true, isTripped: false, isBroken: false, causeS: 0, clearS: 0 };
}
