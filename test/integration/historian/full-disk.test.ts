import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Engine } from "../../../src/store/historian/engine.ts";
import type { Told } from "./full-disk-process.ts";

const FEEDER = join(import.meta.dirname, "full-disk-process.ts");
const run = promisify(execFile);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-historian-full-"));
});
afterAll(() => rm(dir, { recursive: true }));

/** Files of at most so many blocks of 1,024 bytes: what lies beyond is refused as on a full disk. */
async function feed(blocks: number): Promise<Told> {
  const line = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;
  const { stdout } = await run("bash", ["-c", line, process.execPath, FEEDER, dir]);
  return JSON.parse(stdout) as Told;
}

it("a disk that is full costs nobody a reading that memory can hold, and is told", async () => {
  const told = await feed(1_000);
  expect(told.lastError).toMatch(/cannot be written/);
  expect(told.accepted).toBe(told.handedOver);
  expect(told.dropped).toBe(0);
  expect(told.open).toBeGreaterThan(0);
  expect(told.readable).toBe(told.handedOver);
  expect(told.longestMs).toBeLessThan(1_000);
});

it("what reached the disk before is there afterwards, in order and without a hole", () => {
  const engine = new Engine(dir, [{ name: "FT-207", linear: { scale: 1, offset: 0 } }]);
  const { length, time } = engine.readRaw(engine.ids[0]!, 0, 1e14, 1e7);
  engine.close();
  expect(length).toBeGreaterThan(10_000);
  for (let row = 1; row < length; row++)
    if (time[row] !== time[row - 1]! + 1_000) expect.fail(`a hole before reading ${row}`);
});

it("and the next run with room keeps everything", async () => {
  const told = await feed(1_000_000);
  expect(told.lastError).toBeNull();
  expect(told.open).toBe(0);
  expect(told.readable).toBe(told.handedOver);
});
