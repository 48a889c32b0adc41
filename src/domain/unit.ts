import { nearest } from "./spelling.ts";

/** What a unit measures. Two units of one dimension can be converted into each other, except that grades and concentrations
 *  of different substances (NaCN, CN) are different things. */
export type Dimension =
  | "ratio"
  | "count"
  | "mass"
  | "mass flow"
  | "mass fraction"
  | "linear density"
  | "volume"
  | "volume flow"
  | "density"
  | "concentration"
  | "NaCN concentration"
  | "CN concentration"
  | "specific volume"
  | "length"
  | "area"
  | "velocity"
  | "acceleration"
  | "time"
  | "frequency"
  | "pressure"
  | "temperature"
  | "power"
  | "apparent power"
  | "reactive power"
  | "energy"
  | "reactive energy"
  | "specific energy"
  | "electric current"
  | "electric potential"
  | "electric resistance"
  | "conductivity"
  | "force"
  | "torque"
  | "angle"
  | "acidity";

export interface Unit {
  /** UCUM, case sensitive. */
  readonly code: string;
  /** What people read on a page: `m³/h`. Empty for a bare number. */
  readonly symbol: string;
  readonly dimension: Dimension;
  /** UNECE Recommendation 20 common code, which OPC UA's EUInformation asks for; null where the list has none. */
  readonly unece: string | null;
}

const TABLE: readonly (readonly [
  code: string,
  symbol: string,
  dimension: Dimension,
  unece: string | null,
])[] = [
  ["1", "", "ratio", "C62"],
  ["%", "%", "ratio", "P1"],
  ["[ppm]", "ppm", "ratio", "59"],
  ["t", "t", "mass", "TNE"],
  ["kg", "kg", "mass", "KGM"],
  ["g", "g", "mass", "GRM"],
  ["mg", "mg", "mass", "MGM"],
  ["[oz_tr]", "oz t", "mass", "APZ"],
  ["t/h", "t/h", "mass flow", "E18"],
  ["t/d", "t/d", "mass flow", "L71"],
  ["kg/h", "kg/h", "mass flow", "E93"],
  ["g/h", "g/h", "mass flow", null],
  ["g/d", "g/d", "mass flow", null],
  ["[oz_tr]/d", "oz t/d", "mass flow", null],
  ["g/t", "g/t", "mass fraction", null],
  ["kg/t", "kg/t", "mass fraction", null],
  ["mg/kg", "mg/kg", "mass fraction", "NA"],
  ["kg/m", "kg/m", "linear density", "KL"],
  ["m3", "m³", "volume", "MTQ"],
  ["L", "L", "volume", "LTR"],
  ["mL", "mL", "volume", "MLT"],
  ["m3/h", "m³/h", "volume flow", "MQH"],
  ["m3/d", "m³/d", "volume flow", "G52"],
  ["L/h", "L/h", "volume flow", "E32"],
  ["L/min", "L/min", "volume flow", "L2"],
  ["L/s", "L/s", "volume flow", "G51"],
  ["mL/min", "mL/min", "volume flow", "41"],
  ["t/m3", "t/m³", "density", "D41"],
  ["kg/m3", "kg/m³", "density", "KMQ"],
  ["kg/L", "kg/L", "density", "B35"],
  ["g/L", "g/L", "concentration", "GL"],
  ["mg/L", "mg/L", "concentration", "M1"],
  ["g/m3", "g/m³", "concentration", "A93"],
  ["mg/m3", "mg/m³", "concentration", "GP"],
  ["mg{NaCN}/L", "mg/L NaCN", "NaCN concentration", null],
  ["g{NaCN}/L", "g/L NaCN", "NaCN concentration", null],
  ["mg{CN}/L", "mg/L CN", "CN concentration", null],
  ["m3/t", "m³/t", "specific volume", null],
  ["m", "m", "length", "MTR"],
  ["cm", "cm", "length", "CMT"],
  ["mm", "mm", "length", "MMT"],
  ["um", "µm", "length", "4H"],
  ["m2", "m²", "area", "MTK"],
  ["m/s", "m/s", "velocity", "MTS"],
  ["mm/s", "mm/s", "velocity", "C16"],
  ["m/s2", "m/s²", "acceleration", "MSK"],
  ["d", "d", "time", "DAY"],
  ["h", "h", "time", "HUR"],
  ["min", "min", "time", "MIN"],
  ["s", "s", "time", "SEC"],
  ["ms", "ms", "time", "C26"],
  ["Hz", "Hz", "frequency", "HTZ"],
  ["/min", "rpm", "frequency", "RPM"],
  ["/h", "1/h", "frequency", null],
  ["MPa", "MPa", "pressure", "MPA"],
  ["kPa", "kPa", "pressure", "KPA"],
  ["Pa", "Pa", "pressure", "PAL"],
  ["bar", "bar", "pressure", "BAR"],
  ["mbar", "mbar", "pressure", "MBR"],
  ["Cel", "°C", "temperature", "CEL"],
  ["K", "K", "temperature", "KEL"],
  ["MW", "MW", "power", "MAW"],
  ["kW", "kW", "power", "KWT"],
  ["W", "W", "power", "WTT"],
  ["kV.A", "kVA", "apparent power", "KVA"],
  ["kV.A{reactive}", "kvar", "reactive power", "KVR"],
  ["MW.h", "MWh", "energy", "MWH"],
  ["kW.h", "kWh", "energy", "KWH"],
  ["kV.A.h{reactive}", "kvarh", "reactive energy", "K3"],
  ["kW.h/t", "kWh/t", "specific energy", null],
  ["A", "A", "electric current", "AMP"],
  ["mA", "mA", "electric current", "4K"],
  ["V", "V", "electric potential", "VLT"],
  ["mV", "mV", "electric potential", "2Z"],
  ["kV", "kV", "electric potential", "KVT"],
  ["Ohm", "Ω", "electric resistance", "OHM"],
  ["uS/cm", "µS/cm", "conductivity", null],
  ["mS/cm", "mS/cm", "conductivity", "H61"],
  ["kN", "kN", "force", "B47"],
  ["N.m", "N·m", "torque", "NU"],
  ["deg", "°", "angle", "DD"],
  ["[pH]", "pH", "acidity", "Q30"],
];

const UNITS: ReadonlyMap<string, Unit> = new Map(
  TABLE.map(([code, symbol, dimension, unece]) => [code, Object.freeze({ code, symbol, dimension, unece })]),
);

/** How people write units that UCUM writes otherwise. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...TABLE.filter(([, symbol]) => symbol !== "").map(
    ([code, symbol]) => [symbol.toLowerCase(), code] as const,
  ),
  ["c", "Cel"],
  ["degc", "Cel"],
  ["r/min", "/min"],
  ["1/min", "/min"],
  ["tph", "t/h"],
  ["tpd", "t/d"],
  ["kwh", "kW.h"],
  ["ph", "[pH]"],
  ["oz", "[oz_tr]"],
  ["micron", "um"],
  ["percent", "%"],
]);

/** Every UCUM code known to the product. */
export const UNIT_CODES: readonly string[] = Object.freeze([...UNITS.keys()]);

export function unitOf(code: string): Unit | null {
  return UNITS.get(code) ?? null;
}

export function isUnit(code: string): boolean {
  return UNITS.has(code);
}

/** Known codes that may have been meant by an unknown one, best first. `°C` gives `Cel`, `kw` gives `kW`. */
export function nearestUnits(code: string): readonly string[] {
  const named = OTHER_NAMES.get(code.toLowerCase());
  return named === undefined ? nearest(code, UNIT_CODES) : [named];
}

/** What to print beside a number; the code itself where it is not known, nothing where there is no unit. */
export function unitSymbol(code: string | null): string {
  return code === null ? "" : (UNITS.get(code)?.symbol ?? code);
}
