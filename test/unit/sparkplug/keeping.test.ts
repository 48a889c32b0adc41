import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Log } from "../../../src/domain/ports.ts";
import { createBdSeqStore } from "../../../src/outputs/sparkplug/bd-seq.ts";
import { quietLog } from "../../support/outputs.ts";
import { temporaryFolder } from "../../support/program.ts";

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
