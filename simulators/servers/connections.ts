import { join } from "node:path";
import type { Connection, OpcUaConnection, Plant, SerialLine } from "../../src/config/plant.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { Endpoint, Endpoints } from "../endpoints.ts";
import type { Outlet } from "../instruments/outlet.ts";
import type { Listener } from "./listener.ts";
import { createModbusLine } from "./modbus-line.ts";
import type { ModbusLine } from "./modbus-line.ts";
import { rtuReader } from "./modbus-rtu.ts";
import { createTcpListener, mbapReader } from "./modbus-tcp.ts";
import { createOpcUaListener } from "./opcua.ts";
import { createPseudoTerminal, isTaken } from "./pseudo-terminal.ts";
import type { Addressing } from "./register-table.ts";

export type PortChoice = "ephemeral" | "as-configured" | "next-free";

export interface ConnectionOptions {
  readonly plant: Plant;
  readonly outlet: Outlet;
  readonly clock: Clock;
  readonly ports: PortChoice;
  readonly pkiDir: string;
  /** Where links to terminals go when ports are ephemeral. */
  readonly scratchDir: string;
  readonly trustAll: boolean;
  readonly isPaced: boolean;
  readonly addressing: Addressing;
}

export interface OpenConnections {
  readonly endpoints: Endpoints;
  /** The Modbus ones, by connection id. */
  readonly lines: ReadonlyMap<string, ModbusLine>;
  readonly listeners: ReadonlyMap<string, Listener>;
  close(): Promise<void>;
}

interface Served {
  readonly listener: Listener;
  readonly line: ModbusLine | null;
  readonly endpoint: () => Endpoint;
}

/** How many ports or paths above the configured one are tried. */
const NEXT_FREE_MAX = 100;

/** Opens a server for every connection of the plant. When one cannot be opened the others are closed again. */
export async function openConnections(options: ConnectionOptions): Promise<OpenConnections> {
  const served = new Map<string, Served>();
  const close = async (): Promise<void> => {
    await Promise.all([...served.values()].map(({ listener }) => listener.close()));
  };
  try {
    for (const connection of options.plant.connections)
      served.set(connection.id, await open(options, connection));
  } catch (error) {
    await close();
    throw error;
  }
  const entries = [...served];
  return {
    endpoints: Object.fromEntries(entries.map(([id, { endpoint }]) => [id, endpoint()])),
    lines: new Map(entries.flatMap(([id, { line }]) => (line === null ? [] : [[id, line]]))),
    listeners: new Map(entries.map(([id, { listener }]) => [id, listener])),
    close,
  };
}

/** Tries the configured place, then the ones after it where the choice allows. */
async function open(options: ConnectionOptions, connection: Connection): Promise<Served> {
  const attempts = options.ports === "next-free" ? NEXT_FREE_MAX : 1;
  for (let attempt = 0; ; attempt++) {
    const served = serve(options, connection, attempt);
    if (served === null) continue;
    try {
      await served.listener.open();
      return served;
    } catch (error) {
      if (attempt + 1 >= attempts || !isAddressInUse(error)) throw error;
    }
  }
}

function serve(options: ConnectionOptions, connection: Connection, attempt: number): Served | null {
  if (connection.protocol === "opcua") return serveOpcUa(options, connection, attempt);
  const line = createModbusLine({
    ...belonging(options, connection),
    framing: connection.protocol === "modbus-tcp" ? "mbap" : "rtu",
    addressing: options.addressing,
    msPerByte: options.isPaced && connection.protocol !== "modbus-tcp" ? msPerByte(connection) : 0,
  });
  if (connection.protocol === "modbus-rtu") return serveTerminal(options, connection, line, attempt);
  const { protocol, host } = connection;
  const port = options.ports === "ephemeral" ? 0 : connection.port + attempt;
  const reader = protocol === "modbus-tcp" ? mbapReader : rtuReader(options.clock);
  const listener = createTcpListener(line, host, port, reader);
  return { listener, line, endpoint: () => ({ protocol, host, port: listener.port }) };
}

function serveTerminal(
  { ports, scratchDir, clock }: ConnectionOptions,
  { id, path }: { readonly id: string; readonly path: string },
  line: ModbusLine,
  attempt: number,
): Served | null {
  const place =
    ports === "ephemeral" ? join(scratchDir, id) : `${path}${attempt === 0 ? "" : `-${attempt + 1}`}`;
  if (ports === "next-free" && attempt + 1 < NEXT_FREE_MAX && isTaken(place)) return null;
  const listener = createPseudoTerminal(line, place, rtuReader(clock));
  return { listener, line, endpoint: () => ({ protocol: "modbus-rtu", path: place }) };
}

function serveOpcUa(options: ConnectionOptions, connection: OpcUaConnection, attempt: number): Served {
  const { port } = new URL(connection.endpoint.replace("opc.tcp", "http"));
  const listener = createOpcUaListener({
    ...belonging(options, connection),
    connection,
    port: options.ports === "ephemeral" ? 0 : Number(port) + attempt,
    pkiDir: options.pkiDir,
    trustAll: options.trustAll,
  });
  return { listener, line: null, endpoint: () => ({ protocol: "opcua", url: listener.url }) };
}

function belonging({ plant, outlet, clock }: ConnectionOptions, { id }: Connection) {
  const devices = plant.devices.filter(({ connection }) => connection === id);
  const ids = new Set(devices.map((device) => device.id));
  return { devices, tags: plant.tags.filter(({ device }) => ids.has(device)), outlet, clock };
}

/** Start bit, data, parity and stop bits at the line's speed. */
function msPerByte({ baud, dataBits, parity, stopBits }: SerialLine): number {
  return (1000 * (1 + dataBits + (parity === "none" ? 0 : 1) + stopBits)) / baud;
}

function isAddressInUse(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EADDRINUSE";
}
