import { say } from "../../domain/said.ts";
import type { OPCUAClient } from "node-opcua";
import type { OpcUaConnection } from "../../config/plant.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { zeroLinkCounters } from "../../domain/health.ts";
import type { LinkCounters } from "../../domain/health.ts";
import type { Driver, Poll, SingleAccess } from "../../domain/ports.ts";
import { systemClock } from "../../domain/system-clock.ts";
import type { Clock } from "../../domain/time.ts";
import type { DriverContext } from "../context.ts";
import { createCyclicRead, pollCyclicRead } from "./cyclic-read.ts";
import type { CyclicRead } from "./cyclic-read.ts";
import { connectionLost } from "./faults.ts";
import { createItem } from "./items.ts";
import type { Item } from "./items.ts";
import { routeLibraryNotes } from "./library.ts";
import { closeLink, discard, openChannel, sessionTimeoutMs } from "./link.ts";
import type { LinkContext } from "./link-context.ts";
import { planGroups, queueRows } from "./plan.ts";
import type { OpcUaGroup } from "./plan.ts";
import { createQueue, drain } from "./queue.ts";
import type { RowQueue } from "./queue.ts";
import { createSingleAccess } from "./single.ts";
import { beginSession, takeUpSession } from "./session-link.ts";
import type { SessionLink } from "./session-link.ts";

/** Readings that never reached a poll. */
export interface Losses {
  /** Dropped from our own full queues, oldest first. */
  readonly dropped: number;
  /** Notifications that said that the server's queue had overflowed before them. */
  readonly overflowed: number;
}

export interface OpcUaDriver extends Driver {
  losses(): Losses;
}

/** A connection to one OPC UA server: subscriptions for tags that the server reports, cyclic reads for the others.
 *  After a lost link `connect` first asks the server to go on with the old session, so that changes it has queued are not
 *  lost, and else starts from nothing; the library's own reconnecting is off. */
export function createOpcUaDriver(
  context: DriverContext<OpcUaConnection>,
  linkClock: Clock = systemClock,
): OpcUaDriver {
  return new SessionDriver(context, linkClock);
}

/** How one group is served. */
type Feed = { readonly items: readonly Item[]; readonly queue: RowQueue } | CyclicRead;

const TAKE_UP_ATTEMPTS_MAX = 3; // over a working channel; then the old session is given up
const LOSSES_LOG_MS = 60_000; // at most one line about lost readings in this time

class SessionDriver implements OpcUaDriver {
  readonly groups: readonly OpcUaGroup[];
  readonly inFlightMax: number;
  readonly counters: LinkCounters = zeroLinkCounters();
  readonly single: SingleAccess;

  readonly #context: LinkContext;
  readonly #feeds: readonly Feed[];
  readonly #items: readonly Item[];
  #link: SessionLink | null = null;
  /** A lost link whose session the server may still hold, and until when. */
  #remnant: { readonly link: SessionLink; readonly untilMs: number; attempts: number } | null = null;
  #reason = new ConnectionLost(say("not-connected"));
  /** Bytes of the channels before this one. */
  #bytesBefore = { sent: 0, received: 0 };
  #lossesLogged = { count: 0, atMs: -Infinity };
  #certificate: string | null = null;

  constructor(context: DriverContext<OpcUaConnection>, linkClock: Clock) {
    const { connection, log } = context;
    this.#context = {
      ...context,
      linkClock,
      noteCertificate: (thumbprint) => {
        this.#certificate = thumbprint;
      },
    };
    routeLibraryNotes(log);
    this.groups = planGroups(connection.id, connection.publishingMs, context.tags);
    this.inFlightMax = Math.max(1, this.groups.length);
    const items: Item[] = [];
    this.#feeds = this.groups.map(({ mode, tags }) => {
      if (mode === "read") return createCyclicRead(tags);
      const queue = createQueue(queueRows(tags));
      const own = tags.map((tag, offset) => createItem(tag, items.length + offset, queue));
      items.push(...own);
      return { items: own, queue };
    });
    this.#items = items;
    const link = (): SessionLink => {
      if (this.#link === null) throw this.#reason;
      return this.#link;
    };
    this.single = createSingleAccess({ context: this.#context, counters: this.counters, link });
    if (connection.security.mode === "None") warnOfNone(this.#context);
  }

  async connect(signal: AbortSignal): Promise<void> {
    if (this.#link !== null) this.#lose(this.#link, new ConnectionLost(say("connecting-again")));
    try {
      const client = await openChannel(this.#context, signal);
      try {
        this.#link = await this.#openLink(client, signal);
      } catch (error) {
        discard(client, this.#context.linkClock);
        throw error;
      }
    } catch (error) {
      signal.throwIfAborted();
      this.#reason = connectionLost(this.#context.connection.endpoint, error);
      throw this.#reason;
    }
    this.#remnant = null;
    this.counters.connects++;
    this.#watchChannel(this.#link);
  }

  async poll(index: number, signal: AbortSignal): Promise<Poll> {
    const feed = this.#feeds[index];
    if (feed === undefined) throw new RangeError(`there is no poll group ${index}`);
    const link = this.#link;
    if (link === null) throw this.#reason;
    this.#countBytes(link);
    try {
      if ("nodes" in feed) return await pollCyclicRead(this.#context, this.counters, link, feed, signal);
      await link.watched?.watchdog.tend(signal);
    } catch (error) {
      signal.throwIfAborted();
      const lost = connectionLost(this.#context.connection.endpoint, error);
      this.#lose(link, lost);
      throw lost;
    }
    this.#noteLosses();
    const isProven = link === this.#link && link.watched?.subscription.isProven() === true;
    const confirmsRest = isProven && feed.items.every((item) => item.isHeard);
    return { batch: drain(feed.queue), answered: true, confirmsRest };
  }

  quarantined(): readonly string[] {
    return this.#items.filter((item) => item.retryAtMs !== Infinity).map((item) => item.tag.id);
  }

  certificate(): string | null {
    return this.#certificate;
  }

  losses(): Losses {
    const queues = this.#feeds.flatMap((feed) => ("queue" in feed ? [feed.queue] : []));
    return {
      dropped: queues.reduce((sum, queue) => sum + queue.dropped, 0),
      overflowed: queues.reduce((sum, queue) => sum + queue.overflowed, 0),
    };
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#remnant = null;
    this.#reason = new ConnectionLost(say("driver-closed"));
    if (link === null) return;
    link.watched?.subscription.stop();
    await closeLink(link.client, link.session, this.#context.linkClock);
  }

  async #openLink(client: OPCUAClient, signal: AbortSignal): Promise<SessionLink> {
    const { connection, linkClock, log } = this.#context;
    const remnant = this.#remnant;
    if (
      remnant !== null &&
      linkClock.monotonic() < remnant.untilMs &&
      remnant.attempts++ < TAKE_UP_ATTEMPTS_MAX
    ) {
      const link = await takeUpSession(this.#context, remnant.link, client, signal);
      log.info(
        { connection: connection.id, isTakenUp: link !== null },
        "asked the server to go on with the old session",
      );
      if (link !== null) return link;
    }
    this.#remnant = null;
    return beginSession(this.#context, this.counters, this.#items, client, signal);
  }

  #watchChannel(link: SessionLink): void {
    const stop = (): void => {
      if (this.#link === link) this.#lose(link, new ConnectionLost(say("server-closed")));
    };
    link.client.on("connection_lost", stop);
    link.client.on("close", stop);
  }

  #lose(link: SessionLink, reason: ConnectionLost): void {
    if (this.#link !== link) return;
    this.#countBytes(link);
    this.#bytesBefore = { sent: this.counters.bytesSent, received: this.counters.bytesReceived };
    link.watched?.subscription.stop();
    const untilMs = this.#context.linkClock.monotonic() + sessionTimeoutMs(this.#context);
    this.#link = null;
    this.#remnant = { link, untilMs, attempts: 0 };
    this.#reason = reason;
    discard(link.client, this.#context.linkClock);
  }

  #countBytes({ client }: SessionLink): void {
    const { bytesRead, bytesWritten } = client as unknown as {
      readonly bytesRead: number;
      readonly bytesWritten: number;
    };
    this.counters.bytesSent = this.#bytesBefore.sent + bytesWritten;
    this.counters.bytesReceived = this.#bytesBefore.received + bytesRead;
  }

  #noteLosses(): void {
    const { dropped, overflowed } = this.losses();
    const now = this.#context.linkClock.monotonic();
    if (dropped + overflowed === this.#lossesLogged.count || now < this.#lossesLogged.atMs + LOSSES_LOG_MS)
      return;
    this.#lossesLogged = { count: dropped + overflowed, atMs: now };
    const facts = { connection: this.#context.connection.id, dropped, overflowed };
    this.#context.log.error(
      facts,
      "changes were lost in a full queue, ours (dropped) or the server's (overflowed)",
    );
  }
}

function warnOfNone({ connection, log }: LinkContext): void {
  const isPassword = connection.identity.kind === "password";
  const what = isPassword ? "values and perhaps the password" : "values";
  log.warn(
    { connection: connection.id, exposed: what },
    "security mode None: the link is neither signed nor encrypted",
  );
}
