import type { Device, ModbusConnection } from "../../config/plant.ts";
import { zeroLinkCounters } from "../../domain/health.ts";
import type { Driver } from "../../domain/ports.ts";
import { systemClock } from "../../domain/system-clock.ts";
import type { Clock } from "../../domain/time.ts";
import type { DriverContext } from "../context.ts";
import { GroupReader } from "./group.ts";
import type { Unit } from "./group.ts";
import { timingOf } from "./line.ts";
import { groupTags } from "./load.ts";
import { inReadingOrder } from "./plan.ts";
import { RtuTransport } from "./rtu-transport.ts";
import { createSingleAccess } from "./single.ts";
import { TcpTransport } from "./tcp-transport.ts";
import type { Transport, TransportOptions } from "./transport.ts";

/** Every unit behind one Modbus connection. Nothing is opened before `connect`. Polls go by the plant's clock; deadlines of
 *  requests and silences on the line belong to the network and go by `linkClock`, also where the plant's time is hurried. */
export function createModbusDriver(
  context: DriverContext<ModbusConnection>,
  linkClock: Clock = systemClock,
): Driver {
  const { connection, devices, tags, clock, random, log, frames } = context;
  const counters = zeroLinkCounters();
  const inFlightMax = inFlightOf(connection, devices);
  const transport = transportFor({ connection, inFlightMax, clock: linkClock, random, counters, frames });
  const timing = timingOf(connection);
  const units = new Map(devices.map((device) => [device.id, unitOf(device)]));
  const groups = groupTags(devices, tags).map((group) => ({
    device: group.device.id,
    scanClass: group.scanClass,
    periodMs: group.periodMs,
    unit: `${connection.id}/${group.device.unit}`,
    tags: inReadingOrder(group.tags),
  }));
  const readers = groups.map(
    (group) =>
      new GroupReader({
        group,
        unit: units.get(group.device) as Unit,
        transport,
        timing,
        clock,
        log,
        inFlightMax,
      }),
  );
  return {
    groups,
    inFlightMax,
    counters,
    single: createSingleAccess({ transport, timing, clock, unitOf: (tag) => units.get(tag.device) as Unit }),
    connect: (signal) => transport.connect(signal),
    poll(index, signal) {
      const reader = readers[index];
      if (reader === undefined) throw new RangeError(`there is no group ${index} on ${connection.id}`);
      return reader.poll(signal);
    },
    quarantined: () => readers.flatMap((reader) => reader.quarantined),
    close: () => transport.close(),
  };
}

/** What the most modest device on the connection allows; on a serial line always one. */
function inFlightOf(connection: ModbusConnection, devices: readonly Device[]): number {
  if (connection.protocol !== "modbus-tcp") return 1;
  return Math.max(1, Math.min(...devices.map((device) => device.modbus.inFlightMax), INFLIGHT_MAX));
}

const INFLIGHT_MAX = 64;

function unitOf(device: Device): Unit {
  if (device.unit === null) throw new TypeError(`${device.id} has no Modbus unit`);
  return { unit: device.unit, limits: device.modbus, answers: 0 };
}

function transportFor(options: TransportOptions): Transport {
  const { connection } = options;
  return connection.protocol === "modbus-tcp"
    ? new TcpTransport({ ...options, connection })
    : new RtuTransport({ ...options, connection });
}
