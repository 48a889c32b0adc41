import {
  AttributeIds,
  coerceNodeId,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  MonitoringMode,
} from "node-opcua";
import type { DataValue, MonitoredItemCreateRequestOptions, NodeId } from "node-opcua";
import { clearBatch, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import { isBad, Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import { deadbandsToTry } from "./plan.ts";
import type { Deadband, OpcUaTag } from "./plan.ts";
import { appendRow } from "./queue.ts";
import type { RowQueue } from "./queue.ts";
import { hasOverflowed, storeValue, timeOf } from "./values.ts";

/** One subscribed tag and what the server last said about it. */
export interface Item {
  readonly tag: OpcUaTag;
  /** Its place in the list of items, by which the server names it in notifications. */
  readonly clientHandle: number;
  /** Null when the plant file's text is no node id. */
  readonly node: NodeId | null;
  readonly queue: RowQueue;
  readonly deadbands: readonly Deadband[];
  /** Which of `deadbands` the server has not refused. */
  choice: number;
  /** The server's id of the monitored item; 0 while there is none. */
  id: number;
  /** As the server revised it. */
  samplingMs: number;
  /** Has the server said anything since the link was made? */
  isHeard: boolean;
  /** Notifications since the start. */
  news: number;
  value: number;
  exact: bigint | string | undefined;
  status: StatusCode;
  /** Refusals in a row, and when to try again on the link's monotonic clock. */
  refusals: number;
  retryAtMs: number;
  /** `news` when a read last disagreed with the server's last word; -1 when it agreed. */
  doubtedAtNews: number;
}

export const BAD_NODE_ID_INVALID: StatusCode = 0x80330000;

/** The node itself has gone, so its monitored item is dead even if the node comes back: OPC 10000-4, table 177. */
const GONE: ReadonlySet<StatusCode> = new Set([0x80330000, 0x80340000, 0x80350000, 0x803f0000]);

/** The server will not filter as asked: BadMonitoredItemFilterInvalid, …Unsupported, BadFilterNotAllowed, BadDeadbandFilterInvalid. */
const FILTER_REFUSED: ReadonlySet<StatusCode> = new Set([0x80430000, 0x80440000, 0x80450000, 0x808e0000]);

export function createItem(tag: OpcUaTag, clientHandle: number, queue: RowQueue): Item {
  return {
    tag,
    clientHandle,
    queue,
    node: nodeOf(tag.source.node),
    deadbands: deadbandsToTry(tag),
    choice: 0,
    id: 0,
    samplingMs: tag.source.samplingMs,
    isHeard: false,
    news: 0,
    value: NaN,
    exact: undefined,
    status: Status.BadWaitingForInitialData,
    refusals: 0,
    retryAtMs: Infinity,
    doubtedAtNews: -1,
  };
}

export function nodeOf(text: string): NodeId | null {
  try {
    return coerceNodeId(text);
  } catch {
    return null;
  }
}

export function deadbandOf(item: Item): Deadband {
  return item.deadbands[item.choice] ?? { kind: "none", amount: 0 };
}

/** Takes up the next, weaker filter when `status` says that the server refuses this one. */
export function weakenFilter(item: Item, status: StatusCode): boolean {
  const isRefused = FILTER_REFUSED.has(status) && item.choice + 1 < item.deadbands.length;
  if (isRefused) item.choice++;
  return isRefused;
}

export function creationRequest(item: Item, node: NodeId): MonitoredItemCreateRequestOptions {
  const { kind, amount } = deadbandOf(item);
  const deadbandType = kind === "percent" ? DeadbandType.Percent : DeadbandType.Absolute;
  const filter =
    kind === "none"
      ? null
      : new DataChangeFilter({ trigger: DataChangeTrigger.StatusValue, deadbandType, deadbandValue: amount });
  return {
    itemToMonitor: { nodeId: node, attributeId: AttributeIds.Value },
    monitoringMode: MonitoringMode.Reporting,
    requestedParameters: {
      clientHandle: item.clientHandle,
      filter,
      samplingInterval: item.tag.source.samplingMs,
      queueSize: item.tag.source.queueSize,
      discardOldest: true,
    },
  };
}

/** Queues what the server said about the item as a row. */
export function accept(item: Item, news: DataValue, now: EpochMs): void {
  const said = news.statusCode.value >>> 0;
  item.news++;
  if (hasOverflowed(said)) item.queue.overflowed++;
  if (repeatsNaN(item, news, said)) return;
  item.isHeard = true;
  const row = appendRow(item.queue);
  const batch = item.queue.filling;
  item.status = fillRow(batch, row, item.tag, news, now);
  item.value = batch.value[row] ?? NaN;
  item.exact = batch.exact.size === 0 ? undefined : batch.exact.get(row);
}

/** Writes all columns of a row; its value is NaN beforehand. Returns the row's status. */
export function fillRow(
  batch: ReadingBatch,
  row: number,
  tag: Tag,
  answer: DataValue,
  now: EpochMs,
): StatusCode {
  const said = answer.statusCode.value >>> 0;
  const status = isBad(said) ? said : storeValue(batch, row, tag.type, answer.value, said);
  batch.tag[row] = tag.index;
  batch.status[row] = status;
  batch.sourceTime[row] = timeOf(answer.sourceTimestamp, answer.serverTimestamp, now);
  batch.receivedTime[row] = now;
  return status;
}

/** Writes a row that no server sent. */
export function fillBadRow(
  batch: ReadingBatch,
  row: number,
  tag: Tag,
  status: StatusCode,
  now: EpochMs,
): void {
  batch.tag[row] = tag.index;
  batch.value[row] = NaN;
  batch.status[row] = status;
  batch.sourceTime[row] = now;
  batch.receivedTime[row] = now;
}

/** Not a number differs from itself, so that servers report it at every sampling interval. */
function repeatsNaN(item: Item, news: DataValue, said: StatusCode): boolean {
  return item.isHeard && item.status === said && Number.isNaN(news.value.value) && Number.isNaN(item.value);
}

/** Queues a bad row for an item that the server does not monitor. */
export function acceptRefusal(item: Item, status: StatusCode, now: EpochMs): void {
  fillBadRow(item.queue.filling, appendRow(item.queue), item.tag, status, now);
  Object.assign(item, { id: 0, isHeard: true, value: NaN, exact: undefined, status });
}

/** Is the node itself gone, so that its item must be made anew? */
export function isNodeGone(status: StatusCode): boolean {
  return GONE.has((status & 0xffff0000) >>> 0);
}

const scratch = createBatch(1);

/** Does a read value differ from the server's last notification by more than the deadband lets pass? */
export function disagrees(item: Item, read: DataValue): boolean {
  clearBatch(scratch);
  const said = read.statusCode.value >>> 0;
  const status = isBad(said) ? said : storeValue(scratch, 0, item.tag.type, read.value, said);
  if (isBad(status) || isBad(item.status)) return isBad(status) !== isBad(item.status);
  if (item.tag.type === "string") return scratch.exact.get(0) !== item.exact;
  return Math.abs((scratch.value[0] ?? NaN) - item.value) > tolerance(item);
}

const ROUNDING = 1.01; // single precision may carry a value just over the limit

function tolerance(item: Item): number {
  const { kind, amount } = deadbandOf(item);
  if (kind === "none") return 0;
  if (kind === "absolute") return ROUNDING * amount;
  const { range, scaling } = item.tag;
  // The server's own EURange decides; twice the same share of ours is a safe guess at it.
  return range === null
    ? Infinity
    : (2 * (amount / 100) * (range.high - range.low)) / Math.abs(scaling.scale);
}
