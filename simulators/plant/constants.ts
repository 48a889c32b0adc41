/** Step of the model: 1 s, in hours, because rates are per hour. */
export const STEP_H = 1 / 3600;
/** Leaching, carbon, detox and water are slow: they step once in this many seconds. */
export const SLOW_STEP_S = 10;
export const SLOW_STEP_H = SLOW_STEP_S / 3600;

/** t/m3. */
export const SOLIDS_DENSITY = 2.65;
/** g/mol. */
export const MOLAR_NACN = 49.007;
export const MOLAR_CN = 26.017;
export const MOLAR_CAO = 56.077;
export const MOLAR_GOLD = 196.967;
