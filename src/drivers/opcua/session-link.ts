import type { OPCUAClient } from "node-opcua";
import type { LinkCounters } from "../../domain/health.ts";
import { isRefusal, withDeadline } from "./faults.ts";
import type { Item } from "./items.ts";
import { closeSession, openSession } from "./link.ts";
import { stepDeadlineMs } from "./link-context.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { monitorItems } from "./monitoring.ts";
import { readOperationLimits } from "./reading.ts";
import type { OperationLimits } from "./reading.ts";
import { Subscription } from "./subscription.ts";
import { Watchdog } from "./watchdog.ts";

/** A session at the server, as long as the channel to it holds. */
export interface SessionLink {
  readonly client: OPCUAClient;
  readonly session: Session;
  readonly limits: OperationLimits;
  /** Null when no tag is subscribed. */
  readonly watched: { readonly subscription: Subscription; readonly watchdog: Watchdog } | null;
}

/** A new session, with a new subscription to all `items` if there are any. */
export async function beginSession(
  context: LinkContext,
  counters: LinkCounters,
  items: readonly Item[],
  client: OPCUAClient,
  signal: AbortSignal,
): Promise<SessionLink> {
  const session = await openSession(context, client, signal);
  try {
    const limits = await readOperationLimits(context, counters, session, signal);
    if (items.length === 0) return { client, session, limits, watched: null };
    const subscription = new Subscription(context, counters, items, session);
    await subscription.create(signal);
    await monitorItems(context, subscription, items, limits.itemsPerCall, signal);
    const watchdog = new Watchdog(context, counters, session, subscription, limits);
    watchdog.begin();
    return { client, session, limits, watched: { subscription, watchdog } };
  } catch (error) {
    await closeSession(session, context.linkClock); // small servers have few sessions to give
    throw error;
  }
}

/** The session of a lost link on a new channel, with everything that the server has queued for us meanwhile.
 *  Null when the server no longer has it. */
export async function takeUpSession(
  context: LinkContext,
  lost: SessionLink,
  client: OPCUAClient,
  signal: AbortSignal,
): Promise<SessionLink | null> {
  const { session, watched } = lost;
  try {
    const ms = stepDeadlineMs(context.connection);
    await withDeadline(
      context.linkClock,
      ms,
      "taking up the session",
      client.reactivateSession(session),
      signal,
    );
    if (watched !== null) {
      await watched.subscription.resume(session, signal);
      watched.watchdog.begin();
    }
    return { ...lost, client };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  }
}
