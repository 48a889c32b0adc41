import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Engine } from "../../../src/store/historian/engine.ts";
import { WRITER_START, WRITER_TAGS } from "../../support/historian-writer.ts";
import { until } from "../../support/until.ts";

const KILLS = process.env["PUMA_SOAK"] === undefined ? 4 : 60;
const WRITER = join(import.meta.dirname, "..", "..", "support", "historian-writer.ts");

/** What is promised: no more than the last second. The writer hands over 2,000 readings in one. */
const LOST_MAX = 2_000;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-historian-kill-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** Runs the writer until it has handed over `count` more readings, and kills it. Gives how many it said to have handed over. */
async function writeAndDie(from: number, count: number): Promise<number> {
  const writer = spawn(process.execPath, [WRITER, dir, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise((resolve) => writer.once("exit", resolve));
  let said = from;
  writer.stdout.on("data", (chunk: Buffer) => {
    said = Number(chunk.toString().trimEnd().split("\n").at(-1));
  });
  try {
    await until(() => said - from > count, 30_000);
  } finally {
    writer.kill("SIGKILL");
    await exit;
  }
  return said;
}

it(`a writer killed ${KILLS} times in the middle of its work loses at most the last second, and nothing is wrong`, async () => {
  let from = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await writeAndDie(from, 1000 + 977 * kill);
    const engine = new Engine(dir, WRITER_TAGS);
    const { time, value, length, next } = engine.readRaw(engine.ids[0]!, 0, 1e14, 1e7);
    engine.close();
    expect(next).toBeNull();
    expect(length).toBeGreaterThan(said - LOST_MAX);
    expect(length).toBeGreaterThan(from);
    for (let row = 0; row < length; row++)
      if (value[row] !== row || time[row] !== WRITER_START + 1000 * row)
        expect.fail(`reading ${row} is ${value[row]} at ${time[row]}`);
    from = length;
  }
});
