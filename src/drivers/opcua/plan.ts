import type { PollGroup } from "../../domain/ports.ts";
import type { OpcUaSource, Tag } from "../../domain/tag.ts";

/** A tag of ours; the plant file sees to it that every tag on an OPC UA connection is one. */
export type OpcUaTag = Tag & { readonly source: OpcUaSource };

export interface OpcUaGroup extends PollGroup {
  readonly mode: OpcUaSource["mode"];
  readonly tags: readonly OpcUaTag[];
}

/** Name of the scan class of subscribed tags: the server does the scanning. */
export const SUBSCRIBED = "subscribed";

const QUEUE_ROWS_MIN = 1_024;
const QUEUE_ROWS_MAX = 131_072; // 4.7 MB, twice

/** Per device one group of subscribed tags, drained as often as the server can bring news,
 *  and one group per scan class of those that are read. */
export function planGroups(
  connection: string,
  publishingMs: number,
  tags: readonly Tag[],
): readonly OpcUaGroup[] {
  const members = Map.groupBy(tags.filter(isOpcUa), (tag) => `${tag.device}\n${scanClassOf(tag)}`);
  return [...members.values()].map((group) => planGroup(connection, publishingMs, group));
}

function planGroup(connection: string, publishingMs: number, tags: readonly OpcUaTag[]): OpcUaGroup {
  const [first] = tags;
  if (first === undefined) throw new RangeError("a poll group has at least one tag");
  const { mode } = first.source;
  const samplingMs = Math.min(publishingMs, ...tags.map((tag) => tag.source.samplingMs));
  return {
    mode,
    tags,
    device: first.device,
    scanClass: scanClassOf(first),
    periodMs: mode === "subscribe" ? Math.max(samplingMs, 1) : first.periodMs,
    unit: `${connection}/${first.device}/${mode}`,
  };
}

function isOpcUa(tag: Tag): tag is OpcUaTag {
  return tag.source.protocol === "opcua";
}

function scanClassOf(tag: OpcUaTag): string {
  return tag.source.mode === "subscribe" ? SUBSCRIBED : tag.scanClass;
}

/** Rows that may wait between two polls: what the server's own queues for these tags hold, twice over. */
export function queueRows(tags: readonly OpcUaTag[]): number {
  const held = tags.reduce((sum, tag) => sum + tag.source.queueSize, 0);
  return Math.min(Math.max(2 * held, QUEUE_ROWS_MIN), QUEUE_ROWS_MAX);
}

export interface KeepAlive {
  readonly publishingMs: number;
  /** Publishing intervals without news after which the server says that it is alive. */
  readonly keepAliveCount: number;
  /** Publishing intervals without us after which the server drops the subscription. */
  readonly lifetimeCount: number;
}

const KEEP_ALIVE_MS = 2_000;
const LIFETIME_MS = 60_000;
const GRACE_MS = 1_000;

/** Counts to ask for: a sign of life every two seconds, and a minute in which a lost link finds its subscription again.
 *  The lifetime must be at least three keep-alives. Source: OPC 10000-4, 5.14.2. */
export function planKeepAlive(publishingMs: number): KeepAlive {
  const keepAliveCount = Math.max(1, Math.round(KEEP_ALIVE_MS / publishingMs));
  const lifetimeCount = Math.max(3 * keepAliveCount, Math.ceil(LIFETIME_MS / publishingMs));
  return { publishingMs, keepAliveCount, lifetimeCount };
}

/** Silence that proves nothing yet: two keep-alive intervals as the server revised them, and a second. */
export function silenceMsMax({ publishingMs, keepAliveCount }: KeepAlive): number {
  return 2 * publishingMs * keepAliveCount + GRACE_MS;
}

const RETRY_FIRST_MS = 30_000;
const RETRY_MAX_MS = 1_800_000;

/** Pause before attempt number `attempt` (from 1) at a node that the server refuses: 30 s, doubling up to 30 min. */
export function retryAfterMs(attempt: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempt - 1, 16), RETRY_MAX_MS);
}

export function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** Filters to try in turn, the next when the server refuses one; the last one is always "none".
 *  A percentage needs the node's own EURange; without it the tag's range gives the same amount in absolute terms.
 *  Absolute amounts go out in raw counts, for the server knows nothing of our scale. */
export type Deadband = { readonly kind: "percent" | "absolute" | "none"; readonly amount: number };

export function deadbandsToTry(tag: OpcUaTag): readonly Deadband[] {
  const none: Deadband = { kind: "none", amount: 0 };
  const { deadband } = tag.source;
  if (deadband === null || deadband.amount === 0 || tag.type === "bool" || tag.type === "string")
    return [none];
  if (deadband.kind === "absolute") return [absolute(tag, deadband.amount), none];
  const percent: Deadband = { kind: "percent", amount: deadband.amount };
  if (tag.range === null) return [percent, none];
  const span = tag.range.high - tag.range.low;
  return [percent, absolute(tag, (deadband.amount / 100) * span), none];
}

function absolute(tag: OpcUaTag, amount: number): Deadband {
  return { kind: "absolute", amount: amount / Math.abs(tag.scaling.scale) };
}
