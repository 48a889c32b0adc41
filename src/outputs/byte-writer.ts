import { decimalPlaces, POWERS_OF_TEN, shortestFloat32 } from "../domain/number.ts";

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const NUMBER_BYTES_MAX = 32; // the longest double is 24 characters

/** A run of bytes that grows at its end and is used again for the next batch: the hot path makes neither strings nor objects. */
export class ByteWriter {
  bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. Doubles, so that copying stays a constant share of writing. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  append(chunk: Uint8Array): void {
    this.reserve(chunk.length);
    this.bytes.set(chunk, this.length);
    this.length += chunk.length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  utf8(text: string): void {
    this.reserve(text.length * 3);
    this.length += this.bytes.write(text, this.length, "utf8");
  }

  /** A finite number in its shortest decimal form, valid in JSON and in line protocol. */
  number(value: number, isFloat32: boolean): void {
    this.reserve(NUMBER_BYTES_MAX);
    const magnitude = Math.abs(value);
    const places = decimalPlaces(magnitude, isFloat32);
    if (places < 0) {
      this.utf8(String(isFloat32 ? shortestFloat32(value) : value));
      return;
    }
    if (value < 0) this.bytes[this.length++] = MINUS;
    const mantissa = Math.round(magnitude * (POWERS_OF_TEN[places] as number));
    this.decimal(mantissa, places);
  }

  /** `mantissa` × 10^−places; both are 32-bit integers. */
  private decimal(mantissa: number, places: number): void {
    const power = POWERS_OF_TEN[places] as number;
    const whole = places === 0 ? mantissa : Math.floor(mantissa / power);
    this.length = this.digits(whole, this.length, digitCount(whole));
    if (places === 0) return;
    this.bytes[this.length++] = POINT;
    this.length = this.digits(mantissa - whole * power, this.length, places);
  }

  /** Writes exactly `count` digits at `from`, leading zeros included; returns the place behind them. */
  private digits(value: number, from: number, count: number): number {
    const { bytes } = this;
    let rest = value | 0;
    for (let at = from + count - 1; at >= from; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    return from + count;
  }
}

function digitCount(value: number): number {
  let count = 1;
  while (count < 10 && value >= (POWERS_OF_TEN[count] as number)) count++;
  return count;
}
