/** What a segment remembers of a tag, so that its blocks can be read when the plant file has changed since. */
export interface SpoolTag {
  readonly id: string;
  /** Values of the tag are mostly whole multiples of `scale`, counted from `offset`: they are kept as the multiple where
   *  `count * scale + offset` gives back the very same number. */
  readonly scale: number;
  readonly offset: number;
}

/** How the value of a row is kept. */
export const NONE = 0; // not a number
export const SAME = 1; // as the row of the same tag before
export const COUNT = 2; // multiple of the tag's scale
export const SINGLE = 3; // a 32-bit float
export const DOUBLE = 4;

export const TIMES_AS_DIFFERENCES = 0;
export const TIMES_AS_THEY_ARE = 1;

export const ALL_GOOD = 0;
export const BY_ROW = 1;

export const BIGINT = 0;
export const TEXT = 1;

/** Rows of a block at the most. */
export const BLOCK_ROWS_MAX = 8192;

/** What was last kept of each tag within a block: encoder and decoder remember the same. */
export class Memory {
  readonly #block: Uint32Array;
  readonly value: Float64Array;
  readonly bits: Uint32Array;
  readonly count: Int32Array;
  #present = 0;

  constructor(tags: number) {
    this.#block = new Uint32Array(tags);
    this.value = new Float64Array(tags);
    this.bits = new Uint32Array(tags);
    this.count = new Int32Array(tags);
  }

  startBlock(): void {
    this.#present++;
  }

  /** Forgets what an earlier block said of the tag. */
  touch(slot: number): void {
    if (this.#block[slot] === this.#present) return;
    this.#block[slot] = this.#present;
    this.value[slot] = NaN;
    this.bits[slot] = 0;
    this.count[slot] = 0;
  }
}

export const single = new Float32Array(1);
export const singleBits = new Uint32Array(single.buffer);
export const double = new Float64Array(1);
export const doubleBits = new Uint32Array(double.buffer);

/** There are many bit patterns that are not a number: none of them may come into a difference. */
export function numberOf(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
