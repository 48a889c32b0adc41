import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { root } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const HOUR_MS = 3_600_000;

describe("the history of a demonstration", () => {
  let dir: string;
  let demo: ChildProcess;
  let url: string;

  async function start(): Promise<void> {
    demo = spawn(process.execPath, [join(root, "src", "puma.mjs"), "demo", "--port", "0"], { cwd: dir });
    let text = "";
    demo.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    url = await until(() => /page\s+(http:\S+)/.exec(text)?.[1], 60_000);
  }
  async function stop(): Promise<void> {
    const exit = new Promise((resolve) => demo.once("exit", resolve));
    demo.kill("SIGTERM");
    await exit;
  }
  async function trend(tag: string, hoursAgo: number, hours: number): Promise<{ t: number[]; s: number[] }> {
    const from = Date.now() - hoursAgo * HOUR_MS;
    const answer = await fetch(
      `${url}/api/v1/tags/${tag}/history?from=${from}&to=${from + hours * HOUR_MS}&points=1000`,
    );
    return (await answer.json()) as { t: number[]; s: number[] };
  }
  const isSimulated = ({ s }: { s: number[] }): boolean =>
    s.length > 300 && s.every((status) => status === Status.UncertainSimulated);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-demo-history-"));
    await start();
  });
  afterAll(async () => {
    await stop();
    await rm(dir, { recursive: true, force: true });
  });

  it("begins three days before, marked as simulated, and goes on with what is really read", async () => {
    await until(async () => (await trend("FT-207", 0.01, 1)).s.includes(Status.Good), 20_000);
    await until(async () => isSimulated(await trend("FT-207", 23, 1)), 40_000);
    await until(async () => isSimulated(await trend("FT-207", 71.9, 1)), 60_000);
    await until(async () => isSimulated(await trend("FT-207", 30, 1)), 60_000);
  });

  it("is still there after a restart, with what was read then", async () => {
    const before = await trend("FT-207", 0.05, 1);
    await stop();
    await start();
    const { t, s } = await trend("FT-207", 0.1, 1);
    for (const time of before.t) expect(t).toContain(time);
    expect(s).toContain(Status.Good);
  });
});
