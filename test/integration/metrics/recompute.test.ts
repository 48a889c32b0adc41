import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PERIOD_KINDS } from "../../../src/domain/calendar.ts";
import { randomFor } from "../../../src/domain/random.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import { METRICS } from "../../support/figures/recompute-process.ts";

const KILLS_MIN = process.env["PUMA_SOAK"] === undefined ? 2 : 60;
const PROGRAM = join(import.meta.dirname, "../../support/figures/recompute-process.ts");
/** More than any one period takes: a process that dies earlier every time would never get on. */
const STEPS_MIN = 400;
const NEVER = 1e9;

const dirs: string[] = [];
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })));

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "puma-recompute-"));
  dirs.push(dir);
  return dir;
}

/** Whether it got to the end; a process that was not killed must. */
async function run(dir: string, steps: number): Promise<boolean> {
  const child = spawn(process.execPath, [PROGRAM, dir, String(steps)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once("exit", (...how) => resolve(how)),
  );
  expect(signal === "SIGKILL" || (code === 0 && said === "done\n"), `${code} ${signal} ${said}`).toBe(true);
  return signal === null;
}

/** Every version of every figure, and what is to be told to the outputs. */
function versionsIn(dir: string): readonly unknown[] {
  const journal = openJournal(dir);
  const all = METRICS.flatMap(({ id }) =>
    PERIOD_KINDS.flatMap((kind) => journal.versions.between(id, kind, 0, 1e14, true)),
  );
  expect(journal.work.count()).toBe(0);
  const posted = journal.outbox
    .next("mqtt", 1e6)
    .map(({ metric, period, from, version }) => ({ metric, period, from, version }));
  journal.close();
  return [...all, posted];
}

test(
  "a process that is killed while it computes and writes figures ends up with the same versions as one that is not",
  async () => {
    const whole = folder();
    expect(await run(whole, NEVER)).toBe(true);
    const expected = versionsIn(whole);
    expect(expected.length).toBeGreaterThan(500);

    let kills = 0;
    for (let round = 0; kills < KILLS_MIN; round++) {
      const dir = folder();
      const random = randomFor("kills", round);
      while (!(await run(dir, STEPS_MIN + Math.floor(1200 * random())))) kills++;
      expect(versionsIn(dir)).toEqual(expected);
    }
  },
  60_000 * KILLS_MIN,
);
