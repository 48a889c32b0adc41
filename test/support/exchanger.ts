import type { Reconciled } from "../../src/metallurgy/reconciliation.ts";

/** A heat exchanger's four nodes and six streams, the example of the textbooks on data reconciliation. */
export const EXCHANGER = [
  [1, -1, -1, 0, 0, 0],
  [0, 1, 0, -1, 0, 0],
  [0, 0, 1, 0, -1, 0],
  [0, 0, 0, 1, 1, -1],
];

/** The solution of a balance that has one. */
export function solved(result: Reconciled | string): Reconciled {
  if (typeof result === "string") throw new Error(result);
  return result;
}
