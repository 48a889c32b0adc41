import type * as opcuaLibrary from "node-opcua";
import type { DataValue, Namespace, StatusCode, UAObject, UAVariable, Variant } from "node-opcua";
import type { Device } from "../../src/config/plant.ts";
import { isBad } from "../../src/domain/status.ts";
import type { DataType as TagType, Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { RawValue } from "../codec/raw.ts";
import type { Outlet } from "../instruments/outlet.ts";
import { engineeringUnits } from "./opcua-units.ts";

/** The library as a whole: it is loaded only where a plant has OPC UA. */
export type NodeOpcua = typeof opcuaLibrary;

/** What nodes are made from. */
export interface NodeContext {
  readonly opcua: NodeOpcua;
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** The library asks for every value while it builds the nodes; what no client can have seen is not recorded as sent. */
  readonly isServing: () => boolean;
}

const TYPE_NAMES = {
  bool: "Boolean",
  int16: "Int16",
  uint16: "UInt16",
  int32: "Int32",
  uint32: "UInt32",
  int64: "Int64",
  uint64: "UInt64",
  float32: "Float",
  float64: "Double",
  string: "String",
} as const satisfies Record<TagType, string>;

/** A folder for the device under Objects, with one per area where its tags lie in several, and a variable for each tag.
 *  Values are made when a client samples or reads them. */
export function addDevice(
  context: NodeContext,
  root: UAObject,
  device: Device,
  tags: readonly Tag[],
  namespaceAt: (index: number) => Namespace,
): void {
  const own = namespaceAt(1);
  const folder = own.addFolder(root, { browseName: device.id, displayName: device.title });
  const areas = Map.groupBy(tags, (tag) => tag.area);
  for (const [area, its] of areas) {
    const parent = areas.size === 1 ? folder : own.addFolder(folder, { browseName: area });
    for (const tag of its) addTag(context, parent, tag, namespaceAt);
  }
}

function addTag(
  context: NodeContext,
  parent: UAObject,
  tag: Tag,
  namespaceAt: (index: number) => Namespace,
): UAVariable {
  const { opcua, outlet } = context;
  const nodeId = opcua.coerceNodeId(tag.source.protocol === "opcua" ? tag.source.node : `ns=1;s=${tag.id}`);
  const namespace = namespaceAt(nodeId.namespace);
  const options = {
    componentOf: parent,
    nodeId,
    browseName: tag.id,
    displayName: tag.id,
    description: tag.title,
    dataType: TYPE_NAMES[tag.type],
    minimumSamplingInterval: outlet.refreshMs,
    ...accessTo(context, tag),
  };
  if (tag.values !== null && isInteger(tag.type))
    return namespace.addMultiStateValueDiscrete({
      ...options,
      enumValues: Object.entries(tag.values).map(([value, displayName]) => ({
        value: Number(value),
        displayName,
      })),
    });
  if (tag.range === null || tag.type === "bool" || tag.type === "string")
    return namespace.addVariable(options);
  return namespace.addAnalogDataItem({
    ...options,
    engineeringUnitsRange: tag.range,
    instrumentRange: tag.range,
    ...(tag.unit === null ? {} : { engineeringUnits: engineeringUnits(tag.unit) }),
  });
}

/** Read by all; written where what stands behind the tag takes values. */
function accessTo(context: NodeContext, tag: Tag) {
  const { opcua, outlet, clock } = context;
  const timestamped_get = (): DataValue => dataValue(context, tag);
  if (!outlet.takes(tag))
    return { accessLevel: "CurrentRead", userAccessLevel: "CurrentRead", value: { timestamped_get } };
  const take = ({ value }: DataValue): StatusCode => {
    const written: unknown = value.value;
    const isFit = typeof written === "number" || typeof written === "boolean";
    const isTaken = isFit && outlet.write(tag, written, clock.now());
    return isTaken ? opcua.StatusCodes.Good : opcua.StatusCodes.BadOutOfRange;
  };
  const level = "CurrentRead | CurrentWrite";
  const timestamped_set = async (written: DataValue): Promise<StatusCode> => take(written);
  return { accessLevel: level, userAccessLevel: level, value: { timestamped_get, timestamped_set } };
}

function isInteger(type: TagType): boolean {
  return type.startsWith("int") || type.startsWith("uint");
}

function dataValue({ opcua, outlet, clock, isServing }: NodeContext, tag: Tag): DataValue {
  const time = outlet.step(clock.now());
  const shown = isServing() ? outlet.show(tag, time) : outlet.peek(tag, time);
  return new opcua.DataValue({
    ...(isBad(shown.status) ? {} : { value: variant(opcua, tag.type, shown.raw) }),
    statusCode: opcua.getStatusCodeFromCode(shown.status),
    sourceTimestamp: new Date(shown.sourceTime),
  });
}

function variant(opcua: NodeOpcua, type: TagType, raw: RawValue): Variant {
  const value = typeof raw === "bigint" ? highAndLow(raw) : raw;
  return new opcua.Variant({
    dataType: opcua.DataType[TYPE_NAMES[type]],
    arrayType: opcua.VariantArrayType.Scalar,
    value,
  });
}

/** How the library holds a 64-bit integer. */
function highAndLow(raw: bigint): [number, number] {
  const bits = BigInt.asUintN(64, raw);
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)];
}
