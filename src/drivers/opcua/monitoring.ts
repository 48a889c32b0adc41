import type { MonitoredItemCreateResult } from "node-opcua";
import { Status } from "../../domain/status.ts";
import { isRefusal } from "./faults.ts";
import { acceptRefusal, BAD_NODE_ID_INVALID, deadbandOf, isNodeGone, weakenFilter } from "./items.ts";
import type { Item } from "./items.ts";
import type { LinkContext } from "./link-context.ts";
import { chunksOf, retryAfterMs } from "./plan.ts";
import type { Subscription } from "./subscription.ts";

const NAMED_IN_LOG_MAX = 20; // tags that one log line names

/** What became of a round of monitored items. */
interface Outcome {
  readonly refused: Item[];
  readonly weakened: Item[];
  readonly revised: { readonly tag: string; readonly asked: object; readonly given: object }[];
}

/** Has the server monitor `items`, in calls of at most `itemsPerCall`. A node that it refuses becomes a bad row and is tried
 *  again later; a filter that it refuses is replaced by the next weaker one. Everything else about an item is its own affair. */
export async function monitorItems(
  context: LinkContext,
  subscription: Subscription,
  items: readonly Item[],
  itemsPerCall: number,
  signal: AbortSignal,
): Promise<void> {
  const outcome: Outcome = { refused: [], weakened: [], revised: [] };
  for (const item of items)
    if (item.node === null) acceptRefusal(item, BAD_NODE_ID_INVALID, context.clock.now());
  let waiting = items.filter((item) => item.node !== null);
  while (waiting.length > 0) {
    const again: Item[] = [];
    for (const chunk of chunksOf(waiting, itemsPerCall))
      again.push(...(await monitorChunk(context, subscription, chunk, outcome, signal)));
    waiting = again;
  }
  report(context, outcome);
}

/** Returns the items to ask for once more, with a weaker filter or in smaller company. */
async function monitorChunk(
  context: LinkContext,
  subscription: Subscription,
  chunk: readonly Item[],
  outcome: Outcome,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  try {
    const results = await subscription.monitor(chunk, signal);
    return chunk.filter((item, position) => settle(context, item, results[position], outcome));
  } catch (error) {
    const isTooMany =
      isRefusal(error) && error instanceof Error && /BadTooManyOperations/.test(error.message);
    if (!isTooMany || chunk.length === 1) throw error;
    const half = Math.ceil(chunk.length / 2);
    const first = await monitorChunk(context, subscription, chunk.slice(0, half), outcome, signal);
    return [...first, ...(await monitorChunk(context, subscription, chunk.slice(half), outcome, signal))];
  }
}

/** Returns whether to ask again at once. */
function settle(
  context: LinkContext,
  item: Item,
  result: MonitoredItemCreateResult | undefined,
  outcome: Outcome,
): boolean {
  if (result === undefined) throw new Error("the server left out the verdict on a monitored item");
  if (result.statusCode.isGoodish()) {
    Object.assign(item, {
      id: result.monitoredItemId,
      samplingMs: result.revisedSamplingInterval,
      retryAtMs: Infinity,
      isHeard: false,
      status: Status.BadWaitingForInitialData,
    });
    noteRevision(item, result, outcome);
    return false;
  }
  const status = result.statusCode.value >>> 0;
  if (weakenFilter(item, status)) {
    outcome.weakened.push(item);
    return true;
  }
  acceptRefusal(item, status, context.clock.now());
  outcome.refused.push(item);
  postpone(context, item);
  return false;
}

/** Puts a refused item on its growing schedule: half a minute, then twice as long each time, up to half an hour. */
export function postpone({ linkClock }: LinkContext, item: Item): void {
  item.refusals++;
  item.retryAtMs = linkClock.monotonic() + retryAfterMs(item.refusals);
}

function noteRevision(item: Item, result: MonitoredItemCreateResult, outcome: Outcome): void {
  const { samplingMs, queueSize } = item.tag.source;
  const { revisedSamplingInterval, revisedQueueSize } = result;
  if (revisedSamplingInterval === samplingMs && revisedQueueSize === queueSize) return;
  outcome.revised.push({
    tag: item.tag.id,
    asked: { samplingMs, queueSize },
    given: { samplingMs: revisedSamplingInterval, queueSize: revisedQueueSize },
  });
}

/** One line per kind of finding, naming the first tags. */
function report({ connection, log }: LinkContext, { refused, weakened, revised }: Outcome): void {
  if (refused.length > 0) {
    const named = refused.slice(0, NAMED_IN_LOG_MAX);
    const nodes = named.map(({ tag, status }) => ({
      tag: tag.id,
      node: tag.source.node,
      status: hex(status),
    }));
    log.warn(
      { connection: connection.id, count: refused.length, nodes },
      "the server refuses to monitor nodes",
    );
  }
  if (weakened.length > 0) {
    const named = weakened.slice(0, NAMED_IN_LOG_MAX);
    const tags = named.map((item) => ({ tag: item.tag.id, deadband: deadbandOf(item) }));
    log.info(
      { connection: connection.id, count: weakened.length, tags },
      "the server refuses the deadband; a weaker one is used",
    );
  }
  if (revised.length > 0) {
    const tags = revised.slice(0, NAMED_IN_LOG_MAX);
    log.info(
      { connection: connection.id, count: revised.length, tags },
      "the server revised sampling intervals or queue sizes",
    );
  }
}

function hex(status: number): string {
  return `0x${status.toString(16).padStart(8, "0")}`;
}

/** Items whose node has gone at the server go on the schedule; those that are due are made anew. Returns whether any were. */
export async function retryItems(
  context: LinkContext,
  subscription: Subscription,
  itemsPerCall: number,
  signal: AbortSignal,
): Promise<boolean> {
  const now = context.linkClock.monotonic();
  for (const item of subscription.items) if (item.id !== 0) watchNode(context, item);
  const due = subscription.items.filter((item) => item.retryAtMs <= now);
  if (due.length === 0) return false;
  await subscription.unmonitor(due, signal);
  await monitorItems(context, subscription, due, itemsPerCall, signal);
  return true;
}

function watchNode(context: LinkContext, item: Item): void {
  if (isNodeGone(item.status)) {
    if (item.retryAtMs === Infinity) postpone(context, item);
  } else if (item.isHeard) {
    item.refusals = 0;
    item.retryAtMs = Infinity;
  }
}
