import { AttributeIds, DataType, VariantArrayType } from "node-opcua";
import type { DataValue, NodeId } from "node-opcua";
import { createBatch } from "../../domain/batch.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { LinkCounters } from "../../domain/health.ts";
import type { SingleAccess, SingleRead, WriteOutcome } from "../../domain/ports.ts";
import { Status } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { TimedOut } from "./faults.ts";
import { BAD_NODE_ID_INVALID, fillBadRow, fillRow, nodeOf } from "./items.ts";
import type { LinkContext } from "./link-context.ts";
import { call, readValues } from "./reading.ts";
import type { SessionLink } from "./session-link.ts";

/** Built-in types of the values that a tag of each type is written as. Source: OPC 10000-6, table 1. */
const WRITTEN_AS: Readonly<Partial<Record<Tag["type"], DataType>>> = {
  bool: DataType.Boolean,
  int16: DataType.Int16,
  uint16: DataType.UInt16,
  int32: DataType.Int32,
  uint32: DataType.UInt32,
  int64: DataType.Int64,
  uint64: DataType.UInt64,
  float32: DataType.Float,
  float64: DataType.Double,
};
/** OPC 10000-3, 8.57: bit 1 of the access level. */
const CURRENT_WRITE = 0x02;

export interface SingleOptions {
  readonly context: LinkContext;
  readonly counters: LinkCounters;
  /** Throws ConnectionLost while there is no link. */
  readonly link: () => SessionLink;
}

/** Reads and writes of one node by calls of their own in the session. */
export function createSingleAccess(options: SingleOptions): SingleAccess {
  return {
    read: (tag, signal) => readOne(options, tag, signal),
    write: (tag, raw, signal) => writeOne(options, tag, raw, signal),
  };
}

async function readOne(
  { context, counters, link }: SingleOptions,
  tag: Tag,
  signal: AbortSignal,
): Promise<SingleRead> {
  const { session, limits } = link();
  const batch = createBatch(1);
  batch.length = 1;
  batch.value[0] = NaN;
  const node = nodeIdOf(tag);
  const now = (): number => context.clock.now();
  if (node === null) {
    fillBadRow(batch, 0, tag, BAD_NODE_ID_INVALID, now());
    return { batch, wire: "" };
  }
  try {
    const [answer] = await readValues(context, counters, session, [node], limits.nodesPerRead, signal);
    if (answer === undefined) fillBadRow(batch, 0, tag, Status.BadNoCommunication, now());
    else fillRow(batch, 0, tag, answer, now());
    return { batch, wire: answer === undefined ? "" : wireOf(answer) };
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    fillBadRow(batch, 0, tag, Status.BadNoCommunication, now());
    return { batch, wire: "" };
  }
}

/** Looks first whether the server would take a value of this type from us: what it might convert is not sent. */
async function writeOne(
  options: SingleOptions,
  tag: Tag,
  raw: number | bigint,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const { context, counters } = options;
  const node = nodeIdOf(tag);
  const dataType = WRITTEN_AS[tag.type];
  if (node === null || dataType === undefined) return { kind: "refused", reason: say("node-not-writable") };
  const { timeoutMs } = context.connection;
  let isSent = false;
  try {
    const { session } = options.link();
    const attributes = [AttributeIds.Value, AttributeIds.UserAccessLevel];
    const wanted = attributes.map((attributeId) => ({ nodeId: node, attributeId }));
    const answers = await call(context, counters, timeoutMs, "reading", session.read(wanted), signal);
    const reason = refusalOf(answers, dataType);
    if (reason !== null) return { kind: "refused", reason };
    const value = { dataType, arrayType: VariantArrayType.Scalar, value: variantValue(tag.type, raw) };
    const write = { nodeId: node, attributeId: AttributeIds.Value, value: { value } };
    isSent = true;
    const status = await call(context, counters, timeoutMs, "writing", session.write(write), signal);
    return status.isGood()
      ? { kind: "taken" }
      : { kind: "refused", reason: say("opcua-refused", { status: status.name }) };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { kind: isSent ? "unknown" : "refused", reason: error.said };
  }
}

function refusalOf([value, access]: readonly DataValue[], dataType: DataType): Said | null {
  if (value?.statusCode.isGood() !== true) return say("node-no-value");
  return typeFault(value, dataType) ?? (mayWrite(access) ? null : say("node-only-read"));
}

function mayWrite(access: DataValue | undefined): boolean {
  const level: unknown = access?.statusCode.isGood() === true ? access.value.value : 0;
  return typeof level === "number" && (level & CURRENT_WRITE) !== 0;
}

function typeFault(value: DataValue, dataType: DataType): Said | null {
  const { arrayType } = value.value;
  const found = value.value.dataType;
  if (arrayType !== VariantArrayType.Scalar) return say("node-no-single-value");
  if (found !== dataType)
    return say("node-other-type", { found: DataType[found], wanted: DataType[dataType] });
  return null;
}

/** As the library wants it: 64-bit integers as two halves, the upper one first. */
function variantValue(type: Tag["type"], raw: number | bigint): unknown {
  if (type === "bool") return Number(raw) !== 0;
  if (type !== "int64" && type !== "uint64") return Number(raw);
  const bits = BigInt.asUintN(64, BigInt(raw));
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}

function nodeIdOf({ source }: Tag): NodeId | null {
  return source.protocol === "opcua" ? nodeOf(source.node) : null;
}

function wireOf({ value }: DataValue): string {
  if (value.value === null || value.value === undefined) return "";
  return `${DataType[value.dataType]} ${String(value.value)}`;
}
