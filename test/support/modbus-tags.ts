import type {
  Device,
  ModbusConnection,
  ModbusLimits,
  ModbusRtuConnection,
  ModbusRtuOverTcpConnection,
  ModbusTcpConnection,
} from "../../src/config/plant.ts";
import type { DriverContext } from "../../src/drivers/context.ts";
import { createModbusDriver } from "../../src/drivers/modbus/driver.ts";
import type { FrameTap } from "../../src/domain/frames.ts";
import type { Driver, Log } from "../../src/domain/ports.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import type { DataType, ModbusSource, Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";

const WIDTHS: Readonly<Record<DataType, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  float32: 2,
  int64: 4,
  uint64: 4,
  float64: 4,
  string: 8,
};

export interface TagSketch extends Partial<Omit<ModbusSource, "protocol">> {
  readonly type?: DataType;
  readonly device?: string;
  readonly scanClass?: string;
  readonly periodMs?: number;
}

/** Tags T0, T1, … of device D, float32 in holding registers unless said otherwise. */
export function modbusTags(sketches: readonly TagSketch[]): readonly Tag[] {
  return sketches.map((sketch, index) => modbusTag(sketch, index));
}

function modbusTag(
  { type = "float32", device = "D", scanClass = "fast", ...rest }: TagSketch,
  index: number,
): Tag {
  const { periodMs = 1000, ...place } = rest;
  return {
    index,
    id: `T${index}`,
    title: `Tag ${index}`,
    area: "grinding",
    device,
    type,
    unit: null,
    range: null,
    normal: null,
    scanClass,
    periodMs,
    values: null,
    scaling: { scale: 1, offset: 0, loopRaw: null },
    rolloverCounts: null,
    deadband: 0,
    maxSilenceMs: 600_000,
    stuckAfterMs: null,
    stuckWhile: null,
    source: sourceOf(type, place),
  };
}

function sourceOf(type: DataType, place: Partial<ModbusSource>): ModbusSource {
  const { table = "holding" } = place;
  const width = table === "coil" || table === "discrete" ? 1 : WIDTHS[type];
  return { protocol: "modbus", table, address: 0, width, bit: null, wordOrder: "ABCD", ...place };
}

export const LIMITS: ModbusLimits = {
  wordOrder: "ABCD",
  registersMax: 125,
  bitsMax: 2000,
  gap: "auto",
  forbidden: [],
  inFlightMax: 1,
  writesMultiple: false,
};

export function modbusDevice(id = "D", unit = 1, limits: Partial<ModbusLimits> = {}): Device {
  return {
    id,
    title: id,
    profile: "test",
    connection: "C",
    area: "grinding",
    unit,
    modbus: { ...LIMITS, ...limits },
  };
}

export function tcpConnection(port: number, timeoutMs = 1000): ModbusTcpConnection {
  return { id: "C", protocol: "modbus-tcp", host: "127.0.0.1", port, timeoutMs };
}

const EVEN_8_1 = { parity: "even", dataBits: 8, stopBits: 1 } as const;

export function rtuOverTcpConnection(
  port: number,
  timeoutMs = 1000,
  baud = 115_200,
): ModbusRtuOverTcpConnection {
  return { id: "C", protocol: "modbus-rtu-over-tcp", host: "127.0.0.1", port, timeoutMs, baud, ...EVEN_8_1 };
}

export function rtuConnection(path: string, timeoutMs = 1000, baud = 19_200): ModbusRtuConnection {
  return { id: "C", protocol: "modbus-rtu", path, timeoutMs, baud, ...EVEN_8_1 };
}

const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function modbusDriver(
  connection: ModbusConnection,
  tags: readonly Tag[],
  devices: readonly Device[] = [modbusDevice()],
  clock: Clock = systemClock,
  frames?: FrameTap,
): Driver {
  const context: DriverContext<ModbusConnection> = {
    connection,
    devices,
    tags,
    clock,
    random: mulberry32(1),
    log: SILENT_LOG,
    dataDir: "/nonexistent",
    frames,
  };
  return createModbusDriver(context);
}

/** A signal that is never aborted. */
export const never: AbortSignal = new AbortController().signal;
