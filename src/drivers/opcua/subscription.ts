import {
  DataChangeNotification,
  PublishRequest,
  RepublishRequest,
  StatusChangeNotification,
  TimestampsToReturn,
} from "node-opcua";
import type {
  MonitoredItemCreateResult,
  NotificationMessage,
  PublishResponse,
  RepublishResponse,
} from "node-opcua";
import type { LinkCounters } from "../../domain/health.ts";
import { isBad } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { isRefusal } from "./faults.ts";
import { accept, acceptRefusal, creationRequest } from "./items.ts";
import type { Item } from "./items.ts";
import { stepDeadlineMs } from "./link-context.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { planKeepAlive, silenceMsMax } from "./plan.ts";
import type { KeepAlive } from "./plan.ts";
import { call } from "./reading.ts";

/** Publish requests that wait at the server, so that one answer on its way does not hold up the next. */
const PUBLISH_PIPELINE = 3;
const PUBLISH_TIMEOUT_HINT_MS = 600_000; // the watchdog is faster
const EXPIRED_IN_A_ROW_MAX = 20; // publish requests that the server let expire before the subscription is given up
const NOTIFICATIONS_PER_PUBLISH = 10_000;
const REPUBLISH_MAX = 10_000; // messages that a server may have kept for us

/** One subscription at the server, spoken to in plain services: create, publish, republish.
 *  The library's own subscription object is not used, because it hides whether data really flows. */
export class Subscription {
  readonly items: readonly Item[];
  /** Messages that never came, by the gaps in their numbers. */
  missing = 0;
  /** When the server last answered a publish request, on the link's monotonic clock. */
  provenAtMs = -Infinity;
  /** The server no longer knows it. */
  isGone = false;
  /** Why the publish requests stopped; null while they run. */
  failure: unknown = null;
  keepAlive: KeepAlive;

  readonly #context: LinkContext;
  readonly #counters: LinkCounters;
  #session: Session;
  #id = 0;
  #lastSequence = 0;
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  /** Counts sessions and subscriptions, so that answers to requests of an earlier one are told apart. */
  #epoch = 0;
  #pending = 0;
  #pipeline = PUBLISH_PIPELINE;
  #expired = 0;

  constructor(context: LinkContext, counters: LinkCounters, items: readonly Item[], session: Session) {
    this.#context = context;
    this.#counters = counters;
    this.items = items;
    this.#session = session;
    this.keepAlive = planKeepAlive(context.connection.publishingMs);
  }

  /** Has the server given a sign of life recently enough to believe that what it does not mention has not changed? */
  isProven(): boolean {
    return this.#isRunning() && this.silenceMs() <= silenceMsMax(this.keepAlive);
  }

  silenceMs(): number {
    return this.#context.linkClock.monotonic() - this.provenAtMs;
  }

  /** Makes the subscription at the server, without items yet, and starts publishing. */
  async create(signal: AbortSignal): Promise<void> {
    const wanted = planKeepAlive(this.#context.connection.publishingMs);
    const made = await this.#call(
      "creating a subscription",
      this.#session.createSubscription({
        requestedPublishingInterval: wanted.publishingMs,
        requestedMaxKeepAliveCount: wanted.keepAliveCount,
        requestedLifetimeCount: wanted.lifetimeCount,
        maxNotificationsPerPublish: NOTIFICATIONS_PER_PUBLISH,
        publishingEnabled: true,
        priority: 1,
      }),
      signal,
    );
    this.keepAlive = {
      publishingMs: made.revisedPublishingInterval,
      keepAliveCount: made.revisedMaxKeepAliveCount,
      lifetimeCount: made.revisedLifetimeCount,
    };
    this.#id = made.subscriptionId;
    this.#lastSequence = 0;
    this.#noteRevision(wanted);
    for (const item of this.items)
      Object.assign(item, { id: 0, choice: 0, isHeard: false, doubtedAtNews: -1 });
    this.#start();
  }

  /** Takes the subscription up again after a lost link: first what the server kept unacknowledged, in order, then the rest. */
  async resume(session: Session, signal: AbortSignal): Promise<void> {
    this.stop();
    this.#session = session;
    for (const item of this.items) {
      Object.assign(item, { isHeard: false, doubtedAtNews: -1 });
      // What the server refused before the link was lost will not be mentioned by it now.
      if (item.id === 0) acceptRefusal(item, item.status, this.#context.clock.now());
    }
    for (let count = 0; count < REPUBLISH_MAX; count++) {
      const message = await this.#republish(signal);
      if (message === null) break;
      this.#take(message, this.#context.clock.now());
    }
    this.#start();
  }

  /** Drops it at the server and forgets its items; the caller creates it anew. */
  async remove(signal: AbortSignal): Promise<void> {
    this.stop();
    const request = { subscriptionIds: [this.#id] };
    const answer = answerOf((callback) => this.#session.deleteSubscriptions(request, callback));
    await this.#call("deleting a subscription", answer, signal).catch((error: unknown) => {
      if (!isRefusal(error)) throw error; // a server that no longer knows it has nothing to delete
    });
  }

  /** One call's worth of monitored items, with the server's verdict on each in the same order. */
  async monitor(items: readonly Item[], signal: AbortSignal): Promise<readonly MonitoredItemCreateResult[]> {
    const itemsToCreate = items.flatMap((item) =>
      item.node === null ? [] : [creationRequest(item, item.node)],
    );
    const answer = await this.#call(
      "creating monitored items",
      this.#session.createMonitoredItems({
        subscriptionId: this.#id,
        timestampsToReturn: TimestampsToReturn.Both,
        itemsToCreate,
      }),
      signal,
    );
    return answer.results ?? [];
  }

  /** Removes the monitored item of a node that has gone, so that it can be made anew. */
  async unmonitor(items: readonly Item[], signal: AbortSignal): Promise<void> {
    const monitoredItemIds = items.map((item) => item.id).filter((id) => id !== 0);
    for (const item of items) item.id = 0;
    if (monitoredItemIds.length === 0) return;
    const request = { subscriptionId: this.#id, monitoredItemIds };
    await this.#call("deleting monitored items", this.#session.deleteMonitoredItems(request), signal);
  }

  stop(): void {
    this.#epoch++;
    this.provenAtMs = -Infinity;
  }

  #isRunning(): boolean {
    return !this.isGone && this.failure === null;
  }

  #start(): void {
    this.#epoch++;
    this.#pending = 0;
    this.#acknowledgements = [];
    this.isGone = false;
    this.failure = null;
    this.provenAtMs = this.#context.linkClock.monotonic(); // it has just answered a call
    this.#publish();
  }

  #publish(): void {
    while (this.#isRunning() && this.#pending < this.#pipeline) {
      this.#pending++;
      const epoch = this.#epoch;
      const request = new PublishRequest({
        requestHeader: { timeoutHint: PUBLISH_TIMEOUT_HINT_MS },
        subscriptionAcknowledgements: this.#acknowledgements,
      });
      this.#acknowledgements = [];
      this.#counters.requests++;
      this.#session.publish(request, (error, response) => {
        if (epoch !== this.#epoch) return;
        this.#pending--;
        if (response !== undefined && error === null) this.#answered(response);
        else this.#refused(error);
        this.#publish();
      });
    }
  }

  #answered(response: PublishResponse): void {
    this.#counters.replies++;
    if (response.subscriptionId !== this.#id) return;
    this.provenAtMs = this.#context.linkClock.monotonic();
    this.#expired = 0;
    const message = response.notificationMessage;
    if ((message.notificationData ?? []).length === 0) return; // a keep-alive: its number is that of the next message
    this.#take(message, this.#context.clock.now());
    this.#acknowledgements.push({ subscriptionId: this.#id, sequenceNumber: message.sequenceNumber });
  }

  #refused(error: Error | null): void {
    const failure = error ?? new Error("a publish request ended without an answer");
    const isAnswer = isRefusal(failure);
    if (isAnswer) this.#counters.exceptions++;
    const isExpired = isAnswer && /BadTimeout|BadRequestTimeout/.test(failure.message);
    if (isExpired && ++this.#expired < EXPIRED_IN_A_ROW_MAX) return; // the next one takes its place
    if (/BadTooManyPublishRequests/.test(failure.message) && this.#pipeline > 1) this.#pipeline--;
    else if (/BadNoSubscription|BadSubscriptionIdInvalid/.test(failure.message)) this.isGone = true;
    else this.failure = failure;
  }

  #take(message: NotificationMessage, now: EpochMs): void {
    const { sequenceNumber } = message;
    if (this.#lastSequence !== 0 && sequenceNumber !== after(this.#lastSequence)) this.missing++;
    this.#lastSequence = sequenceNumber;
    for (const data of message.notificationData ?? []) {
      if (data instanceof DataChangeNotification) this.#takeChanges(data, now);
      else if (data instanceof StatusChangeNotification) this.isGone ||= isBad(data.status.value);
    }
  }

  #takeChanges(changes: DataChangeNotification, now: EpochMs): void {
    for (const { clientHandle, value } of changes.monitoredItems ?? []) {
      const item = this.items[clientHandle];
      if (item !== undefined) accept(item, value, now);
    }
  }

  async #republish(signal: AbortSignal): Promise<NotificationMessage | null> {
    const retransmitSequenceNumber = after(this.#lastSequence);
    const request = new RepublishRequest({ subscriptionId: this.#id, retransmitSequenceNumber });
    const answer = answerOf<RepublishResponse>((callback) => this.#session.republish(request, callback)).then(
      (response) => response.notificationMessage,
    );
    return this.#call("asking again for a message", answer, signal).catch((error: unknown) => {
      if (error instanceof Error && /BadMessageNotAvailable/.test(error.message)) return null;
      throw error;
    });
  }

  #call<T>(what: string, work: Promise<T>, signal: AbortSignal): Promise<T> {
    return call(this.#context, this.#counters, stepDeadlineMs(this.#context.connection), what, work, signal);
  }

  #noteRevision(wanted: KeepAlive): void {
    const { publishingMs, keepAliveCount, lifetimeCount } = this.keepAlive;
    const isSame =
      publishingMs === wanted.publishingMs &&
      keepAliveCount === wanted.keepAliveCount &&
      lifetimeCount === wanted.lifetimeCount;
    const facts = { connection: this.#context.connection.id, wanted, given: this.keepAlive };
    if (!isSame) this.#context.log.info(facts, "the server revised the subscription's intervals");
  }
}

/** Message numbers go from 2³² − 1 back to 1. Source: OPC 10000-4, 7.8. */
function after(sequenceNumber: number): number {
  return sequenceNumber === 0xffffffff ? 1 : sequenceNumber + 1;
}

/** For the services that the library offers with a callback only. */
function answerOf<T>(start: (callback: (error: Error | null, answer?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, answer) => {
      if (error !== null || answer === undefined) reject(error ?? new Error("an empty answer"));
      else resolve(answer);
    });
  });
}
