import type { Plc } from "./plc.ts";

/** What operators may set: tag, limits and the place in the PLC. */
export interface Setpoint {
  readonly title: string;
  readonly unit: string | null;
  readonly low: number;
  readonly high: number;
  readonly read: (plc: Plc) => number;
  readonly write: (plc: Plc, value: number) => void;
}

type Numeric<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

function direct(
  title: string,
  unit: string,
  low: number,
  high: number,
  name: Numeric<Plc["setpoints"]>,
): Setpoint {
  return {
    title,
    unit,
    low,
    high,
    read: ({ setpoints }) => setpoints[name],
    write({ setpoints }, value) {
      setpoints[name] = value;
    },
  };
}

export const SETPOINTS = {
  "FIC-201.SP": direct("Mill feed setpoint, wet", "t/h", 0, 8, "feedTPerH"),
  "FIC-202.SP": direct("Mill 1 water setpoint", "m3/h", 0, 5, "millWaterM3PerH"),
  "FIC-205.SP": {
    ...direct("Sump water setpoint; takes the density controller to manual", "m3/h", 0, 6, "sumpWaterM3PerH"),
    write({ setpoints }, value) {
      setpoints.sumpWaterM3PerH = value;
      setpoints.isDensityAutomatic = false;
    },
  },
  "DIC-207.SP": {
    ...direct(
      "Cyclone feed density setpoint; takes the controller to automatic",
      "t/m3",
      1.2,
      1.9,
      "sumpDensity",
    ),
    write(plc, value) {
      if (!plc.setpoints.isDensityAutomatic) plc.densityIntegral = plc.setpoints.sumpWaterM3PerH;
      plc.setpoints.sumpDensity = value;
      plc.setpoints.isDensityAutomatic = true;
    },
  },
  "FIC-302.SP": direct("Concentrator fluidisation setpoint", "m3/h", 0, 6, "fluidisationM3PerH"),
  "KIC-302.SP": direct("Concentrator cycle setpoint", "min", 10, 180, "cycleMin"),
  "AIC-401C.SP": {
    ...direct(
      "NaCN setpoint of leach tank 1; takes the controller to automatic",
      "mg{NaCN}/L",
      0,
      1000,
      "naCnMgPerL",
    ),
    write(plc, value) {
      if (!plc.setpoints.isNaCnAutomatic) plc.naCnIntegral = plc.naCnLPerH;
      plc.setpoints.naCnMgPerL = value;
      plc.setpoints.isNaCnAutomatic = true;
    },
  },
  "FIC-602.SP": {
    ...direct("NaCN dosing setpoint; takes the controller to manual", "L/h", 0, 60, "naCnLPerH"),
    read: ({ setpoints, naCnLPerH }) => (setpoints.isNaCnAutomatic ? naCnLPerH : setpoints.naCnLPerH),
    write({ setpoints }, value) {
      setpoints.naCnLPerH = value;
      setpoints.isNaCnAutomatic = false;
    },
  },
  "FFIC-603.SP": direct("Lime setpoint per dry ore", "kg/t", 0, 3, "limeKgPerT"),
  "FFIC-604.SP": direct("SO2 setpoint per WAD cyanide, g/g", "1", 0, 10, "so2Ratio"),
  "ZIC-107.SP": direct("Cone closed side setting", "mm", 5, 25, "coneCssMm"),
  "XS-602P.ARM": {
    title: "Arms the NaCN permit again",
    unit: null,
    low: 0,
    high: 1,
    read: ({ isRearmAsked }) => (isRearmAsked ? 1 : 0),
    write(plc, value) {
      plc.isRearmAsked = value !== 0;
    },
  },
} as const satisfies Record<string, Setpoint>;

export type SetpointName = keyof typeof SETPOINTS;

/** Whether the PLC takes this value. */
export function isWithin(name: SetpointName, value: number): boolean {
  const { low, high } = SETPOINTS[name];
  return value >= low && value <= high;
}

export function isSetpoint(name: string): name is SetpointName {
  return Object.hasOwn(SETPOINTS, name);
}
