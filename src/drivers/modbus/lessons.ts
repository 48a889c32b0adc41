import type { ModbusTable, Tag } from "../../domain/tag.ts";
import type { StatusCode } from "../../domain/status.ts";
import { statusOfException } from "./faults.ts";
import { blockOf, cutKey, halveBlock, inReadingOrder, spanOf } from "./plan.ts";
import type { Block, Lessons } from "./plan.ts";

/** After this long what a device has refused is tried again. */
export const RETRY_AFTER_MS = 300_000;
/** A device that refuses all that it is asked is not searched for the bad address more often than this. */
const SEARCH_PAUSE_MS = 30_000;

/** Tags that the device refuses even when they are read alone. */
export interface Quarantine {
  readonly block: Block;
  status: StatusCode;
  /** On the monotonic clock. */
  retryAt: number;
}

/** A refused block that was halved. Explained when a bad address was found in one of its halves. */
interface Split {
  readonly table: ModbusTable;
  readonly boundary: number;
  isExplained: boolean;
}

/** A block, and the refused blocks it was cut out of. */
export interface SearchBlock extends Block {
  readonly splits: readonly Split[];
}

/** What one device and scan class has taught by refusing. When a read is refused because of one address, the read is halved
 *  until the address stands alone; that one is quarantined, and the rest is read together again. Where both halves
 *  are answered but the whole is not, the place between them is remembered as a cut. Nothing is believed for good. */
export class Teacher {
  readonly #quarantine: Quarantine[] = [];
  readonly #cuts = new Map<string, number>();
  #splits: Split[] = [];
  #leaves: { readonly block: SearchBlock; readonly code: number }[] = [];
  #noSearchUntil = -Infinity;
  /** How many answers the unit had given when it began to refuse; null while it does not. */
  #answersBefore: number | null = null;

  get quarantined(): readonly Quarantine[] {
    return this.#quarantine;
  }

  isQuarantined(tag: Tag): boolean {
    return this.#quarantine.some(({ block }) => block.tags.includes(tag));
  }

  lessons(): Lessons {
    return {
      refused: this.#quarantine.flatMap(({ block }) => block.tags.map(spanOf)),
      cuts: new Set(this.#cuts.keys()),
    };
  }

  /** A block was refused, after the unit had answered `answers` reads in all. Returns the halves to read in its stead;
   *  null when it cannot be halved, or is not to be now. */
  refuse(block: SearchBlock, code: number, answers: number, now: number): readonly SearchBlock[] | null {
    this.#answersBefore ??= answers;
    if (now < this.#noSearchUntil) return null;
    const halves = halveBlock(block);
    if (halves === null) {
      this.#leaves.push({ block, code });
      return null;
    }
    const split = { table: block.table, boundary: halves[1].address, isExplained: false };
    this.#splits.push(split);
    const splits = [...block.splits, split];
    const [left, right] = halves;
    return [
      { ...left, splits },
      { ...right, splits },
    ];
  }

  /** After a poll in which something was refused or halves were read. Quarantines what was refused alone, but only when the
   *  unit has answered another read meanwhile: a device that refuses everything, like a stopped controller, says
   *  nothing about an address. `isComplete`: every block was answered or refused alone.
   *  True when reads are to be planned again. */
  conclude(answers: number, isComplete: boolean, now: number): boolean {
    const leaves = this.#leaves;
    this.#leaves = [];
    if (leaves.length === 0 && now < this.#noSearchUntil) return false;
    if (leaves.length > 0 && answers === this.#answersBefore) {
      this.#noSearchUntil = now + SEARCH_PAUSE_MS;
      this.#splits = [];
      return true;
    }
    for (const { block, code } of leaves) this.#isolate(block, code, now);
    if (!isComplete) return false;
    this.#answersBefore = null;
    const isChanged = leaves.length > 0 || this.#splits.length > 0;
    this.#learnCuts(now);
    return isChanged;
  }

  /** Reads are planned anew: the pieces that were searched are read no more. */
  endSearch(): void {
    this.#splits = [];
    this.#leaves = [];
  }

  /** The unit has answered all that it was asked. */
  noteNoRefusal(): void {
    this.#answersBefore = null;
  }

  #isolate(block: SearchBlock, code: number, now: number): void {
    for (const split of block.splits) split.isExplained = true;
    this.#quarantine.push({
      block: blockOf(inReadingOrder(block.tags)),
      status: statusOfException(code),
      retryAt: now + RETRY_AFTER_MS,
    });
  }

  #learnCuts(now: number): void {
    const splits = this.#splits;
    this.#splits = [];
    for (const { table, boundary, isExplained } of splits)
      if (!isExplained) this.#cuts.set(cutKey(table, boundary), now + RETRY_AFTER_MS);
  }

  /** The quarantined block whose turn it is to be read again, alone. */
  dueForRetry(now: number): Quarantine | null {
    return this.#quarantine.find(({ retryAt }) => retryAt <= now) ?? null;
  }

  reinstate(entry: Quarantine): void {
    this.#quarantine.splice(this.#quarantine.indexOf(entry), 1);
  }

  /** Not answered this time either. */
  postpone(entry: Quarantine, status: StatusCode, now: number): void {
    entry.status = status;
    entry.retryAt = now + RETRY_AFTER_MS;
  }

  /** Forgets cuts whose time has come; true when there were any. */
  forgetCuts(now: number): boolean {
    if (this.#cuts.size === 0) return false;
    const due = [...this.#cuts].filter(([, forgetAt]) => forgetAt <= now);
    for (const [key] of due) this.#cuts.delete(key);
    return due.length > 0;
  }
}
