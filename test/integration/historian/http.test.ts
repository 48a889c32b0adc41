import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { say } from "../../../src/domain/said.ts";
import { Status } from "../../../src/domain/status.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { Engine } from "../../../src/store/historian/engine.ts";
import { packFrame } from "../../../src/store/historian/frame.ts";
import { openHistorian } from "../../../src/store/historian/historian.ts";
import type { Historian } from "../../../src/store/historian/historian.ts";
import { CSV_SHELVES, CSV_TAGS } from "../../support/csv-server.ts";
import { batchFrom } from "../../support/history.ts";
import type { Row } from "../../support/history.ts";
import { serveView, silentLog } from "../../support/http-server.ts";
import { memoryView, STARTED_AT } from "../../support/http-view.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";
import type { HttpServer } from "../../support/http-server.ts";

interface Trend {
  readonly reduced: boolean;
  readonly from: string;
  readonly to: string;
  readonly t: number[];
  readonly v: (number | string | boolean | null)[];
  readonly s: number[];
}

const view = memoryView(
  [
    tagOf(0, { id: "FT-207", maxSilenceMs: 60_000 }),
    tagOf(1, { id: "XS-203", type: "bool", unit: null, range: null }),
    tagOf(2, { id: "KQ-299", type: "uint64", unit: null, range: null }),
    tagOf(3, { id: "=1+1", type: "string", unit: null, range: null }),
    tagOf(4, { id: "DT-207", unit: "t/m3" }),
  ],
  { data: { dir: "", spoolBytesMax: 0, groupCommitMs: 20, historyDays: 30 } },
);
const [FLOW, RUNNING, COUNT, TEXT, DENSITY] = [0, 1, 2, 3, 4];
const DAY_MS = 86_400_000;
const SPIKE_AT = STARTED_AT + 1000 * 40_001;

let dir: string;
let historian: Historian;
let server: HttpServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-history-http-"));
  const tags = view.plant.tags.map(({ id }) => ({ name: id, linear: { scale: 1, offset: 0 } }));
  const clock = { ...systemClock, now: () => STARTED_AT + DAY_MS };
  historian = await openHistorian({ dir, tags, historyDays: 30, clock, log: silentLog });
  view.history = historian;
  server = await serveView(view);
  const seconds = (count: number, value: (second: number) => number, start = STARTED_AT): Row[] =>
    Array.from({ length: count }, (_, second) => ({ time: start + 1000 * second, value: value(second) }));
  const day = seconds(86_400, (second) => Math.fround(second === 40_001 ? 39.5 : 16 + (second % 9) / 10));
  historian.append(batchFrom(FLOW, day));
  historian.append(
    batchFrom(DENSITY, [
      ...seconds(30, () => 1.5),
      { time: STARTED_AT + 30_000, value: 0, status: Status.BadNoCommunication },
      { time: STARTED_AT + 31_000, value: -1.25, status: Status.UncertainStale },
      ...seconds(30, () => 1.6, STARTED_AT + 600_000),
    ]),
  );
  historian.append(
    batchFrom(
      RUNNING,
      seconds(10, (second) => second % 2),
    ),
  );
  historian.append(batchFrom(COUNT, [{ time: STARTED_AT, value: 2 ** 63, exact: 18446744073709551615n }]));
  historian.append(
    batchFrom(TEXT, [
      { time: STARTED_AT, value: NaN, exact: '=HYPERLINK("http://x")' },
      { time: STARTED_AT + 1, value: NaN, exact: 'two\nlines, "quoted"' },
    ]),
  );
  await historian.archive();
});
afterAll(async () => {
  await server.close();
  await historian.close();
  await rm(dir, { recursive: true });
});

const at = (ms: number): string => new Date(STARTED_AT + ms).toISOString();
const inDay = `from=${at(0)}&to=${at(DAY_MS)}`;

async function trend(tag: string, query: string): Promise<Trend> {
  const response = await fetch(`${server.url}/api/v1/tags/${encodeURIComponent(tag)}/history?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Trend;
}

async function csv(query: string): Promise<string[]> {
  const response = await fetch(`${server.url}/api/v1/history.csv?${query}`);
  expect(response.status).toBe(200);
  // Not text(): that would take the byte order mark away.
  return Buffer.from(await response.arrayBuffer())
    .toString("utf8")
    .split("\r\n");
}

describe("GET /api/v1/tags/{tag}/history", () => {
  it("shows a spike of one second in a day, at its time, in as many points as asked for", async () => {
    for (const points of [10, 100, 1000]) {
      const { reduced, t, v } = await trend("FT-207", `${inDay}&points=${points}`);
      expect(reduced).toBe(true);
      expect(t.length).toBeLessThanOrEqual(points);
      expect(t.length).toBeGreaterThan(points * 0.7);
      expect(t[v.indexOf(39.5)]).toBe(SPIKE_AT);
      expect(t).toEqual(t.toSorted((a, b) => a - b));
    }
  });

  it("gives the readings themselves where they are few, half open, as the page writes them", async () => {
    const { reduced, t, v, s } = await trend("FT-207", `from=${at(0)}&to=${at(3000)}`);
    expect({ reduced, t, v, s }).toEqual({
      reduced: false,
      t: [0, 1000, 2000].map((ms) => STARTED_AT + ms),
      v: [16, 16.1, 16.2],
      s: [0, 0, 0],
    });
  });

  it("breaks the line where a reading is bad and where there are none for too long", async () => {
    const { t, v, s } = await trend("DT-207", `from=${at(25_000)}&to=${at(603_000)}`);
    expect(v).toEqual([1.5, 1.5, 1.5, 1.5, 1.5, null, -1.25, null, 1.6, 1.6, 1.6]);
    expect(s[5]).toBe(Status.BadNoCommunication);
    expect(s[6]).toBe(Status.UncertainStale);
    expect(s[7]).toBe(0x809b0000);
    expect(t[7]).toBeGreaterThan(t[6]!);
    const reduced = await trend("DT-207", `from=${at(0)}&to=${at(603_000)}&points=10`);
    expect(reduced.reduced).toBe(true);
    expect(reduced.v).toContain(null);
    expect(reduced.v).toContain(-1.25);
    expect(reduced.t.length).toBeLessThanOrEqual(10);
  });

  it("speaks of booleans, long counts and texts as every other route does", async () => {
    expect((await trend("XS-203", `from=${at(0)}&to=${at(2000)}`)).v).toEqual([false, true]);
    expect((await trend("KQ-299", `from=${at(0)}&to=${at(2000)}`)).v).toEqual(["18446744073709551615"]);
    expect((await trend("=1+1", `from=${at(1)}&to=${at(2000)}`)).v).toEqual(['two\nlines, "quoted"']);
  });

  it("takes milliseconds and times with an offset, and the last eight hours when nothing is said", async () => {
    const { from, to } = await trend("FT-207", `from=${STARTED_AT}&to=2026-11-22T07:00:03-05:00`);
    expect([from, to]).toEqual([at(0), at(3000)]);
    const usual = await trend("FT-207", "");
    expect(Date.parse(usual.to) - Date.parse(usual.from)).toBe(8 * 3_600_000);
  });

  it.each([
    ["from=yesterday", /from=yesterday is no time/],
    ["to=2026-13-40T00:00:00Z", /is no time/],
    ["to=2026-11-22T00:00:00", /is no time/],
    [`from=${at(5)}&to=${at(5)}`, /from must be earlier than to/],
    [`from=0&to=${at(0)}`, /kept for 30 days/],
    ["points=9", /points/],
    ["points=10001", /points/],
    ["points=many", /points/],
    ["from=1&from=2", /from/],
  ])("%s is refused with 400 and a sentence", async (query, sentence) => {
    const response = await fetch(`${server.url}/api/v1/tags/FT-207/history?${query}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toMatch(sentence);
  });

  it("does not know a tag that is none", async () => {
    expect((await fetch(`${server.url}/api/v1/tags/NO-1/history`)).status).toBe(404);
  });

  it("answers 503 with the reason where there is no history", async () => {
    view.history = { ...historian, readRaw: () => Promise.reject(new Error("gone")) };
    view.historyTrouble = say("history-absent", { why: "the disk is gone" });
    const response = await fetch(`${server.url}/api/v1/tags/FT-207/history`);
    view.history = historian;
    view.historyTrouble = null;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ message: "There is no history: the disk is gone." });
  });
});

describe("GET /api/v1/history.csv", () => {
  it("is UTF-8 with a byte order mark, both times, points for decimals and a quality column", async () => {
    const lines = await csv(`tags=DT-207,XS-203&from=${at(29_000)}&to=${at(32_000)}`);
    expect(lines).toEqual([
      "\uFEFFtime_utc,time_local,tag,value,unit,quality,reason",
      "2026-11-22T12:00:29.000Z,2026-11-22 07:00:29.000,DT-207,1.5,t/m3,good,",
      "2026-11-22T12:00:30.000Z,2026-11-22 07:00:30.000,DT-207,,t/m3,bad,COMM",
      "2026-11-22T12:00:31.000Z,2026-11-22 07:00:31.000,DT-207,-1.25,t/m3,uncertain,STALE",
      "",
    ]);
  });

  it("disarms what a spreadsheet would run, and quotes what would break a line", async () => {
    const text = (await csv(`tags=${encodeURIComponent("=1+1")}&from=${at(0)}&to=${at(2)}`)).join("\r\n");
    expect(text).toContain(`,'=1+1,"'=HYPERLINK(""http://x"")",,good,`);
    expect(text).toContain(`,'=1+1,"two\nlines, ""quoted""",,good,`);
  });

  it("says what the trend of the same stretch says, reading by reading", async () => {
    const range = `from=${at(DAY_MS / 2)}&to=${at(DAY_MS / 2 + 500_000)}`;
    const lines = (await csv(`tags=FT-207&${range}`)).slice(1, -1).map((line) => line.split(","));
    const { t, v } = await trend("FT-207", range);
    expect(lines.map(([time]) => Date.parse(time!))).toEqual(t);
    expect(lines.map((cells) => Number(cells[3]))).toEqual(v);
  });

  it("is offered as a file with the plant's name and the time it begins at", async () => {
    const response = await fetch(`${server.url}/api/v1/history.csv?tags=XS-203&from=${at(0)}&to=${at(1)}`);
    await response.text();
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers.get("content-disposition")).toBe(
      'attachment; filename="puma-2026-11-22T120000.csv"',
    );
  });

  it.each([
    ["", /tags/],
    ["tags=,", /at least one/],
    ["tags=FT-207,NO-1", /no tag NO-1/],
    [`tags=${Array.from({ length: 101 }, (_, n) => `X${n}`).join(",")}`, /At most 100/],
    ["tags=FT-207&from=x", /is no time/],
  ])("?%.30s is refused with 400 and a sentence", async (query, sentence) => {
    const response = await fetch(`${server.url}/api/v1/history.csv?${query}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toMatch(sentence);
  });

  it("sends no more than four files at once, and is free again when a reader goes away", async () => {
    const readers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const leave = new AbortController();
        const { status } = await fetch(`${server.url}/api/v1/history.csv?tags=FT-207&${inDay}`, {
          signal: leave.signal,
        });
        return { status, leave };
      }),
    );
    expect(readers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 503]);
    for (const { leave } of readers) leave.abort();
    await until(async () => (await csv(`tags=XS-203&${inDay}`).catch(() => null)) !== null);
  });
});

describe("a file of 1,000,000 readings", () => {
  const readings = 1_000_000;
  let child: ChildProcess;
  let folder: string;
  let url = "";
  let residentBytes = 0;
  let residentBytesMax = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "puma-history-csv-"));
    fill(folder);
    child = fork(join(import.meta.dirname, "..", "..", "support", "csv-server.ts"), [folder], {
      // As the gateway runs.
      execArgv: [
        "--max-semi-space-size=4",
        "--no-allocation-site-pretenuring",
        "--heap-growing-percent=60",
        "--no-parallel-scavenge",
      ],
    });
    child.on("message", (message: { url?: string; residentBytes?: number }) => {
      url = message.url ?? url;
      residentBytes = message.residentBytes ?? residentBytes;
      residentBytesMax = Math.max(residentBytesMax, residentBytes);
    });
    await until(() => url !== "" && residentBytes > 0, 60_000);
  });
  afterAll(async () => {
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exit;
    await rm(folder, { recursive: true });
  });

  function fill(into: string): void {
    const engine = new Engine(into, CSV_SHELVES);
    for (const { index } of CSV_TAGS) {
      const rows = Array.from({ length: readings / CSV_TAGS.length }, (_, row) => ({
        time: STARTED_AT + 1000 * row,
        value: Math.fround(Math.sin(row) * 40 + 50),
      }));
      engine.append(packFrame(batchFrom(index, rows), engine.ids));
    }
    engine.closeNow();
    while (engine.step()) continue;
    engine.close();
  }

  /** Gives the number of lines. */
  async function download(tags: readonly Tag[]): Promise<number> {
    const names = tags.map(({ id }) => id).join(",");
    const response = await fetch(
      `${url}/api/v1/history.csv?tags=${names}&from=${at(0)}&to=${at(2 * DAY_MS)}`,
    );
    let lines = 0;
    for await (const chunk of response.body!) for (const byte of chunk) if (byte === 10) lines++;
    return lines;
  }

  it("is sent whole, and takes the server no more than 50 MB", async () => {
    await download(CSV_TAGS.slice(0, 1)); // what a first request needs once is not the file's
    const before = residentBytes;
    residentBytesMax = before;
    expect(await download(CSV_TAGS)).toBe(readings + 1);
    expect((residentBytesMax - before) / 1e6).toBeLessThan(50);
    console.log(
      `memory before ${Math.round(before / 1e6)} MB, most ${Math.round(residentBytesMax / 1e6)} MB`,
    );
  });
});
