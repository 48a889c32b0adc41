import type { Tag } from "./tag.ts";

/** Powers of ten that a double holds exactly. */
export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 16 }, (_, power) => 10 ** power);

const FLOAT32_DIGITS_FEWEST = 6; // every decimal of 6 digits survives a float32 (FLT_DIG of ISO C)
const FLOAT32_PLAIN_FROM = 1e-6; // below it numbers are written with an exponent
const FLOAT32_INTEGERS_FROM = 2 ** 24; // from here on a float32 has no fraction
const FLOAT64_PLACES_MAX = 6; // what a scaled raw count needs; beyond it the engine's own algorithm is faster
const MANTISSA_MAX = 2 ** 31; // digits are split off with 32-bit arithmetic

/** Whether engineering values of the tag are float32 numbers bit for bit: nothing was multiplied or added after decoding. */
export function keepsFloat32(tag: Tag): boolean {
  return tag.type === "float32" && tag.scaling.scale === 1 && tag.scaling.offset === 0;
}

/** The smallest number of decimal places k with which `magnitude` can be written so that reading it back gives the same
 *  number: the nearest float32 when `isFloat32`, else the nearest float64. Then Math.round(magnitude × 10^k) < 2^31.
 *  −1 when there is no such short form and the engine's own conversion has to do it. */
export function decimalPlaces(magnitude: number, isFloat32: boolean): number {
  if (Number.isInteger(magnitude)) return magnitude < MANTISSA_MAX ? 0 : -1;
  if (isFloat32 && Math.fround(magnitude) === magnitude) return float32Places(magnitude);
  for (let places = 1; places <= FLOAT64_PLACES_MAX; places++) {
    const power = POWERS_OF_TEN[places] as number;
    const mantissa = Math.round(magnitude * power);
    if (mantissa >= MANTISSA_MAX) return -1;
    if (mantissa / power === magnitude) return places;
  }
  return -1;
}

/** Nine digits tell any two float32 numbers apart, so that the search ends after four steps. Where fewer than six would
 *  do, the rest of the six are zeros, and are taken off. */
function float32Places(magnitude: number): number {
  if (magnitude < FLOAT32_PLAIN_FROM) return -1;
  let places = Math.max(0, FLOAT32_DIGITS_FEWEST - wholeDigits(magnitude));
  for (let step = 0; step < 4; step++, places++) {
    const power = POWERS_OF_TEN[places] as number;
    let mantissa = Math.round(magnitude * power);
    if (Math.fround(mantissa / power) !== magnitude) continue;
    for (; mantissa % 10 === 0; mantissa /= 10) places--;
    return mantissa < MANTISSA_MAX ? places : -1;
  }
  return -1;
}

/** How many digits stand before the point; below 0.1 the zeros behind it count as less than none. */
function wholeDigits(magnitude: number): number {
  let digits = 0;
  if (magnitude >= 1) {
    while (magnitude >= (POWERS_OF_TEN[digits] as number)) digits++;
    return digits;
  }
  while (magnitude * (POWERS_OF_TEN[digits] as number) < 1) digits++;
  return 1 - digits;
}

/** The number that stands for a float32 in text: 16.4 for 16.399999618530273. Other numbers come back unchanged.
 *  At and above 2^24 a float32 is an integer, and is written exactly. */
export function shortestFloat32(value: number): number {
  if (Math.fround(value) !== value || !Number.isFinite(value)) return value;
  const magnitude = Math.abs(value);
  if (magnitude >= FLOAT32_INTEGERS_FROM || magnitude === 0) return value;
  const places = decimalPlaces(magnitude, true);
  if (places >= 0) {
    const power = POWERS_OF_TEN[places] as number;
    return (Math.sign(value) * Math.round(magnitude * power)) / power;
  }
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}
