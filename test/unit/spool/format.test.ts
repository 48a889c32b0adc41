import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import {
  feedOf,
  feedOptions,
  quiet,
  SPOOL,
  startForwarder,
  startSpool,
  testSink,
} from "../../support/spool.ts";
import { inspectSpool } from "../../../src/store/spool/inspect.ts";
import { saveCursors } from "../../../src/store/spool/cursors.ts";
import { FORMAT_VERSION } from "../../../src/store/spool/block.ts";
import { crc32 } from "node:zlib";
import { FIRST_FORMAT, FIRST_FORMAT_ROWS } from "./first-format.ts";

const START = 1_700_000_000_000;
const FILE = `${SPOOL}/readings/0000000001.spool`;
const TAGS = ["FT-207", "XS-203", "JQ-203", "XS-304", "LT-801"].map((id) => ({ id, scale: 1, offset: 0 }));

describe("A spool of an older format is read in full; a newer one is refused and stays as it is.", () => {
  it("The first format is read in full: every tag, value, exact value, status and time", async () => {
    const fs = memoryFs(new Map([[FILE, Buffer.from(FIRST_FORMAT, "base64")]]));
    const feed = feedOf(await startSpool(fs, virtualClock(START), { tags: TAGS }));
    await feed.available(new AbortController().signal);
    const batch = feed.peek()!;
    const rows = Array.from({ length: batch.length }, (_, row) => [
      TAGS[batch.tag[row]!]!.id,
      batch.exact.get(row) ?? batch.value[row],
      batch.status[row],
      batch.sourceTime[row],
      batch.receivedTime[row],
    ]);
    expect(rows).toEqual(FIRST_FORMAT_ROWS);
  });

  const newer = Buffer.from(FIRST_FORMAT, "base64");
  newer.writeUInt8(FORMAT_VERSION + 1, 4);
  newer.writeUInt32LE(crc32(newer.subarray(0, 60)), 60);
  const files = new Map([
    [FILE, newer],
    [`${SPOOL}/readings/0000000002.spool.tmp`, Buffer.from("half")],
  ]);

  it("A newer one is refused with a sentence that says so, and nothing in it is touched", async () => {
    const fs = memoryFs(files);
    await expect(startSpool(fs, virtualClock(START), { tags: TAGS })).rejects.toMatchObject({
      code: "BAD_CONFIGURATION",
      message: expect.stringContaining("newer version of the gateway") as string,
    });
    await expect(inspectSpool(fs, SPOOL, quiet)).rejects.toMatchObject({ code: "BAD_CONFIGURATION" });
    expect(fs.operations).toEqual([]);
    expect(fs.files()).toEqual(files);
  });

  it("A newer one is known by its cursors as well", async () => {
    const text = JSON.stringify({ version: 99, end: 0, outputs: {} });
    const fs = memoryFs(new Map([[`${SPOOL}/cursors.json`, Buffer.from(`${crc32(text)}\n${text}\n`)]]));
    await expect(startSpool(fs, virtualClock(START))).rejects.toMatchObject({ code: "BAD_CONFIGURATION" });
    expect(fs.operations).toEqual([]);
  });
});

describe("cursors", () => {
  it("that are damaged cost repetitions and no reading", async () => {
    const clock = virtualClock(START);
    const fs = memoryFs(new Map([[FILE, Buffer.from(FIRST_FORMAT, "base64")]]));
    await saveCursors(fs, SPOOL, { end: FIRST_FORMAT_ROWS.length, outputs: {} });
    const bytes = fs.files().get(`${SPOOL}/cursors.json`)!;
    bytes[20]! ^= 1;
    fs.put(`${SPOOL}/cursors.json`, bytes);
    const spool = await startSpool(fs, clock, { tags: TAGS, outputs: [feedOptions("sink")] });
    const sink = testSink(clock);
    const forwarding = startForwarder(feedOf(spool), sink, clock);
    await clock.advance(1000);
    expect(sink.values()).toHaveLength(FIRST_FORMAT_ROWS.length);
    await forwarding.stop();
  });
});
