/** What the Puma plant has on line: measurements, bits and totals, and the setpoints that operators change. */
export const PUMA_MEASUREMENTS = 189;
export const PUMA_SETPOINTS = 6;
export const PUMA_TAGS = PUMA_MEASUREMENTS + PUMA_SETPOINTS;
