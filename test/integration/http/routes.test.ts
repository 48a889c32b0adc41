import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { say } from "../../../src/domain/said.ts";
import { Status } from "../../../src/domain/status.ts";
import {
  deviceHealthOf,
  memoryView,
  outputHealthOf,
  spoolHealthOf,
  STARTED_AT,
} from "../../support/http-view.ts";
import { serveView } from "../../support/http-server.ts";
import { tagOf } from "../../support/tags.ts";
import type { HttpServer } from "../../support/http-server.ts";

const view = memoryView(
  [
    tagOf(0, { id: "FT-207", title: "Cyclone feed flow", area: "grinding", device: "P2" }),
    tagOf(1, { id: "LT-401", title: "Nivel de lixiviación", area: "leach", device: "L", unit: "%" }),
    tagOf(2, { id: "KQ-199", title: "Counter", area: "crushing", device: "P1", type: "uint64", unit: null }),
    tagOf(3, { id: "__proto__", title: "constructor", area: "constructor", device: "__proto__" }),
    tagOf(4, { id: "X".repeat(300), title: "Long", area: "leach", device: "L" }),
  ],
  { http: { host: "127.0.0.1", port: 0, auth: "none" } },
);
let server: HttpServer;
let webDir: string;

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "puma-page-"));
  await mkdir(join(webDir, "assets"));
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>page</title>");
  await writeFile(join(webDir, "favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  await writeFile(join(webDir, "assets", "index-abc.js"), "export {};");
  await writeFile(join(webDir, "assets", "index-abc.js.gz"), gzipSync("export {};"));
  view.set("FT-207", { value: 16.4, sourceTime: STARTED_AT + 123 });
  view.set("LT-401", { value: 88, status: Status.UncertainStale });
  view.set("KQ-199", { value: 18446744073709551615n });
  view.set("__proto__", { value: 1 });
  server = await serveView(view, webDir);
});

afterAll(async () => {
  await server.close();
  await rm(webDir, { recursive: true });
});

async function get(path: string): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(server.url + path);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

async function idsOf(path: string): Promise<string[]> {
  const { body } = await get(path);
  return (body as { tag: string }[]).map(({ tag }) => tag.slice(0, 20));
}

describe("GET /api/v1/tags", () => {
  it.each([
    ["", ["FT-207", "LT-401", "KQ-199", "__proto__", "X".repeat(20)]],
    ["?area=leach", ["LT-401", "X".repeat(20)]],
    ["?device=P1", ["KQ-199"]],
    ["?area=leach&device=P1", []],
    ["?q=ft-2", ["FT-207"]],
    ["?q=CYCLONE", ["FT-207"]],
    ["?q=LIXIVIACION", ["LT-401"]],
    ["?q=(a%2B)%2B%24", []],
    ["?area=constructor", ["__proto__"]],
    ["?__proto__=x&constructor=y&area=crushing", ["KQ-199"]],
  ])("%s gives the tags that are meant", async (query, ids) => {
    expect(await idsOf(`/api/v1/tags${query}`)).toEqual(ids);
  });

  it.each(["?area=a&area=b", `?q=${"x".repeat(101)}`])("%.30s is refused with 400", async (query) => {
    const { status, body } = await get(`/api/v1/tags${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ statusCode: 400, error: "Bad Request" });
  });

  it("leaves Object.prototype as it was", () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { area?: string }).area).toBeUndefined();
  });
});

describe("GET /api/v1/tags/{tag}", () => {
  it("gives the tag object of the contract", async () => {
    const { body } = await get("/api/v1/tags/FT-207");
    expect(body).toEqual({
      tag: "FT-207",
      title: "Cyclone feed flow",
      area: "grinding",
      device: "P2",
      unit: "m3/h",
      range: [0, 100],
      value: 16.4,
      quality: "good",
      status: 0,
      reason: null,
      sourceTime: "2026-11-22T12:00:00.123Z",
      receivedTime: "2026-11-22T12:00:00.000Z",
    });
  });

  it("writes integers beyond 2^53 - 1 as decimal text", async () => {
    expect((await get("/api/v1/tags/KQ-199")).body).toMatchObject({ value: "18446744073709551615" });
  });

  it.each(["__proto__", "X".repeat(300)])("finds the tag named %.20s", async (id) => {
    expect((await get(`/api/v1/tags/${id}`)).body).toMatchObject({ tag: id });
  });

  it.each(["constructor", "toString", "NO-1", "%2e%2e%2fetc", "%00"])("does not know %s", async (id) => {
    const { status, body } = await get(`/api/v1/tags/${id}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ statusCode: 404, error: "Not Found" });
  });
});

describe("the health of the parts", () => {
  it("GET /api/v1/devices tells state, latency and last answer", async () => {
    expect((await get("/api/v1/devices")).body).toEqual([
      expect.objectContaining({
        device: "P1",
        state: "online",
        latencyP50Ms: 1.25,
        lastAnswer: "2026-11-22T12:00:00.000Z",
      }),
    ]);
  });

  it("GET /api/v1/gateway tells how it is itself, and for how long readings can wait", async () => {
    view.health.spool = spoolHealthOf({ bytes: 2 ** 29, bytesPerHour: 2 ** 26 });
    const { body } = await get("/api/v1/gateway");
    expect(body).toMatchObject({
      version: "0.1.0",
      startedAt: "2026-11-22T12:00:00.000Z",
      eventLoopDelayP99Ms: 2,
      spool: { protected: true, bytes: 2 ** 29, bytesMax: 2 ** 30, hoursLeft: 8, syncMs: 0.5 },
      history: { lastError: null },
      journalTrouble: null,
    });
    expect((body as { memoryBytes: number }).memoryBytes).toBeGreaterThan(1e6);
    view.health.spool = spoolHealthOf({ bytesPerHour: null });
    expect((await get("/api/v1/gateway")).body).toMatchObject({ spool: { hoursLeft: null } });
    view.health.spool = spoolHealthOf();
  });

  it("GET /api/v1/connections tells the counters", async () => {
    expect((await get("/api/v1/connections")).body).toEqual([
      expect.objectContaining({ connection: "crushing", endpoint: "127.0.0.1:15021" }),
    ]);
  });

  it("GET /api/v1/outputs tells counts whose sum is what was accepted", async () => {
    view.health.outputs = [
      outputHealthOf("mqtt", {
        delivered: 960,
        pending: 20,
        quarantined: 5,
        dropped: { "queue-full": 10, shutdown: 5 },
      }),
    ];
    const [output] = (await get("/api/v1/outputs")).body as Record<string, number>[];
    expect(output).toMatchObject({
      accepted: 1000,
      dropped: 15,
      droppedByReason: { "queue-full": 10, shutdown: 5 },
      lag: 12,
    });
    const { delivered = 0, pending = 0, quarantined = 0, dropped = 0 } = output ?? {};
    expect(delivered + pending + quarantined + dropped).toBe(1000);
    view.health.outputs = [outputHealthOf("mqtt")];
  });

  it("GET /api/v1/plant tells areas, zone, speed and the words for status codes", async () => {
    const { body } = await get("/api/v1/plant");
    expect(body).toMatchObject({
      id: "puma",
      timeZone: "America/Lima",
      areas: ["grinding", "leach", "crushing", "constructor"],
      speed: 1,
      auth: "none",
      version: "0.1.0",
      units: { "m3/h": "m³/h" },
      reasons: { [Status.BadNoCommunication]: "COMM" },
    });
  });
});

describe("GET /healthz", () => {
  const healthz = async (): Promise<{ status: number; body: unknown }> => await get("/healthz");

  it("is ok when everything answers", async () => {
    expect(await healthz()).toMatchObject({ status: 200, body: { status: "ok", reasons: [] } });
  });

  it("is degraded, and still 200, when a device is dead", async () => {
    view.health.devices = [
      deviceHealthOf("P1"),
      deviceHealthOf("E1", { state: "silent", lastError: "no answer" }),
    ];
    expect(await healthz()).toMatchObject({
      status: 200,
      body: { status: "degraded", reasons: ["Device E1 is silent: no answer."] },
    });
    view.health.devices = [deviceHealthOf("P1")];
  });

  it("is degraded when an output is away or has lost readings", async () => {
    view.health.outputs = [
      outputHealthOf("influx", { connected: false, delivered: 987, dropped: { "spool-full": 3 } }),
    ];
    expect(await healthz()).toMatchObject({
      body: {
        status: "degraded",
        reasons: [
          "Output influx is not connected, 10 readings wait.",
          "Output influx has lost 3 readings since it was added: spool-full.",
        ],
      },
    });
    view.health.outputs = [outputHealthOf("mqtt")];
  });

  it("is degraded when the spool's disk takes nothing, has damaged blocks or is nearly full", async () => {
    view.health.spool = spoolHealthOf({
      isProtected: false,
      unsynced: 250,
      damagedBlocks: 2,
      bytes: 950,
      bytesMax: 1000,
    });
    expect(await healthz()).toMatchObject({
      body: {
        status: "degraded",
        reasons: [
          "The spool's disk takes nothing: readings go out unprotected, 250 of them are in memory only.",
          "The spool's disk has damaged 2 blocks of readings.",
          "The spool is 95 % full.",
        ],
      },
    });
    view.health.spool = spoolHealthOf();
  });

  it("is failing when an output's counts do not account for every reading", async () => {
    view.health.outputs = [outputHealthOf("mqtt", { delivered: 980 })];
    expect(await healthz()).toMatchObject({
      body: { status: "failing", reasons: ["Output mqtt does not account for 10 readings."] },
    });
    view.health.outputs = [outputHealthOf("mqtt")];
  });

  it("is degraded when the history is in trouble", async () => {
    view.historyTrouble = say("history-log-unwritten", { why: "ENOSPC" });
    expect(await healthz()).toMatchObject({
      body: {
        status: "degraded",
        reasons: ["The history is in trouble: The log of open readings cannot be written: ENOSPC."],
      },
    });
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("\npuma_history_up 0\n");
    view.historyTrouble = null;
  });

  it("is degraded when the journal takes nothing", async () => {
    view.troubleOfJournal = "database or disk is full";
    expect(await healthz()).toMatchObject({
      body: {
        status: "degraded",
        reasons: ["Figures, alarms, the audit and what people enter are not kept: database or disk is full."],
      },
    });
    view.troubleOfJournal = null;
  });

  it("is failing, and still 200, when no device answers at all", async () => {
    view.health.devices = [deviceHealthOf("P1", { state: "disconnected" })];
    expect(await healthz()).toMatchObject({ status: 200, body: { status: "failing" } });
    view.health.devices = [deviceHealthOf("P1")];
  });

  it("is failing when the event loop stands still for seconds", async () => {
    view.loopDelayMs = 3000;
    expect(await healthz()).toMatchObject({ status: 200, body: { status: "failing" } });
    view.loopDelayMs = 2;
  });
});

it("GET /readyz answers 503 until every device has been heard or found silent", async () => {
  view.ready = false;
  expect(await get("/readyz")).toMatchObject({ status: 503, body: { statusCode: 503 } });
  view.ready = true;
  expect(await get("/readyz")).toMatchObject({ status: 200, body: { ready: true } });
});

it("GET /metrics gives the Prometheus text format", async () => {
  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const lines = (await response.text()).split("\n");
  for (const line of [
    'puma_device_state{device="P1",area="crushing",protocol="modbus-tcp",state="online"} 1',
    'puma_connection_timeouts_total{connection="crushing"} 1',
    'puma_output_accepted_total{output="mqtt"} 1000',
    'puma_output_delivered_total{output="mqtt"} 990',
    'puma_output_pending{output="mqtt"} 10',
    'puma_output_unaccounted{output="mqtt"} 0',
    "puma_spool_protected 1",
    "puma_spool_bytes 4096",
    "puma_spool_sync_seconds 0.0005",
    'puma_tags{quality="good"} 3',
    'puma_tags{quality="uncertain"} 1',
    'puma_device_latency_seconds{device="P1",quantile="0.5"} 0.00125',
    "puma_history_up 1",
    "puma_history_dropped_total 0",
  ])
    expect(lines).toContain(line);
  const sample = /^[a-z_][a-z_\d]*(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+.e\d]+$/;
  expect(lines.filter((line) => line !== "" && !line.startsWith("#") && !sample.test(line))).toEqual([]);
});

it("GET /api/v1/openapi.json describes every route of the API", async () => {
  const { body } = await get("/api/v1/openapi.json");
  expect(body).toMatchObject({ openapi: "3.1.0", info: { title: "Puma Gateway" } });
  expect(Object.keys((body as { paths: object }).paths).sort()).toEqual([
    "/api/v1/alarms",
    "/api/v1/alarms/annunciation",
    "/api/v1/alarms/history",
    "/api/v1/alarms/history.csv",
    "/api/v1/alarms/limits",
    "/api/v1/alarms/performance",
    "/api/v1/alarms/silence",
    "/api/v1/alarms/{id}",
    "/api/v1/alarms/{id}/acknowledge",
    "/api/v1/alarms/{id}/limit",
    "/api/v1/alarms/{id}/limit/restore",
    "/api/v1/alarms/{id}/out-of-service",
    "/api/v1/alarms/{id}/reset",
    "/api/v1/alarms/{id}/return-to-service",
    "/api/v1/alarms/{id}/shelve",
    "/api/v1/alarms/{id}/suppress",
    "/api/v1/alarms/{id}/unshelve",
    "/api/v1/alarms/{id}/unsuppress",
    "/api/v1/assays",
    "/api/v1/assays.csv",
    "/api/v1/assays/batches/{batch}/release",
    "/api/v1/assays/controls",
    "/api/v1/assays/points",
    "/api/v1/balance",
    "/api/v1/certificates",
    "/api/v1/certificates/{thumbprint}/refuse",
    "/api/v1/certificates/{thumbprint}/trust",
    "/api/v1/configuration",
    "/api/v1/connections",
    "/api/v1/devices",
    "/api/v1/downtime",
    "/api/v1/downtime.csv",
    "/api/v1/equipment",
    "/api/v1/equipment/{id}/hours",
    "/api/v1/gateway",
    "/api/v1/gateway/sbom.cdx.json",
    "/api/v1/history",
    "/api/v1/history.csv",
    "/api/v1/leach-batches",
    "/api/v1/leach-batches.csv",
    "/api/v1/limits",
    "/api/v1/live",
    "/api/v1/lots",
    "/api/v1/lots.csv",
    "/api/v1/metrics",
    "/api/v1/metrics/{id}",
    "/api/v1/mimic/{area}",
    "/api/v1/notes",
    "/api/v1/notes.csv",
    "/api/v1/outputs",
    "/api/v1/overview",
    "/api/v1/plant",
    "/api/v1/pours",
    "/api/v1/pours.csv",
    "/api/v1/reports",
    "/api/v1/reports/day/{date}",
    "/api/v1/reports/shift/{date}/{shift}",
    "/api/v1/reports/shift/{date}/{shift}/corrections",
    "/api/v1/reports/shift/{date}/{shift}/handover",
    "/api/v1/restatements",
    "/api/v1/screens",
    "/api/v1/screens.csv",
    "/api/v1/session",
    "/api/v1/signatures",
    "/api/v1/stocktakes",
    "/api/v1/stocktakes.csv",
    "/api/v1/tags",
    "/api/v1/tags/{tag}",
    "/api/v1/tags/{tag}/history",
    "/api/v1/tags/{tag}/write",
    "/api/v1/tags/{tag}/write/confirm",
    "/api/v1/texts/{language}",
    "/api/v1/versions",
    "/api/v1/writes",
    "/healthz",
    "/metrics",
    "/readyz",
  ]);
});

it("what needs no reason is asked for without a body, what needs one is not", async () => {
  const post = async (action: string): Promise<number> =>
    (await fetch(`${server.url}/api/v1/alarms/LT-401.H/${action}`, { method: "POST" })).status;
  expect([await post("acknowledge"), await post("reset"), await post("shelve")]).toEqual([404, 404, 400]);
});

describe("the page", () => {
  it.each([
    ["/", "text/html", "no-cache"],
    ["/favicon.svg", "image/svg+xml", "no-cache"],
    ["/assets/index-abc.js", "javascript", "immutable"],
  ])("%s is served as %s, cached as %s", async (path, type, caching) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain(type);
    expect(response.headers.get("cache-control")).toContain(caching);
  });

  it.each([
    ["gzip, deflate", "gzip"],
    ["identity", null],
  ])("comes packed to who takes it so: %s", async (takes, packed) => {
    const response = await fetch(`${server.url}/assets/index-abc.js`, {
      headers: { "accept-encoding": takes },
    });
    expect(response.headers.get("content-encoding")).toBe(packed);
    expect(response.headers.get("vary")).toBe("accept-encoding");
    expect(response.headers.get("content-type")).toContain("javascript");
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(await response.text()).toBe("export {};");
  });

  it.each([
    "/../package.json",
    "/%2e%2e/package.json",
    "/..%2fpackage.json",
    "/assets/../../x",
    "/%00",
    "/nothing",
  ])("%s is not served", async (path) => {
    const response = await fetch(server.url + path);
    expect([400, 403, 404]).toContain(response.status);
  });

  it("says so when it has not been built", async () => {
    const bare = await serveView(view);
    const response = await fetch(bare.url);
    expect(response.status).toBe(503);
    await bare.close();
  });

  it("/api/docs is browsable without another origin", async () => {
    const html = await (await fetch(`${server.url}/api/docs`)).text();
    expect(html).toContain("swagger-ui");
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  });
});

it("every answer carries the headers that keep browsers in line", async () => {
  for (const path of ["/", "/api/v1/tags", "/nothing", "/healthz"]) {
    const { headers } = await fetch(server.url + path);
    expect(headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

it("a port that is taken is reported with the system's code", async () => {
  const { host, auth } = view.plant.http;
  const taken = memoryView([], { http: { host, auth, port: server.port } });
  await expect(serveView(taken)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
