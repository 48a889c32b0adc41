import type { IPublishPacket, Packet } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { acceleratedClock } from "../../../src/domain/system-clock.ts";
import { startBroker } from "../../../src/outputs/broker.ts";
import { createMqttOutput } from "../../../src/outputs/mqtt/output.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import { batchOfRows, manyReadings, manyTags, mqttContext, never, quietLog } from "../../support/outputs.ts";
import { startScriptedBroker } from "../../support/scripted-broker.ts";
import { until } from "../../support/until.ts";

const tags = manyTags(12_000);

test("readings that were lost are told on a topic of their own, retained for those who come back later", async () => {
  await using sink = await startMqttSink();
  const output = createMqttOutput(mqttContext({ url: sink.url }, tags));
  await output.connect(never);
  const gap = { from: 1_763_868_000_000, to: 1_763_868_005_000, count: 40, reason: "spool-full" };
  await output.gap!(gap, never);
  const told = sink.messages.find(({ topic }) => topic === "rocmec/puma/gap");
  expect(told).toMatchObject({ qos: 1, retain: true });
  expect(JSON.parse(told!.payload)).toEqual({ output: "mqtt", ...gap });
  sink.cut();
  await until(() => output.lost().aborted);
  await expect(output.gap!(gap, never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  await output.close();
});

describe("the status topic", () => {
  test("says online after connecting and offline on closing, retained", async () => {
    await using sink = await startMqttSink();
    const output = createMqttOutput(mqttContext({ url: sink.url }, tags));
    await output.connect(never);
    await until(() => sink.messages.length > 0);
    expect(sink.messages).toEqual([{ topic: "rocmec/puma/status", payload: "online", qos: 1, retain: true }]);
    await output.close();
    await until(() => sink.messages.length > 1);
    expect(sink.messages.at(-1)).toEqual({
      topic: "rocmec/puma/status",
      payload: "offline",
      qos: 1,
      retain: true,
    });
  });

  test("is the Will of the connection, and a clean close takes leave", async () => {
    await using broker = await startScriptedBroker({});
    const output = createMqttOutput(mqttContext({ url: broker.url, user: "u", password: "p" }, tags));
    await output.connect(never);
    const [connect] = broker.connects;
    expect(connect).toMatchObject({ clientId: "puma", clean: true, username: "u", keepalive: 15 });
    expect(connect!.will).toMatchObject({ topic: "rocmec/puma/status", qos: 1, retain: true });
    expect(String(connect!.will!.payload)).toBe("offline");
    await output.close();
    await until(() => broker.goodbyes() === 1);
  });

  test("is spoken by the Will when the process dies", async () => {
    await using sink = await startMqttSink();
    const output = createMqttOutput(mqttContext({ url: sink.url }, tags));
    await output.connect(never);
    sink.cut();
    await until(() => sink.messages.at(-1)?.payload === "offline");
    await output.close();
  });
});

describe("acknowledgements", () => {
  test("of more rows than packets may be in flight are all awaited", async () => {
    await using sink = await startMqttSink();
    const output = createMqttOutput(mqttContext({ url: sink.url }, tags));
    await output.connect(never);
    expect(await output.write(manyReadings(12_000), never)).toEqual([]);
    await until(() => sink.messages.length >= 12_001); // this broker acknowledges first and publishes then
    expect(sink.messages).toHaveLength(12_001);
    await output.close();
  });

  test("of large texts are awaited too, over WebSocket as well, where a broker bounds what comes at once", async () => {
    const texts = manyTags(1000).map((tag) => Object.assign(tag, { type: "string" as const }));
    const rows = texts.map((_tag, tag) => ({ tag, value: `${tag} ${"x".repeat(4000)}` }));
    const broker = await startBroker({ host: "127.0.0.1", port: 0, wsPort: 0 }, quietLog);
    const output = createMqttOutput(mqttContext({ url: `ws://127.0.0.1:${broker.wsPort}` }, texts));
    await output.connect(never);
    expect(await output.write(batchOfRows(rows), never)).toEqual([]);
    await output.close();
    await broker.close();
  });

  test("that come twice, or for packets that were never sent, complete nothing", async () => {
    let held: (() => void) | undefined;
    await using broker = await startScriptedBroker({
      onPublish: ({ messageId, topic }, send) => {
        if (topic.endsWith("T-1")) {
          held = () => send({ cmd: "puback", messageId: messageId! });
          for (const foreign of [1, 1, 3, 900, 65_535]) send({ cmd: "puback", messageId: foreign });
        } else send({ cmd: "puback", messageId: messageId! });
      },
    });
    const output = createMqttOutput(mqttContext({ url: broker.url }, tags));
    await output.connect(never);
    let isDone = false;
    const writing = output.write(manyReadings(2), never).then(() => {
      isDone = true;
    });
    await until(() => held !== undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    held!();
    await writing;
    await output.close();
  });

  test("in any order are as good", async () => {
    const waiting: (() => void)[] = [];
    await using broker = await startScriptedBroker({
      onPublish: ({ messageId, topic }, send) => {
        const reply: Packet = { cmd: "puback", messageId: messageId! };
        if (topic.endsWith("/status")) return send(reply);
        waiting.push(() => send(reply));
        if (waiting.length === 100) for (const answer of waiting.toReversed()) answer();
        return undefined;
      },
    });
    const output = createMqttOutput(mqttContext({ url: broker.url }, tags));
    await output.connect(never);
    expect(await output.write(manyReadings(100), never)).toEqual([]);
    await output.close();
  });

  test("that do not come end the write as a lost connection, and the next write says so too", async () => {
    await using broker = await startScriptedBroker({
      onPublish: ({ messageId, topic }, send) => {
        if (!topic.endsWith("T-7")) send({ cmd: "puback", messageId: messageId! });
      },
    });
    const clock = acceleratedClock(50, Date.now());
    const output = createMqttOutput(mqttContext({ url: broker.url }, tags, clock));
    await output.connect(never);
    await expect(output.write(manyReadings(100), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: "The broker has acknowledged nothing for 10 s.",
    });
    await expect(output.write(manyReadings(1), never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });
});

test("a broker that answers no ping is a lost connection", { timeout: 20_000 }, async () => {
  await using broker = await startScriptedBroker({ answersPings: false, onPublish: silentAfterStatus });
  const output = createMqttOutput(mqttContext({ url: broker.url, keepaliveS: 1 }, tags));
  await output.connect(never);
  await expect(output.write(manyReadings(10), never)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
    message: "The connection to the broker failed: Keepalive timeout.",
  });
  await output.close();
});

describe("limits of an MQTT 5 broker", () => {
  test("Receive Maximum: never more packets in flight", async () => {
    let inFlight = 0;
    let most = 0;
    await using broker = await startScriptedBroker({
      protocolVersion: 5,
      connack: { properties: { receiveMaximum: 20 } },
      onPublish: ({ messageId }, send) => {
        most = Math.max(most, ++inFlight);
        setImmediate(() => {
          inFlight--;
          send({ cmd: "puback", messageId: messageId! });
        });
      },
    });
    const output = createMqttOutput(mqttContext({ url: broker.url, protocolVersion: 5 }, tags));
    await output.connect(never);
    expect(await output.write(manyReadings(500), never)).toEqual([]);
    expect(broker.published).toHaveLength(501);
    expect(most).toBeLessThanOrEqual(20);
    await output.close();
  });

  test("Maximum Packet Size, Maximum QoS and Retain Available", async () => {
    await using broker = await startScriptedBroker({
      protocolVersion: 5,
      connack: { properties: { maximumPacketSize: 85, maximumQoS: 0, retainAvailable: false } },
    });
    const output = createMqttOutput(mqttContext({ url: broker.url, protocolVersion: 5 }, tags));
    await output.connect(never);
    const rejections = await output.write(manyReadings(101), never);
    expect(rejections.length).toBeGreaterThan(0);
    expect(rejections[0]!.reason).toMatch(/larger than the broker takes/u);
    await until(() => broker.published.length >= 102 - rejections.length);
    expect(broker.published.every(({ qos, retain }) => qos === 0 && !retain)).toBe(true);
    await output.close();
  });

  test("a refusal for good rejects the row, any other asks to wait", async () => {
    let reasonCode = 0x87;
    await using broker = await startScriptedBroker({
      protocolVersion: 5,
      onPublish: ({ messageId, topic }, send) =>
        send({ cmd: "puback", messageId: messageId!, reasonCode: topic.endsWith("T-3") ? reasonCode : 0x10 }),
    });
    const output = createMqttOutput(mqttContext({ url: broker.url, protocolVersion: 5 }, tags));
    await output.connect(never);
    expect(await output.write(manyReadings(9), never)).toEqual([
      { row: 3, reason: "the broker does not authorize this topic (0x87)" },
    ]);
    reasonCode = 0x97;
    await expect(output.write(manyReadings(9), never)).rejects.toMatchObject({
      code: "THROTTLED",
      retryAfterMs: 5000,
    });
    await output.close();
  });
});

test("a broker that refuses the password is told in a sentence, without the password", async () => {
  await using broker = await startScriptedBroker({ connack: { returnCode: 5 } });
  const output = createMqttOutput(mqttContext({ url: broker.url, user: "u", password: "secret" }, tags));
  await expect(output.connect(never)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
    message: expect.stringMatching(
      /^The MQTT broker at 127.0.0.1:\d+ .*does not accept our user name or password\.$/u,
    ) as string,
  });
  await output.close();
});

test("closing with a frozen broker takes no longer than the goodbye's deadline", async () => {
  await using broker = await startScriptedBroker({ onPublish: onlyFirst() });
  const clock = acceleratedClock(20, Date.now());
  const output = createMqttOutput(mqttContext({ url: broker.url }, tags, clock));
  await output.connect(never);
  await output.close();
});

function silentAfterStatus({ messageId, topic }: IPublishPacket, send: (reply: Packet) => void): void {
  if (topic.endsWith("/status")) send({ cmd: "puback", messageId: messageId! });
}

function onlyFirst(): (packet: IPublishPacket, send: (reply: Packet) => void) => void {
  let count = 0;
  return ({ messageId }, send) => {
    if (count++ === 0) send({ cmd: "puback", messageId: messageId! });
  };
}
