import { formula } from "./formula.ts";

/** M-26. Gravity concentrate, t, from the flushes of the bowl and what one of them brings. */
export const concentrateOfFlushes = formula({
  unit: "t",
  inputs: { flushes: "1", perFlush: "t" },
  of: ({ flushes, perFlush }) => (flushes < 0 ? "OUT_OF_DOMAIN" : flushes * perFlush),
});
