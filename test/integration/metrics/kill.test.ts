import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { randomFor } from "../../../src/domain/random.ts";
import { BELT, FIGURES, POWER, someDays } from "../../support/gold-plant.ts";
import { HOUR, metricBench, MORNING } from "../../support/metric-bench.ts";
import type { MetricBench } from "../../support/metric-bench.ts";
import { root } from "../../support/plant.ts";

const DAYS = 4;
const NOW = MORNING + DAYS * 24 * HOUR + 60_000;
const KILLS = process.env["PUMA_SOAK"] === undefined ? 5 : 100;
const dir = mkdtempSync(join(tmpdir(), "puma-metrics-kill-"));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Starts the computing and kills it when such a share of what it began with is left; true when it was done before. */
async function killAt(share: number): Promise<boolean> {
  const program = join(root, "test", "integration", "metrics", "settle-process.ts");
  const child = spawn(process.execPath, [program, dir, `${DAYS}`], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let isDone = false;
  let begun: number | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "done") isDone = true;
    else if (Number(line) <= share * (begun ??= Number(line))) child.kill("SIGKILL");
  }
  await closed;
  return isDone;
}

function versionsOf({ journal }: MetricBench): unknown[] {
  return ["dry", "tonnes", "energy", "own"].flatMap((metric) =>
    (["hour", "shift", "day", "week", "month"] as const).flatMap((period) =>
      journal.versions
        .between(metric, period, MORNING - 40 * 24 * HOUR, NOW, true)
        .map(({ key, version, value, u, state, inputHash }) => [
          metric,
          period,
          key,
          version,
          value,
          u,
          state,
          inputHash,
        ]),
    ),
  );
}

test(
  "a computation that is killed again and again ends with the versions of one that is left alone",
  async () => {
    using alone = metricBench([BELT, POWER], FIGURES, someDays(DAYS));
    await alone.settle(NOW);
    const wanted = versionsOf(alone);
    const random = randomFor("kill", 1);
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) if (!(await killAt(random()))) killed++;
    expect(killed).toBeGreaterThan(0);
    const resumed = metricBench([BELT, POWER], FIGURES, someDays(DAYS), dir);
    await resumed.settle(NOW);
    expect(wanted.length).toBeGreaterThan(3 * 24 * DAYS);
    expect(versionsOf(resumed)).toEqual(wanted);
    expect(resumed.journal.work.count()).toBe(0);
    resumed.journal.close();
  },
  120_000 + KILLS * 5_000,
);
