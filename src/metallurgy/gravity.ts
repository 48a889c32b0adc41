import { formula, ratio } from "./formula.ts";

const DRY_TONNES_MIN = 0.2;
const GOLD_GRAMS_MIN = 0.1;

/** M-26. Mass pull, %: concentrate over plant feed, both dry. */
export const massPull = formula({
  unit: "%",
  inputs: { concentrate: "t", feed: "t" },
  of: ({ concentrate, feed }) => ratio(100 * concentrate, feed, DRY_TONNES_MIN),
});

/** M-26. Concentrate of one cycle, kg: the step of the hopper's weight at the flush. A step outside 2 to 25 kg means that
 *  the weight is to be checked, and has no value. */
export const flushMass = formula({
  unit: "kg",
  inputs: { before: "kg", after: "kg" },
  of: ({ before, after }) => {
    const step = after - before;
    return step < 2 || step > 25 ? "OUT_OF_DOMAIN" : step;
  },
});

/** M-27. Gravity recovery of the plant, %: gold in the concentrate that intensive leaching dissolves, over gold in the feed. */
export const gravityRecovery = formula({
  unit: "%",
  inputs: { concentrate: "t", concentrateGrade: "g/t", leachRecovery: "%", goldInFeed: "g" },
  of: ({ concentrate, concentrateGrade, leachRecovery, goldInFeed }) =>
    ratio(concentrate * concentrateGrade * leachRecovery, goldInFeed, GOLD_GRAMS_MIN),
});

/** M-27. Recovery of the concentrator alone, %: gold in the concentrate over gold fed to the bowl. */
export const unitGravityRecovery = formula({
  unit: "%",
  inputs: { concentrate: "t", concentrateGrade: "g/t", goldToUnit: "g" },
  of: ({ concentrate, concentrateGrade, goldToUnit }) =>
    ratio(100 * concentrate * concentrateGrade, goldToUnit, GOLD_GRAMS_MIN),
});

/** M-28. Gravity-recoverable gold, %, of a three-stage laboratory test: gold of the three concentrates over all gold. */
export const gravityRecoverableGold = formula({
  unit: "%",
  inputs: { stage1: "g", stage2: "g", stage3: "g", total: "g" },
  of: ({ stage1, stage2, stage3, total }) => ratio(100 * (stage1 + stage2 + stage3), total, 1e-6),
});

/** M-28. What the circuit makes of the gold it could recover, %: always below 100. */
export const gravityEffort = formula({
  unit: "%",
  inputs: { recovery: "%", recoverable: "%" },
  of: ({ recovery, recoverable }) => ratio(100 * recovery, recoverable, 1),
});

/** M-29. Flushes per day of a period. */
export const cyclesPerDay = formula({
  unit: "/d",
  inputs: { cycles: "1", calendarTime: "d" },
  of: ({ cycles, calendarTime }) => ratio(cycles, calendarTime, 1 / 96),
});

/** M-29. Mean time between flushes, min. */
export const cycleTime = formula({
  unit: "min",
  inputs: { runTime: "min", cycles: "1" },
  of: ({ runTime, cycles }) => ratio(runTime, cycles, 1),
});

/** M-29. Time without feed per flush, min. */
export const flushDowntime = formula({
  unit: "min",
  inputs: { flushTime: "min", cycles: "1" },
  of: ({ flushTime, cycles }) => ratio(flushTime, cycles, 1),
});

/** M-29. Whether a flush is overdue (1): the cycle runs for more than 1.5 × its setting. */
export const missedFlush = formula({
  unit: "1",
  inputs: { cycle: "min", setting: "min" },
  of: ({ cycle, setting }) => (setting > 0 ? Number(cycle > 1.5 * setting) : "OUT_OF_DOMAIN"),
});

/** M-30. Recovery of the intensive leach reactor, %, of one batch: 1 − residue gold / concentrate gold.
 *  No value when the residue holds more than the concentrate. */
export const intensiveLeachRecovery = formula({
  unit: "%",
  inputs: { residue: "t", residueGrade: "g/t", concentrate: "t", concentrateGrade: "g/t" },
  of: ({ residue, residueGrade, concentrate, concentrateGrade }) => {
    const left = ratio(residue * residueGrade, concentrate * concentrateGrade, GOLD_GRAMS_MIN);
    if (typeof left === "string") return left;
    return left > 1 || left < 0 ? "OUT_OF_DOMAIN" : 100 * (1 - left);
  },
});
