import { LuDecomposition, Matrix } from "ml-matrix";
import type { Figure, Refusal } from "../domain/figure.ts";
import { unknown } from "../domain/figure.ts";
import { formula, ratio, sumOf } from "./formula.ts";

/** M-37. Carbon in a tank, kg: carbon per volume of pulp × volume. */
export const carbonInventory = formula({
  unit: "kg",
  inputs: { concentration: "kg/m3", volume: "m3" },
  of: ({ concentration, volume }) => concentration * volume,
});

/** M-37. Gold on the carbon of a tank, g. */
export const goldOnCarbon = formula({
  unit: "g",
  inputs: { carbon: "t", loading: "g/t" },
  of: ({ carbon, loading }) => carbon * loading,
});

/** M-38. Carbon moved upstream, t/d: pulp pumped from tank to tank × carbon in it. */
export const carbonAdvance = formula({
  unit: "t/d",
  inputs: { pulp: "m3/d", concentration: "kg/m3" },
  of: ({ pulp, concentration }) =>
    pulp < 0 || concentration < 0 ? "OUT_OF_DOMAIN" : (pulp * concentration) / 1000,
});

/** M-38. Gold that the moved carbon carried to elution, g/d: advance × (loaded − stripped). */
export const metalByCarbon = formula({
  unit: "g/d",
  inputs: { advance: "t/d", loaded: "g/t", stripped: "g/t" },
  of: ({ advance, loaded, stripped }) => advance * (loaded - stripped),
});

/** M-38. Upgrade of a tank, m3/t: gold on its carbon over gold in its solution. */
export const upgrade = formula({
  unit: "m3/t",
  inputs: { loading: "g/t", solution: "g/m3" },
  of: ({ loading, solution }) => ratio(loading, solution, 0.001),
});

/** M-39. Share of the gold that came into a tank's solution, from the tank before and by leaching, that the carbon took, %. */
export const stageAdsorption = formula({
  unit: "%",
  inputs: { before: "g/m3", leached: "g/m3", after: "g/m3" },
  of: ({ before, leached, after }) => ratio(100 * (before + leached - after), before + leached, 0.001),
});

/** M-39. Loading of a tank over that of the tank after it. At or below 1 the profile is inverted: a broken screen, or
 *  carbon that mixes backwards. */
export const loadingSlope = formula({
  unit: "1",
  inputs: { loading: "g/t", nextLoading: "g/t" },
  of: ({ loading, nextLoading }) => ratio(loading, nextLoading, 1),
});

/** Loading, g/t, after t hours in the batch test: q0 + k·C·tⁿ. Source: Fleming and Nicol. */
export const batchLoading = formula({
  unit: "g/t",
  inputs: { initial: "g/t", rate: "m3/t", solution: "g/m3", time: "1", exponent: "1" },
  of: ({ initial, rate, solution, time, exponent }) =>
    time < 0 ? "OUT_OF_DOMAIN" : initial + rate * solution * time ** exponent,
});

/** One sampling of the batch test. */
export interface ActivityPoint {
  readonly hours: number;
  readonly loading: Figure<"g/t">;
  readonly solution: Figure<"g/m3">;
}

export interface Activity {
  /** Rate constant k. */
  readonly rate: number;
  /** Exponent n of time; 0.6 to 0.8 for a sound test. */
  readonly exponent: number;
}

/** M-40. Fits ln(Δq/C) = ln k + n·ln t by least squares. TOO_FEW below two different times. */
export function carbonActivity(points: readonly ActivityPoint[], initial = 0): Activity | Refusal {
  const usable = points.flatMap(({ hours, loading, solution }) => {
    if (loading.value === null || solution.value === null) return [];
    const gain = (loading.value - initial) / solution.value;
    return hours > 0 && gain > 0 && Number.isFinite(gain) ? [{ x: Math.log(hours), y: Math.log(gain) }] : [];
  });
  const meanX = usable.reduce((sum, { x }) => sum + x, 0) / usable.length;
  const meanY = usable.reduce((sum, { y }) => sum + y, 0) / usable.length;
  const spread = usable.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (usable.length < 2 || spread < 1e-12) return "TOO_FEW";
  const exponent = usable.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { rate: Math.exp(meanY - exponent * meanX), exponent };
}

/** M-40. Activity against fresh carbon, %. */
export const relativeActivity = formula({
  unit: "%",
  inputs: { rate: "1", freshRate: "1" },
  of: ({ rate, freshRate }) => ratio(100 * rate, freshRate, 1e-6),
});

/** A cascade of adsorption tanks: pulp one way, carbon the other. */
export interface Cascade {
  readonly stages: number;
  readonly waterM3PerH: number;
  /** Gold in the solution fed to stage 1, g/m3. */
  readonly feed: number;
  /** Carbon in each stage, t, and the carbon moved upstream, t/h. */
  readonly carbonT: number;
  readonly advanceTPerH: number;
  /** Gold on the carbon that comes into the last stage, g/t. */
  readonly stripped: number;
  /** Rate 1/h and equilibrium (g/t)/(g/m3): dq/dt = k(K·C − q). */
  readonly rate: number;
  readonly equilibrium: number;
}

export interface CascadeState {
  readonly solution: readonly number[];
  readonly loading: readonly number[];
  /** Share of the dissolved gold that the carbon takes. */
  readonly recovery: number;
}

/** Steady state of a cascade, by one linear system. NOT_CONVERGED when the system has no single answer.
 *  Source of the rate: Nicol, Fleming and Cromberge 1984, J. S. Afr. Inst. Min. Metall. 84(3). */
export function adsorptionCascade(cascade: Cascade): CascadeState | Refusal {
  const { stages, waterM3PerH, feed, carbonT, advanceTPerH, stripped, rate, equilibrium } = cascade;
  const system = Matrix.zeros(2 * stages, 2 * stages);
  const known = Matrix.zeros(2 * stages, 1);
  const speed = carbonT * rate;
  for (let j = 0; j < stages; j++) {
    const q = stages + j;
    // Solution: what comes in and does not go out was taken by the carbon.
    system.set(j, j, waterM3PerH + speed * equilibrium).set(j, q, -speed);
    if (j === 0) known.set(j, 0, waterM3PerH * feed);
    else system.set(j, j - 1, -waterM3PerH);
    // Carbon: what it took and what it brought along leaves with it.
    system.set(q, j, -speed * equilibrium).set(q, q, advanceTPerH + speed);
    if (j === stages - 1) known.set(q, 0, advanceTPerH * stripped);
    else system.set(q, q + 1, -advanceTPerH);
  }
  const decomposition = new LuDecomposition(system);
  if (stages < 1 || decomposition.isSingular()) return "NOT_CONVERGED";
  const answer = decomposition.solve(known).to1DArray();
  const solution = answer.slice(0, stages);
  return {
    solution,
    loading: answer.slice(stages),
    recovery: 1 - (solution.at(-1) ?? NaN) / feed,
  };
}

/** M-37. Gold on the carbon of all tanks, g. */
export function totalGoldOnCarbon(
  tanks: readonly { readonly carbon: Figure<"t">; readonly loading: Figure<"g/t"> }[],
): Figure<"g"> {
  return tanks.length === 0 ? unknown("TOO_FEW") : sumOf("g", tanks.map(goldOnCarbon));
}
