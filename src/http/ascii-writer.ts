import { decimalPlaces, POWERS_OF_TEN } from "../domain/number.ts";
import type { EpochMs } from "../domain/time.ts";

const MINUTE_MS = 60_000;
const DIGIT_0 = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;

/** Longest number and longest time. */
const FIGURE_BYTES_MAX = 32;

/** A way to write times, and the last minute it wrote. */
export interface Stamp {
  readonly separator: "T" | " ";
  minute: number;
  /** `2026-11-22T12:00:` */
  text: Buffer;
}

export function createStamp(separator: "T" | " "): Stamp {
  return { separator, minute: NaN, text: Buffer.alloc(0) };
}

/** Text written straight into bytes, without a string for each number and time: of a million of them the garbage would be
 *  several times their size. */
export class AsciiWriter {
  #bytes = Buffer.allocUnsafe(2 ** 19);
  #length = 0;

  /** A copy of what was written, which is then forgotten. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Buffer): void {
    this.#reserve(bytes.length);
    this.#length += bytes.copy(this.#bytes, this.#length);
  }

  text(text: string): void {
    this.#reserve(3 * text.length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** A finite number in the shortest digits that mean it. */
  number(value: number, isFloat32: boolean): void {
    const magnitude = Math.abs(value);
    const places = decimalPlaces(magnitude, isFloat32);
    if (places < 0) return this.text(String(value));
    this.#reserve(FIGURE_BYTES_MAX);
    if (value < 0) this.byte(MINUS);
    const mantissa = Math.round(magnitude * (POWERS_OF_TEN[places] as number));
    const digits = Math.max(places + 1, digitsOf(mantissa));
    this.#length += digits + (places > 0 ? 1 : 0);
    this.#digits(mantissa, digits, places, this.#length);
  }

  /** `2026-11-22T12:00:29.123` */
  time(stamp: Stamp, time: EpochMs): void {
    const minute = Math.floor(time / MINUTE_MS);
    if (minute !== stamp.minute) {
      stamp.minute = minute;
      stamp.text = Buffer.from(
        new Date(minute * MINUTE_MS).toISOString().slice(0, -7).replace("T", stamp.separator),
      );
    }
    this.append(stamp.text);
    this.#reserve(FIGURE_BYTES_MAX);
    this.#length += 6;
    this.#digits(time - minute * MINUTE_MS, 5, 3, this.#length);
  }

  /** So many digits, a point before the last `places`, up to `end`. */
  #digits(number: number, digits: number, places: number, end: number): void {
    let rest = number;
    let at = end;
    for (let digit = 0; digit < digits; digit++) {
      if (digit === places && places > 0) this.#bytes[--at] = DOT;
      this.#bytes[--at] = DIGIT_0 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }

  #reserve(count: number): void {
    while (this.#length + count > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes]);
  }
}

function digitsOf(whole: number): number {
  let digits = 1;
  while (whole >= (POWERS_OF_TEN[digits] as number)) digits++;
  return digits;
}
