import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with the plain line that scripts read: `N passed, N failed`. A file that cannot be loaded counts as one failure. */
export default class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        if (state === "failed") own++;
      }
      failed += own === 0 && module.state() === "failed" ? 1 : own;
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
