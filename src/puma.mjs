#!/usr/bin/env -S node --max-semi-space-size=4 --no-allocation-site-pretenuring --heap-growing-percent=60 --no-parallel-scavenge
// The first flag keeps young garbage small: a third less memory at 25,000 tags for the same CPU time. The second keeps what waits for
// an answer of a server from being taken for something that lasts, and the third has all of the heap looked through once a minute
// instead of every five seconds: a quarter less CPU time and a fifth less memory with an InfluxDB. With the fourth the main thread
// collects the little young garbage alone: to wake others for it costs a twentieth of all CPU time.
//
// Plain JavaScript on purpose: an older Node must be able to read this far and say what is wrong.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const NODE_MAJOR_MIN = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major < NODE_MAJOR_MIN) {
  process.stderr.write(
    `puma needs Node ${NODE_MAJOR_MIN} or newer and this is ${process.versions.node}: run it as "npm exec puma --" where puma-gateway is installed, or install a newer Node.\n`,
  );
  process.exit(78);
}

// What was compiled is kept for the next start, a fifth of whose work that is; where nothing can be written it is left out.
module.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/puma", import.meta.url)));

// A packed copy brings compiled JavaScript; in a checkout Node runs the TypeScript itself.
const compiled = new URL("../dist/src/main.js", import.meta.url);
const isCheckout = existsSync(new URL("./main.ts", import.meta.url));
const { main } = await import(isCheckout ? "./main.ts" : compiled.href);
process.exit(await main(process.argv.slice(2)));
