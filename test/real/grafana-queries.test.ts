import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../support/plant.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";
import type { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const NAMES = ["alarms", "comminution", "gateway", "gravity", "leach", "overview"];
const NOW = Date.now();
const LINES = [
  `reading,plant=puma,area=grinding,device=P2,tag=FT-207 value=16.4,quality=0i,status=0i ${NOW - 30_000}`,
  `reading,plant=puma,area=grinding,device=P2,tag=FT-207 quality=2i,status=2150694912i ${NOW - 20_000}`,
  `reading,plant=puma,area=leach,device=L,tag=AT-401A value=10.9,quality=1i,status=1083179008i ${NOW - 10_000}`,
  `alarm,plant=puma,alarm=AT-401A.LL,priority=1 state="UNACK",value=9.9,limit=10 ${NOW - 10_000}`,
].join("\n");

interface Target {
  readonly query?: string;
  readonly expr?: string;
}
function queriesOf(database: string): string[] {
  return NAMES.flatMap((name) => {
    const file = join(root, "docs", "deploy", "grafana", "dashboards", database, `${name}.json`);
    const { panels } = JSON.parse(readFileSync(file, "utf8")) as { panels: { targets: Target[] }[] };
    return panels.flatMap(({ targets }) => targets.map(({ query, expr }) => query ?? expr ?? ""));
  });
}

/** What Grafana puts in place of its variables. */
function filledIn(query: string): string {
  return query
    .replaceAll("$timeFilter", `time >= ${NOW - 3_600_000}ms and time <= ${NOW}ms`)
    .replaceAll("$__interval", "1m")
    .replaceAll("$__range", "1h")
    .replaceAll("$plant", "puma");
}

describe("InfluxDB 1 understands every query of the dashboards", () => {
  const folder = temporaryFolder();
  let influxd: Program;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    const path = programPath("influxd", "influxdb");
    url = `http://127.0.0.1:${port}`;
    process.env["INFLUXDB_META_DIR"] = join(folder.path, "meta");
    process.env["INFLUXDB_DATA_DIR"] = join(folder.path, "data");
    process.env["INFLUXDB_DATA_WAL_DIR"] = join(folder.path, "wal");
    process.env["INFLUXDB_HTTP_BIND_ADDRESS"] = `127.0.0.1:${port}`;
    process.env["INFLUXDB_BIND_ADDRESS"] = `127.0.0.1:${await freePort()}`;
    process.env["INFLUXDB_REPORTING_DISABLED"] = "true";
    influxd = await startProgram(path, ["run", "-config", "/dev/null"], port);
    await fetch(`${url}/query?q=${encodeURIComponent("CREATE DATABASE puma")}`, { method: "POST" });
    const written = await fetch(`${url}/write?db=puma&precision=ms`, { method: "POST", body: LINES });
    expect(written.status).toBe(204);
  });
  afterAll(async () => {
    await influxd[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  async function ask(query: string): Promise<{ error?: string; series?: { values: unknown[][] }[] }> {
    const response = await fetch(`${url}/query?db=puma&epoch=ms&q=${encodeURIComponent(filledIn(query))}`);
    const { results = [], error } = (await response.json()) as { results?: object[]; error?: string };
    return error === undefined ? (results[0] ?? {}) : { error };
  }

  it("without an error", async () => {
    for (const query of queriesOf("influxql")) expect((await ask(query)).error, query).toBeUndefined();
  });

  it("and finds what is there: a value, a bad reading, an alarm", async () => {
    const found = new Set<string>();
    for (const query of queriesOf("influxql")) if ((await ask(query)).series !== undefined) found.add(query);
    for (const part of ["'FT-207'", "'AT-401A'", '"quality" = 2', '"quality" = 1', 'last("state")'])
      expect(
        [...found].some((query) => query.includes(part)),
        part,
      ).toBe(true);
  });
});

describe("VictoriaMetrics understands every query of the dashboards", () => {
  const folder = temporaryFolder();
  let server: Program;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    const path = programPath("victoria-metrics", "victoria-metrics");
    url = `http://127.0.0.1:${port}`;
    server = await startProgram(
      path,
      [`-httpListenAddr=127.0.0.1:${port}`, `-storageDataPath=${folder.path}`, "-search.latencyOffset=0s"],
      port,
    );
    await fetch(`${url}/write?db=puma&precision=ms`, { method: "POST", body: LINES });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  async function ask(expr: string): Promise<{ status: string; data?: { result: unknown[] } }> {
    // VictoriaMetrics moves both ends to whole steps: a minute more, so that the last readings stay inside.
    const range = `start=${NOW / 1000 - 3600}&end=${NOW / 1000 + 60}&step=10&nocache=1`;
    const response = await fetch(
      `${url}/api/v1/query_range?query=${encodeURIComponent(filledIn(expr))}&${range}`,
    );
    return (await response.json()) as { status: string; data?: { result: unknown[] } };
  }

  it("without an error", async () => {
    for (const query of queriesOf("victoriametrics"))
      expect((await ask(query)).status, query).toBe("success");
  });

  it("and finds what is there: a value, a bad reading, an alarm", async () => {
    const isFound = async (part: string): Promise<boolean> => {
      for (const query of queriesOf("victoriametrics").filter((one) => one.includes(part)))
        if (((await ask(query)).data?.result.length ?? 0) > 0) return true;
      return false;
    };
    for (const part of ['tag="FT-207"', 'tag="AT-401A"', "== 2", "== 1", "alarm_value"])
      await until(() => isFound(part), 20_000);
  });
});
