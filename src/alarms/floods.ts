/** More alarms than this in ten minutes begin a flood; fewer than the second number end it. */
const FLOOD_ABOVE = 10;
const FLOOD_OVER_BELOW = 5;

/** Whether a number of alarms in ten minutes is a flood, where it was one before or not. */
export function isFlooded(alarms: number, wasFlooded: boolean): boolean {
  return wasFlooded ? alarms >= FLOOD_OVER_BELOW : alarms > FLOOD_ABOVE;
}

/** A stretch in which more alarms came than a person can take in. */
export interface Flood {
  /** First and last ten minutes of it, counted from 0. */
  readonly first: number;
  readonly last: number;
  readonly alarms: number;
}

export interface AlarmLoad {
  readonly total: number;
  /** Alarms in ten minutes. */
  readonly mean: number;
  readonly peak: number;
  /** Share of the time with more than ten alarms in ten minutes. */
  readonly shareAboveLimit: number;
  readonly floods: readonly Flood[];
  /** Share of the time in a flood. */
  readonly shareInFlood: number;
}

/** How an operator was loaded, from the number of alarms in each ten minutes; null of no time at all. A flood begins with
 *  more than ten and lasts until the first ten minutes with fewer than five. Source: ANSI/ISA-18.2; EEMUA 191. */
export function alarmLoad(alarmsPerTenMinutes: readonly number[]): AlarmLoad | null {
  const count = alarmsPerTenMinutes.length;
  if (count === 0) return null;
  const total = alarmsPerTenMinutes.reduce((sum, alarms) => sum + alarms, 0);
  const floods = floodsOf(alarmsPerTenMinutes);
  const flooded = floods.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return {
    total,
    mean: total / count,
    peak: Math.max(...alarmsPerTenMinutes),
    shareAboveLimit: alarmsPerTenMinutes.filter((alarms) => alarms > FLOOD_ABOVE).length / count,
    floods,
    shareInFlood: flooded / count,
  };
}

function floodsOf(alarmsPerTenMinutes: readonly number[]): readonly Flood[] {
  const floods: Flood[] = [];
  let current: Flood | null = null;
  for (const [bin, alarms] of alarmsPerTenMinutes.entries()) {
    if (current !== null && alarms < FLOOD_OVER_BELOW) {
      floods.push(current);
      current = null;
    } else if (current !== null) {
      current = { first: current.first, last: bin, alarms: current.alarms + alarms };
    } else if (alarms > FLOOD_ABOVE) {
      current = { first: bin, last: bin, alarms };
    }
  }
  if (current !== null) floods.push(current);
  return floods;
}
