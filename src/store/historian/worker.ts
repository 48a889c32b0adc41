import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { HistoryBuckets, HistoryHealth, HistoryPage, HistoryReading } from "../../domain/history.ts";
import { systemClock } from "../../domain/system-clock.ts";
import { BadConfiguration } from "../../domain/errors.ts";
import type { Fault } from "../../domain/errors.ts";
import type { EpochMs } from "../../domain/time.ts";
import { Engine } from "./engine.ts";
import type { TagShelf } from "./engine.ts";

/** Readings are safe from a power cut this long after they came, ms. */
const SYNC_MS = 1_000;

/** What the thread is started with. */
export interface WorkerOrders {
  readonly dir: string;
  readonly tags: readonly TagShelf[];
  /** One 64-bit count: readings taken off the queue of messages. */
  readonly taken: SharedArrayBuffer;
}

/** A question and what is asked with it. Tags by their historian's number. */
export type Question =
  | {
      readonly kind: "raw";
      readonly tag: number;
      readonly from: EpochMs;
      readonly to: EpochMs;
      readonly rowsMax: number;
    }
  | {
      readonly kind: "buckets";
      readonly tag: number;
      readonly from: EpochMs;
      readonly to: EpochMs;
      readonly buckets: number;
    }
  | { readonly kind: "latest"; readonly tag: number; readonly before: EpochMs }
  | { readonly kind: "sync" }
  | { readonly kind: "archive" }
  | { readonly kind: "close" };

export type Answer = HistoryPage | HistoryBuckets | HistoryReading | boolean | null;

export type ToWorker =
  | { readonly kind: "append"; readonly rows: number; readonly frame: ArrayBuffer }
  | { readonly kind: "forget"; readonly before: EpochMs }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question };

export type FromWorker =
  | { readonly kind: "ready"; readonly ids: Uint32Array; readonly health: HistoryHealth }
  | { readonly kind: "unusable"; readonly sentence: string; readonly faults: readonly Fault[] | null }
  | { readonly kind: "health"; readonly health: HistoryHealth }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "failure"; readonly id: number; readonly sentence: string };

type Send = (message: FromWorker, transferred?: ArrayBuffer[]) => void;

/** The thread of the historian: the one writer of its files, so that a slow disk never stops the event loop of the gateway.
 *  Work that takes long is cut into steps; messages are heard in between. */
function run(port: MessagePort, { dir, tags, taken }: WorkerOrders): void {
  const send: Send = (message, transferred = []) => port.postMessage(message, transferred);
  const engine = openEngine(dir, tags, send);
  if (engine === null) {
    port.close();
    return;
  }
  const takenRows = new BigInt64Array(taken);
  let isStepping = false;
  let isClosed = false;

  function work(): void {
    if (isStepping) return;
    isStepping = true;
    setImmediate(() => {
      isStepping = false;
      if (!isClosed && engine?.step() === true) work();
    });
  }

  function tick(): void {
    if (isClosed) return;
    engine?.sync();
    if (engine !== null) send({ kind: "health", health: engine.health() });
    work();
    systemClock.schedule(SYNC_MS, tick);
  }

  port.on("message", (message: ToWorker) => {
    if (message.kind === "append") {
      engine.append(message.frame);
      Atomics.add(takenRows, 0, BigInt(message.rows));
      work();
    } else if (message.kind === "forget") {
      engine.forgetBefore(message.before);
      work();
    } else {
      reply(engine, message.id, message.question, send);
      if (message.question.kind !== "close") return;
      isClosed = true;
      port.close();
    }
  });
  send({ kind: "ready", ids: engine.ids, health: engine.health() });
  systemClock.schedule(SYNC_MS, tick);
}

function openEngine(dir: string, tags: readonly TagShelf[], send: Send): Engine | null {
  try {
    return new Engine(dir, tags);
  } catch (error) {
    const faults = error instanceof BadConfiguration ? error.faults : null;
    send({ kind: "unusable", sentence: (error as Error).message, faults });
    return null;
  }
}

function reply(engine: Engine, id: number, question: Question, send: Send): void {
  try {
    const answer = answerTo(engine, question);
    send({ kind: "answer", id, answer }, memoryOf(answer));
  } catch (error) {
    send({ kind: "failure", id, sentence: (error as Error).message });
  }
}

function answerTo(engine: Engine, question: Question): Answer {
  switch (question.kind) {
    case "raw":
      return owned(engine.readRaw(question.tag, question.from, question.to, question.rowsMax));
    case "buckets":
      return engine.readBuckets(question.tag, question.from, question.to, question.buckets);
    case "latest":
      return engine.latestBefore(question.tag, question.before);
    case "sync":
      return engine.sync();
    case "archive":
      engine.closeNow();
      while (engine.step()) continue;
      return engine.health().lastError === null;
    case "close":
      engine.close();
      return true;
  }
}

/** Columns with memory of their own, which can be handed to the other thread. */
function owned(page: HistoryPage): HistoryPage {
  const own = <T extends Float64Array | Uint32Array>(column: T): T =>
    (column.length > 0 && column.byteLength === column.buffer.byteLength ? column : column.slice()) as T;
  return { ...page, time: own(page.time), value: own(page.value), status: own(page.status) };
}

function memoryOf(answer: Answer): ArrayBuffer[] {
  if (typeof answer !== "object" || answer === null || !("next" in answer)) return [];
  return [answer.time, answer.value, answer.status].map(({ buffer }) => buffer as ArrayBuffer);
}

if (parentPort !== null) run(parentPort, workerData as WorkerOrders);
