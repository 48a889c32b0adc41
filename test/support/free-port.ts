import { nextFreePort } from "../../src/cli/free-port.ts";

/** Below what Linux gives to those who ask for any port, so that no connection of somebody else takes one of these. */
const FIRST = 16_000;
const PORTS = 16_000;
/** Processes of one moment have neighbouring ids. */
const PORTS_EACH = 61;

let next = FIRST + ((process.pid * PORTS_EACH) % PORTS);

/** A port of the loopback that nothing listens on, for programs that cannot choose one themselves; another one at each call. */
export async function freePort(): Promise<number> {
  const port = await nextFreePort("127.0.0.1", next);
  next = port + 1;
  return port;
}
