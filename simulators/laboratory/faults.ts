import type { Bench } from "./fire-bench.ts";

/** What goes wrong in the laboratory, by name. */
export const LABORATORY_FAULTS = {
  "late-assay": { meaning: "samples cut from now on take so many hours more", usualAmount: 24 },
  "restated-assay": {
    meaning: "results of samples cut from now on are corrected a day later, by this factor",
    usualAmount: 1.1,
  },
} as const;

export type LaboratoryFault = keyof typeof LABORATORY_FAULTS;

export function isLaboratoryFault(name: string): name is LaboratoryFault {
  return Object.hasOwn(LABORATORY_FAULTS, name);
}

/** Begins a fault; the result ends it. */
export function disturb(bench: Bench, name: LaboratoryFault, amount: number | undefined): () => void {
  const much = amount ?? LABORATORY_FAULTS[name].usualAmount;
  if (name === "late-assay") {
    bench.delayH = much;
    return () => {
      bench.delayH = 0;
    };
  }
  bench.correction = much;
  return () => {
    bench.correction = 1;
  };
}
