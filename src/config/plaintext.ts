import type { BrokerConfig, OutputConfig, Plant } from "./plant.ts";

const LOOPBACK = /^(localhost|127[.][0-9.]+|::1|\[::1\])$/u;

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Brokers on other machines that an output reaches without encryption, as the plant file allowed: `host:port`. The
 *  embedded one is on this machine, by whichever address. */
export function plaintextHosts(output: OutputConfig, broker: BrokerConfig | null): readonly string[] {
  if (output.type !== "mqtt") return [];
  return [output.url, ...output.otherUrls]
    .map((url) => new URL(url))
    .filter(({ protocol, hostname }) => /^(mqtt|ws):$/u.test(protocol) && !isLoopback(hostname))
    .filter(({ hostname }) => hostname.replace(/^\[|\]$/gu, "") !== broker?.host)
    .map(({ host }) => host);
}

/** What of the gateway itself other machines reach without encryption, as the plant file allowed. */
export function plaintextListeners({
  http,
  broker,
}: Pick<Plant, "http" | "broker">): readonly ("page" | "broker")[] {
  return [
    ...(http.tls === undefined && !isLoopback(http.host) ? (["page"] as const) : []),
    ...(broker !== null && broker.tls === undefined && !isLoopback(broker.host) ? (["broker"] as const) : []),
  ];
}
