import { capacityOf, copyRow, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";

/** Readings kept at the most; beyond it the oldest go. About 40 bytes each. */
const READINGS_MAX = 500_000;
const BLOCK_READINGS = 4096;

interface Block {
  readonly batch: ReadingBatch;
  /** Monotonic ms of the last row. */
  sentAt: number;
}

/** A connection counts as dead after so many keep-alive times (MQTT 3.1.1, 3.1.2.10); until then what is sent may be lost. */
const UNCERTAIN_KEEPALIVES = 1.5;

/** What was sent lately. Data messages travel at QoS 0, so that nobody knows which of them a broker that crashed has
 *  handed on: after a lost connection those of the last while are sent again, marked historical. */
export class ReplayBuffer {
  readonly #uncertainMs: number;
  #blocks: Block[] = [];
  #readings = 0;
  /** The last block is being replayed and takes no more. */
  #isSealed = false;
  /** Monotonic ms since which nobody knows what has arrived; null when all is well. */
  #uncertainSince: number | null = null;

  constructor(keepaliveS: number) {
    this.#uncertainMs = UNCERTAIN_KEEPALIVES * 1000 * keepaliveS;
  }

  /** Takes a copy of rows `from` … `to`, which are just being sent. */
  keep(batch: ReadingBatch, from: number, to: number, nowMs: number): void {
    this.#forget(nowMs);
    for (let row = from; row < to; row++) {
      const block = this.#blockWithRoom(nowMs);
      copyRow(batch, row, block.batch);
      block.sentAt = nowMs;
      this.#readings++;
    }
    while (this.#readings > READINGS_MAX) this.#dropFirst();
  }

  /** The connection is gone, and with it perhaps what was sent lately. */
  noteLoss(nowMs: number): void {
    this.#forget(nowMs);
    this.#uncertainSince ??= nowMs - this.#uncertainMs;
  }

  isUncertain(): boolean {
    return this.#uncertainSince !== null;
  }

  /** What may be lost, oldest first; kept on as if sent at `nowMs`, which it is about to be. */
  begin(nowMs: number): readonly ReadingBatch[] {
    this.#isSealed = true;
    for (const block of this.#blocks) block.sentAt = nowMs;
    return this.#blocks.map(({ batch }) => batch);
  }

  /** Everything that `begin` gave has been sent again. */
  finish(): void {
    this.#uncertainSince = null;
  }

  /** By whole blocks. */
  #forget(nowMs: number): void {
    const since = this.#uncertainSince ?? nowMs - this.#uncertainMs;
    while ((this.#blocks[0]?.sentAt ?? Infinity) < since) this.#dropFirst();
  }

  #blockWithRoom(nowMs: number): Block {
    const last = this.#blocks.at(-1);
    if (!this.#isSealed && last !== undefined && last.batch.length < capacityOf(last.batch)) return last;
    const block: Block = { batch: createBatch(BLOCK_READINGS), sentAt: nowMs };
    block.batch.isHistory = true;
    this.#isSealed = false;
    this.#blocks.push(block);
    return block;
  }

  #dropFirst(): void {
    this.#readings -= this.#blocks.shift()?.batch.length ?? 0;
  }
}
