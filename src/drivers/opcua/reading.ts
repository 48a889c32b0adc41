import { AttributeIds, VariableIds } from "node-opcua";
import type { DataValue, NodeId } from "node-opcua";
import type { LinkCounters } from "../../domain/health.ts";
import { isRefusal, TimedOut, withDeadline } from "./faults.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { chunksOf } from "./plan.ts";

/** Operations in one call where the server states no limit. */
const OPERATIONS_MAX = 500;

export interface OperationLimits {
  readonly nodesPerRead: number;
  readonly itemsPerCall: number;
}

/** One call of a service: counted, with its own deadline. A call without one would last as long as an outage. */
export async function call<T>(
  context: LinkContext,
  counters: LinkCounters,
  deadlineMs: number,
  what: string,
  work: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  counters.requests++;
  try {
    const answer = await withDeadline(context.linkClock, deadlineMs, what, work, signal);
    counters.replies++;
    return answer;
  } catch (error) {
    if (error instanceof TimedOut) counters.timeouts++;
    else if (isRefusal(error)) counters.exceptions++;
    throw error;
  }
}

/** What the server allows in one call. Source: OPC 10000-5, 6.3.11. */
export async function readOperationLimits(
  context: LinkContext,
  counters: LinkCounters,
  session: Session,
  signal: AbortSignal,
): Promise<OperationLimits> {
  const nodes = [
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
    VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
  ];
  const values = await call(
    context,
    counters,
    context.connection.timeoutMs,
    "reading the server's limits",
    session.read(nodes.map((id) => ({ nodeId: `ns=0;i=${id}`, attributeId: AttributeIds.Value }))),
    signal,
  );
  const [nodesPerRead = OPERATIONS_MAX, itemsPerCall = OPERATIONS_MAX] = values.map(limitOf);
  return { nodesPerRead, itemsPerCall };
}

// Zero means that the server states no limit, which is not to say that it has none.
function limitOf(answer: DataValue): number {
  const limit: unknown = answer.statusCode.isGood() ? answer.value.value : 0;
  return typeof limit === "number" && limit > 0 ? Math.min(limit, 10 * OPERATIONS_MAX) : OPERATIONS_MAX;
}

/** Current values of `nodes`, in their order, in as few calls as the server's limit allows. */
export async function readValues(
  context: LinkContext,
  counters: LinkCounters,
  session: Session,
  nodes: readonly NodeId[],
  nodesPerRead: number,
  signal?: AbortSignal,
): Promise<readonly DataValue[]> {
  const values: DataValue[] = [];
  for (const chunk of chunksOf(nodes, nodesPerRead)) {
    const wanted = chunk.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }));
    const { timeoutMs } = context.connection;
    values.push(...(await call(context, counters, timeoutMs, "reading", session.read(wanted), signal)));
  }
  return values;
}
