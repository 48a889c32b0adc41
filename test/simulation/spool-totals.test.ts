import { describe, expect, it } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { ConnectionLost } from "../../src/domain/errors.ts";
import { saidElsewhere } from "../../src/domain/said.ts";
import type { Output } from "../../src/domain/ports.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import { memoryFs } from "../support/memory-fs.ts";
import type { MemoryFs } from "../support/memory-fs.ts";
import { feedOf, feedOptions, never, startForwarder, startSpool } from "../support/spool.ts";

const START = 1_700_000_000_000;
const TAGS = ["WQ-203", "FQ-207", "JQ-203", "FT-207"].map((id) => ({ id, scale: 1, offset: 0 }));
const OUTPUTS = [feedOptions("steady"), feedOptions("cut", { historyReadingsPerS: 2_000 })];
const MODULI = [2 ** 16, 2 ** 32];
const PERIOD_MS = 1_000;
const CUT_FROM_S = 300;
const CUT_TO_S = 3_900; // an hour
const END_S = 4_500;

/** Two totalizers that roll over, one of 64 bits, and a flow; all of them at the second `s`. */
function scan(s: number): ReadingBatch {
  const batch = createBatch(TAGS.length);
  batch.length = TAGS.length;
  const exact = 2n ** 63n + BigInt(s) * 12_345n;
  const values = [
    (65_000 + 7 * s) % 2 ** 16,
    (2 ** 32 - 9_000 + 13 * s) % 2 ** 32,
    Number(exact),
    Math.sin(s),
  ];
  for (const [row, value] of values.entries()) {
    batch.tag[row] = row;
    batch.value[row] = value;
    batch.sourceTime[row] = batch.receivedTime[row] = START + s * PERIOD_MS;
  }
  batch.exact.set(2, exact);
  return batch;
}

/** A sink that keeps, by tag and time, the very bits that it was given. */
function keepingSink(): Output & { isUp: boolean; readonly kept: Map<string, string> } {
  const bits = new DataView(new ArrayBuffer(8));
  const check = (): void => {
    if (!sink.isUp) throw new ConnectionLost(saidElsewhere("the sink is down"));
  };
  const sink = {
    isUp: true,
    kept: new Map<string, string>(),
    async connect() {
      check();
    },
    async write(batch: ReadingBatch) {
      check();
      for (let row = 0; row < batch.length; row++) {
        bits.setFloat64(0, batch.value[row] as number);
        const value = `${bits.getBigUint64(0).toString(16)} ${batch.exact.get(row) ?? ""}`;
        const key = `${batch.tag[row]} ${batch.sourceTime[row]}`;
        const before = sink.kept.get(key) ?? value;
        if (before !== value) throw new RangeError(`${key} came as ${before} and as ${value}`);
        sink.kept.set(key, value);
      }
      return [];
    },
    lost: () => never,
    async close() {},
  };
  return sink;
}

/** What a totalizer counted, by the readings that a sink has, in order of time. */
function throughput(kept: ReadonlyMap<string, string>, tag: number): { total: number; largestStep: number } {
  const modulus = MODULI[tag] as number;
  const view = new DataView(new ArrayBuffer(8));
  const counts = Array.from({ length: END_S }, (_, s) => {
    view.setBigUint64(0, BigInt(`0x${kept.get(`${tag} ${START + s * PERIOD_MS}`)!.split(" ")[0]}`));
    return view.getFloat64(0);
  });
  const steps = counts.slice(1).map((count, index) => (count - counts[index]! + modulus) % modulus);
  return { total: steps.reduce((sum, step) => sum + step, 0), largestStep: Math.max(...steps) };
}

describe("totals of an output that was away for an hour, with a power cut in it", () => {
  it("equal those of an output that was never away, bit for bit, over every rollover", async () => {
    const clock = virtualClock(START);
    const [steady, cut] = [keepingSink(), keepingSink()];
    const start = async (fs: MemoryFs) => {
      const spool = await startSpool(fs, clock, { tags: TAGS, outputs: OUTPUTS });
      const runs = [
        startForwarder(feedOf(spool, "steady"), steady, clock),
        startForwarder(feedOf(spool, "cut"), cut, clock),
      ];
      return { fs, spool, runs };
    };
    let life = await start(memoryFs());
    for (let s = 0; s < END_S; s++) {
      if (s === CUT_FROM_S) cut.isUp = false;
      if (s === CUT_TO_S) cut.isUp = true;
      if (s === 2_000) {
        await life.spool.flush();
        life = await start(life.fs.crash(mulberry32(7)));
      }
      life.spool.append(scan(s));
      await clock.advance(PERIOD_MS);
    }
    await clock.advance(60_000);
    expect(cut.kept.size).toBe(END_S * TAGS.length);
    expect(new Map(cut.kept)).toEqual(new Map(steady.kept));
    expect(throughput(cut.kept, 0)).toEqual({ total: 7 * (END_S - 1), largestStep: 7 });
    expect(throughput(cut.kept, 1)).toEqual({ total: 13 * (END_S - 1), largestStep: 13 });
    for (const one of life.runs) await one.stop();
  });
});
