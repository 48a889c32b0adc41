/** Bytes written one behind the other into memory that grows. Numbers have their low bytes first. */
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
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.#claim(4);
    this.#view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#claim(8);
    this.#view.setFloat64(at, value, true);
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
    const at = this.#claim(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** The first `count` of whole numbers below 2^32, `width` bytes of each: all lowest bytes first, then all second bytes, and
   *  so on. Bytes of one weight resemble each other more than neighbours do, which is what a compressor wants. */
  planes(numbers: Uint32Array, count: number, width: number): void {
    const bytes = this.reserve(width * count);
    for (let plane = 0; plane < width; plane++) putPlane(bytes, plane * count, numbers, count, 8 * plane);
  }

  /** Where the next `count` bytes begin. */
  #claim(count: number): number {
    const at = this.#length;
    if (at + count > this.#bytes.length) this.#grow(at + count);
    this.#length = at + count;
    return at;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.written());
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** A function of its own, so that V8 keeps what it has compiled when the loop ends. */
function putPlane(bytes: Uint8Array, at: number, numbers: Uint32Array, count: number, shift: number): void {
  for (let row = 0; row < count; row++) bytes[at + row] = (numbers[row] as number) >>> shift;
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

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
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

  /** Fills `numbers` with as many as it has room for. */
  planes(numbers: Uint32Array, width: number): Uint32Array {
    const count = numbers.length;
    numbers.fill(0);
    for (let plane = 0; plane < width; plane++) {
      const shift = 8 * plane;
      const bytes = this.take(count);
      for (let row = 0; row < count; row++)
        numbers[row] = (numbers[row] as number) | ((bytes[row] as number) << shift);
    }
    return numbers;
  }
}

/** How many bytes a whole number below 2^32 needs; none for 0. */
export function bytesOf(number: number): number {
  return Math.ceil((32 - Math.clz32(number)) / 8);
}
