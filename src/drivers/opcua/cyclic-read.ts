import type { NodeId } from "node-opcua";
import { clearBatch, createBatch } from "../../domain/batch.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { LinkCounters } from "../../domain/health.ts";
import type { Poll } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import { TimedOut } from "./faults.ts";
import { BAD_NODE_ID_INVALID, fillBadRow, fillRow, nodeOf } from "./items.ts";
import type { LinkContext } from "./link-context.ts";
import type { OpcUaTag } from "./plan.ts";
import { readValues } from "./reading.ts";
import type { SessionLink } from "./session-link.ts";
import { proveLink } from "./watchdog.ts";

/** Tags that are read together every period, and the rows of their last read. */
export interface CyclicRead {
  readonly tags: readonly OpcUaTag[];
  /** By tag; null where the plant file's text is no node id. */
  readonly nodes: readonly (NodeId | null)[];
  readonly batch: ReadingBatch;
}

export function createCyclicRead(tags: readonly OpcUaTag[]): CyclicRead {
  return { tags, nodes: tags.map((tag) => nodeOf(tag.source.node)), batch: createBatch(tags.length) };
}

/** One row per tag. When the server lets the deadline pass but answers a simpler question, the rows are bad;
 *  when it answers nothing, the link is lost. */
export async function pollCyclicRead(
  context: LinkContext,
  counters: LinkCounters,
  link: SessionLink,
  read: CyclicRead,
  signal: AbortSignal,
): Promise<Poll> {
  const nodes = read.nodes.filter((node) => node !== null);
  try {
    const values = await readValues(context, counters, link.session, nodes, link.limits.nodesPerRead, signal);
    const now = context.clock.now();
    clearBatch(read.batch);
    let next = 0;
    for (const [position, tag] of read.tags.entries()) {
      const row = read.batch.length++;
      read.batch.value[row] = NaN;
      const value = read.nodes[position] === null ? undefined : values[next++];
      if (value === undefined) fillBadRow(read.batch, row, tag, BAD_NODE_ID_INVALID, now);
      else fillRow(read.batch, row, tag, value, now);
    }
    return { batch: read.batch, answered: true, confirmsRest: false };
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    await proveLink(context, counters, link.session, signal);
    return {
      batch: allBad(read, Status.BadNoCommunication, context.clock.now()),
      answered: false,
      confirmsRest: false,
    };
  }
}

function allBad({ batch, tags }: CyclicRead, status: StatusCode, now: number): ReadingBatch {
  clearBatch(batch);
  for (const tag of tags) fillBadRow(batch, batch.length++, tag, status, now);
  return batch;
}
