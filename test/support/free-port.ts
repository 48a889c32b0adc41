import { createServer } from "node:net";
import { nextFreePort } from "../../src/cli/free-port.ts";

/** Below what Linux gives to those who ask for any port, and below where our programs look for one of their own. Browsers and
 *  `fetch` go to none of the bad ports (Fetch Standard, 2.9), of which 10080 is the last. */
const FIRST = 10_081;
const PORTS = 4_900;
/** Processes of one moment have neighbouring ids. */
const PORTS_EACH = 61;

let next = FIRST + ((process.pid * PORTS_EACH) % PORTS);

/** A port of the loopback that nothing listens on, for programs that cannot choose one themselves; another one at each call. Nobody
 *  else who asks here gets it while this process lives, also while the server is away for which it is meant. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await nextFreePort("127.0.0.1", next);
    next = FIRST + ((port + 1 - FIRST) % PORTS);
    if (await claim(port)) return port;
  }
}

/** False when another process has claimed it. The claim is a name in Linux's abstract namespace, which goes when the process does. */
function claim(port: number): Promise<boolean> {
  const holder = createServer().unref();
  return new Promise((resolve) => {
    holder.once("error", () => resolve(false));
    holder.listen(`\0puma-port-${port}`, () => resolve(true));
  });
}
