import type { Connection, Plant } from "../src/config/plant.ts";

/** Where a simulated connection can be reached. */
export type Endpoint =
  | { readonly protocol: "modbus-tcp" | "modbus-rtu-over-tcp"; readonly host: string; readonly port: number }
  | { readonly protocol: "modbus-rtu"; readonly path: string }
  | { readonly protocol: "opcua"; readonly url: string };

/** By connection id. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** The same plant with its connections pointed at simulated endpoints: what a gateway under test is given. */
export function plantAt(plant: Plant, endpoints: Endpoints): Plant {
  return { ...plant, connections: plant.connections.map((one) => connectionAt(one, endpoints[one.id])) };
}

function connectionAt(connection: Connection, endpoint: Endpoint | undefined): Connection {
  if (endpoint === undefined || endpoint.protocol !== connection.protocol) return connection;
  switch (connection.protocol) {
    case "modbus-tcp":
    case "modbus-rtu-over-tcp":
      return { ...connection, ...(endpoint as { host: string; port: number }) };
    case "modbus-rtu":
      return { ...connection, path: (endpoint as { path: string }).path };
    case "opcua":
      return { ...connection, endpoint: (endpoint as { url: string }).url };
  }
}

export function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.protocol) {
    case "modbus-tcp":
    case "modbus-rtu-over-tcp":
      return `${endpoint.host}:${endpoint.port}`;
    case "modbus-rtu":
      return endpoint.path;
    case "opcua":
      return endpoint.url;
  }
}
