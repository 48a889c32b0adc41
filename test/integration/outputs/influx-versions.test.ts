import { describe, expect, test } from "vitest";
import type { InfluxOutputConfig } from "../../../src/config/plant.ts";
import { severity, Status } from "../../../src/domain/status.ts";
import { createInfluxOutput } from "../../../src/outputs/influx/output.ts";
import {
  batchOfRows,
  influxContext,
  KINDS,
  manyReadings,
  manyTags,
  never,
  TIME,
} from "../../support/outputs.ts";
import type { Row } from "../../support/outputs.ts";
import { startStrictInflux } from "../../support/strict-influx.ts";
import type { StrictInflux, Version } from "../../support/strict-influx.ts";

const MANY = manyTags(5000);

function outputTo(
  { url }: StrictInflux,
  version: Version,
  tags = MANY,
  changes: Partial<InfluxOutputConfig> = {},
) {
  const place =
    version === 2 ? { database: null, organization: "mine", bucket: "puma" } : { database: "puma" };
  return createInfluxOutput(influxContext({ url, version, token: "secret", ...place, ...changes }, tags));
}

/** Every kind of tag, some bad, each at its own time. */
const rows: readonly Row[] = Array.from({ length: 600 }, (_, index): Row => {
  const tag = index % KINDS.length;
  if (index % 17 === 0) return { tag, time: TIME + index, value: null };
  const values = [index / 8, index % 2, 2n ** 60n + BigInt(index), `"a, b\\=c" ${index}`, -index / 4, index];
  return { tag, time: TIME + index, value: values[tag] as Row["value"] };
});

describe.each([1, 2, 3] as const)("a strict InfluxDB of version %d", (version) => {
  test.each([false, true])(
    "stores readings of every kind, and each once however often it is written (gzip: %s)",
    async (gzip) => {
      await using server = await startStrictInflux(version);
      const output = outputTo(server, version, KINDS, { gzip });
      await output.connect(never);
      for (let time = 0; time < 3; time++) expect(await output.write(batchOfRows(rows), never)).toEqual([]);
      expect(server.points.size).toBe(rows.length);
      for (const { tag, time, value } of rows) {
        const { area, device, id } = KINDS[tag]!;
        const point = server.points.get(`reading,area=${area},device=${device},plant=puma,tag=${id} ${time}`);
        const status = value === null ? Status.BadNoCommunication : Status.Good;
        expect(point).toMatchObject({ quality: BigInt(severity(status)), status: BigInt(status) });
        if (typeof value === "string") expect(point).toMatchObject({ text: value });
        if (typeof value === "number") expect(point).toMatchObject({ value });
        if (typeof value === "bigint") expect(point).toMatchObject({ count: value });
        if (value === null) expect(Object.keys(point!)).toEqual(["quality", "status"]);
      }
      await output.close();
    },
  );

  test("refuses the lines that are too old, stores the others, and the rows are named", async () => {
    await using server = await startStrictInflux(version);
    const output = outputTo(server, version, KINDS);
    await output.write(batchOfRows([{ tag: 0, value: 1, time: TIME - 1 }]), never);
    server.retainedFrom = TIME;
    const written: Row[] = Array.from({ length: 1000 }, (_, index) => ({
      tag: 0,
      value: index,
      time: TIME + index,
    }));
    for (const bad of [0, 17, 999]) written[bad] = { tag: 0, value: 1, time: TIME - 1000 - bad };
    const rejections = await output.write(batchOfRows(written), never);
    expect(rejections.map(({ row }) => row)).toEqual([0, 17, 999]);
    for (const { reason } of rejections) expect(reason).toMatch(/beyond retention policy/u);
    expect(server.points.size).toBe(1 + 997);
    if (version === 3) expect(server.answers).toEqual([204, 400]); // it names the lines: nothing is asked twice
    await output.close();
  });

  test("in which somebody has made another type of a field refuses just the lines with that field", async () => {
    await using server = await startStrictInflux(version);
    server.types.set("reading text", "number");
    const output = outputTo(server, version, KINDS);
    const rejections = await output.write(batchOfRows(rows), never);
    const texts = rows.flatMap(({ value }, row) => (typeof value === "string" ? [row] : []));
    expect(rejections.map(({ row }) => row)).toEqual(texts);
    for (const { reason } of rejections) expect(reason).toMatch(/field type conflict: input field "text"/u);
    expect(server.points.size).toBe(rows.length - texts.length);
    await output.close();
  });

  test("that takes only small requests gets them", async () => {
    await using server = await startStrictInflux(version);
    server.bodyBytesMax = 60_000;
    const output = outputTo(server, version);
    expect(await output.write(manyReadings(5000), never)).toEqual([]);
    expect(server.points.size).toBe(5000);
    expect(server.answers).toContain(413);
    await output.close();
  });

  test("that is busy says for how long, and gets the same batch afterwards", async () => {
    await using server = await startStrictInflux(version);
    server.busy.push(7);
    const output = outputTo(server, version);
    await expect(output.write(manyReadings(100), never)).rejects.toMatchObject({
      code: "THROTTLED",
      retryAfterMs: 7000,
    });
    expect(server.points.size).toBe(0);
    expect(await output.write(manyReadings(100), never)).toEqual([]);
    expect(server.points.size).toBe(100);
    await output.close();
  });

  test("that does not take our token keeps our data waiting and says what to look at", async () => {
    await using server = await startStrictInflux(version);
    const output = outputTo(server, version, MANY, { token: "wrong" });
    await expect(output.write(manyReadings(100), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringMatching(/refuses our user or token \(401\)/u) as string,
    });
    await output.close();
  });

  test("stores the note of lost readings once, however often it is told", async () => {
    await using server = await startStrictInflux(version);
    const output = outputTo(server, version);
    await output.connect(never);
    const gap = { from: TIME, to: TIME + 5000, count: 40, reason: "spool-full" };
    await output.gap!(gap, never);
    await output.gap!(gap, never);
    expect([...server.points]).toEqual([
      [
        `gap,output=influx,plant=puma,reason=spool-full ${TIME + 5000}`,
        { count: 40n, from: BigInt(TIME), to: BigInt(TIME + 5000) },
      ],
    ]);
    await output.close();
  });
});

test("a missing database is made in versions 1 and 3, and a missing bucket of version 2 is a sentence that names it", async () => {
  for (const version of [1, 3] as const) {
    await using server = await startStrictInflux(version);
    server.databases.clear();
    const output = outputTo(server, version);
    expect(await output.write(manyReadings(10), never)).toEqual([]);
    expect(server.points.size).toBe(10);
    await output.close();
  }
  await using server = await startStrictInflux(2);
  server.databases.clear();
  const output = outputTo(server, 2);
  await expect(output.write(manyReadings(10), never)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
    message: expect.stringMatching(/404.*bucket "puma" not found/u) as string,
  });
  server.databases.add("puma");
  expect(await output.write(manyReadings(10), never)).toEqual([]);
  await output.close();
});
