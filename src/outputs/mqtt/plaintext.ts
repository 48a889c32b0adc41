import type { MqttOutputConfig } from "../../config/plant.ts";

/** Brokers on other machines that are reached without encryption, as the plant file allowed. */
export function unencryptedHosts({ url, otherUrls }: MqttOutputConfig): readonly string[] {
  return [url, ...otherUrls]
    .map((one) => new URL(one))
    .filter(({ protocol, hostname }) => /^(mqtt|ws):$/u.test(protocol) && !isLoopback(hostname))
    .map(({ host }) => host);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/u.test(hostname);
}
