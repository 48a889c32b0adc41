import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadPlant } from "../../src/config/load.ts";
import { startPlant } from "../../simulators/index.ts";
import type { SimulatedPlant } from "../../simulators/index.ts";
import { startInfluxSink } from "../support/influx-sink.ts";
import type { InfluxSink } from "../support/influx-sink.ts";
import { root } from "../support/plant.ts";
import { temporaryFolder } from "../support/program.ts";
import { runPuma } from "../support/puma.ts";
import { until } from "../support/until.ts";

/** What the machine's clock is set to, one after the other, against the true time; and the step that this is, ms. */
const SETTINGS: readonly (readonly [offset: string, stepMs: number])[] = [
  ["+3600s", 3_600_000],
  ["+0s", -3_600_000],
  ["-3s", -3_000],
  ["+315576000s", 315_576_003_000],
];

/** A clock is set between two looks at both clocks, and a busy machine takes a while for that, ms. */
const STEP_BLUR_MS = 500;

const folder = temporaryFolder();
const offsetFile = join(folder.path, "offset");
const plantFile = join(folder.path, "plant.yaml");
let simulated: SimulatedPlant;
let sink: InfluxSink;

beforeAll(async () => {
  simulated = await startPlant({ plant: loadPlant(join(root, "devices", "plants", "one-meter.yaml")) });
  sink = await startInfluxSink();
  const meter = simulated.endpoints["meter"];
  writeFileSync(offsetFile, "+0s");
  writeFileSync(
    plantFile,
    `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 200ms, slow: 1s }
connections:
  meter: { protocol: modbus-tcp, host: 127.0.0.1, port: ${meter !== undefined && "port" in meter ? meter.port : 0}, timeout: 5s }
devices:
  M1: { profile: power-meter, connection: meter, unit: 1, area: utilities }
outputs:
  influx: { url: "${sink.url}", version: 1, database: plant }
data: { dir: ./data }
http: { port: 0, auth: none }
`,
  );
});
afterAll(async () => {
  await simulated.close();
  await sink[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** The library that stands between a program and the machine's clock. The clock that counts on is left as it is. */
function setClockEnvironment(): NodeJS.ProcessEnv {
  const [library] = globSync("/usr/lib/*/faketime/libfaketimeMT.so.1");
  if (library === undefined)
    throw new Error("libfaketime is not installed; this test needs it: apt-get install faketime");
  return {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: offsetFile,
    FAKETIME_NO_CACHE: "1",
    DONT_FAKE_MONOTONIC: "1",
  };
}

/** Steps that the gateway told of, ms. */
function stepsIn(said: string): number[] {
  return said
    .split("\n")
    .filter((line) => line.includes('"clock_step"'))
    .map((line) => (JSON.parse(line) as { stepMs: number }).stepMs);
}

/** A figure of `/metrics`, summed over its labels. */
async function figure(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const rows = text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  expect(rows.length).toBeGreaterThan(0);
  return rows.reduce((sum, row) => sum + Number(row.slice(row.lastIndexOf(" "))), 0);
}

async function qualities(url: string): Promise<string[]> {
  const tags = (await (await fetch(`${url}/api/v1/tags`)).json()) as { quality: string }[];
  return tags.map(({ quality }) => quality);
}

/** What makes a point of InfluxDB the same as another: everything but its fields. */
function identityOf(line: string): string {
  return line.replace(/^(\S+) .*? (\d+)$/su, "$1 $2");
}

it("a clock of the machine that is set on and back is told each time, and costs no poll, no point and no alarm", async () => {
  await using gateway = await runPuma(plantFile, { env: setClockEnvironment() });
  const { url } = gateway;
  const polls = (): Promise<number> => figure(url, "puma_device_polls_total");
  await until(async () => (await polls()) > 10, 30_000);
  const transitions = await figure(url, "puma_alarm_transitions_total");
  for (const [place, [offset, stepMs]] of SETTINGS.entries()) {
    writeFileSync(offsetFile, offset);
    await until(() => stepsIn(gateway.said()).length > place, 30_000);
    expect(Math.abs(stepsIn(gateway.said())[place]! - stepMs)).toBeLessThan(STEP_BLUR_MS);
    const before = await polls();
    await until(async () => (await polls()) > before + 15, 30_000);
    expect(new Set(await qualities(url))).toEqual(new Set(["good"]));
  }
  expect(stepsIn(gateway.said())).toHaveLength(SETTINGS.length);
  // Of a schedule by the clock that was set, an hour on would miss thousands; a busy machine misses a few of any.
  expect(await figure(url, "puma_device_polls_missed_total")).toBeLessThan(await polls());
  expect(await figure(url, "puma_device_polls_failed_total")).toBe(0);
  expect(await figure(url, "puma_alarm_transitions_total")).toBe(transitions);
  gateway.process.kill("SIGTERM");
  expect(await gateway.ended()).toBe(0);
  const points = sink.stored.map(identityOf);
  expect(points.length).toBeGreaterThan(100);
  expect(new Set(points).size).toBe(points.length);
});
