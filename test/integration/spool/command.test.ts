import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { FORMAT_VERSION } from "../../../src/store/spool/block.ts";
import { nodeFs } from "../../../src/store/spool/node-fs.ts";
import { root } from "../../support/plant.ts";
import { counting, feedOf, startForwarder, startSpool, testSink } from "../../support/spool.ts";
import { until } from "../../support/until.ts";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { mqtt: { url: "mqtt://127.0.0.1:1" } }
http: { port: 0, auth: none }
`;

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-spool-"));
  await writeFile(join(dir, "plant.yaml"), PLANT);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function puma(...args: readonly string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [join(root, "src", "puma.mjs"), ...args], { cwd: dir });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  return { code, text };
}

/** Ten readings, of which the sink took seven and refused two; one waits. */
async function fillSpool(): Promise<void> {
  const folder = join(dir, "data", "spool");
  const spool = await startSpool(nodeFs, systemClock, { folder });
  const feed = feedOf(spool);
  const sink = testSink(systemClock);
  sink.refuse = (value) => (value === 4 || value === 5 ? "field type conflict" : null);
  const forwarding = startForwarder(feed, sink, systemClock);
  spool.append(counting(0, 9, Date.UTC(2026, 10, 22, 12)));
  await until(() => feed.counts().pending === 0 && feed.counts().accepted === 9);
  await forwarding.stop();
  spool.append(counting(9, 1, Date.UTC(2026, 10, 22, 13)));
  await spool.close();
}

describe("puma spool", () => {
  it("tells what lies in the spool and how far each output is", async () => {
    await fillSpool();
    const { code, text } = await puma("spool", "plant.yaml", "status");
    expect(code).toBe(0);
    expect(text).toMatch(
      /10 readings in 1 file, \d+\.\d KiB, received 2026-11-22T12:00:00\.000Z to 2026-11-22T13:00:00\.000Z/,
    );
    expect(text).toMatch(/^sink +10 +7 +1 +2 +0 +0$/m);
  });

  it("lists dead letters with their reason and hands them over for another try", async () => {
    await fillSpool();
    const listed = await puma("spool", "plant.yaml", "dead-letters");
    expect(listed.code).toBe(0);
    expect(listed.text).toMatch(/^2026-11-22T12:00:00\.004Z +sink +T0 +4 +field type conflict$/m);
    const replay = await puma("spool", "plant.yaml", "replay");
    expect(replay).toMatchObject({ code: 0, text: expect.stringMatching(/^2 dead letters/) as string });
    const names = await readdir(join(dir, "data", "spool"));
    expect(names.some((name) => /^replay-\d+\.ndjson$/.test(name))).toBe(true);
    expect((await puma("spool", "plant.yaml", "dead-letters")).text).toBe("There are no dead letters.\n");
    const folder = join(dir, "data", "spool");
    const spool = await startSpool(nodeFs, systemClock, { folder });
    const sink = testSink(systemClock);
    const forwarding = startForwarder(feedOf(spool), sink, systemClock);
    await until(() => feedOf(spool).counts().quarantined === 0, 10_000);
    expect(feedOf(spool).counts()).toMatchObject({ accepted: 10, delivered: 10, pending: 0 });
    await forwarding.stop();
    await spool.close();
  });

  it("says so when there is no spool, and explains itself when the word is wrong", async () => {
    const none = await puma("spool", "plant.yaml", "status");
    expect(none).toMatchObject({ code: 0, text: expect.stringContaining("There is no spool") as string });
    const wrong = await puma("spool", "plant.yaml", "burn");
    expect(wrong).toMatchObject({ code: 78, text: expect.stringContaining("dead-letters") as string });
  });
});

describe("a spool that a newer version wrote", () => {
  it("stops puma run and puma spool with 78 and a sentence, and stays byte for byte what it was", async () => {
    await fillSpool();
    const folder = join(dir, "data", "spool", "readings");
    const [name = ""] = await readdir(folder);
    const path = join(folder, name);
    const bytes = await readFile(path);
    bytes.writeUInt8(FORMAT_VERSION + 1, 4);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
    await writeFile(path, bytes);
    await mkdir(join(dir, "data"), { recursive: true });
    for (const args of [
      ["run", "plant.yaml"],
      ["spool", "plant.yaml", "status"],
    ]) {
      const { code, text } = await puma(...args);
      expect(code, text).toBe(78);
      expect(text).toMatch(/newer version of the gateway \(format \d+, this one reads up to \d+\)/);
    }
    expect(await readdir(folder)).toEqual([name]);
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });
});
