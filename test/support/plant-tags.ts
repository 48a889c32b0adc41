import type { ReadingValue } from "../../src/domain/batch.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { tagOf } from "./tags.ts";

type Family = readonly [
  area: string,
  device: string,
  loop: string,
  title: string,
  unit: string | null,
  low: number,
  high: number,
  typical: number,
];

/** Instruments as the plant has them; `*` in the loop stands for 1, 2, … up to the count. */
const FAMILIES: readonly (readonly [count: number, ...Family])[] = [
  [4, "crushing", "P1", "LT-10*", "Bin level", "%", 0, 100, 60],
  [5, "crushing", "P1", "IT-11*", "Motor current", "A", 0, 80, 34],
  [3, "crushing", "P1", "JT-12*", "Crusher power", "kW", 0, 55, 16.6],
  [2, "crushing", "P1", "PT-13*", "Hydraulic pressure", "kPa", 0, 10000, 4200],
  [2, "crushing", "P1", "WIT-14*", "Crushed ore rate", "t/h", 0, 20, 9.6],
  [8, "crushing", "P1", "XS-15*", "Drive running", null, 0, 0, 1],
  [1, "crushing", "P1", "WQT-10*", "Crushed ore total", "t", 0, 0, 184211.4],
  [2, "grinding", "W1", "WIT-20*", "Mill feed wet rate", "t/h", 0, 10, 4.352],
  [1, "grinding", "W1", "WT-20*", "Belt load", "kg/m", 0, 5, 1.51],
  [4, "grinding", "E1", "JT-21*", "Mill power", "kW", 0, 60, 36.9],
  [6, "grinding", "P2", "FT-22*", "Process water to mill and sump", "m3/h", 0, 6, 2.55],
  [6, "grinding", "P2", "DT-23*", "Cyclone density", "t/m3", 1, 2.4, 1.554],
  [6, "grinding", "P2", "TT-24*", "Trunnion bearing temperature", "Cel", 0, 100, 46],
  [4, "grinding", "P2", "PT-25*", "Bearing pressure", "kPa", 0, 5000, 2340],
  [1, "grinding", "P2", "AT-20*", "Particle size P80 of the cyclone overflow", "um", 40, 250, 106],
  [8, "grinding", "P2", "XS-26*", "Mill circuit running", null, 0, 0, 1],
  [9, "gravity", "P2", "FT-30*", "Fluidising water", "m3/h", 0, 6, 2.5],
  [4, "gravity", "P2", "ST-31*", "Bowl speed", "/min", 0, 1500, 800],
  [3, "gravity", "P2", "WT-32*", "Concentrate hopper", "kg", 0, 500, 240],
  [7, "leach", "L", "LT-40*", "Leach tank level", "%", 0, 100, 88],
  [5, "leach", "L", "AT-41*", "Leach pH", "[pH]", 0, 14, 10.9],
  [4, "leach", "L", "AT-42*", "Dissolved oxygen", "mg/L", 0, 20, 5.7],
  [3, "leach", "L", "AT-43*", "Free cyanide as NaCN", "mg{NaCN}/L", 0, 1000, 600],
  [7, "leach", "L", "IT-44*", "Agitator current", "A", 0, 100, 14],
  [7, "leach", "L", "XS-45*", "Agitator running", null, 0, 0, 1],
  [5, "leach", "L", "LDT-46*", "Interstage screen head", "mm", 0, 500, 80],
  [9, "leach", "L", "FT-47*", "Carbon transfer flow", "m3/h", 0, 10, 4],
  [4, "leach", "L", "AT-49*", "HCN in air", "[ppm]", 0, 50, 1.1],
  [8, "elution", "L", "TT-50*", "Elution temperature", "Cel", 0, 160, 120],
  [9, "reagents", "L", "LT-60*", "Reagent tank level", "%", 0, 100, 60],
  [4, "reagents", "P3", "FT-61*", "Dosing flow", "L/h", 0, 60, 31.3],
  [9, "detox", "P3", "AT-70*", "WAD cyanide", "mg{CN}/L", 0, 200, 4.7],
  [2, "detox", "P3", "AT-71*", "Redox potential", "mV", -500, 500, 120],
  [9, "tailings", "P3", "FT-72*", "Tails flow", "m3/h", 0, 15, 8.46],
  [9, "utilities", "P3", "LT-80*", "Water tank level", "%", 0, 100, 70],
  [6, "utilities", "E3", "JT-81*", "Site power", "kW", 0, 500, 210],
];

export interface PlantTag {
  readonly tag: Tag;
  readonly typical: ReadingValue;
}

function changesOf([area, device, loop, title, unit, low, high]: Family, ordinal: number): Partial<Tag> {
  const named = { id: loop.replace("*", String(ordinal)), title: `${title} ${ordinal}`, area, device, unit };
  if (unit === null) return { ...named, type: "bool", range: null };
  return { ...named, range: high > low ? { low, high } : null };
}

/** About as many tags as the Puma plant has on line, with a typical value each; one of them is an enumeration. */
export function plantTags(): PlantTag[] {
  const all: PlantTag[] = [];
  for (const [count, ...family] of FAMILIES)
    for (let ordinal = 1; ordinal <= count; ordinal++) {
      const tag = tagOf(all.length, changesOf(family, ordinal));
      const typical = family[7];
      all.push({ tag, typical: tag.type === "bool" ? typical !== 0 : typical });
    }
  const values = { 0: "idle", 1: "run", 2: "flush", 3: "rinse" };
  const cycle = {
    id: "XS-302",
    title: "Concentrator cycle",
    area: "gravity",
    device: "P2",
    unit: null,
    range: null,
  };
  all.push({ tag: tagOf(all.length, { ...cycle, type: "uint16", values }), typical: 1 });
  return all;
}
