/** Whole numbers below 2^32 in as few bytes as the largest needs, all lowest bytes first, then all second bytes, and so
 *  on: bytes that mean the same stand together, which is what a compressor wants. */
export class PlaneWriter {
  bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.alloc(capacity);
  }

  /** Sees to room for `more` bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeUInt32LE(value >>> 0, this.length);
  }

  double(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.uint32(bytes);
    this.reserve(bytes);
    this.length += this.bytes.write(value, this.length);
  }

  planes(values: Uint32Array, count: number): void {
    let all = 0;
    for (let row = 0; row < count; row++) all |= values[row] as number;
    const width = all === 0 ? 0 : 4 - (Math.clz32(all) >>> 3);
    this.byte(width);
    this.reserve(width * count);
    for (let plane = 0; plane < width; plane++) {
      const shift = 8 * plane;
      const at = this.length;
      for (let row = 0; row < count; row++) this.bytes[at + row] = (values[row] as number) >>> shift;
      this.length += count;
    }
  }
}

export class PlaneReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  uint32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  double(): number {
    this.#at += 8;
    return this.#bytes.readDoubleLE(this.#at - 8);
  }

  text(): string {
    const bytes = this.uint32();
    this.#at += bytes;
    return this.#bytes.toString("utf8", this.#at - bytes, this.#at);
  }

  planes(count: number): Uint32Array {
    const values = new Uint32Array(count);
    const width = this.byte();
    for (let plane = 0; plane < width; plane++) {
      const shift = 8 * plane;
      for (let row = 0; row < count; row++)
        values[row] = (values[row] as number) | ((this.#bytes[this.#at + row] as number) << shift);
      this.#at += count;
    }
    return values;
  }
}

/** Signed numbers as unsigned ones that are small when they are near zero. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
