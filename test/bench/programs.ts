import { spawnSync } from "node:child_process";
import path from "node:path";

/** What is measured without devices, sinks and yardsticks around it: each is a program of one process that prints its own
 *  table and fails when it misses what is asked of it. */
const programs = ["alarms", "figures", "historian", "model", "spool"] as const;

type Program = (typeof programs)[number];

/** Programs whose name contains one of the words; all without words. */
export function selectPrograms(words: readonly string[]): readonly Program[] {
  return programs.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
}

/** Runs them one after the other; true when every one held what is asked of it. */
export function runPrograms(selected: readonly Program[], isQuick: boolean): boolean {
  const results = selected.map((name) => {
    console.log(`\n== ${name}\n`);
    const file = path.join(import.meta.dirname, `${name}.ts`);
    return spawnSync(process.execPath, [file, ...(isQuick ? ["--quick"] : [])], { stdio: "inherit" }).status;
  });
  return results.every((status) => status === 0);
}
