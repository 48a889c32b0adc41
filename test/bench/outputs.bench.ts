import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Output } from "../../src/domain/ports.ts";
import { LineEncoder } from "../../src/outputs/influx/line.ts";
import { createInfluxOutput } from "../../src/outputs/influx/output.ts";
import { FrameEncoder } from "../../src/outputs/mqtt/frames.ts";
import { createMqttOutput } from "../../src/outputs/mqtt/output.ts";
import { createSparkplugOutput } from "../../src/outputs/sparkplug/output.ts";
import {
  batchOfRows,
  sparkplugContext,
  influxContext,
  manyTags,
  mqttContext,
  never,
  TIME,
} from "../support/outputs.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";

/** Processor time per reading of the outputs alone, float32 values of 25,000 tags in batches of 5,000, the sink in a
 *  process of its own. Run with `node test/bench/outputs.bench.ts`; needs mosquitto. */
const ROWS = 5000;
const tags = manyTags(25_000);
const batches = Array.from({ length: 5 }, (_, part) =>
  batchOfRows(
    Array.from({ length: ROWS }, (__, row) => ({
      tag: part * ROWS + row,
      value: Math.fround(((part * ROWS + row) * 0.618_034) % 40),
      time: TIME + (row >> 7),
    })),
  ),
);
const table: { case: string; "µs CPU per reading": string; "readings/s": number }[] = [];

async function measure(
  name: string,
  rounds: number,
  write: (batch: (typeof batches)[number]) => unknown,
): Promise<void> {
  for (let round = 0; round < 10; round++) for (const batch of batches) await write(batch);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) for (const batch of batches) await write(batch);
  const { user, system } = process.cpuUsage(cpu);
  const readings = rounds * batches.length * ROWS;
  table.push({
    case: name,
    "µs CPU per reading": ((user + system) / readings).toFixed(2),
    "readings/s": Math.round((readings / (performance.now() - begun)) * 1000),
  });
}

async function measureOutput(name: string, output: Output): Promise<void> {
  await output.connect(never);
  await measure(name, 20, (batch) => output.write(batch, never));
  await output.close();
}

const lines = new LineEncoder("puma", tags, ROWS);
await measure("lines, encoding only", 40, (batch) => lines.encode(batch, 0, ROWS));
const limits = { qos: 1, retain: true, protocolVersion: 4, packetBytesMax: Infinity } as const;
const frames = new FrameEncoder(tags, ({ area, id }) => `rocmec/puma/${area}/${id}`, limits, ROWS);
await measure("PUBLISH packets, encoding only", 40, (batch) => frames.encode(batch, 0, ROWS));

using folder = temporaryFolder();
const mqttPort = await freePort();
const settings = join(folder.path, "mosquitto.conf");
writeFileSync(settings, `listener ${mqttPort} 127.0.0.1\nallow_anonymous true\n`);
{
  await using _broker = await startProgram(programPath("mosquitto", "mosquitto"), ["-c", settings], mqttPort);
  const url = `mqtt://127.0.0.1:${mqttPort}`;
  for (const qos of [0, 1] as const)
    await measureOutput(`mosquitto, QoS ${qos}`, createMqttOutput(mqttContext({ url, qos }, tags)));
  const edgeNode = createSparkplugOutput(sparkplugContext({ url }, tags, folder.path));
  await measureOutput("mosquitto, Sparkplug", edgeNode);
}

const sink = `require("node:http").createServer((q, a) => q.resume().on("end", () => a.writeHead(204).end()))
  .listen(0, "127.0.0.1", function () { console.log(this.address().port) })`;
const server = spawn(process.execPath, ["-e", sink], { stdio: ["ignore", "pipe", "inherit"] });
const httpPort = await new Promise<string>((resolve) =>
  server.stdout.once("data", (text) => resolve(String(text).trim())),
);
for (const gzip of [false, true])
  await measureOutput(
    `line protocol over HTTP${gzip ? ", gzip" : ""}`,
    createInfluxOutput(influxContext({ url: `http://127.0.0.1:${httpPort}`, gzip }, tags)),
  );
server.kill();
console.table(table);
