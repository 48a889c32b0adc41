import { GOLD_KINDS } from "./gold-kinds.ts";
import { ORE_KINDS } from "./ore-kinds.ts";
import type { Kind } from "./recipe.ts";
import { SITE_KINDS } from "./site-kinds.ts";

/** The kind whose inputs and results are those of the plant's flowsheet. */
export const BALANCE = "M-48";

/** The formulas that a plant file binds, by M-number. */
export const KINDS: Readonly<Record<string, Kind>> = { ...ORE_KINDS, ...GOLD_KINDS, ...SITE_KINDS };
