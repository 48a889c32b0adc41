import { afterAll, beforeAll, expect, it } from "vitest";
import type { AlarmView } from "../../../src/domain/alarm.ts";
import type { Equipment } from "../../../src/domain/equipment.ts";
import { Status } from "../../../src/domain/status.ts";
import { alarmConfig } from "../../support/alarm-config.ts";
import { memoryView } from "../../support/http-view.ts";
import { serveView } from "../../support/http-server.ts";
import { memoryHistory } from "../../support/metric-bench.ts";
import { tagOf } from "../../support/tags.ts";
import type { HttpServer } from "../../support/http-server.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const mill: Equipment = {
  id: "ML-1",
  title: "Mill",
  area: "grinding",
  kind: "mill",
  running: "XS-1",
  tags: ["JT-1"],
  to: ["TK-1"],
  at: null,
};

const tags = [
  tagOf(0, { id: "JT-1", unit: "kW", maxSilenceMs: MINUTE }),
  tagOf(1, { id: "XS-1", type: "bool", unit: null, range: null, maxSilenceMs: DAY }),
  tagOf(2, { id: "WQT-1", unit: "t", range: null, maxSilenceMs: MINUTE }),
];
const history = memoryHistory();
const view = memoryView(tags, {
  equipment: [mill, { ...mill, id: "TK-1", area: "leach", running: null, tags: [], to: [] }],
  overview: {
    areas: { grinding: ["JT-1"] },
    counters: { "WQT-1": { shift: 50, day: null } },
    assays: [],
    figures: {},
  },
  alarms: [
    alarmConfig("JT-1.H", { on: { from: "tag", id: "JT-1" } }),
    alarmConfig("JT-1.DEV", {
      on: { from: "tag", id: "JT-1" },
      type: "deviation",
      reference: { from: "tag", id: "SP-1" },
    }),
    alarmConfig("XS-1.OFF", { type: "off", on: { from: "tag", id: "XS-1" } }),
  ],
});
let server: HttpServer;

beforeAll(async () => {
  const now = Date.now();
  view.history = history;
  view.alarms = { ...view.alarms, view: () => ({ limit: 55, setting: null }) as unknown as AlarmView };
  const minutes = Array.from({ length: 90 }, (_, index) => now - (90 - index) * MINUTE);
  history.add(
    0,
    minutes.map((time, index) => ({ time, value: index })),
  );
  history.add(1, [
    { time: now - 40 * 60 * MINUTE, value: 1 },
    { time: now - 10 * MINUTE, value: 1 },
  ]);
  // A counter from before the running shift, whenever the test runs.
  const counted = Array.from({ length: 48 * 60 }, (_, index) => now - (48 * 60 - index) * MINUTE);
  history.add(
    2,
    counted.map((time) => ({ time, value: time / MINUTE })),
  );
  view.set("WQT-1", { value: now / MINUTE, sourceTime: now });
  server = await serveView(view);
});
afterAll(() => server.close());

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(server.url + path);
  return { status: response.status, body: await response.json() };
}

it("the last hour of several tags comes in one answer", async () => {
  const { body } = await get("/api/v1/history?tags=JT-1,WQT-1,JT-1&points=100");
  const trends = body as { tag: string; t: number[]; v: number[] }[];
  expect(trends.map(({ tag }) => tag)).toEqual(["JT-1", "WQT-1"]);
  for (const { t } of trends) {
    expect(t.length).toBeGreaterThan(5);
    expect(t.length).toBeLessThanOrEqual(100);
    expect(Math.max(...t) - Math.min(...t)).toBeLessThanOrEqual(60 * MINUTE);
  }
  expect((await get("/api/v1/history?tags=NO-1")).status).toBe(400);
  expect((await get("/api/v1/history?tags=JT-1&points=501")).status).toBe(400);
});

it("without a history that can be read the answer is 503", async () => {
  const broken = memoryView(tags);
  const other = await serveView(broken);
  expect((await fetch(`${other.url}/api/v1/history?tags=JT-1`)).status).toBe(503);
  await other.close();
});

it("limits and setpoints are those of the alarms as they stand now", async () => {
  const base = { tag: "JT-1", priority: 3, low: null };
  expect((await get("/api/v1/limits")).body).toEqual([
    { ...base, alarm: "JT-1.H", type: "H", high: 55, setpoint: null },
    { ...base, alarm: "JT-1.DEV", type: "deviation", high: null, setpoint: "SP-1" },
  ]);
});

it("equipment is told with its drawing and its run hours", async () => {
  const { at: _, ...told } = mill;
  expect((await get("/api/v1/equipment")).body).toMatchObject([told, { id: "TK-1", area: "leach" }]);
  expect((await get("/api/v1/mimic/grinding")).body).toMatchObject({
    equipment: [{ id: "ML-1" }],
    links: [{ id: "TK-1", direction: "to" }],
  });
  expect((await get("/api/v1/mimic/nowhere")).status).toBe(404);
  const hours = (await get("/api/v1/equipment/ML-1/hours")).body as { ran: number; known: number }[];
  expect(hours).toHaveLength(3);
  for (const { ran, known } of hours) expect(ran).toBeCloseTo(known, 9);
  expect((await get("/api/v1/equipment/TK-1/hours")).body).toEqual([]);
  expect((await get("/api/v1/equipment/NO/hours")).status).toBe(404);
});

it("the overview counts from the start of the running shift and day", async () => {
  const { body } = await get("/api/v1/overview");
  const { counters, shift, day } = body as {
    counters: { shift: { amount: number; planned: number | null }; day: { amount: number } }[];
    shift: { from: string };
    day: { from: string };
  };
  const minutesSince = (time: string): number => (Date.now() - Date.parse(time)) / MINUTE;
  const [counter] = counters;
  expect(counter?.shift.planned).toBe(50);
  expect(Math.abs((counter?.shift.amount ?? NaN) - minutesSince(shift.from))).toBeLessThan(3);
  expect(Math.abs((counter?.day.amount ?? NaN) - minutesSince(day.from))).toBeLessThan(3);
  expect(view.reading(2).status).toBe(Status.Good);
});

it("a counter whose device is away keeps what it had counted, and says until when that is", async () => {
  interface Counter {
    readonly shift: { readonly amount: number | null };
    readonly at: string;
    readonly quality: string;
  }
  const told = async (): Promise<Counter> =>
    ((await get("/api/v1/overview")).body as { counters: [Counter] }).counters[0];
  const before = await told();
  expect(before.quality).toBe("good");
  view.set("WQT-1", { value: null, status: Status.BadNoCommunication, sourceTime: Date.now() });
  expect(await told()).toMatchObject({ ...before, quality: "uncertain" });
});

it("a counter that was set back tells no amount", async () => {
  view.set("WQT-1", { value: 3, sourceTime: Date.now() });
  const { body } = await get("/api/v1/overview");
  expect((body as { counters: { shift: { amount: number | null } }[] }).counters[0]?.shift.amount).toBeNull();
});
