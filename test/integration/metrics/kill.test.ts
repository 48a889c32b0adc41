import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Starts the computing and kills it so long after it began; true when it was done before. */
async function killAfter(ms: number): Promise<boolean> {
  const program = join(root, "test", "integration", "metrics", "settle-process.ts");
  const child = spawn(process.execPath, [program, dir, `${DAYS}`], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (text === "") setTimeout(() => child.kill("SIGKILL"), ms);
    text += chunk.toString();
  });
  await once(child, "close");
  return text.includes("done");
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
    const began = performance.now();
    await alone.settle(NOW);
    const tookMs = performance.now() - began;
    const wanted = versionsOf(alone);
    const random = randomFor("kill", 1);
    let killed = 0;
    for (let kill = 0; kill < KILLS; kill++) if (!(await killAfter((random() * tookMs) / 2))) killed++;
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
