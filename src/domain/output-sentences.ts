/** What the gateway says of links to devices and sinks that it has ended or has to wait for. */
export const OUTPUT_SENTENCES = {
  "connecting-again": "connecting again",
  "driver-closed": "the driver is closed",
  "output-closed": "This output is closed.",
  "connection-replaced": "A new connection replaces this one.",
  "connecting-given-up": "Connecting was given up.",
  "pem-of-output": "The file {file} for TLS cannot be read: {why}.",
  "database-unmade": "The database {database} does not exist and cannot be created: {why}",
  "database-unfound": "{host} does not find the database that it just created: {why}",
  "ping-answered": "{host} answers a ping with {status}.",
  "broker-busy": "The MQTT broker cannot take messages now (reason 0x{reason}).",
  "subscribing-failed": "Subscribing at the MQTT broker failed: {why}.",
  "primary-host-absent": "The primary host is not at this broker.",
  "primary-host-offline": "The primary host is offline at this broker.",
  "primary-host-gone": "The primary host has gone offline.",
} as const;
