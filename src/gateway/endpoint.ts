import type { Connection } from "../config/plant.ts";

/** Where a connection leads, in one line for people; never with a password in it. */
export function describeEndpoint(connection: Connection): string {
  switch (connection.protocol) {
    case "modbus-tcp":
    case "modbus-rtu-over-tcp":
      return `${connection.host}:${connection.port}`;
    case "modbus-rtu": {
      const { path, baud, dataBits, parity, stopBits } = connection;
      return `${path} ${baud} ${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;
    }
    case "opcua":
      return connection.endpoint;
  }
}

/** A URL without user and password, for logs and pages. */
export function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
