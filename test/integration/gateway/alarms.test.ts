import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Gateway } from "../../../src/gateway/gateway.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { startGateway } from "../../../src/gateway/gateway.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import type { InfluxSink } from "../../support/influx-sink.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import type { MqttSink } from "../../support/mqtt-sink.ts";
import { influxContext, mqttContext } from "../../support/outputs.ts";
import { createMemoryLog, root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

let broker: MqttSink;
let database: InfluxSink;
let puma: RunningPlant;
/** Its only output is away from the beginning, which takes a while to call. */
let lonely: RunningPlant;
/** The one that runs now. */
let gateway: Gateway;

beforeAll(async () => {
  broker = await startMqttSink();
  database = await startInfluxSink();
  const mqtt = { ...mqttContext({ url: broker.url, clientId: "plain" }, []).config, id: "plain" };
  const influx = { ...influxContext({ url: database.url }, []).config, id: "influx" };
  puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), (plant) => ({
    ...plant,
    outputs: [mqtt, influx],
  }));
  gateway = puma.gateway;
  const away = { ...mqttContext({ url: "mqtt://127.0.0.1:9", clientId: "away" }, []).config, id: "away" };
  lonely = await runPlant(join(root, "devices", "plants", "one-meter.yaml"), (plant) => ({
    ...plant,
    outputs: [away],
  }));
});

afterAll(async () => {
  await lonely[Symbol.asyncDispose]();
  await gateway.stop();
  await puma.simulated.close();
  await rm(gateway.view.plant.data.dir, { recursive: true, force: true });
  await broker[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

interface Shown {
  readonly alarm: string;
  readonly state: string;
  readonly by: string | null;
}

async function ask(
  path: string,
  body?: object,
  base = gateway.httpUrl,
): Promise<{ status: number; body: unknown }> {
  const request =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const reply = await fetch(`${base}${path}`, request);
  return { status: reply.status, body: await reply.json() };
}

const shown = async (alarm: string, base?: string): Promise<Shown> =>
  (await ask(`/api/v1/alarms/${alarm}`, undefined, base)).body as Shown;

const told = (alarm: string): Record<string, unknown>[] =>
  broker.messages
    .filter(({ topic }) => topic === `rocmec/puma/alarms/${alarm}`)
    .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);

test("a safety shower in use is an alarm on HTTP, the live socket, MQTT and InfluxDB until it is acknowledged and over", async () => {
  await until(() => gateway.view.isReady(), 30_000);
  const live = new WebSocket(`${gateway.httpUrl.replace("http", "ws")}/api/v1/live`);
  const messages: { alarms?: Shown[] }[] = [];
  live.on(
    "message",
    (data: Buffer) => void messages.push(JSON.parse(data.toString()) as { alarms?: Shown[] }),
  );
  await new Promise((open) => live.once("open", open));
  live.send(JSON.stringify({ subscribe: [], alarms: true }));
  await until(() => messages.some(({ alarms }) => alarms !== undefined));

  const shower = puma.simulated.inject({ fault: "safety-shower" });
  await until(async () => (await shown("XS-605.ON")).state === "UNACK", 10_000);
  await until(() => messages.some(({ alarms }) => alarms?.some((one) => one.alarm === "XS-605.ON")));
  const message = await until(() => told("XS-605.ON").at(-1), 10_000);
  expect(message).toMatchObject({
    state: "UNACK",
    before: "NORM",
    cause: "alarm",
    priority: 1,
    v: 1,
    q: "good",
  });
  const line = await until(
    () => database.stored.find((one) => one.startsWith("alarm,plant=puma,alarm=XS-605.ON")),
    10_000,
  );
  expect(line).toMatch(
    /^alarm,plant=puma,alarm=XS-605\.ON,priority=1 state="UNACK",value=1,cause="alarm" \d{13}$/u,
  );

  expect(await ask("/api/v1/alarms/XS-605.ON/acknowledge", { reason: "on my way" })).toMatchObject({
    status: 200,
    body: { state: "ACK", by: "local engineer", reason: "on my way" },
  });
  expect((await ask("/api/v1/alarms/XS-605.ON/acknowledge", {})).status).toBe(409);
  expect((await ask("/api/v1/alarms/XS-999.ON/acknowledge", {})).status).toBe(404);
  await shower.clear();
  await until(async () => (await shown("XS-605.ON")).state === "NORM", 10_000);
  const past = (await ask("/api/v1/alarms/history?alarm=XS-605.ON")).body as {
    to: string;
    by: string | null;
  }[];
  expect(past.map(({ to, by }) => [to, by])).toEqual([
    ["NORM", null],
    ["ACK", "local engineer"],
    ["UNACK", null],
  ]);
  live.close();
});

test("every standing is on /api/v1/alarms, the gravest first, and the figures of the operator's load beside it", async () => {
  const all = (await ask("/api/v1/alarms")).body as (Shown & { priority: number })[];
  const { alarms } = gateway.view;
  expect(all).toHaveLength(alarms.outlines.length);
  expect(all.map(({ priority }) => priority)).toEqual(
    all.map(({ priority }) => priority).toSorted((a, b) => a - b),
  );
  const standing = (await ask("/api/v1/alarms?state=standing")).body as Shown[];
  expect(standing.every(({ state }) => state !== "NORM")).toBe(true);
  const performance = (await ask("/api/v1/alarms/performance")).body as { measures: { name: string }[] };
  expect(performance.measures[0]?.name).toBe("alarms per 10 minutes");
  const metrics = await (await fetch(`${gateway.httpUrl}/metrics`)).text();
  expect(metrics).toContain('puma_alarms{state="NORM"}');
  expect(metrics).toMatch(/^puma_alarm_transitions_total [1-9]/mu);
  expect((await ask("/api/v1/alarms?state=WRONG")).status).toBe(400);
});

test("an alarm is shelved for a reason and a time, and one of priority 1 by two people", async () => {
  expect((await ask("/api/v1/alarms/LT-801.L/shelve", { minutes: 60 })).status).toBe(409);
  expect(
    (await ask("/api/v1/alarms/LT-801.L/shelve", { minutes: 721, reason: "float is stuck" })).status,
  ).toBe(400);
  expect(
    await ask("/api/v1/alarms/LT-801.L/shelve", { minutes: 60, reason: "float is stuck" }),
  ).toMatchObject({
    status: 200,
    body: { state: "SHELVED", reason: "float is stuck" },
  });
  const grave = { minutes: 5, reason: "shower is being tested" };
  expect((await ask("/api/v1/alarms/XS-605.ON/shelve", grave)).body).toMatchObject({ statusCode: 409 });
  expect((await ask("/api/v1/alarms/XS-605.ON/shelve", { ...grave, secondPerson: "Luis" })).status).toBe(200);
  expect((await ask("/api/v1/alarms/XS-605.ON/unshelve", {})).body).toMatchObject({ state: "NORM" });
});

test("an engineer sets a limit while the plant runs: within its range, for a reason, and told in full", async () => {
  const set = (body: object, alarm = "LT-801.L"): Promise<{ status: number; body: unknown }> =>
    ask(`/api/v1/alarms/${alarm}/limit`, body);
  expect((await set({ limit: 25 })).status).toBe(400);
  expect((await set({ limit: 25, band: [1, 2], reason: "both" })).status).toBe(400);
  expect((await set({ limit: 0, reason: "never" })).body).toMatchObject({
    statusCode: 409,
    message: "LT-801 goes from 0 to 100 and never passes 0.",
  });
  expect((await set({ limit: 25, reason: "who" }, "LT-999.L")).status).toBe(404);
  expect(await set({ limit: 25, reason: "pond is low this month" })).toMatchObject({
    status: 200,
    body: {
      limit: 25,
      setting: {
        limit: 25,
        planned: { limit: 20 },
        isChanged: true,
        change: { by: "local engineer", reason: "pond is low this month", from: { limit: 20 } },
      },
    },
  });
  expect((await set({ limit: "120%", reason: "new motor" }, "IT-103.H")).body).toMatchObject({
    setting: { limit: "120%", planned: { limit: "110%" } },
  });
  const changes = (await ask("/api/v1/alarms/limits")).body as { alarm: string }[];
  expect(changes.map(({ alarm }) => alarm)).toEqual(["IT-103.H", "LT-801.L"]);
});

test("the horn is silenced for one console, and the live socket tells who did", async () => {
  const live = new WebSocket(`${gateway.httpUrl.replace("http", "ws")}/api/v1/live`);
  const heard: { annunciation?: { silences: { console: string; by: string }[] } }[] = [];
  live.on("message", (data: Buffer) => void heard.push(JSON.parse(data.toString()) as object));
  await new Promise((open) => live.once("open", open));
  live.send(JSON.stringify({ subscribe: [], alarms: true }));
  await until(() => heard.some(({ annunciation }) => annunciation !== undefined));
  const silence = await ask("/api/v1/alarms/silence", { console: "room-1" });
  expect(silence).toMatchObject({
    status: 200,
    body: { silences: [{ console: "room-1", by: "local engineer" }] },
  });
  await until(() => heard.at(-1)?.annunciation?.silences[0]?.console === "room-1");
  expect((await ask("/api/v1/alarms/annunciation")).body).toEqual(silence.body);
  live.close();
});

test("a gateway that starts again has every alarm as it was, and tells the outputs what they have missed", async () => {
  const shower = puma.simulated.inject({ fault: "safety-shower" });
  await until(async () => (await shown("XS-605.ON")).state === "UNACK", 10_000);
  await ask("/api/v1/alarms/XS-605.ON/acknowledge", { reason: "seen before the stop" });
  await gateway.stop();
  const { plant } = gateway.view;
  gateway = await startGateway({
    plant,
    version: "test",
    clock: systemClock,
    speed: 1,
    sinkClock: systemClock,
    seed: 1,
    log: createMemoryLog(),
    webDir: join(root, "dist", "web"),
  });
  expect(await shown("XS-605.ON")).toMatchObject({ state: "ACK", by: "local engineer" });
  expect(await shown("LT-801.L")).toMatchObject({ state: "SHELVED", setting: { limit: 25 } });
  expect((await ask("/api/v1/alarms/LT-801.L/limit/restore", { reason: "rain" })).body).toMatchObject({
    setting: { limit: 20, isChanged: false, change: { reason: "rain" } },
  });
  await until(() => gateway.view.isReady(), 30_000);
  await shower.clear();
  await until(async () => (await shown("XS-605.ON")).state === "NORM", 10_000);
  await until(() => told("XS-605.ON").at(-1)?.["state"] === "NORM", 10_000);
  const states = told("XS-605.ON").map(({ state }) => state);
  expect(states.slice(-3)).toEqual(["UNACK", "ACK", "NORM"]);
});

test("an output that is away is an alarm of the gateway itself", async () => {
  const base = lonely.gateway.httpUrl;
  await until(async () => (await shown("gateway.output-away", base)).state === "UNACK", 40_000);
  expect(await shown("gateway.spool-unprotected", base)).toMatchObject({ state: "NORM" });
  const { devices } = lonely.gateway.view.plant;
  expect(await shown(`gateway.device-${devices[0]?.id}`, base)).toMatchObject({ state: "NORM" });
});
