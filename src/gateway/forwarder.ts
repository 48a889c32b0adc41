import { abortWith } from "../domain/aborted.ts";
import type { Said } from "../domain/said.ts";
import { ConnectionLost, Throttled } from "../domain/errors.ts";
import type { AlarmEvent } from "../domain/alarm.ts";
import type { PublishedFigure } from "../domain/metric.ts";
import type { BatchSource, Log, NewsSource, Output, Rejection } from "../domain/ports.ts";
import type { Random } from "../domain/random.ts";
import { sleep } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";
import { backoffMs } from "./backoff.ts";
import { watchProgress } from "./progress.ts";

const RECONNECT = { firstMs: 500, mostMs: 30_000 };

/** A sink has deadlines of its own, the longest of them half a minute; beyond this it has forgotten us, ms. */
const STALL_MS = 120_000;

/** Rejections of one batch that are written to the log one by one; the rest only counted. */
const REJECTIONS_LOGGED_MAX = 5;

export interface ForwarderOptions {
  readonly name: string;
  readonly output: Output;
  readonly source: BatchSource;
  /** Absent where there are none. */
  readonly figures?: NewsSource<PublishedFigure>;
  readonly alarms?: NewsSource<AlarmEvent>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Moves readings from a source to an output: the one place that connects, retries and waits for a sink. */
export interface Forwarder {
  isConnected(): boolean;
  /** Sentence about the last failure since the sink was last well; null when there is none. */
  lastError(): string | null;
  /** The same for other languages; null where only the English is known. */
  lastSaid(): Said | null;
  /** Times that nothing came of a write for so long that the connection was made anew. */
  stalls(): number;
  /** Runs until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

export function createForwarder(options: ForwarderOptions): Forwarder {
  const { name, output, source, figures, alarms, clock, random, log } = options;
  const progress = watchProgress(clock, STALL_MS);
  const somethingToDo = waitForAny(source, [figures, alarms]);
  let connected = false;
  let trouble: ConnectionLost | Throttled | null = null;
  let failures = 0;
  /** A write has failed and not been done since: only its success says that the sink is well. */
  let owesWrite = false;
  output.whenReturned?.(() => source.returned());

  async function run(signal: AbortSignal): Promise<void> {
    const either = untilEither(signal);
    while (!signal.aborted) {
      try {
        if (!connected) await connect(signal);
        await deliver(signal, either(output.lost()));
      } catch (error) {
        if (signal.aborted) break;
        await standBack(error, signal);
      }
    }
    connected = false;
    progress.close();
    await output.close();
  }

  async function connect(signal: AbortSignal): Promise<void> {
    await progress.of(output.connect(signal));
    connected = true;
    if (!owesWrite) trouble = null;
    source.connected();
    log.info({ output: name }, "output connected");
  }

  async function deliver(signal: AbortSignal, live: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await somethingToDo(live);
      if (hasNews(options)) await progress.of(tellNews(options, signal));
      const batch = source.peek();
      if (batch === null) continue;
      owesWrite = true;
      const rejections = await progress.of(output.write(batch, signal));
      owesWrite = false;
      await source.acknowledge(rejections);
      logRejections(name, rejections, log);
      failures = 0;
      trouble = null;
    }
  }

  /** A sink that only asks us to wait is still connected. Anything but the two known troubles is a bug and is thrown on. */
  async function standBack(error: unknown, signal: AbortSignal): Promise<void> {
    if (!(error instanceof ConnectionLost || error instanceof Throttled)) throw error;
    const wasConnected = connected;
    connected = error instanceof Throttled;
    if (wasConnected && !connected) source.disconnected();
    trouble = error;
    failures++;
    const waitMs = error instanceof Throttled ? error.retryAfterMs : backoffMs(RECONNECT, failures, random);
    if (failures === 1 || wasConnected)
      log.warn({ output: name, reason: error.message }, "output interrupted, readings wait");
    await sleep(clock, waitMs, signal).catch(() => undefined);
  }

  return { isConnected: () => connected, ...wordsOf(() => trouble), stalls: () => progress.stalls(), run };
}

/** A signal of two, made anew only when the other one is another. What `AbortSignal.any` makes looks at its sources whenever it is
 *  asked, which costs more than a short wait, and is kept by them while somebody listens. */
function untilEither(signal: AbortSignal): (other: AbortSignal) => AbortSignal {
  let known: AbortSignal | null = null;
  let either = signal;
  let forget = (): void => undefined;
  return (other) => {
    if (other === known) return either;
    forget();
    known = other;
    const made = new AbortController();
    either = made.signal;
    forget = abortWith(made, signal);
    abortWith(made, other);
    return either;
  };
}

function wordsOf(
  trouble: () => ConnectionLost | Throttled | null,
): Pick<Forwarder, "lastError" | "lastSaid"> {
  return { lastError: () => trouble()?.message ?? null, lastSaid: () => trouble()?.said ?? null };
}

function hasNews({ source, alarms, figures }: ForwarderOptions): boolean {
  return source.gap() !== null || alarms?.isReady() === true || figures?.isReady() === true;
}

/** Alarms before figures: somebody may be waiting for them. */
async function tellNews(options: ForwarderOptions, signal: AbortSignal): Promise<void> {
  const { output, alarms, figures } = options;
  await tellGap(options, signal);
  await tell(alarms, output.alarms?.bind(output), signal);
  await tell(figures, output.figures?.bind(output), signal);
}

/** Tells the sink of a loss, where there is one to be told. */
async function tellGap({ name, output, source, log }: ForwarderOptions, signal: AbortSignal): Promise<void> {
  const gap = source.gap();
  if (gap === null) return;
  await output.gap?.(gap, signal);
  source.acknowledgeGap();
  log.error({ output: name, ...gap }, "readings were lost before they could be delivered");
}

function logRejections(output: string, rejections: readonly Rejection[], log: Log): void {
  for (const { reason } of rejections.slice(0, REJECTIONS_LOGGED_MAX))
    log.error({ output, reason }, "output refused a reading for good");
}

/** Resolves as soon as there are readings or news. One wait for readings goes on while news come and go. */
function waitForAny(
  source: BatchSource,
  all: readonly (NewsSource<unknown> | undefined)[],
): (signal: AbortSignal) => Promise<void> {
  const news = all.filter((one) => one !== undefined);
  let readings: Promise<void> | null = null;
  return (signal) => {
    if (news.length === 0) return source.available(signal);
    if (news.some((one) => one.isReady())) return Promise.resolve();
    readings ??= source.available(signal).finally(() => void (readings = null));
    const either = readings;
    return new Promise((resolve, reject) => {
      for (const one of news) one.onceReady(resolve);
      either.then(resolve, reject);
    });
  };
}

/** An output that has no word for them leaves them out. */
async function tell<T>(
  news: NewsSource<T> | undefined,
  write: ((made: readonly T[], signal: AbortSignal) => Promise<void>) | undefined,
  signal: AbortSignal,
): Promise<void> {
  const made = news?.peek() ?? [];
  if (made.length === 0) return;
  await write?.(made, signal);
  news?.acknowledge();
}
