/** How a laboratory measures one kind of thing: error, limits, time until the result is there. */
export interface Method {
  readonly name: string;
  /** Standard deviation: relative, and in the unit. */
  readonly relative: number;
  readonly absolute: number;
  readonly low: number;
  readonly high: number;
  /** Digits behind the point. */
  readonly digits: number;
  /** From the cut to the report, h. */
  readonly fromH: number;
  readonly toH: number;
  /** What takes over above `high`. */
  readonly above: Method | null;
}

/** Above 10 g/t the bead is weighed instead of dissolved, on the next working turn. */
const FIRE_GRAVIMETRIC: Method = {
  name: "FA-GRAV",
  relative: 0.02,
  absolute: 0.03,
  low: 0.1,
  high: 1000,
  digits: 2,
  fromH: 18,
  toH: 30,
  above: null,
};

const FIRE: Method = {
  name: "FA-AAS",
  relative: 0.02,
  absolute: 0.005,
  low: 0.005,
  high: 10,
  digits: 3,
  fromH: 8,
  toH: 16,
  above: FIRE_GRAVIMETRIC,
};

/** Concentrates and carbon go straight to a method that can take them. */
const ASHED: Method = { ...FIRE_GRAVIMETRIC, name: "ASH-FA", relative: 0.05, high: 100_000, digits: 1 };
const SOLUTION: Method = {
  ...FIRE,
  name: "AAS",
  relative: 0.03,
  absolute: 0.001,
  low: 0.001,
  high: 100,
  digits: 4,
  fromH: 3,
  toH: 6,
  above: null,
};
const OVEN: Method = {
  ...SOLUTION,
  name: "OVEN",
  relative: 0,
  absolute: 0.1,
  low: 0.1,
  high: 30,
  digits: 1,
  fromH: 2,
  toH: 4,
};
const SIEVES: Method = {
  ...SOLUTION,
  name: "SIEVES",
  relative: 0.02,
  absolute: 0,
  low: 1,
  high: 200_000,
  digits: 0,
  fromH: 4,
  toH: 8,
};
const SCREENED: Method = {
  ...SIEVES,
  relative: 0.01,
  low: 0.1,
  high: 100,
  digits: 1,
};
const MILLED: Method = {
  ...SOLUTION,
  name: "BOND",
  relative: 0.01,
  absolute: 0,
  low: 0.1,
  high: 10,
  digits: 3,
  fromH: 16,
  toH: 24,
};
const STIRRED: Method = {
  ...SOLUTION,
  name: "CARBON-ACTIVITY",
  relative: 0.03,
  absolute: 0,
  low: 0.1,
  high: 1_000,
  digits: 1,
  fromH: 6,
  toH: 10,
};
const SIEVED: Method = {
  ...SOLUTION,
  name: "SIEVED-CARBON",
  relative: 0.08,
  absolute: 0,
  low: 0.1,
  high: 50,
  digits: 1,
  fromH: 1,
  toH: 3,
};
const TITRATION: Method = {
  ...SOLUTION,
  name: "PICRIC",
  relative: 0.05,
  absolute: 0.1,
  low: 0.1,
  high: 500,
  digits: 2,
  fromH: 2,
  toH: 5,
};

/** How far a sample is from what it stands for before it is measured at all: cutting, splitting and preparing it. Standard
 *  deviation, relative and in the unit. */
export interface Sampling {
  readonly relative: number;
  readonly absolute: number;
}

/** Together with the error of the method this is what the plant file says of a sampling point: 3 % of a head, 5 % of tails
 *  and solutions, 10 % of a carbon concentration, 0.2 % of moisture. */
export const SAMPLING = {
  NONE: { relative: 0, absolute: 0 },
  BELT: { relative: 0.022, absolute: 0 },
  PULP: { relative: 0.044, absolute: 0 },
  LIQUOR: { relative: 0.04, absolute: 0.0017 },
  ORE_WATER: { relative: 0, absolute: 0.17 },
  CARBON: { relative: 0.06, absolute: 0 },
} as const satisfies Record<string, Sampling>;

export const METHODS = {
  FIRE,
  ASHED,
  SOLUTION,
  OVEN,
  SIEVES,
  SCREENED,
  MILLED,
  STIRRED,
  SIEVED,
  TITRATION,
} as const;
