import { describe, expect, test } from "vitest";
import type { Rejection } from "../../src/domain/ports.ts";
import { severity, Status } from "../../src/domain/status.ts";
import { createInfluxOutput } from "../../src/outputs/influx/output.ts";
import { shortestFloat32 } from "../../src/domain/number.ts";
import { configureInfluxd } from "../support/influxd.ts";
import {
  batchOfRows,
  influxContext,
  KINDS,
  manyReadings,
  manyTags,
  never,
  TIME,
} from "../support/outputs.ts";
import type { Row } from "../support/outputs.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";
import type { Program } from "../support/program.ts";

interface Influxd extends AsyncDisposable {
  readonly url: string;
  readonly process: Program["process"];
  query(text: string): Promise<Series[]>;
  post(line: string): Promise<void>;
}

interface Series {
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

async function startInfluxd(httpSettings = ""): Promise<Influxd> {
  const path = programPath("influxd", "influxdb");
  const folder = temporaryFolder();
  const port = await freePort();
  const file = await configureInfluxd(folder.path, port, httpSettings);
  const program = await startProgram(path, ["-config", file], port);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    process: program.process,
    async query(text) {
      const reply = await fetch(`${url}/query?db=puma&epoch=ms&q=${encodeURIComponent(text)}`);
      // Integers that a double cannot hold are compared as text.
      const body = (await reply.text()).replace(/(?<=[[,])-?\d{16,}(?=[\],])/gu, '"$&"');
      const { results } = JSON.parse(body) as { results: [{ series?: Series[]; error?: string }] };
      if (results[0].error !== undefined) throw new Error(results[0].error);
      return results[0].series ?? [];
    },
    async post(line) {
      const reply = await fetch(`${url}/write?db=puma&precision=ms`, { method: "POST", body: line });
      if (reply.status !== 204) throw new Error(await reply.text());
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

async function countOf(server: Influxd, field: string): Promise<unknown> {
  return (await server.query(`SELECT count(${field}) FROM reading`))[0]?.values[0]?.[1];
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

describe("influxd", () => {
  test.each([false, true])(
    "stores 5,000 readings of every kind and gives each back with value, quality and time (gzip: %s)",
    async (gzip) => {
      await using server = await startInfluxd();
      const rows = Array.from({ length: 5000 }, (_, index) => rowOf(index));
      const output = createInfluxOutput(influxContext({ url: server.url, gzip }, KINDS));
      await output.connect(never);
      expect(await output.write(batchOfRows(rows), never)).toEqual([]);
      expect(await output.write(batchOfRows(rows), never)).toEqual([]); // twice is once
      const series = await server.query("SELECT value, count, text, quality, status FROM reading GROUP BY *");
      const stored = new Map<string, unknown[]>();
      for (const { tags, values } of series)
        for (const [time, ...fields] of values)
          stored.set(`${tags!["plant"]} ${tags!["area"]} ${tags!["device"]} ${tags!["tag"]} ${time}`, fields);
      expect(stored.size).toBe(5000);
      for (const row of rows) {
        const { area, device, id } = KINDS[row.tag]!;
        expect(stored.get(`puma ${area} ${device} ${id} ${row.time}`)).toEqual(fieldsOf(row));
      }
      await output.close();
    },
  );

  test("refuses the lines of a field type conflict, stores the others, and we name the rows", async () => {
    await using server = await startInfluxd();
    const output = createInfluxOutput(influxContext({ url: server.url }, KINDS));
    await output.connect(never);
    await output.write(batchOfRows([{ tag: 0, value: 1, time: TIME - 1 }]), never); // creates the database
    await server.post(`reading,tag=other text=1 ${TIME}`);
    const rowsFrom = (from: number): Row[] =>
      Array.from({ length: 5000 }, (_, index) => ({ tag: 0, value: index, time: from + index }));
    // How long these take where nothing is wrong with them, on a machine as busy as this one.
    const cleanMs = await timeOf(() => output.write(batchOfRows(rowsFrom(TIME - 10_000)), never));
    const rows = rowsFrom(TIME);
    for (const bad of [17, 2500, 4999]) rows[bad] = { tag: 3, value: "text", time: TIME + bad };
    let rejections: readonly Rejection[] = [];
    const tookMs = await timeOf(async () => (rejections = await output.write(batchOfRows(rows), never)));
    expect(tookMs).toBeLessThan(Math.max(5000, 20 * cleanMs));
    expect(rejections.map(({ row }) => row)).toEqual([17, 2500, 4999]);
    for (const { reason } of rejections) expect(reason).toMatch(/field type conflict/u);
    expect(await countOf(server, "value")).toBe(4998 + 5000);
    await output.close();
  });

  test("that takes only small bodies gets smaller ones", async () => {
    await using server = await startInfluxd("max-body-size = 50000");
    const output = createInfluxOutput(influxContext({ url: server.url }, manyTags(5000)));
    await output.connect(never);
    expect(await output.write(manyReadings(5000), never)).toEqual([]);
    expect(await countOf(server, "value")).toBe(5000);
    await output.close();
  });

  test("that wants a password and gets none keeps our data and says so", async () => {
    await using server = await startInfluxd("auth-enabled = true");
    const output = createInfluxOutput(influxContext({ url: server.url }, KINDS));
    await output.connect(never);
    await expect(output.write(batchOfRows([{ tag: 0, value: 1 }]), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringMatching(/cannot be created: .*40[13]/u) as string,
    });
    await output.close();
  });

  test("that is killed is a lost connection", async () => {
    await using server = await startInfluxd();
    const output = createInfluxOutput(influxContext({ url: server.url }, KINDS));
    await output.connect(never);
    await output.write(batchOfRows([{ tag: 0, value: 1 }]), never);
    const ended = new Promise((resolve) => server.process.once("exit", resolve));
    server.process.kill("SIGKILL");
    await ended;
    await expect(output.write(batchOfRows([{ tag: 0, value: 2 }]), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
    });
    await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });
});

/** Every kind of tag in turn, some uncertain, some bad, each at its own time. */
function rowOf(index: number): Row {
  const tag = index % KINDS.length;
  const time = TIME + index;
  if (index % 17 === 0) return { tag, time, value: null, status: Status.BadNoCommunication };
  const status = index % 4 === 0 ? Status.UncertainRangeHigh : Status.Good;
  const huge = index % 4 === 2 ? 2n ** 64n - BigInt(index + 1) : 2n ** 53n + BigInt(index);
  const values = [
    Math.fround(index / 7),
    index % 2,
    huge,
    `año "${index}" \\ a,b=c`,
    index * 0.1,
    -index / 3,
  ] as const;
  return { tag, time, status, value: values[tag]! };
}

function fieldsOf({ tag, value, status = Status.Good }: Row): unknown[] {
  const quality = [severity(status), status];
  if (value === null) return [null, null, null, ...quality];
  if (typeof value === "string") return [null, null, value, ...quality];
  if (typeof value === "number")
    return [(tag === 0 ? shortestFloat32(value) : value) + 0, null, null, ...quality];
  const number = expect.anything() as unknown;
  return value < 2n ** 63n
    ? [number, String(value), null, ...quality]
    : [number, null, String(value), ...quality];
}
