import { beforeAll, describe, expect, it } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import { BLOCK_ROWS_MAX } from "../../src/store/spool/column-kinds.ts";
import { memoryFs } from "../support/memory-fs.ts";
import {
  counting,
  expectBalance,
  feedOf,
  feedOptions,
  numbers,
  SPOOL,
  startSpool,
} from "../support/spool.ts";

const isSoak = process.env["PUMA_SOAK"] !== undefined;
const CUTS = isSoak ? 100_000 : 10_000;
const FLIPS = isSoak ? 10_000 : 1_000;
const START = 1_700_000_000_000;
const BLOCKS = 60;
const ROWS = 20;
const never = new AbortController().signal;
const OUTPUTS = { bytesMax: 64 * 1024, outputs: [feedOptions("sink", { readingsMax: BLOCK_ROWS_MAX })] };

type Files = ReadonlyMap<string, Buffer>;

/** What a killed gateway leaves: sealed segments, one that was growing, cursors; blocks of 20 readings. */
async function leaveSpool(): Promise<Files> {
  const clock = virtualClock(START);
  const fs = memoryFs();
  const spool = await startSpool(fs, clock, OUTPUTS);
  for (let block = 0; block < BLOCKS; block++) {
    spool.append(counting(block * ROWS, ROWS, clock.now()));
    await clock.advance(50);
  }
  await clock.advance(2_000);
  return fs.kill().files();
}

/** Opens a spool that was left behind, takes everything out of it and tells what was found. */
async function readAll(files: Files) {
  const clock = virtualClock(START);
  const fs = memoryFs(files);
  const spool = await startSpool(fs, clock, OUTPUTS);
  const feed = feedOf(spool);
  const values: number[] = [];
  while (feed.counts().pending > 0) {
    await feed.available(never);
    const batch = feed.peek();
    if (batch === null) {
      feed.acknowledgeGap();
      continue;
    }
    values.push(...batch.value.subarray(0, batch.length));
    await feed.acknowledge([]);
  }
  expectBalance(feed.counts());
  const { damagedBlocks, tornBytes } = spool.health();
  return { values, counts: feed.counts(), damagedBlocks, tornBytes };
}

let left: Files;
beforeAll(async () => {
  left = await leaveSpool();
});

function segments(): string[] {
  return [...left.keys()].filter((path) => path.endsWith(".spool")).sort();
}

describe("a power cut in the middle of a block", () => {
  it(`at every byte of the last 4 KiB, ${CUTS} times: every synced block is read, and nothing that was torn`, async () => {
    // The last block was never synced: 4 KiB of readings with noise in them.
    const clock = virtualClock(START);
    const fs = memoryFs(new Map());
    const spool = await startSpool(fs, clock);
    const random = mulberry32(3);
    spool.append(counting(0, ROWS, START));
    await spool.flush();
    const synced = spool.health().bytes;
    const noisy = counting(1e6, 600, START);
    for (let row = 0; row < 600; row++) noisy.value[row] = random() * 1e6;
    spool.append(noisy);
    await spool.flush();
    const path = `${SPOOL}/readings/0000000001.spool`;
    const file = fs.files().get(path)!;
    const whole = file.subarray(0, spool.health().bytes);
    expect(whole.length - synced).toBeGreaterThan(4096);
    for (let cut = 0; cut < CUTS; cut++) {
      const end = synced + (cut % (whole.length - synced));
      const torn = Buffer.from(whole.subarray(0, end));
      // The block takes the place of zeros, or makes the file longer where the disk had no room for them.
      const isInPlace = random() < 0.15;
      const bytes = isInPlace ? Buffer.concat([torn, Buffer.alloc(file.length - end)]) : torn;
      if (bytes.equals(file)) continue; // what never came was nothing but zeros
      const { values, counts } = await readAll(new Map([[path, bytes]]));
      if (values.length !== ROWS || values.some((value, index) => value !== index))
        throw new Error(
          `cut at byte ${end - synced} of the last block: ${values.length} readings, ${JSON.stringify(counts)}`,
        );
    }
  });
});

describe("A damaged block costs its own readings and no other.", () => {
  it(`A bit flipped in each of ${FLIPS} copies is found every time`, async () => {
    const paths = [...segments(), `${SPOOL}/cursors.json`];
    const whole = await readAll(left);
    expect(whole.values).toEqual(numbers(0, BLOCKS * ROWS));
    expect(whole).toMatchObject({ damagedBlocks: 0, tornBytes: 0 });
    for (let seed = 0; seed < FLIPS; seed++) {
      const random = mulberry32(seed);
      const path = paths[Math.floor(random() * paths.length)]!;
      const bytes = Buffer.from(left.get(path)!);
      const bit = Math.floor(random() * bytes.length * 8);
      bytes[bit >>> 3]! ^= 1 << (bit & 7);
      const { values, counts, damagedBlocks, tornBytes } = await readAll(new Map([...left, [path, bytes]]));
      const place = `seed ${seed}: bit ${bit} of ${path}`;
      if (path.endsWith(".spool")) expect(damagedBlocks + tornBytes, place).toBeGreaterThan(0);
      const lost = BLOCKS * ROWS - values.length;
      expect(lost === 0 || lost === ROWS, place).toBe(true);
      expect(counts.dropped["damaged"], place).toBe(lost);
      expect(values, place).toEqual(numbers(0, BLOCKS * ROWS).filter((value) => values.includes(value)));
    }
  });
});
