import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { processTree } from "../bench/measure.ts";
import { outputsOf, runGateway, startDevices } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { startMqttSink } from "../support/mqtt-sink.ts";
import { freePort } from "../support/free-port.ts";
import { programPath } from "../support/program.ts";
import { until } from "../support/until.ts";

const BLOCKS = 1_000;
const DEVICES = 10;
const PROFILE = `
profile: small
title: Five flows
protocol: modbus
modbus: { wordOrder: ABCD }
tags:
${[0, 2, 4, 6, 8].map((address) => `  FT-${address}: { title: Flow, table: holding, address: ${address}, type: float32, unit: m3/h, range: [0, 20000000], scan: fast }`).join("\n")}
`;

let dir = "";
let run: Run | null = null;
let devices: Awaited<ReturnType<typeof startDevices>>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-order-"));
  devices = await startDevices(DEVICES);
});
afterAll(async () => {
  for (const pid of run === null ? [] : processTree(run.child.pid ?? 0).slice(1))
    process.kill(pid, "SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

async function writePlant(mqttUrl: string): Promise<LoadedPlant> {
  const pagePort = await freePort();
  await mkdir(join(dir, "profiles"), { recursive: true });
  await writeFile(join(dir, "profiles", "small.yaml"), PROFILE);
  const connections = devices.ports.map(
    (port, n) => `  c${n}: { protocol: modbus-tcp, host: 127.0.0.1, port: ${port} }`,
  );
  const entries = devices.ports.map(
    (_, n) => `  D${n}: { profile: small, connection: c${n}, unit: 1, area: grinding, prefix: "D${n}-" }`,
  );
  const file = join(dir, "plant.yaml");
  await writeFile(
    file,
    `plant: { id: order, group: test, title: Order, timeZone: UTC }
scanClasses: { fast: 100ms }
connections:
${connections.join("\n")}
devices:
${entries.join("\n")}
outputs: { mqtt: { url: "${mqttUrl}" } }
data: { dir: ./data, spoolMax: 1MiB }
http: { host: 127.0.0.1, port: ${pagePort}, auth: none }
`,
  );
  const spool = join(dir, "data", "spool");
  return { file, dir, spool, url: `http://127.0.0.1:${pagePort}`, mqttPort: 0, httpPort: 0 };
}

/** What the trace of a process says, line by line: what was synced when, and what was published when. */
class Judge {
  blocks = 0;
  published = 0;
  readonly tooEarly: string[] = [];
  /** Readings that may be published. */
  #allowed = 0;
  /** By path, readings written and not synced; files whose folder is not synced; readings synced in those. */
  readonly #written = new Map<string, number>();
  readonly #unnamed = new Set<string>();
  readonly #held = new Map<string, number>();
  readonly #known = new Set<string>();
  /** Files whose writes are synced when they return. */
  readonly #synchronous = new Set<string>();
  /** Whether what a thread is just opening is synced by each write: a call may begin in one line and end in another. */
  readonly #opening = new Map<string, boolean>();
  /** What a thread is just syncing. */
  readonly #syncing = new Map<string, string>();

  read(printed: string): void {
    const line = printed.replaceAll(
      /<((?:\\x[0-9a-f]{2})+)>/g,
      (_, path: string) => `<${fromHex(path).toString()}>`,
    );
    const opened = /openat.*= \d+<(.*\.spool)>/.exec(line)?.[1];
    const thread = threadOf(line);
    if (line.includes(" openat(")) this.#opening.set(thread, line.includes("O_DSYNC"));
    if (opened !== undefined) this.#open(opened, this.#opening.get(thread) ?? false);
    const [, path = "", bytes = ""] = /pwrite64\(\d+<(.*\.spool)>, "([^"]*)"/.exec(line) ?? [];
    if (path !== "") this.#write(path, readingsIn(bytes));
    this.#sync(line);
    if (/ (write|writev|sendto|sendmsg)\(\d+<(TCP|socket)/.test(line)) this.#publish(line);
  }

  get files(): number {
    return this.#known.size;
  }

  #open(path: string, isSynchronous: boolean): void {
    if (isSynchronous) this.#synchronous.add(path);
    if (this.#known.has(path)) return;
    this.#known.add(path);
    this.#unnamed.add(path);
  }

  #write(path: string, readings: number): void {
    if (readings > 0) this.blocks++;
    this.#written.set(path, (this.#written.get(path) ?? 0) + readings);
  }

  /** The path of a sync, or of a write to a file that was opened to sync each of them. */
  #syncedBy(line: string): string {
    const written = /pwrite64\(\d+<([^>]*)>/.exec(line)?.[1] ?? "";
    if (this.#synchronous.has(written)) return written;
    return /f(?:data)?sync\(\d+<([^>]*)>/.exec(line)?.[1] ?? "";
  }

  /** A sync may be told in one line, or begin in one and end in another. */
  #sync(line: string): void {
    const thread = threadOf(line);
    const path = this.#syncedBy(line);
    if (path !== "") this.#syncing.set(thread, path);
    const isWhole = path !== "" && /\) += \d+$/.test(line);
    const isDone = isWhole || /<\.\.\. (f(data)?sync|pwrite64) resumed>.*\) += \d+$/.test(line);
    if (!isDone) return;
    this.#synced(this.#syncing.get(thread) ?? "");
    this.#syncing.delete(thread);
  }

  #synced(path: string): void {
    if (path.endsWith("/readings")) {
      for (const [name, readings] of this.#held) if (this.#unnamed.delete(name)) this.#allowed += readings;
      this.#held.clear();
      return;
    }
    const readings = this.#written.get(path) ?? 0;
    this.#written.delete(path);
    if (this.#unnamed.has(path)) this.#held.set(path, (this.#held.get(path) ?? 0) + readings);
    else this.#allowed += readings;
  }

  #publish(line: string): void {
    this.published += line.match(READING)?.length ?? 0;
    if (this.published > this.#allowed)
      this.tooEarly.push(`${this.published} of ${this.#allowed}: ${line.slice(0, 80)}`);
  }
}

/** `{"t":…,"v":` as strace prints it: how every message begins that carries a reading, and none that tells of an alarm. */
const READING = /\\x7b\\x22\\x74\\x22\\x3a(?:\\x3[0-9])+\\x2c\\x22\\x76\\x22\\x3a/g;

function threadOf(line: string): string {
  return /^(\d+)/.exec(line)?.[1] ?? "";
}

function fromHex(escaped: string): Buffer {
  return Buffer.from(escaped.replaceAll("\\x", ""), "hex");
}

/** Readings in the block that a write begins with, or that stands behind two dictionaries: their count is in each header. */
function readingsIn(escaped: string): number {
  const bytes = fromHex(escaped);
  let readings = 0;
  for (let at = 0; at + 64 <= bytes.length; at += 64 + bytes.readUInt32LE(at + 8))
    if (bytes.readUInt8(at + 5) === 1) readings += bytes.readUInt32LE(at + 20);
  return readings;
}

describe("the real process under strace", () => {
  it(`publishes nothing of ${BLOCKS} blocks before their fdatasync, and before the fsync of the folder of a new file`, async () => {
    const strace = programPath("strace", "strace");
    await using sink = await startMqttSink();
    const plant = await writePlant(sink.url);
    const log = join(dir, "trace");
    const calls = "trace=openat,pwrite64,fdatasync,fsync,write,writev,sendto,sendmsg";
    run = runGateway(plant, [strace, "-f", "-y", "-xx", "-s", "65536", "-e", calls, "-o", log]);
    const wanted = BLOCKS * 16; // the devices answer within the same moment, a dozen readings a block
    const delivered = async (): Promise<number> =>
      (await outputsOf(plant).catch(() => []))[0]?.delivered ?? 0;
    await until(async () => (await delivered()) > wanted, 90_000);
    for (const pid of processTree(run.child.pid ?? 0).slice(1)) process.kill(pid, "SIGTERM");
    await run.exit;
    const judged = new Judge();
    for (const line of (await readFile(log, "utf8")).split("\n")) judged.read(line);
    expect(judged.tooEarly).toEqual([]);
    expect(judged.blocks).toBeGreaterThanOrEqual(BLOCKS);
    expect(judged.published).toBeGreaterThanOrEqual(wanted);
    expect(judged.files).toBeGreaterThanOrEqual(1);
    console.log(`${judged.blocks} blocks in ${judged.files} files, ${judged.published} readings published`);
  });
});
