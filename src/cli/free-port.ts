import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const PORT_MOST = 65_535;

/** Linux takes the ports of connections from above these. */
const QUIET_PORTS = [16_000, 32_000] as const;

/** `port`, or the next above it that nothing listens on. `port` 0 stays 0: any port. */
export async function nextFreePort(host: string, port: number): Promise<number> {
  for (let candidate = port; candidate <= PORT_MOST; candidate++) {
    if (candidate === 0 || (await isFree(host, candidate))) return candidate;
  }
  throw new Error(`No free port at or above ${port} on ${host}.`);
}

/** Any port that nothing listens on, of those that no connection takes before it is listened on. */
export function anyFreePort(host: string): Promise<number> {
  return nextFreePort(host, randomInt(...QUIET_PORTS));
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
