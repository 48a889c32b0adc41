import { say } from "../../domain/said.ts";
import { VariableIds, coerceNodeId } from "node-opcua";
import { ConnectionLost } from "../../domain/errors.ts";
import type { LinkCounters } from "../../domain/health.ts";
import { TimedOut } from "./faults.ts";
import { accept, disagrees } from "./items.ts";
import type { Item } from "./items.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { monitorItems, retryItems } from "./monitoring.ts";
import { silenceMsMax } from "./plan.ts";
import { readValues } from "./reading.ts";
import type { OperationLimits } from "./reading.ts";
import type { Subscription } from "./subscription.ts";

const CURRENT_TIME = coerceNodeId(`ns=0;i=${VariableIds.Server_ServerStatus_CurrentTime}`);

const TICK_MS = 1_000;
const RESTATE_GRACE_MS = 1_000;
const RESTATE_AGAIN_MS = 5_000;
const VERIFY_MS_MIN = 15_000;
const PATIENCE_MAX = 256; // about an hour
const VERIFY_ITEMS_MAX = 100; // quiet items read in one check

/** What may be wrong behind a session that looks alive, looked after between polls: silence, items that never spoke,
 *  items that no longer report, nodes to be tried again. Proof is always a value read from the server. */
export class Watchdog {
  readonly #context: LinkContext;
  readonly #counters: LinkCounters;
  readonly #session: Session;
  readonly #subscription: Subscription;
  readonly #limits: OperationLimits;
  #isBusy = false;
  #tickAtMs = 0;
  #restateAtMs = 0;
  #verifyAtMs = 0;
  #verifyFrom = 0;
  /** Doubles each time that the subscription is made anew for values not reported: some servers just read differently. */
  #patience = 1;
  #missing = 0;

  constructor(
    context: LinkContext,
    counters: LinkCounters,
    session: Session,
    subscription: Subscription,
    limits: OperationLimits,
  ) {
    this.#context = context;
    this.#counters = counters;
    this.#session = session;
    this.#subscription = subscription;
    this.#limits = limits;
  }

  /** Starts the waiting times, once the subscription is made or taken up again. */
  begin(): void {
    const now = this.#context.linkClock.monotonic();
    this.#expectNews(now);
    this.#verifyAtMs = now + this.#verifyMs();
    for (const item of this.#subscription.items)
      if (item.id === 0 && item.retryAtMs === Infinity && item.node !== null) item.retryAtMs = now;
  }

  /** Called at every poll; does something at most once a second, and never twice at the same time.
   *  Throws ConnectionLost when the link is found dead. */
  async tend(signal: AbortSignal): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#breakSilence(signal);
      const now = this.#context.linkClock.monotonic();
      if (now < this.#tickAtMs) return;
      this.#tickAtMs = now + TICK_MS;
      this.#noteGap(now);
      await this.#whileProven(() => this.#retry(signal));
      if (now >= this.#restateAtMs) await this.#whileProven(() => this.#restate(signal));
      if (now >= this.#verifyAtMs) await this.#whileProven(() => this.#verify(signal));
    } finally {
      this.#isBusy = false;
    }
  }

  /** A value from the server within the deadline, or ConnectionLost. */
  async prove(signal: AbortSignal): Promise<void> {
    await proveLink(this.#context, this.#counters, this.#session, signal);
  }

  async #breakSilence(signal: AbortSignal): Promise<void> {
    const subscription = this.#subscription;
    if (subscription.failure !== null)
      throw new ConnectionLost(say("publishing-ended"), { cause: subscription.failure });
    if (!subscription.isGone) {
      if (subscription.isProven()) return;
      await this.prove(signal);
      // While we waited, answers that had been held up may have come in.
      if (subscription.silenceMs() <= silenceMsMax(subscription.keepAlive) && !subscription.isGone) return;
    }
    const facts = { connection: this.#context.connection.id, isGone: subscription.isGone };
    this.#context.log.warn(facts, "the server answers but the subscription is silent; it is made anew");
    await this.#recreate(signal);
  }

  async #retry(signal: AbortSignal): Promise<void> {
    const isRemade = await retryItems(this.#context, this.#subscription, this.#limits.itemsPerCall, signal);
    if (isRemade) this.#expectNews(this.#context.linkClock.monotonic());
  }

  /** Changes in a message that never came are gone; the values that hold now can still be read. */
  #noteGap(now: number): void {
    const { items, missing } = this.#subscription;
    if (missing === this.#missing) return;
    this.#missing = missing;
    for (const item of items) if (item.id !== 0) item.isHeard = false;
    this.#expectNews(now);
    const facts = { connection: this.#context.connection.id, missing };
    this.#context.log.error(facts, "the server skipped a notification message; all values are read again");
  }

  #expectNews(now: number): void {
    this.#restateAtMs = now + 2 * this.#subscription.keepAlive.publishingMs + RESTATE_GRACE_MS;
  }

  async #recreate(signal: AbortSignal): Promise<void> {
    await this.#subscription.remove(signal);
    await this.#subscription.create(signal);
    await monitorItems(
      this.#context,
      this.#subscription,
      this.#subscription.items,
      this.#limits.itemsPerCall,
      signal,
    );
    this.begin();
  }

  /** Items that have said nothing since the link was made are read once: unchanged values must be shown to be so. */
  async #restate(signal: AbortSignal): Promise<void> {
    this.#restateAtMs = this.#context.linkClock.monotonic() + RESTATE_AGAIN_MS; // should this one fail
    const silent = this.#subscription.items.filter((item) => !item.isHeard && item.id !== 0);
    await this.#read(silent, signal, (item, value) => {
      if (!item.isHeard) accept(item, value, this.#context.clock.now());
    });
    this.#restateAtMs = Infinity;
  }

  /** Reads a share of the items, quiet ones included. One whose value differs from the server's last notification, and which
   *  has not been mentioned by the next check, is no longer reported: the subscription is made anew. */
  async #verify(signal: AbortSignal): Promise<void> {
    this.#verifyAtMs = this.#context.linkClock.monotonic() + this.#verifyMs();
    const { items } = this.#subscription;
    const doubted = items.filter((item) => item.doubtedAtNews !== -1);
    const share = items.slice(this.#verifyFrom, this.#verifyFrom + VERIFY_ITEMS_MAX);
    this.#verifyFrom =
      this.#verifyFrom + VERIFY_ITEMS_MAX >= items.length ? 0 : this.#verifyFrom + VERIFY_ITEMS_MAX;
    const suspects = [...new Set([...doubted.slice(0, VERIFY_ITEMS_MAX), ...share])].filter(
      (item) => item.id !== 0,
    );
    const mute: Item[] = [];
    await this.#read(suspects, signal, (item, value) => {
      const isDifferent = disagrees(item, value);
      if (isDifferent && item.doubtedAtNews === item.news) mute.push(item);
      item.doubtedAtNews = isDifferent ? item.news : -1;
    });
    if (mute.length === 0) return;
    this.#patience = Math.min(2 * this.#patience, PATIENCE_MAX);
    const facts = { connection: this.#context.connection.id, count: mute.length, first: mute[0]?.tag.id };
    this.#context.log.warn(
      facts,
      "values change at the server but are not reported; the subscription is made anew",
    );
    await this.#recreate(signal);
  }

  async #read(
    items: readonly Item[],
    signal: AbortSignal,
    take: (item: Item, value: Awaited<ReturnType<typeof readValues>>[number]) => void,
  ): Promise<void> {
    const known = items.flatMap((item) => (item.node === null ? [] : [{ item, node: item.node }]));
    if (known.length === 0) return;
    const nodes = known.map(({ node }) => node);
    const values = await readValues(
      this.#context,
      this.#counters,
      this.#session,
      nodes,
      this.#limits.nodesPerRead,
      signal,
    );
    for (const [position, { item }] of known.entries()) {
      const value = values[position];
      if (value !== undefined) take(item, value);
    }
  }

  /** Two checks apart by this much see every change that the server would have reported in between. */
  #verifyMs(): number {
    const samplingMs = this.#subscription.items.reduce(
      (longest, item) => Math.max(longest, item.samplingMs),
      0,
    );
    return (
      this.#patience * Math.max(VERIFY_MS_MIN, 2 * (samplingMs + this.#subscription.keepAlive.publishingMs))
    );
  }

  /** A check that takes too long says nothing against a link that publishes. */
  async #whileProven(check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof TimedOut) || !this.#subscription.isProven()) throw error;
      const { connection, log } = this.#context;
      log.debug(
        { connection: connection.id, reason: error.message },
        "a check of the subscription took too long",
      );
    }
  }
}

/** A value from the server within the deadline, or ConnectionLost. */
export async function proveLink(
  context: LinkContext,
  counters: LinkCounters,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const [time] = await readValues(context, counters, session, [CURRENT_TIME], 1, signal);
  if (time === undefined || !time.statusCode.isGoodish())
    throw new ConnectionLost(say("server-without-time"));
}
