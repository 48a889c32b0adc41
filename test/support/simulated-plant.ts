import type { Connection, Device, Plant } from "../../src/config/plant.ts";
import type { DataType, ModbusSource, Tag, WordOrder } from "../../src/domain/tag.ts";
import { tagOf } from "./tags.ts";

type ModbusTag = Partial<Omit<Tag, "source">> & { readonly source: Partial<ModbusSource> };

const WIDTHS: Partial<Record<DataType, number>> = {
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
  string: 8,
};

/** A tag on Modbus; width follows from the type. */
export function modbusTag(changes: ModbusTag): Tag {
  const base = tagOf(0);
  const type = changes.type ?? base.type;
  const source: ModbusSource = {
    protocol: "modbus",
    table: "holding",
    address: 0,
    width: WIDTHS[type] ?? 1,
    bit: null,
    wordOrder: "ABCD",
    ...changes.source,
  };
  return { ...base, ...changes, source };
}

export function opcUaTag(changes: Partial<Omit<Tag, "source">> & { readonly id: string }): Tag {
  return {
    ...tagOf(0),
    device: "L",
    ...changes,
    source: {
      protocol: "opcua",
      node: `ns=3;s=${changes.id}`,
      mode: "subscribe",
      samplingMs: 1000,
      queueSize: 10,
      deadband: null,
    },
  };
}

export function deviceOf(
  id: string,
  connection: string,
  unit: number | null,
  changes: Partial<Device> = {},
): Device {
  return {
    id,
    title: `Device ${id}`,
    profile: id.toLowerCase(),
    connection,
    area: "grinding",
    unit,
    modbus: {
      wordOrder: "ABCD",
      registersMax: 125,
      bitsMax: 2000,
      gap: "auto",
      forbidden: [],
      inFlightMax: 1,
      writesMultiple: false,
    },
    ...changes,
  };
}

export const serialLine = { baud: 19200, parity: "even", dataBits: 8, stopBits: 1 } as const;

export function tcpConnection(id: string): Connection {
  return { id, protocol: "modbus-tcp", host: "127.0.0.1", port: 0, timeoutMs: 1000 };
}

export function rtuConnection(id: string, path: string): Connection {
  return { id, protocol: "modbus-rtu", path, timeoutMs: 1000, ...serialLine };
}

export function rtuOverTcpConnection(id: string): Connection {
  return { id, protocol: "modbus-rtu-over-tcp", host: "127.0.0.1", port: 0, timeoutMs: 1000, ...serialLine };
}

export function opcUaConnection(
  id: string,
  changes: Partial<Extract<Connection, { protocol: "opcua" }>> = {},
): Connection {
  return {
    id,
    protocol: "opcua",
    endpoint: "opc.tcp://127.0.0.1:15840/leach",
    timeoutMs: 5000,
    security: { mode: "SignAndEncrypt", policy: "Basic256Sha256" },
    identity: { kind: "anonymous" },
    publishingMs: 500,
    ...changes,
  };
}

/** A plant of these parts; the tags get their indices here. */
export function plantOf(
  connections: readonly Connection[],
  devices: readonly Device[],
  tags: readonly Tag[],
): Plant {
  return {
    id: "test",
    group: "test",
    title: "Test plant",
    timeZone: "America/Lima",
    productionDay: "07:00",
    shifts: { day: "07:00", night: "19:00" },
    scanClasses: { fast: { periodMs: 1000 } },
    connections,
    devices,
    tags: tags.map((tag, index) => ({ ...tag, index })),
    outputs: [],
    broker: null,
    data: { dir: "/nonexistent", spoolBytesMax: 1, groupCommitMs: 20, historyDays: 1 },
    http: { host: "127.0.0.1", port: 0, auth: "none" },
    file: "/nonexistent/plant.yaml",
  };
}

export const WORD_ORDERS: readonly WordOrder[] = ["ABCD", "CDAB", "BADC", "DCBA"];

/** Every data type in every word order, one after the other on one device "P1", addresses 0, 8, 16 … */
export function everyTypeAndOrder(): Tag[] {
  const types: readonly DataType[] = [
    "bool",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float32",
    "float64",
    "string",
  ];
  return types.flatMap((type, row) =>
    WORD_ORDERS.map((wordOrder, column) =>
      modbusTag({
        id: `${type}-${wordOrder}`,
        device: "P1",
        type,
        range: type === "float32" || type === "float64" ? { low: -1000, high: 1000 } : null,
        unit: null,
        source: { address: 8 * (4 * row + column), wordOrder },
      }),
    ),
  );
}
