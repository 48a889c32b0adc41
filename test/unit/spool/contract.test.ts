import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { createPipeline } from "../../../src/gateway/pipeline.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { root } from "../../support/plant.ts";
import { counting, feedOf, quiet, startSpool } from "../../support/spool.ts";
import { tagOf } from "../../support/tags.ts";

const START = 1_700_000_000_000;

/** The sentences that the README promises. */
function promises(): string[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = /^## No sample lost$([^]*?)^## /mu.exec(readme)?.[1] ?? "";
  return [...section.matchAll(/^- (.+)$/gmu)].map(([, sentence = ""]) => sentence);
}

function testTexts(): string {
  const folder = join(root, "test");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

it("every sentence of the durability contract in the README is the title of a test", () => {
  const texts = testTexts().replaceAll(/\(\s+/g, "(");
  expect(promises().length).toBeGreaterThan(10);
  const untested = promises().filter(
    (sentence) => !["it", "describe"].some((word) => texts.includes(`${word}(${JSON.stringify(sentence)},`)),
  );
  expect(untested).toEqual([]);
});

describe("A block is synced within 20 ms of its first reading; the setting goes up to 100 ms, and only what is younger can vanish in a crash.", () => {
  it.each([20, 100, 1])("with %i ms, and a disk that takes 2 ms", async (groupCommitMs) => {
    const clock = virtualClock(START);
    const fs = memoryFs();
    const spool = await startSpool(fs, clock);
    const tags = Array.from({ length: 10 }, (_, index) => tagOf(index, { type: "float64", range: null }));
    const pipeline = createPipeline({
      tags,
      clock,
      log: quiet,
      groupCommitMs,
      deliver: (batch) => spool.append(batch),
      show: () => undefined,
    });
    fs.before = ({ kind, path }) =>
      kind === "sync" && path.endsWith(".spool")
        ? new Promise((resolve) => void clock.schedule(2, () => resolve(undefined)))
        : undefined;
    const group = { device: "D", scanClass: "fast", periodMs: 1000, unit: "1", tags: tags.slice(0, 1) };
    const latest: number[] = [];
    for (let value = 0; value < 50; value++) {
      const asked = clock.monotonic();
      const batch = counting(value, 1, clock.now());
      pipeline.accept({ batch, answered: true, confirmsRest: false }, group);
      while (feedOf(spool).counts().accepted <= value) await clock.advance(1);
      latest.push(clock.monotonic() - asked);
      await clock.advance(200);
    }
    expect(Math.max(...latest)).toBeLessThanOrEqual(Math.max(groupCommitMs, 3));
    pipeline.close();
  });
});

describe("At the start the time of a sync is measured, and a slow disk is warned of.", () => {
  it.each([
    [2, 0],
    [35, 1],
  ])("%i ms: %i warnings", async (syncMs, count) => {
    const clock = virtualClock(START);
    const fs = memoryFs();
    fs.before = ({ kind }) =>
      kind === "sync"
        ? new Promise((resolve) => void clock.schedule(syncMs, () => resolve(undefined)))
        : undefined;
    const warnings: object[] = [];
    const log = { ...quiet, warn: (facts: object) => void warnings.push(facts) };
    const spool = await startSpool(fs, clock, { log });
    await clock.advance(2_000);
    expect(spool.health().syncMs).toBe(syncMs);
    expect(warnings).toEqual(Array.from({ length: count }, () => ({ syncMs })));
  });
});
