import type { Connection, ModbusConnection, OpcUaConnection, Plant } from "../config/plant.ts";
import type { Driver } from "../domain/ports.ts";
import type { OpcUaSource, Tag } from "../domain/tag.ts";
import type { DriverContext } from "./context.ts";
import { planConnection } from "./modbus/load.ts";
import type { ConnectionPlan } from "./modbus/load.ts";

export { frameWords } from "./modbus/frame-words.ts";
export { unmeetable } from "./modbus/load.ts";
export type { ConnectionPlan, GroupPlan, Unmeetable } from "./modbus/load.ts";

type Factory<C extends Connection> = (context: DriverContext<C>) => Driver | Promise<Driver>;

/** A new protocol is one folder and one line here. A driver's libraries are loaded only when a plant uses its protocol. */
const FACTORIES = {
  "modbus-tcp": modbusFactory,
  "modbus-rtu": modbusFactory,
  "modbus-rtu-over-tcp": modbusFactory,
  opcua: opcUaFactory,
} as const satisfies Record<Connection["protocol"], () => Promise<unknown>>;

async function modbusFactory(): Promise<Factory<ModbusConnection>> {
  return (await import("./modbus/driver.ts")).createModbusDriver;
}

async function opcUaFactory(): Promise<Factory<OpcUaConnection>> {
  return (await import("./opcua/driver.ts")).createOpcUaDriver;
}

/** The driver for one connection. Nothing is opened before its `connect`. */
export async function createDriver(context: DriverContext): Promise<Driver> {
  const factory = (await FACTORIES[context.connection.protocol]()) as Factory<Connection>;
  return factory(context);
}

/** What an OPC UA connection asks of its server. */
export interface OpcUaPlan {
  readonly connection: string;
  readonly protocol: "opcua";
  readonly groups: readonly {
    readonly device: string;
    readonly monitoredItems: number;
    /** Nodes read every scan instead of being subscribed to. */
    readonly polledNodes: number;
    /** Shortest sampling interval among the monitored items, ms; null when there are none. */
    readonly fastestSamplingMs: number | null;
    /** Values a second at the most: each monitored item at its sampling interval, each polled node at its period. */
    readonly valuesPerSecondMax: number;
  }[];
}

/** The poll plan of every connection, in the plant file's order, for `puma check`. */
export function planPlant(plant: Plant): readonly (ConnectionPlan | OpcUaPlan)[] {
  const devicesOf = Map.groupBy(plant.devices, (device) => device.connection);
  const tagsOf = Map.groupBy(plant.tags, (tag) => tag.device);
  return plant.connections.map((connection) => {
    const devices = devicesOf.get(connection.id) ?? [];
    const tags = devices.flatMap((device) => tagsOf.get(device.id) ?? []);
    return connection.protocol === "opcua"
      ? planOpcUa(
          connection,
          devices.map((device) => device.id),
          tags,
        )
      : planConnection(connection, devices, tags);
  });
}

function planOpcUa({ id }: OpcUaConnection, devices: readonly string[], tags: readonly Tag[]): OpcUaPlan {
  const groups = devices.map((device) => {
    const nodes = tags.filter((tag) => tag.device === device && tag.source.protocol === "opcua");
    const monitored = nodes.filter((tag) => opcUaSource(tag).mode === "subscribe");
    const intervals = nodes.map((tag) =>
      opcUaSource(tag).mode === "subscribe" ? opcUaSource(tag).samplingMs : tag.periodMs,
    );
    const samplings = monitored.map((tag) => opcUaSource(tag).samplingMs);
    return {
      device,
      monitoredItems: monitored.length,
      polledNodes: nodes.length - monitored.length,
      fastestSamplingMs: samplings.length === 0 ? null : Math.min(...samplings),
      valuesPerSecondMax: intervals.reduce((total, ms) => total + 1000 / Math.max(ms, 1), 0),
    };
  });
  return { connection: id, protocol: "opcua", groups };
}

function opcUaSource(tag: Tag): OpcUaSource {
  return tag.source as OpcUaSource;
}
