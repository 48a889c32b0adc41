const PAGE_BYTES = 262_144;

/** Pieces of bytes that stay as long as their keeper, side by side in the order in which they were kept. A batch names its tags in
 *  the same order each time, so that the memory they are copied from is read in one stream: with a piece of memory for each of
 *  25,000 tags most of the time goes on waiting for it. */
export class Arena {
  #page: Buffer = Buffer.alloc(0);
  #used = 0;

  /** A copy of the bytes. */
  keep(bytes: Uint8Array): Buffer {
    if (this.#used + bytes.length > this.#page.length) {
      this.#page = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, bytes.length));
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += bytes.length;
    this.#page.set(bytes, from);
    return this.#page.subarray(from, this.#used);
  }
}
