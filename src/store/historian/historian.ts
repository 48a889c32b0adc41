import { Worker } from "node:worker_threads";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { History, HistoryHealth, HistoryPage } from "../../domain/history.ts";
import type { HistoryBuckets, HistoryReading } from "../../domain/history.ts";
import { BadConfiguration } from "../../domain/errors.ts";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import type { TagShelf } from "./engine.ts";
import { createGatherer } from "./gatherer.ts";
import type { Answer, FromWorker, Question, ToWorker, WorkerOrders } from "./worker.ts";

/** Readings on their way to the thread at the most; beyond it new ones are dropped and counted. */
const QUEUED_ROWS_MAX = 500_000;

const RETENTION_CHECK_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface HistorianOptions {
  /** Folder of its files; made when absent. */
  readonly dir: string;
  /** `tags[i]` is tag i of the plant. */
  readonly tags: readonly TagShelf[];
  /** Older readings are removed. */
  readonly historyDays: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** History of all tags on this machine's disk. What was appended outlives the process as soon as its thread has it
 *  (a tenth of a second) and a power cut after a second. */
export interface Historian extends History {
  /** Takes readings; the batch is copied. */
  append(batch: ReadingBatch): void;
  /** Resolves when everything appended before is safe from a power cut; false when the disk refuses. */
  sync(): Promise<boolean>;
  /** Moves all readings to the database at once, without waiting for the end of the hour. */
  archive(): Promise<boolean>;
  health(): HistoryHealth;
  /** Rejects when the thread dies of a bug; never resolves otherwise before `close`. */
  readonly finished: Promise<void>;
  close(): Promise<void>;
}

/** Opens the history in `dir`, with what an earlier run left behind. Throws BadConfiguration when a newer version
 *  wrote it, and an error with a sentence when it cannot be used otherwise. */
export async function openHistorian(options: HistorianOptions): Promise<Historian> {
  const thread = new Thread(options.dir, options.tags);
  const ids = await thread.ready;
  return assemble(thread, ids, options);
}

function assemble(
  thread: Thread,
  ids: Uint32Array,
  { clock, log, historyDays }: HistorianOptions,
): Historian {
  let dropped = 0;
  let wasBroken = false;
  let cancelRetention: Cancel = () => undefined;
  const gatherer = createGatherer(clock, ids, (rows, frame) => thread.append(rows, frame));

  function append(batch: ReadingBatch): void {
    if (batch.length === 0) return;
    const queued = thread.queuedRows() + gatherer.rows();
    if (queued + batch.length > QUEUED_ROWS_MAX) dropped += batch.length;
    else gatherer.take(batch);
    noteTrouble();
  }

  /** Answers know everything that was appended before. */
  function ask(question: Question): Promise<Answer> {
    gatherer.post();
    return thread.ask(question);
  }

  function health(): HistoryHealth {
    const { accepted, dropped: droppedBehind, ...rest } = thread.health();
    return { ...rest, accepted: accepted + dropped, dropped: dropped + droppedBehind };
  }

  /** Transitions go to the log, repetitions do not. */
  function noteTrouble(): void {
    const trouble = thread.health().lastError;
    if ((trouble !== null) === wasBroken) return;
    wasBroken = trouble !== null;
    if (trouble === null) log.info({}, "the historian works again");
    else log.error({ reason: trouble.sentence }, "the historian is in trouble");
  }

  function retain(): void {
    thread.post({ kind: "forget", before: clock.now() - historyDays * DAY_MS });
    cancelRetention = clock.schedule(RETENTION_CHECK_MS, retain);
  }

  const idOf = (tagIndex: number): number => {
    const id = ids[tagIndex];
    if (id === undefined) throw new RangeError(`there is no tag ${tagIndex}`);
    return id;
  };

  retain();
  return {
    append,
    readRaw: async (tagIndex, from, to, rowsMax) =>
      (await ask({ kind: "raw", tag: idOf(tagIndex), from, to, rowsMax })) as HistoryPage,
    readBuckets: async (tagIndex, from, to, buckets) =>
      (await ask({ kind: "buckets", tag: idOf(tagIndex), from, to, buckets })) as HistoryBuckets,
    latestBefore: async (tagIndex, before) =>
      (await ask({ kind: "latest", tag: idOf(tagIndex), before })) as HistoryReading | null,
    sync: async () => (await ask({ kind: "sync" })) === true,
    archive: async () => (await ask({ kind: "archive" })) === true,
    health,
    finished: thread.finished,
    async close() {
      cancelRetention();
      gatherer.post();
      await thread.close();
    },
  };
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The worker and the messages to and from it. */
class Thread {
  readonly ready: Promise<Uint32Array>;
  readonly finished: Promise<void>;
  readonly #worker: Worker;
  readonly #taken = new BigInt64Array(new SharedArrayBuffer(8));
  readonly #waiting = new Map<number, Waiting>();
  #questions = 0;
  #postedRows = 0;
  #health: HistoryHealth = { accepted: 0, dropped: 0, open: 0, lastError: null, databaseBytes: 0 };
  #isClosing = false;

  constructor(dir: string, tags: readonly TagShelf[]) {
    const orders: WorkerOrders = { dir, tags, taken: this.#taken.buffer };
    this.#worker = new Worker(workerFile(), {
      workerData: orders,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: FromWorker) => this.#hear(message, resolve, reject));
      this.#worker.once("error", reject);
    });
    this.finished = new Promise((resolve, reject) => {
      this.#worker.once("error", (error) => {
        this.#abandon(error as Error);
        reject(error as Error);
      });
      this.#worker.once("exit", () => {
        this.#abandon(new Error("the historian has been closed"));
        if (this.#isClosing) resolve();
        else reject(new Error("the thread of the historian ended by itself"));
      });
    });
    this.finished.catch(() => undefined); // whoever is interested asks again
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message, []);
  }

  append(rows: number, frame: ArrayBuffer): void {
    this.#postedRows += rows;
    this.#worker.postMessage({ kind: "append", rows, frame } satisfies ToWorker, [frame]);
  }

  /** Readings posted and not heard yet. */
  queuedRows(): number {
    return this.#postedRows - Number(Atomics.load(this.#taken, 0));
  }

  ask(question: Question): Promise<Answer> {
    if (this.#isClosing) return Promise.reject(new Error("the historian has been closed"));
    const id = ++this.#questions;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.post({ kind: "ask", id, question });
    });
  }

  health(): HistoryHealth {
    return this.#health;
  }

  async close(): Promise<void> {
    if (!this.#isClosing) {
      const closed = this.ask({ kind: "close" });
      this.#isClosing = true;
      await closed;
    }
    await this.finished;
  }

  #hear(message: FromWorker, ready: (ids: Uint32Array) => void, refuse: (error: Error) => void): void {
    switch (message.kind) {
      case "ready":
        this.#health = message.health;
        return ready(message.ids);
      case "unusable":
        return refuse(
          message.faults === null ? new Error(message.sentence) : new BadConfiguration(message.faults),
        );
      case "health":
        this.#health = message.health;
        return;
      case "answer":
        this.#waiting.get(message.id)?.resolve(message.answer);
        this.#waiting.delete(message.id);
        return;
      case "failure":
        this.#waiting.get(message.id)?.reject(new Error(message.sentence));
        this.#waiting.delete(message.id);
    }
  }

  #abandon(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** TypeScript in a checkout, JavaScript in a packed copy. */
function workerFile(): URL {
  const isCheckout = import.meta.url.endsWith(".ts");
  return new URL(isCheckout ? "./worker.ts" : "./worker.js", import.meta.url);
}
