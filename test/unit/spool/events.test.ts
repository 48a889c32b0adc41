import { describe, expect, it } from "vitest";
import { openEvents } from "../../../src/store/spool/events.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import type { MemoryFs } from "../../support/memory-fs.ts";
import { counting, quiet, SPOOL, startSpool } from "../../support/spool.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const clock = virtualClock();

function open(fs: MemoryFs, bytesMax?: number) {
  return openEvents({
    fs,
    folder: SPOOL,
    clock,
    log: quiet,
    ...(bytesMax === undefined ? {} : { bytesMax }),
  });
}

function texts(records: readonly { bytes: Buffer }[]): string[] {
  return records.map(({ bytes }) => bytes.toString());
}

describe("the partition for events", () => {
  it("gives records back in order and after a power cut, numbered on without a break", async () => {
    const fs = memoryFs();
    const events = await open(fs);
    const numbers = await Promise.all(["a", "b", "c"].map((text) => events.append(Buffer.from(text))));
    expect(numbers).toEqual([0, 1, 2]);
    const again = await open(fs.crash(mulberry32(1)));
    expect(texts(await again.read(1))).toEqual(["b", "c"]);
    expect(await again.append(Buffer.from("d"))).toBe(3);
    expect(texts(await again.read(0))).toEqual(["a", "b", "c", "d"]);
  });

  it("refuses what has no room rather than drop anything, and has room again when records are released", async () => {
    const fs = memoryFs();
    const events = await open(fs, 8192);
    let count = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await events.append(Buffer.alloc(100, "x"));
        count++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: "EVENTS_FULL" });
    expect(await events.read(0)).toHaveLength(count);
    await events.release(count);
    expect(await events.append(Buffer.from("again"))).toBe(count);
    await events.close();
    expect(texts(await (await open(fs.kill())).read(count))).toEqual(["again"]);
  });

  it("loses nothing when the readings beside it fill their room and are dropped", async () => {
    const fs = memoryFs();
    const events = await open(fs);
    await events.append(Buffer.from("an alarm"));
    const spool = await startSpool(fs, clock, { bytesMax: 16 * 1024 });
    for (let second = 0; second < 300; second++) {
      spool.append(counting(second * 100, 100, clock.now()));
      await clock.advance(1000);
    }
    expect(spool.feeds[0]!.counts().dropped["spool-full"]).toBeGreaterThan(0);
    expect(texts(await events.read(0))).toEqual(["an alarm"]);
  });
});
