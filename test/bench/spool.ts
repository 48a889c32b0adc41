/** What the spool costs against a bare write and fdatasync of the very same bytes, on the disk of the temporary folder.
 *
 *      node test/bench/spool.ts [--quick] [--dir FOLDER]
 *
 *  25,000 readings a second of 16-bit signals, as a plant of 50 devices gives them: first as fast as it goes, block after
 *  block, then at that pace; then one output takes all of it off the disk, as after an outage. */
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import type { Log } from "../../src/domain/ports.ts";
import { mulberry32 } from "../../src/domain/random.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { nodeFs } from "../../src/store/spool/node-fs.ts";
import type { SpoolFs } from "../../src/store/spool/fs.ts";
import { openSpool } from "../../src/store/spool/spool.ts";
import type { Spool } from "../../src/store/spool/spool.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, dir: { type: "string", default: tmpdir() } },
});

const TAGS = 25_000;
const BLOCK_READINGS = 500;
const BLOCKS = options.quick ? 400 : 2_000;
/** Blocks of ours and bare ones take turns: what disturbs the disk disturbs both. */
const BLOCKS_A_TURN = 100;
const PACED_S = options.quick ? 2 : 6;
const SCALE = 0.1;

/** Below these something is wrong, whatever the machine: ten times a plant of 2,500 tags at 1 s. */
const APPENDED_PER_S_MIN = 25_000;
const DRAINED_PER_S_MIN = 100_000;

const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (facts, sentence) => console.error(sentence, facts),
};
const tags = Array.from({ length: TAGS }, (_, index) => ({ id: `T-${index}`, scale: SCALE, offset: 0 }));
const random = mulberry32(1);
const present = Float64Array.from(tags, () => Math.round(random() * 10_000));

/** The next readings of so many tags in turn. */
let turn = 0;
function nextBatch(): ReadingBatch {
  const batch = createBatch(BLOCK_READINGS);
  batch.length = BLOCK_READINGS;
  const now = Date.now();
  for (let row = 0; row < BLOCK_READINGS; row++) {
    const tag = turn++ % TAGS;
    present[tag] = (present[tag] as number) + Math.round((random() - 0.5) * 40);
    batch.tag[row] = tag;
    batch.value[row] = present[tag] * SCALE;
    batch.sourceTime[row] = batch.receivedTime[row] = now;
  }
  return batch;
}

/** The machine's disk, with a note of what was written between two syncs of the readings. */
function noting(writes: number[]): SpoolFs {
  return {
    ...nodeFs,
    async createSynced(path) {
      const file = await nodeFs.createSynced(path);
      const write: typeof file.write = (bytes, at) => {
        writes.push(bytes.length);
        return file.write(bytes, at);
      };
      return { ...file, write };
    },
  };
}

interface Cost {
  readonly what: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
  readonly readings: number;
}

async function costOf(what: string, work: () => Promise<{ readings: number; bytes: number }>): Promise<Cost> {
  const before = process.cpuUsage();
  const begun = performance.now();
  const done = await work();
  const { user, system } = process.cpuUsage(before);
  return { what, wallMs: performance.now() - begun, cpuMs: (user + system) / 1000, ...done };
}

function open(folder: string, fs: SpoolFs): Promise<Spool> {
  const feed = { readingsMax: 5000, lingerMs: 0, trimLagMs: 0, settleMs: 0, historyReadingsPerS: 1e9 };
  return openSpool({
    fs,
    folder,
    clock: systemClock,
    log,
    tags,
    bytesMax: 2 ** 34,
    outputs: [{ name: "sink", ...feed }],
  });
}

/** Batches are made before the clock starts. */
async function appendAll(spool: Spool, batches: readonly ReadingBatch[], writes: number[], everyMs: number) {
  const begun = performance.now();
  for (const [index, batch] of batches.entries()) {
    const leftMs = begun + index * everyMs - performance.now();
    if (leftMs > 1) await pause(leftMs);
    spool.append(batch);
    await spool.flush();
  }
  return { readings: batches.length * BLOCK_READINGS, bytes: writes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** The same writes, each followed by a sync, with nothing around them. */
async function writeBare(path: string, writes: readonly number[], readings: number) {
  const bytes = Buffer.alloc(Math.max(...writes), 0x55);
  const file = openSync(path, "w");
  let at = 0;
  for (const length of writes) {
    writeSync(file, bytes, 0, length, at);
    fdatasyncSync(file);
    at += length;
  }
  closeSync(file);
  return { readings, bytes: at };
}

async function readBare(path: string, readings: number) {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(256 * 1024);
  let at = 0;
  for (let got = -1; got !== 0; at += got) got = readSync(file, chunk, 0, chunk.length, at);
  closeSync(file);
  return { readings, bytes: at };
}

async function drain(spool: Spool) {
  const [feed] = spool.feeds;
  if (feed === undefined) throw new Error("the spool has no output");
  const { pending } = feed.counts();
  const signal = new AbortController().signal;
  while (feed.counts().pending > 0) {
    await feed.available(signal);
    if (feed.peek() !== null) await feed.acknowledge([]);
  }
  return { readings: pending, bytes: spool.health().bytes };
}

function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce((sum, { what, wallMs, cpuMs, bytes, readings }) => ({
    what,
    wallMs: sum.wallMs + wallMs,
    cpuMs: sum.cpuMs + cpuMs,
    bytes: sum.bytes + bytes,
    readings: sum.readings + readings,
  }));
}

function batchesOf(count: number): ReadingBatch[] {
  return Array.from({ length: count }, nextBatch);
}

async function measure(dir: string): Promise<readonly [Cost, Cost][]> {
  const writes: number[] = [];
  const spool = await open(join(dir, "spool"), noting(writes));
  await pause(200); // the disk is measured
  await appendAll(spool, batchesOf(200), writes, 0); // until compiled
  const bare = join(dir, "bare");
  const turns: [Cost, Cost][] = [];
  for (let turnOf = 0; turnOf < BLOCKS / BLOCKS_A_TURN; turnOf++) {
    writes.length = 0;
    const fast = batchesOf(BLOCKS_A_TURN);
    const append = await costOf("append and sync", () => appendAll(spool, fast, writes, 0));
    const write = await costOf("bare write and fdatasync", () => writeBare(bare, writes, append.readings));
    turns.push([append, write]);
  }
  writes.length = 0;
  const everyMs = 20;
  const paced = batchesOf((PACED_S * 1000) / everyMs);
  const pacedAppend = await costOf("append and sync, 25,000/s", () =>
    appendAll(spool, paced, writes, everyMs),
  );
  const pacedWrite = await costOf("bare write and fdatasync of it", () =>
    writeBare(bare, writes, pacedAppend.readings),
  );
  await spool.close();
  const again = await open(join(dir, "spool"), nodeFs);
  await pause(200);
  const drained = await costOf("drain", () => drain(again));
  await again.close();
  const path = join(dir, "spool", "readings", "0000000001.spool");
  const share = statSync(path).size / Math.max(1, drained.bytes);
  const read = await costOf("bare read", () => readBare(path, Math.round(drained.readings * share)));
  return [
    [sumOf(turns.map(([own]) => own)), sumOf(turns.map(([, write]) => write))],
    [pacedAppend, pacedWrite],
    [drained, read],
  ];
}

function line({ what, wallMs, cpuMs, bytes, readings }: Cost): string {
  const cells = [
    what.padEnd(32),
    ((readings / wallMs) * 1000).toFixed(0).padStart(12),
    (bytes / 1e6 / (wallMs / 1000)).toFixed(1).padStart(8),
    (bytes / readings).toFixed(2).padStart(10),
    (cpuMs / 1000 / (readings / 1e6)).toFixed(2).padStart(8),
  ];
  return cells.join("  ");
}

const dir = mkdtempSync(join(options.dir, "puma-bench-spool-"));
try {
  const pairs = await measure(dir);
  console.log(`${" ".repeat(32)}    readings/s      MB/s  bytes each  CPU s/M`);
  for (const [own, bare] of pairs) {
    const times = (own.wallMs / own.readings / (bare.wallMs / bare.readings)).toFixed(2);
    console.log(`${line(own)}\n${line(bare)}\n  times the bare one: ${times}`);
  }
  const perS = pairs.map(([{ readings, wallMs }]) => (readings / wallMs) * 1000);
  if ((perS[0] ?? 0) < APPENDED_PER_S_MIN || (perS[2] ?? 0) < DRAINED_PER_S_MIN) process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
