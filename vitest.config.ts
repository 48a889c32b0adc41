import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

// Every file of tests has a process of its own, and many start more: what one has compiled is there for the next.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/tests", import.meta.url));

const IS_SOAK = process.env["PUMA_SOAK"] !== undefined;

/** The long forms of tests take what they take. */
const LONG_MS = IS_SOAK ? 6 * 3_600_000 : null;

/** Nobody waits for it but on a busy machine, or when something hangs. */
const PATIENCE_MS = 300_000;

/** Two thirds of what servers and gateways do in a test is waiting, so that four files fit on two cores; a browser is seldom idle. The
 *  long forms are watched one by one. */
const AT_ONCE = IS_SOAK ? 1 : 4;
const BROWSERS_AT_ONCE = IS_SOAK ? 1 : 3;

/** They weigh the memory or count the sockets of their own process, which no other file may have used. */
const OWN_PROCESS = [
  "test/integration/gateway/restarts.test.ts",
  "test/integration/opcua/{hostile-server,mutated-messages}.test.ts",
];
/** They weigh time, memory or a whole machine's work: nothing else may run beside them. */
const ALONE = [
  "test/integration/historian/costs.test.ts",
  "test/integration/http/dashboards.test.ts",
  "test/integration/spool/{kill,steady-load}.test.ts",
];
/** They weigh time too, and leave half of the machine idle: one other of them may run beside each. */
const PAIRED = [
  "test/integration/gateway/dead-devices.test.ts",
  "test/integration/spool/{drain,slow-sinks}.test.ts",
];
const REAL_ALONE = [
  "test/real/package.test.ts", // builds the page anew
  "test/real/spool-{full,stuck}-disk.test.ts",
];

/** Three sets of tests: `unit` is part of every check, `integration` starts real servers of ours, `real` needs Debian's. What must
 *  run alone is a set of its own, and the sets run one after the other. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/support/plain-line-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    // Node runs the sources as it does in a plant. Vite's module runner puts a look-up before every call from one file to another, which
    // makes a simulated plant up to ten times slower.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      // One worker a core: vitest itself would leave one of two cores idle. Tests leave nothing behind, so that the files of a worker
      // share the modules that they import: loading and compiling them anew for each took two fifths of the time of unit tests,
      // and most of a second of others.
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts"], maxWorkers: 2, isolate: false },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: [
            "test/integration/**/*.test.ts",
            "test/contract/**/*.test.ts",
            "test/simulation/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, ...OWN_PROCESS, ...ALONE, ...PAIRED],
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: AT_ONCE,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration-apart",
          include: OWN_PROCESS,
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration-paired",
          include: PAIRED,
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: IS_SOAK ? 1 : 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration-alone",
          include: ALONE,
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      // Other people's programs get the environment of the process that starts them, in which a library may have left something.
      {
        extends: true,
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...REAL_ALONE],
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: BROWSERS_AT_ONCE,
          sequence: { groupOrder: 4 },
        },
      },
      // Beside the servers, which leave them one of the cores.
      {
        extends: true,
        test: {
          name: "real-browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "./test/support/built-page.ts",
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: BROWSERS_AT_ONCE,
          isolate: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: "real-alone",
          include: REAL_ALONE,
          testTimeout: LONG_MS ?? PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
