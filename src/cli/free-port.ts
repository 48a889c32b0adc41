import { createServer } from "node:net";

const PORT_MOST = 65_535;

/** `port`, or the next above it that nothing listens on. `port` 0 stays 0: any port. */
export async function nextFreePort(host: string, port: number): Promise<number> {
  for (let candidate = port; candidate <= PORT_MOST; candidate++) {
    if (candidate === 0 || (await isFree(host, candidate))) return candidate;
  }
  throw new Error(`No free port at or above ${port} on ${host}.`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
