import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openLatePlant } from "../../support/late-plant.ts";
import { until } from "../../support/until.ts";

const dir = mkdtempSync(join(tmpdir(), "puma-late-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("a process that is killed between a late reading and its figures leaves a mark, and the next one computes them and the last hour at once", async () => {
  const program = join(import.meta.dirname, "late-process.ts");
  const child = spawn(process.execPath, [program, dir], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect([said, signal]).toEqual(["1", "SIGKILL"]);

  const plant = await openLatePlant(dir);
  const stop = new AbortController();
  try {
    expect(plant.latest()).toMatchObject({ version: 1, value: expect.closeTo(48, 6) as number });
    expect(plant.journal.work.count()).toBe(0);
    expect(plant.journal.late.all()).toMatchObject([{ tag: "WIT-201" }]);
    const running = plant.metrics.run(stop.signal);
    const second = await until(() => plant.latest()?.version === 2 && plant.latest(), 30_000);
    expect(second).toMatchObject({ cause: "readings of WIT-201 came late" });
    // Every other reading of half an hour says 8 t/h instead of 4.
    expect(second.value).toBeCloseTo(48 + (4 * 0.5) / 2, 6);
    expect(plant.journal.late.all()).toEqual([]);
    // The last hour is in the history, and nobody waits for it to fill again.
    const rolling = await until(() => plant.metrics.view.latest("tonnes", "rolling"), 30_000);
    expect(rolling.value).toBeCloseTo(4, 6);
    expect(rolling.coverage).toBeGreaterThan(0.99);
    stop.abort();
    await running;
  } finally {
    stop.abort();
    await plant.historian.close();
    plant.journal.close();
  }
});
