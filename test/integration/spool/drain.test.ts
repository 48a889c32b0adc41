import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { loadPlant } from "../../../src/config/load.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { openPlantSpool } from "../../../src/gateway/spooling.ts";
import { nodeFs } from "../../../src/store/spool/node-fs.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import type { MqttSink } from "../../support/mqtt-sink.ts";
import { root, runPlant } from "../../support/plant.ts";
import { plantScan } from "../../support/puma-scan.ts";
import { until } from "../../support/until.ts";
import { expectBalance, quiet } from "../../support/spool.ts";

const HOURS = process.env["PUMA_SOAK"] === undefined ? 0.25 : 24;
const SPEED_MIN = 50;
const LATENCY_MS_MAX = 1_000;
const SETTLE_MS = 10_000;
const MORE_THAN_THIS_IS_THE_PAST = 5_000;

const dir = mkdtempSync(join(tmpdir(), "puma-drain-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PUMA = join(root, "devices", "plants", "puma.yaml");

/** The Puma plant with a broker and a database. */
function plantWith(mqttUrl: string, influxUrl: string): Plant {
  const file = join(dir, "puma.yaml");
  const outputs = `outputs: { mqtt: { url: "${mqttUrl}" }, influx: { url: "${influxUrl}", database: puma, gzip: false } }`;
  writeFileSync(file, `${readFileSync(PUMA, "utf8")}\n${outputs}\n`);
  return loadPlant(file);
}

/** A spool on disk as an outage leaves it: every tag once a second, nothing delivered. */
async function fillSpool(plant: Plant): Promise<number> {
  const clock = virtualClock(Date.now() - HOURS * 3_600_000);
  const spool = await openPlantSpool(
    { ...plant, data: { ...plant.data, dir } },
    nodeFs,
    {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      schedule: (ms, action) => systemClock.schedule(ms, action),
    },
    quiet,
  );
  const scanAt = plantScan(plant, 1);
  let readings = 0;
  for (let second = 0; second < HOURS * 3600; second++) {
    for (const batch of scanAt(clock.now())) {
      spool.append(batch);
      readings += batch.length;
    }
    await clock.advance(1000);
    await spool.flush();
  }
  await spool.close();
  return readings;
}

/** From the poll to the arrival of each fresh message that was polled after `from`, as near as 20 ms, ms. Modbus only:
 *  there the time of a reading is that of its poll. */
async function watchLatency(sink: MqttSink, plant: Plant, from: number, signal: AbortSignal) {
  const polled = new Set(plant.tags.filter(({ source }) => source.protocol === "modbus").map(({ id }) => id));
  const latencies: number[] = [];
  while (!signal.aborted) {
    const now = Date.now();
    sink.payloads.length = 0;
    for (const { topic, retain, payload } of sink.messages.splice(0)) {
      const time = Number(/"t":(\d+)/.exec(payload)?.[1]);
      if (retain && time >= from && polled.has(topic.split("/").at(-1)!)) latencies.push(now - time);
    }
    await pause(20);
  }
  return latencies.sort((a, b) => a - b);
}

describe(`${HOURS} hours of the Puma plant that no output has taken`, () => {
  it("are delivered at fifty times real time and more, while the present takes less than a second", async () => {
    await using broker = await startMqttSink();
    await using database = await startInfluxSink();
    const wanted = plantWith(broker.url, database.url);
    const { outputs } = wanted;
    const readings = await fillSpool(wanted);
    const begun = performance.now();
    await using plant = await runPlant(PUMA, (found) => {
      renameSync(join(dir, "spool"), join(found.data.dir, "spool"));
      return { ...found, outputs };
    });
    const stop = new AbortController();
    const { view } = plant.gateway;
    await until(() => view.outputs().every(({ connected }) => connected));
    const latency = watchLatency(broker, wanted, Date.now(), stop.signal);
    for (;;) {
      const now = view.outputs();
      for (const output of now) expectBalance(output);
      database.requests.length = database.stored.length = 0;
      if (now.every(({ pending }) => pending < MORE_THAN_THIS_IS_THE_PAST)) break;
      await pause(100);
    }
    const tookMs = performance.now() - begun - SETTLE_MS;
    stop.abort();
    const latencies = await latency;
    const p99 = latencies[Math.floor(latencies.length * 0.99)]!;
    const speed = (HOURS * 3_600_000) / tookMs;
    console.log(
      `${readings} readings for ${outputs.length} outputs in ${(tookMs / 1000).toFixed(1)} s: ${speed.toFixed(0)} times real time; the present meanwhile ${p99} ms at the 99th percentile`,
    );
    expect(speed).toBeGreaterThanOrEqual(SPEED_MIN);
    expect(latencies.length).toBeGreaterThan(1_000);
    expect(p99).toBeLessThanOrEqual(LATENCY_MS_MAX);
  });
});
