import { tagBefore } from "./tally.ts";

/** Reads just enough of Sparkplug payloads to count what arrives, without an object for each metric.
 *  Sparkplug 3.0.0, 6.4: metrics are field 2 of a payload; field 1 of a metric is its name, 2 its alias, 5 says that it is
 *  history, 12 is a float. */
const METRICS = 0x12;
const NAME = 0x0a;
const ALIAS = 0x10;
const IS_HISTORICAL = 0x28;
const FLOAT = 0x65;

export class SparkplugReader {
  /** The bench's number of a tag by its alias, as the births said. */
  readonly #tags: number[] = [];
  #at = 0;

  /** `isBirth`: remember names; else gives each present value to `take`, NaN for none. */
  read(
    bytes: Buffer,
    start: number,
    end: number,
    isBirth: boolean,
    take: (tag: number, value: number) => void,
  ) {
    this.#at = start;
    while (this.#at < end) {
      const key = this.#varint(bytes);
      if (key === METRICS) {
        const length = this.#varint(bytes);
        this.#metric(bytes, this.#at + length, isBirth, take);
      } else this.#skip(bytes, key);
    }
  }

  #metric(bytes: Buffer, end: number, isBirth: boolean, take: (tag: number, value: number) => void): void {
    let alias = -1;
    let tag = -1;
    let value = NaN;
    let isHistorical = false;
    while (this.#at < end) {
      const key = this.#varint(bytes);
      if (key === ALIAS) alias = this.#varint(bytes);
      else if (key === IS_HISTORICAL) isHistorical = this.#varint(bytes) === 1;
      else if (key === FLOAT) {
        value = bytes.readFloatLE(this.#at);
        this.#at += 4;
      } else if (key === NAME) {
        const length = this.#varint(bytes);
        this.#at += length;
        tag = tagBefore(bytes, this.#at);
      } else this.#skip(bytes, key);
    }
    if (isBirth) this.#tags[alias] = tag;
    else if (!isHistorical) take(this.#tags[alias] ?? -1, value);
  }

  /** Numbers beyond 2^53 lose their last digits, which nobody here looks at. */
  #varint(bytes: Buffer): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[this.#at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #skip(bytes: Buffer, key: number): void {
    const wireType = key & 7;
    if (wireType === 0) this.#varint(bytes);
    else if (wireType === 1) this.#at += 8;
    else if (wireType === 5) this.#at += 4;
    else {
      const length = this.#varint(bytes);
      this.#at += length;
    }
  }
}
