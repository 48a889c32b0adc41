import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { describe, expect, test } from "vitest";
import { readingAt } from "../../src/domain/batch.ts";
import { qualityOf, Status } from "../../src/domain/status.ts";
import { acceleratedClock } from "../../src/domain/system-clock.ts";
import { createOutput } from "../../src/outputs/index.ts";
import { createMqttOutput } from "../../src/outputs/mqtt/output.ts";
import { shortestFloat32 } from "../../src/domain/number.ts";
import {
  batchOfRows,
  KINDS,
  manyReadings,
  manyTags,
  mqttContext,
  never,
  sparkplugContext,
  TIME,
} from "../support/outputs.ts";
import type { Row } from "../support/outputs.ts";
import { freePort } from "../support/free-port.ts";
import { programPath, startProgram, temporaryFolder } from "../support/program.ts";
import type { Program } from "../support/program.ts";
import { until } from "../support/until.ts";

const ROWS = 5000;
const tags = Array.from({ length: ROWS }, (_, index) => ({
  ...KINDS[index % KINDS.length]!,
  index,
  id: `T-${index}`,
}));

/** Every kind of reading: numbers, bits, 64-bit integers, texts; good, uncertain and bad. */
const rows: readonly Row[] = tags.map((tag, index): Row => {
  const status = [Status.Good, Status.Good, Status.UncertainStale, Status.UncertainRangeHigh][index % 4]!;
  if (index % 17 === 0) return { tag: index, value: null, status: Status.BadNoCommunication };
  const values = {
    bool: index % 2,
    uint64: 2n ** 53n + BigInt(index),
    string: `año "${index}"\n`,
    float32: 0,
  };
  if (tag.type === "float32") return { tag: index, value: Math.fround(index / 7), status };
  if (tag.type in values) return { tag: index, value: values[tag.type as keyof typeof values], status };
  return { tag: index, value: index / 7, status, time: TIME + index };
});

interface Mosquitto extends AsyncDisposable {
  readonly url: string;
  readonly process: Program["process"];
}

async function startMosquitto(): Promise<Mosquitto> {
  const path = programPath("mosquitto", "mosquitto");
  const folder = temporaryFolder();
  const port = await freePort();
  const file = join(folder.path, "mosquitto.conf");
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
  const program = await startProgram(path, ["-c", file], port);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    process: program.process,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

interface Listener extends AsyncDisposable {
  readonly messages: { topic: string; payload: string; retain: boolean; qos: number }[];
}

async function listen(url: string, topic: string, qos: 0 | 1): Promise<Listener> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  const messages: Listener["messages"] = [];
  client.on("message", (name, payload, packet) =>
    messages.push({ topic: name, payload: payload.toString(), retain: packet.retain, qos: packet.qos }),
  );
  await client.subscribeAsync(topic, { qos });
  return { messages, [Symbol.asyncDispose]: () => client.endAsync() };
}

function expectedPayload(index: number): object {
  const { tag, value, status, sourceTime } = readingAt(batchOfRows(rows), index, tags);
  const number = typeof value === "number" && tag.type === "float32" ? shortestFloat32(value) : value;
  return {
    t: sourceTime,
    v: typeof number === "bigint" ? String(number) : number,
    q: qualityOf(status),
    s: status,
    ...(tag.unit === null ? {} : { u: tag.unit }),
  };
}

describe("mosquitto", () => {
  test.each([
    [0, 4],
    [1, 4],
    [0, 5],
    [1, 5],
  ] as const)(
    "receives 5,000 readings at QoS %d over MQTT version %d, each once, in order and with its value, and retains them",
    async (qos, protocolVersion) => {
      await using broker = await startMosquitto();
      await using live = await listen(broker.url, "rocmec/puma/+/+", 1);
      // On a clock that goes slowly no deadline is missed by a machine that is busy.
      const clock = acceleratedClock(0.1, Date.now());
      const output = createMqttOutput(mqttContext({ url: broker.url, qos, protocolVersion }, tags, clock));
      await output.connect(never);
      expect(await output.write(batchOfRows(rows), never)).toEqual([]);
      await until(() => live.messages.length >= ROWS, 60_000);
      expect(live.messages).toHaveLength(ROWS);
      const expected = Array.from({ length: ROWS }, (_, index) => expectedPayload(index));
      live.messages.forEach(({ topic, payload, qos: received }, index) => {
        expect(topic).toBe(`rocmec/puma/${tags[index]!.area}/T-${index}`);
        expect(JSON.parse(payload)).toEqual(expected[index]);
        expect(received).toBe(qos);
      });
      await using late = await listen(broker.url, "rocmec/puma/#", 0);
      await until(() => late.messages.length >= ROWS + 1, 60_000);
      const status = late.messages.find(({ topic }) => topic.endsWith("/status"));
      expect(status).toMatchObject({ payload: "online", retain: true });
      expect(late.messages.every(({ retain }) => retain)).toBe(true);
      expect(new Map(late.messages.map(({ topic, payload }) => [topic, payload]))).toEqual(
        new Map([...live.messages, status!].map(({ topic, payload }) => [topic, payload])),
      );
      await output.close();
    },
  );

  test("speaks our Will when the gateway is killed, and our own word when it closes", async () => {
    await using broker = await startMosquitto();
    await using listener = await listen(broker.url, "rocmec/puma/status", 1);
    const script = `
      const { createMqttOutput } = await import("./src/outputs/mqtt/output.ts");
      const { mqttContext } = await import("./test/support/outputs.ts");
      await createMqttOutput(mqttContext({ url: ${JSON.stringify(broker.url)} }, [])).connect(new AbortController().signal);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    await until(() => listener.messages.some(({ payload }) => payload === "online"), 30_000);
    child.kill("SIGKILL");
    await until(() => listener.messages.length === 2);
    const output = createMqttOutput(mqttContext({ url: broker.url }, []));
    await output.connect(never);
    await output.close();
    await until(() => listener.messages.length === 4);
    expect(listener.messages.map(({ payload }) => payload)).toEqual([
      "online",
      "offline",
      "online",
      "offline",
    ]);
  });

  test("that is stopped in the middle is a lost connection, and gets the whole batch when it runs again", async () => {
    await using broker = await startMosquitto();
    const many = manyTags(ROWS);
    const clock = acceleratedClock(20, Date.now());
    const output = createMqttOutput(mqttContext({ url: broker.url }, many, clock));
    await output.connect(never);
    broker.process.kill("SIGSTOP");
    await expect(output.write(manyReadings(ROWS), never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    broker.process.kill("SIGCONT");
    await output.connect(never);
    expect(await output.write(manyReadings(ROWS), never)).toEqual([]);
    await using late = await listen(broker.url, "rocmec/puma/grinding/+", 0);
    await until(() => late.messages.length === ROWS, 60_000);
    await output.close();
  });

  test.each(["json", "sparkplug"] as const)(
    "that freezes or is killed while nothing is written is noticed, by an output in format %s",
    async (format) => {
      await using broker = await startMosquitto();
      using folder = temporaryFolder();
      const changes = { url: broker.url, keepaliveS: 1, format };
      const output = createOutput(sparkplugContext(changes, manyTags(1), folder.path));
      for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
        await output.connect(never);
        const lost = output.lost();
        expect(lost.aborted).toBe(false);
        broker.process.kill(signal);
        await until(() => lost.aborted, 15_000);
        expect(lost.reason).toMatchObject({ code: "CONNECTION_LOST" });
        broker.process.kill("SIGCONT");
      }
      await output.close();
    },
  );

  test("that is killed is a lost connection at once", async () => {
    await using broker = await startMosquitto();
    const output = createMqttOutput(mqttContext({ url: broker.url }, manyTags(ROWS)));
    await output.connect(never);
    broker.process.kill("SIGSTOP");
    const writing = output.write(manyReadings(ROWS), never);
    const begun = performance.now();
    broker.process.kill("SIGKILL");
    await expect(writing).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    expect(performance.now() - begun).toBeLessThan(5000);
    await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });
});
