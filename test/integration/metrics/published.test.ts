import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { steadyState } from "../../../simulators/instruments/steady-state.ts";
import { createCalendar } from "../../../src/domain/calendar.ts";
import type { Period } from "../../../src/domain/calendar.ts";
import { Status } from "../../../src/domain/status.ts";
import { batchFrom } from "../../support/history.ts";
import { course } from "../../support/metric-bench.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import type { InfluxSink } from "../../support/influx-sink.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import type { MqttSink } from "../../support/mqtt-sink.ts";
import { influxContext, mqttContext } from "../../support/outputs.ts";
import { root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { startHost } from "../../support/sparkplug-host.ts";
import type { Host } from "../../support/sparkplug-host.ts";
import { until } from "../../support/until.ts";

let puma: RunningPlant;
let broker: MqttSink;
let sparkplugBroker: MqttSink;
let host: Host;
let database: InfluxSink;
let shift: Period;

/** The last shift that is over, as a gateway that ran then would have it in its history. */
beforeAll(async () => {
  broker = await startMqttSink();
  sparkplugBroker = await startMqttSink();
  host = await startHost({ url: sparkplugBroker.url });
  database = await startInfluxSink();
  const mqtt = { ...mqttContext({ url: broker.url, clientId: "plain" }, []).config, id: "plain" };
  const node = mqttContext({ format: "sparkplug", url: sparkplugBroker.url, clientId: "node" }, []).config;
  const influx = influxContext({ url: database.url }, []).config;
  puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), (plant) => ({
    ...plant,
    outputs: [mqtt, { ...node, id: "node" }, { ...influx, id: "influx" }],
  }));
  const { plant } = puma.gateway.view;
  const calendar = createCalendar(plant);
  shift = calendar.previous(calendar.periodAt("shift", Date.now()));
  const tags = plant.tags.filter(({ id }) => ["WIT-201", "MT-201"].includes(id));
  const source = steadyState(plant, 1);
  for (const tag of tags) {
    const value = (time: number): number => Number(source.valueAt(tag, time));
    const rows = course(shift.from - 60_000, shift.to + 60_000, 10_000, value);
    const status = Status.UncertainSimulated;
    puma.gateway.historian.append(
      batchFrom(
        tag.index,
        rows.map(({ time, value: v }) => ({ time, value: v, status })),
      ),
    );
  }
  expect(await puma.gateway.historian.sync()).toBe(true);
  puma.gateway.reopen(shift.from);
});

afterAll(async () => {
  await puma[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
  for (const sink of [broker, sparkplugBroker, database]) await sink[Symbol.asyncDispose]();
});

async function fetched(path: string): Promise<unknown> {
  const reply = await fetch(`${puma.gateway.httpUrl}${path}`);
  expect(reply.status, path).toBe(200);
  return reply.json();
}

test("the dry tonnes of a shift are served over HTTP with uncertainty, coverage, state and inputs", async () => {
  const path = `/api/v1/metrics/feed-dry?period=shift&from=${shift.from}&to=${shift.to}`;
  const figures = await until(async () => {
    const found = (await fetched(path)) as { value: number | null }[];
    return found.length === 1 && found[0]?.value !== null && found;
  }, 30_000);
  expect(figures[0]).toMatchObject({ metric: "feed-dry", key: shift.key, unit: "t/h", version: 1 });
  const { value, sd, total, coverage, state, inputs } = figures[0] as unknown as {
    readonly [K in "value" | "sd" | "total" | "coverage"]: number;
  } & { readonly state: string; readonly inputs: readonly { readonly id: string }[] };
  expect(value).toBeCloseTo(4.2, 1);
  expect(sd).toBeGreaterThan(0.03);
  expect(total).toBeCloseTo(4.2 * 12, 0);
  expect(coverage).toBe(1);
  expect(state).toBe("PRELIMINARY");
  expect(inputs.map(({ id }) => id)).toEqual(["WIT-201", "MT-201"]);
});

test("they go to MQTT on a retained topic of their own", async () => {
  const topic = "rocmec/puma/metrics/feed-dry/shift";
  const message = await until(
    () => broker.messages.findLast((one) => one.topic === topic && !one.payload.includes('"v":null')),
    30_000,
  );
  expect(message.qos).toBe(1);
  expect(message.retain).toBe(true);
  const payload = JSON.parse(message.payload) as Record<string, unknown>;
  expect(payload).toMatchObject({ u: "t/h", q: "uncertain", from: shift.from, to: shift.to, t: shift.to });
  expect(payload["v"]).toBeCloseTo(4.2, 1);
  expect(payload["sd"]).toBeGreaterThan(0.03);
  expect(payload).toHaveProperty("coverage", 1);
});

test("they go to InfluxDB as a line at the start of the shift", async () => {
  const line = await until(
    () =>
      database.stored.find((one) =>
        one.startsWith("metric,plant=puma,area=grinding,metric=feed-dry,period=shift value="),
      ),
    30_000,
  );
  expect(line).toMatch(/value=4\.\d+,sd=0\.0\d+,coverage=1,quality=1i,status=\d+i,version=1i /u);
  expect(line.endsWith(` ${shift.from}`)).toBe(true);
});

test("a Sparkplug host knows them as metrics of the node", async () => {
  const value = await until(
    () => host.values.findLast(({ name, isNull }) => name === "metrics/feed-dry/shift" && isNull !== true),
    30_000,
  );
  expect(value.value).toBeCloseTo(4.2, 1);
});

test("what the belt brings now is told as it changes, and kept nowhere", async () => {
  const topic = "rocmec/puma/metrics/feed-dry/instant";
  const message = await until(
    () => broker.messages.findLast((one) => one.topic === topic && !one.payload.includes('"v":null')),
    90_000,
  );
  expect(JSON.parse(message.payload)).toMatchObject({ u: "t/h", version: 0 });
});

test("Prometheus sees how much has been computed and how much waits for an output", async () => {
  const reply = await fetch(`${puma.gateway.httpUrl}/metrics`);
  const text = await reply.text();
  expect(text).toMatch(/^puma_figures_computed_total [1-9]\d*$/mu);
  expect(text).toMatch(/^puma_figures_pending \d+$/mu);
  expect(text).toMatch(/^puma_figures_unpublished\{output="influx"\} \d+$/mu);
});
