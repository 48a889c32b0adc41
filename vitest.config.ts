import { defineConfig } from "vitest/config";

/** The long forms of tests take what they take. */
const LONG_MS = process.env["PUMA_SOAK"] === undefined ? null : 6 * 3_600_000;

/** Three sets of tests: `unit` is part of every check, `integration` starts real servers of ours, `real` needs Debian's. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/support/plain-line-reporter.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      // One worker a core: vitest itself would leave one of two cores idle.
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], maxWorkers: 2 } },
      {
        extends: true,
        test: {
          name: "integration",
          include: [
            "test/integration/**/*.test.ts",
            "test/contract/**/*.test.ts",
            "test/simulation/**/*.test.ts",
          ],
          testTimeout: LONG_MS ?? 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts", "test/browser/**/*.test.ts"],
          testTimeout: LONG_MS ?? 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
