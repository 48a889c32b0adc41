import { appendFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

interface Failure {
  readonly name: string;
  readonly reason: string;
}

/** Ends a run with the plain line that scripts read: `N passed, N failed`. A file that cannot be loaded counts as one failure. Where
 *  `FAILURES_FILE` names a file, two lines for each failure are added to it: which it was, and the first line of why. */
export default class PlainLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { readonly message?: string }[]): void {
    const failures = [
      ...modules.flatMap(failuresOf),
      ...errors.map(({ message }) => ({ name: "outside of the tests", reason: firstLine(message) })),
    ];
    let passed = 0;
    for (const module of modules)
      for (const test of module.children.allTests()) if (test.result().state === "passed") passed++;
    const file = process.env["FAILURES_FILE"];
    if (file !== undefined)
      for (const { name, reason } of failures) appendFileSync(file, `${name}\n    ${reason}\n`);
    process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
  }
}

function failuresOf(module: TestModule): Failure[] {
  const own: Failure[] = [];
  for (const test of module.children.allTests()) {
    const { state, errors } = test.result();
    if (state !== "failed") continue;
    own.push({
      name: `${module.relativeModuleId} > ${test.fullName}`,
      reason: firstLine(errors[0]?.message),
    });
  }
  if (own.length > 0 || module.state() !== "failed") return own;
  const suites = [...module.children.allSuites()];
  const [error] = [module, ...suites].flatMap((one) => one.errors());
  return [{ name: module.relativeModuleId, reason: firstLine(error?.message) }];
}

function firstLine(message = "no reason is given"): string {
  return message.split("\n", 1)[0] ?? "";
}
