/** Bytes written one behind the other into memory that grows. */
export class ByteSink {
  #bytes: Uint8Array = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** What was written; valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  u8(value: number): void {
    this.reserve(1)[0] = value;
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.#length - 8, value, true);
  }

  /** A whole number from 0 to 2^53 − 1, seven bits a byte, low ones first. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    this.u8(rest);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length).set(bytes);
  }

  /** Room for the next `count` bytes, which the caller fills. */
  reserve(count: number): Uint8Array {
    const end = this.#length + count;
    if (end > this.#bytes.length) this.#grow(end);
    const room = this.#bytes.subarray(this.#length, end);
    this.#length = end;
    return room;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.written());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads what a ByteSink wrote. Throws RangeError beyond the end. */
export class ByteSource {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#at++);
  }

  f64(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  varint(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.u8();
      value += (byte % 0x80) * weight;
      if (byte < 0x80) return value;
    }
  }

  take(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new RangeError("the bytes end too soon");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
