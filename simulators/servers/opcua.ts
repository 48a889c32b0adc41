import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { once } from "node:events";
import type { Namespace, OPCUAServer, OPCUAServerOptions } from "node-opcua";
import type { Device, OpcUaConnection } from "../../src/config/plant.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";
import type { Outlet } from "../instruments/outlet.ts";
import { CLIENTS_MAX } from "./listener.ts";
import type { Listener } from "./listener.ts";
import { addDevice } from "./opcua-nodes.ts";
import type { NodeOpcua } from "./opcua-nodes.ts";
import { openTrust } from "./opcua-trust.ts";

export interface OpcUaListener extends Listener {
  /** Where clients connect, once open; the same when opened again. */
  readonly url: string;
}

export interface OpcUaOptions {
  readonly connection: OpcUaConnection;
  readonly devices: readonly Device[];
  readonly tags: readonly Tag[];
  readonly outlet: Outlet;
  readonly clock: Clock;
  /** 0 for any free port. */
  readonly port: number;
  /** Keys and certificates: `own/certs/certificate.pem` is the server's, `trusted/certs` holds the clients' that may come in. */
  readonly pkiDir: string;
  /** Lets unknown clients in; for tests. */
  readonly trustAll: boolean;
}

const APPLICATION_URI = "urn:puma-gateway:simulators";
const SHUTDOWN_MS = 100;

/** One OPC UA server with a variable for each tag, at the node ids of the plant file. */
export function createOpcUaListener(options: OpcUaOptions): OpcUaListener {
  const {
    hostname,
    pathname,
    port: configured,
  } = new URL(options.connection.endpoint.replace("opc.tcp", "http"));
  let port = options.port;
  const sockets = new Set<Socket>();
  let server: OPCUAServer | null = null;
  let isStalled = false;

  /** The library does not show its sockets; without them a server that takes everything and says nothing cannot be had. */
  function watchSockets(started: OPCUAServer): void {
    for (const endpoint of started.endpoints as unknown as readonly { _server?: Server }[])
      endpoint._server?.prependListener("connection", (socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
        if (isStalled) socket.cork();
      });
  }

  function release(): void {
    for (const socket of sockets) while (socket.writableCorked > 0) socket.uncork();
  }

  return {
    get url() {
      return `opc.tcp://${hostname}:${port || configured}${pathname}`;
    },
    async open() {
      const opcua = await import("node-opcua");
      for (const route of [opcua.setDebugLogger, opcua.setWarningLogger, opcua.setErrorLogger])
        route(discardNote);
      if (port === 0) port = await freePort(hostname);
      const starting = new opcua.OPCUAServer(await serverOptions(opcua, options, hostname, port, pathname));
      await starting.initialize();
      addNodes(opcua, starting, options, () => server === starting);
      await starting.start();
      server = starting;
      watchSockets(starting);
    },
    async close() {
      const closing = server;
      server = null;
      release();
      await closing?.shutdown(SHUTDOWN_MS);
    },
    stall(stalled) {
      isStalled = stalled;
      if (stalled) for (const socket of sockets) socket.cork();
      else release();
    },
  };
}

/** The library prints notes about its clients; a client that has trouble hears of it itself. */
function discardNote(): void {}

async function serverOptions(
  opcua: NodeOpcua,
  { connection, pkiDir, trustAll }: OpcUaOptions,
  host: string,
  port: number,
  resourcePath: string,
): Promise<OPCUAServerOptions> {
  const { MessageSecurityMode, SecurityPolicy } = opcua;
  const certificates = await openTrust(opcua, pkiDir, trustAll);
  const { mode, policy } = connection.security;
  const isOpen = mode === "None";
  const modes = new Set([MessageSecurityMode.SignAndEncrypt, MessageSecurityMode[mode]]);
  const policies = new Set([SecurityPolicy.Basic256Sha256, SecurityPolicy[policy]]);
  return {
    host,
    hostname: host,
    alternateHostname: [host],
    port,
    resourcePath: resourcePath === "/" ? "" : resourcePath,
    securityModes: [...modes],
    securityPolicies: isOpen ? [...policies, SecurityPolicy.None] : [...policies],
    allowAnonymous: connection.identity.kind === "anonymous",
    userManager: { isValidUser: (user: string, password: string) => isPlantUser(connection, user, password) },
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    serverCapabilities: { maxSessions: CLIENTS_MAX },
    maxConnectionsPerEndpoint: CLIENTS_MAX,
    serverInfo: {
      applicationUri: APPLICATION_URI,
      productUri: APPLICATION_URI,
      applicationName: { text: "Puma simulators" },
    },
    disableDiscovery: false,
  };
}

function isPlantUser({ identity }: OpcUaConnection, user: string, password: string): boolean {
  return identity.kind === "password" && identity.user === user && identity.password === password;
}

function addNodes(
  opcua: NodeOpcua,
  server: OPCUAServer,
  options: OpcUaOptions,
  isServing: () => boolean,
): void {
  const space = server.engine.addressSpace;
  if (space === null) throw new Error("the OPC UA server has no address space after its initialisation");
  const namespaces = new Map<number, Namespace>([[1, space.getOwnNamespace()]]);
  const namespaceAt = (index: number): Namespace => {
    for (let next = namespaces.size + 1; next <= index; next++)
      namespaces.set(next, space.registerNamespace(`${APPLICATION_URI}:${next}`));
    const namespace = namespaces.get(index);
    if (namespace === undefined) throw new RangeError(`namespace ${index} cannot hold tags`);
    return namespace;
  };
  const { clock, outlet, devices, tags } = options;
  for (const device of devices)
    addDevice(
      { opcua, outlet, clock, isServing },
      space.rootFolder.objects,
      device,
      tags.filter((tag) => tag.device === device.id),
      namespaceAt,
    );
}

/** The library wants a port before it listens. */
async function freePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
