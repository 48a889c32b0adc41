import type { Refusal } from "../domain/figure.ts";
import type { Random } from "../domain/random.ts";
import { normal } from "../domain/random.ts";
import {
  chiSquareQuantile,
  chiSquareTail,
  noncentralChiSquareTail,
  normalCdf,
  normalQuantile,
} from "./distributions.ts";
import { dot, norm } from "./orthogonal.ts";
import type { Reconciled } from "./reconciliation.ts";

const SIGNIFICANCE = 0.05;

export interface GlobalTest {
  readonly statistic: number;
  readonly freedom: number;
  readonly critical: number;
  /** Probability of a statistic this large when nothing is wrong. */
  readonly probability: number;
  readonly isRejected: boolean;
}

/** Whether the measurements contradict each other more than their uncertainties allow. Without a degree of freedom there is
 *  nothing to contradict. */
export function globalTest({ globalStatistic, rank }: Reconciled, significance = SIGNIFICANCE): GlobalTest {
  const critical = rank === 0 ? 0 : chiSquareQuantile(1 - significance, rank);
  return {
    statistic: globalStatistic,
    freedom: rank,
    critical,
    probability: rank === 0 ? 1 : chiSquareTail(globalStatistic, rank),
    isRejected: rank > 0 && globalStatistic > critical,
  };
}

/** Largest z of `count` tests that chance alone gives with probability 1 − significance. Source: Šidák 1967. */
export function criticalZ(count: number, significance = SIGNIFICANCE): number {
  const each = 1 - (1 - significance) ** (1 / Math.max(1, count));
  return normalQuantile(1 - each / 2);
}

/** Measurements whose errors would show in exactly the same way as those of stream j, itself included. */
export function indistinguishable({ adjusts, classes }: Reconciled, j: number): readonly number[] {
  const own = adjusts[j] ?? [];
  return classes.flatMap((kind, k) => {
    const other = adjusts[k] ?? [];
    const alike = Math.abs(dot(own, other)) / (norm(own) * norm(other));
    return kind === "redundant" && alike > 1 - 1e-9 ? [k] : [];
  });
}

/** Tests of a solution: how many measurements were tested, at what z, and the one that stands out most. */
export interface MeasurementTest {
  readonly criticalZ: number;
  readonly largest: { readonly stream: number; readonly z: number } | null;
  readonly isRejected: boolean;
}

/** `tested`: how many tests the level is shared by; all redundant measurements when left out. */
export function measurementTest(
  { measurementZ }: Reconciled,
  { significance = SIGNIFICANCE, tested }: { readonly significance?: number; readonly tested?: number } = {},
): MeasurementTest {
  let largest: MeasurementTest["largest"] = null;
  for (const [stream, z] of measurementZ.entries())
    // Members of one class have the same z but for rounding: the first of them stands for all.
    if (z !== null && z > (largest?.z ?? -1) * (1 + 1e-9)) largest = { stream, z };
  const critical = criticalZ(tested ?? measurementZ.filter((z) => z !== null).length, significance);
  return { criticalZ: critical, largest, isRejected: largest !== null && largest.z > critical };
}

export interface Suspect {
  readonly stream: number;
  readonly z: number;
  /** Streams that may be meant as well: their errors look the same. */
  readonly alternatives: readonly number[];
}

export interface Screening {
  /** The solution without the suspects when that satisfies the global test; else the one with everything. */
  readonly solution: Reconciled;
  /** The solution with everything, whose tests are those of the measurements as they are. */
  readonly all: Reconciled;
  readonly suspects: readonly Suspect[];
  /** False when the test still rejects: a person has to look. */
  readonly isResolved: boolean;
}

/** Serial elimination: while the global test rejects, the measurement that stands out most is taken as not measured.
 *  The balance still gives it, because only what is redundant can stand out. At most half of the degrees of freedom are
 *  spent. Suspects are proposals for a person; the raw values stay. `solve` reconciles without the given streams. */
export function screen(
  solve: (without: ReadonlySet<number>) => Reconciled | Refusal,
  significance = SIGNIFICANCE,
): Screening | Refusal {
  const all = solve(new Set());
  if (typeof all === "string") return all;
  const suspects: Suspect[] = [];
  const without = new Set<number>();
  let current = all;
  while (globalTest(current, significance).isRejected && suspects.length < Math.floor(all.rank / 2)) {
    const { largest, isRejected } = measurementTest(current, { significance });
    if (largest === null || !isRejected) break;
    const alike = indistinguishable(current, largest.stream);
    const stream = bestReplaced(current, alike, largest.stream);
    without.add(stream);
    const next = solve(without);
    if (typeof next === "string") break;
    suspects.push({ stream, z: largest.z, alternatives: alike.filter((k) => k !== stream) });
    current = next;
  }
  const isResolved = !globalTest(current, significance).isRejected;
  return { solution: isResolved ? current : all, all, suspects, isResolved };
}

/** Of measurements whose errors look the same, the one that the others tell best beside what it tells itself: to do without
 *  it costs least, whichever of them is wrong. */
function bestReplaced({ adjusts, covariance }: Reconciled, alike: readonly number[], first: number): number {
  const share = (j: number): number => {
    const spread = dot(adjusts[j] ?? [], adjusts[j] ?? []);
    return spread / ((covariance[j]?.[j] ?? 0) + spread);
  };
  return alike.reduce((best, j) => (share(j) > share(best) * (1 + 1e-9) ? j : best), first);
}

/** Probability that the global test finds a bias of stream j, in its own unit. */
export function detectionPower(
  solution: Reconciled,
  j: number,
  bias: number,
  significance = SIGNIFICANCE,
): number {
  const { rank, senses } = solution;
  if (rank === 0) return 0;
  const noncentrality = bias ** 2 * dot(senses[j] ?? [], senses[j] ?? []);
  return noncentralChiSquareTail(chiSquareQuantile(1 - significance, rank), rank, noncentrality);
}

/** Probability that stream j's own test finds a bias of it; significance shared by all tests. */
export function ownTestPower(
  solution: Reconciled,
  j: number,
  bias: number,
  significance = SIGNIFICANCE,
): number {
  const row = solution.adjusts[j] ?? [];
  const size = norm(row);
  if (size === 0) return 0;
  const shift = Math.abs((bias * dot(row, solution.senses[j] ?? [])) / size);
  const critical = criticalZ(solution.measurementZ.filter((z) => z !== null).length, significance);
  return normalCdf(shift - critical) + normalCdf(-shift - critical);
}

/** Probability that a bias of stream j is found and the right one named: the global test rejects, and of all measurements
 *  j's class stands out most and beyond the critical z. By `draws` seeded draws of the measurement errors. */
export function namingPower(
  solution: Reconciled,
  j: number,
  bias: number,
  {
    random,
    draws = 10_000,
    significance = SIGNIFICANCE,
  }: { random: Random; draws?: number; significance?: number },
): number {
  const { rank, adjusts, senses, classes } = solution;
  const critical = rank === 0 ? 0 : chiSquareQuantile(1 - significance, rank);
  const testable = classes.flatMap((kind, k) => (kind === "redundant" ? [k] : []));
  const criticalOfEach = criticalZ(testable.length, significance);
  const named = new Set(indistinguishable(solution, j));
  const directions = testable.map((k) => {
    const row = adjusts[k] ?? [];
    const size = norm(row);
    return { isNamed: named.has(k), unit: row.map((value) => value / size) };
  });
  const shift = (senses[j] ?? []).map((sense) => bias * sense);
  let found = 0;
  for (let draw = 0; draw < draws; draw++) {
    const score = shift.map((mean) => mean + normal(random));
    let largest = { z: criticalOfEach, isNamed: false };
    for (const { unit, isNamed } of directions) {
      const z = Math.abs(dot(unit, score));
      // Members of one class have the same z but for rounding.
      if (z > largest.z * (1 + 1e-9)) largest = { z, isNamed };
    }
    if (dot(score, score) > critical && largest.isNamed) found++;
  }
  return found / draws;
}
