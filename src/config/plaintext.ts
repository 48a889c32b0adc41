import type { OutputConfig } from "./plant.ts";

const LOOPBACK = /^(localhost|127[.][0-9.]+|::1|\[::1\])$/u;

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Brokers on other machines that an output reaches without encryption, as the plant file allowed: `host:port`. */
export function plaintextHosts(output: OutputConfig): readonly string[] {
  if (output.type !== "mqtt") return [];
  return [output.url, ...output.otherUrls]
    .map((url) => new URL(url))
    .filter(({ protocol, hostname }) => /^(mqtt|ws):$/u.test(protocol) && !isLoopback(hostname))
    .map(({ host }) => host);
}
