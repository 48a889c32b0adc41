import { expect } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import type { VirtualClock } from "../../simulators/virtual-clock.ts";
import type { Random } from "../../src/domain/random.ts";
import { DEAD_LETTERS_FILE, readLetters } from "../../src/store/spool/dead-letters.ts";
import type { Feed } from "../../src/store/spool/feed.ts";
import type { Spool, SpoolOptions } from "../../src/store/spool/spool.ts";
import { memoryFs } from "./memory-fs.ts";
import type { MemoryFs, Operation } from "./memory-fs.ts";
import { batchOf } from "./batches.ts";
import { expectBalance, feedOf, SPOOL, startForwarder, startSpool, testSink } from "./spool.ts";
import type { TestSink } from "./spool.ts";

/** The sink takes every value but each 37th. */
const REFUSED_EVERY = 37;

const START = 1_700_000_000_000;

/** A spool that lives through crashes, and the truth about it: every value is given out once, so that the sink's list
 *  tells what was lost, repeated or invented. */
export class SpoolPlant {
  fs: MemoryFs = memoryFs();
  clock: VirtualClock = virtualClock(START);
  sink: TestSink = testSink(this.clock);
  spool!: Spool;
  feed!: Feed;
  /** Values that were accepted in the runs before, and those that the sink was given in them. */
  readonly accepted = new Set<number>();
  readonly delivered: number[] = [];
  isCrashed = false;
  #nextValue = 0;
  #acceptedBefore = 0;
  #stop: () => Promise<void> = async () => undefined;
  readonly #random: Random;
  readonly #changes: Partial<SpoolOptions>;
  /** The value of reading n of this run. */
  #given: number[] = [];

  constructor(random: Random, changes: Partial<SpoolOptions> = {}) {
    this.#random = random;
    this.#changes = changes;
  }

  async start(): Promise<void> {
    this.isCrashed = false;
    this.#arm();
    this.clock = virtualClock(START + this.#nextValue);
    this.sink = testSink(this.clock, this.sink.isUp);
    this.sink.refuse = (value) => (value % REFUSED_EVERY === 0 ? "as the test says" : null);
    const opening = startSpool(this.fs, this.clock, this.#changes);
    void opening.then((spool) => (this.spool = spool));
    await this.clock.advance(0);
    for (let turn = 0; turn < 200 && !this.isCrashed; turn++) {
      const isOpen = await Promise.race([opening.then(() => true), this.clock.advance(0).then(() => false)]);
      if (isOpen) break;
    }
    if (this.isCrashed) return;
    await opening;
    this.feed = feedOf(this.spool);
    this.#acceptedBefore = this.feed.counts().accepted;
    this.#given = [];
    expectBalance(this.feed.counts());
    const forwarding = startForwarder(this.feed, this.sink, this.clock, this.#random);
    this.#stop = () => forwarding.stop();
  }

  /** One batch of 1 to `rowsMax` readings of two tags. */
  append(rowsMax: number): void {
    const rows = 1 + Math.floor(this.#random() * rowsMax);
    const time = this.clock.now();
    const values = Array.from({ length: rows }, () => this.#nextValue++);
    this.#given.push(...values);
    this.spool.append(batchOf(...values.map((value) => [value % 2, value, time] as const)));
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
    if (!this.isCrashed) expectBalance(this.feed.counts());
  }

  /** When the next run is to end: at the `count`th operation of that name, before it is done or right after. */
  crashAt: { readonly name: string; readonly count: number; readonly isAfter: boolean } | null = null;

  #arm(): void {
    const point = this.crashAt;
    let left = point?.count ?? Infinity;
    this.fs.before = (operation) => {
      if (nameOf(operation) !== point?.name || --left > 0) return undefined;
      this.isCrashed = true;
      return point.isAfter ? undefined : new Promise(() => undefined);
    };
  }

  /** Takes down what this run knew, and goes on with what the disk holds. */
  async restart(how: "power" | "kill" | "stop"): Promise<void> {
    if (how === "stop") {
      await this.#close();
    }
    this.#note();
    this.fs = how === "power" ? this.fs.crash(this.#random) : this.fs.kill();
    await this.start();
  }

  async #close(): Promise<void> {
    await this.#stop();
    const closing = this.spool.close();
    for (let turn = 0; turn < 50; turn++) await this.clock.advance(0);
    await closing;
  }

  #note(): void {
    if (this.feed === undefined) return;
    const count = this.feed.counts().accepted - this.#acceptedBefore;
    for (const value of this.#given.slice(0, count)) this.accepted.add(value);
    for (const { values } of this.sink.taken) this.delivered.push(...values);
  }

  /** Nothing accepted is lost, nothing was invented, and each lane kept its order. */
  async finish(): Promise<void> {
    this.crashAt = null;
    this.#arm();
    this.sink.isUp = true;
    for (let round = 0; round < 600 && this.feed.counts().pending > 0; round++) await this.advance(500);
    expect(this.feed.counts().pending).toBe(0);
    this.#note();
    const delivered = new Set(this.delivered);
    const path = `${SPOOL}/${DEAD_LETTERS_FILE}`;
    const letters = this.fs.files().has(path) ? await readLetters(this.fs, path) : [];
    const refused = new Set(letters.map(({ value }) => value));
    expect([...this.accepted].filter((value) => !delivered.has(value) && !refused.has(value))).toEqual([]);
    expect([...delivered].filter((value) => value >= this.#nextValue)).toEqual([]);
    expect(this.feed.counts().dropped).toEqual({ "spool-full": 0, unprotected: 0, damaged: 0 });
    await this.#close();
  }
}

/** What an operation does, by the kind of file: the name of a crash point. */
export function nameOf({ kind, path }: Operation): string {
  if (path.endsWith(".spool.tmp")) return `${kind} rewritten segment`;
  if (path.endsWith(".spool")) return `${kind} segment`;
  if (path.includes("cursors")) return `${kind} cursors`;
  if (path.includes("dead-letters")) return `${kind} dead letters`;
  if (path.includes("sync-time")) return `${kind} trial`;
  return `${kind} ${path.endsWith("readings") ? "segments" : "spool"}`;
}
