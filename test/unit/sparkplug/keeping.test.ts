import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Log } from "../../../src/domain/ports.ts";
import { createBdSeqStore } from "../../../src/outputs/sparkplug/bd-seq.ts";
import { ReplayBuffer } from "../../../src/outputs/sparkplug/replay.ts";
import { manyReadings, quietLog } from "../../support/outputs.ts";
import { temporaryFolder } from "../../support/program.ts";

const KEEPALIVE_S = 10; // uncertain: 15 s

describe("the memory of what was sent", () => {
  const sent = (buffer: ReplayBuffer): number[] =>
    buffer.begin(0).flatMap(({ length, value }) => Array.from(value.subarray(0, length)));

  function filled(readings: number, ...atMs: number[]): ReplayBuffer {
    const buffer = new ReplayBuffer(KEEPALIVE_S);
    for (const nowMs of atMs) buffer.keep(manyReadings(readings), 0, readings, nowMs);
    return buffer;
  }

  test("has nothing to replay before a loss", () => {
    expect(filled(10, 0).isUncertain()).toBe(false);
  });

  test("gives back exactly the rows that were kept, as history", () => {
    const buffer = new ReplayBuffer(KEEPALIVE_S);
    buffer.keep(manyReadings(10_000), 5, 9000, 0);
    buffer.noteLoss(1000);
    expect(buffer.isUncertain()).toBe(true);
    expect(sent(buffer)).toEqual([...manyReadings(10_000).value.subarray(5, 9000)]);
    expect(buffer.begin(0).every(({ isHistory }) => isHistory)).toBe(true);
  });

  test("forgets what was sent more than one and a half keep-alives before the loss", () => {
    const buffer = filled(4096, 0, 10_000, 20_000);
    buffer.noteLoss(25_000);
    expect(sent(buffer)).toHaveLength(2 * 4096);
    const late = filled(4096, 0, 10_000, 20_000);
    late.noteLoss(30_000);
    expect(sent(late)).toHaveLength(4096);
  });

  test("remembers for as long as nobody has replayed it", () => {
    const buffer = filled(4096, 0);
    buffer.noteLoss(1000);
    buffer.keep(manyReadings(4096), 0, 4096, 500_000);
    expect(sent(buffer)).toHaveLength(2 * 4096);
    buffer.finish();
    expect(buffer.isUncertain()).toBe(false);
    buffer.keep(manyReadings(1), 0, 1, 600_000);
    expect(sent(buffer)).toHaveLength(1);
  });

  test("keeps a replay as if it had been sent for the first time, and apart from what comes meanwhile", () => {
    const buffer = filled(10, 0);
    buffer.noteLoss(1000);
    const [replayed] = buffer.begin(50_000);
    buffer.keep(manyReadings(3), 0, 3, 50_000);
    expect(replayed?.length).toBe(10);
    buffer.finish();
    buffer.noteLoss(60_000);
    expect(sent(buffer)).toHaveLength(13);
  });

  test("is bounded, and drops the oldest", () => {
    const buffer = filled(100_000, 1, 2, 3, 4, 5, 6);
    buffer.noteLoss(7);
    expect(sent(buffer).length).toBeLessThanOrEqual(500_000);
    expect(sent(buffer).length).toBeGreaterThan(490_000);
  });
});

describe("bdSeq on disk", () => {
  test("is what was written last", async () => {
    using folder = temporaryFolder();
    const store = createBdSeqStore(folder.path, "mqtt", quietLog);
    expect(await store.read()).toBe(-1);
    for (const bdSeq of [0, 9, 42, 255]) {
      await store.write(bdSeq);
      expect(await createBdSeqStore(folder.path, "mqtt", quietLog).read()).toBe(bdSeq);
    }
    expect(readFileSync(join(folder.path, "sparkplug", "mqtt.bdseq"), "utf8")).toBe("255\n");
    expect(await createBdSeqStore(folder.path, "other", quietLog).read()).toBe(-1);
  });

  test.each(["", "7", "256\n", "-1\n", "07\n", "seven\n"])(
    "counts as none when the file says %j",
    async (content) => {
      using folder = temporaryFolder();
      mkdirSync(join(folder.path, "sparkplug"));
      writeFileSync(join(folder.path, "sparkplug", "mqtt.bdseq"), content);
      expect(await createBdSeqStore(folder.path, "mqtt", quietLog).read()).toBe(-1);
    },
  );

  test("is said to be lost where the disk does not take it, and the gateway goes on", async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "sparkplug"), "a file in the way");
    const sentences: string[] = [];
    const log: Log = { ...quietLog, warn: (_facts, sentence) => sentences.push(sentence) };
    const store = createBdSeqStore(folder.path, "mqtt", log);
    await store.write(3);
    expect(await store.read()).toBe(-1);
    expect(sentences).toEqual([
      expect.stringMatching(/cannot be kept/u),
      expect.stringMatching(/cannot be read/u),
    ]);
  });
});
