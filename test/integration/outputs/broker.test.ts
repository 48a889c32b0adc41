import net from "node:net";
import { connectAsync } from "mqtt";
import type { MqttClient } from "mqtt";
import { describe, expect, test } from "vitest";
import { startBroker } from "../../../src/outputs/broker.ts";
import type { Broker } from "../../../src/outputs/broker.ts";
import { createMqttOutput } from "../../../src/outputs/mqtt/output.ts";
import { manyReadings, manyTags, mqttContext, never, quietLog } from "../../support/outputs.ts";
import { until } from "../../support/until.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0, wsPort: 0 };
const tags = manyTags(6000);

async function subscriber(
  url: string,
  topic: string,
): Promise<{ client: MqttClient; seen: Map<string, string> }> {
  const client = await connectAsync(url, { reconnectPeriod: 0 });
  client.on("error", () => undefined);
  const seen = new Map<string, string>();
  client.on("message", (name, payload) => seen.set(name, payload.toString()));
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, seen };
}

describe("the embedded broker", () => {
  test.each(["tcp", "WebSocket"])(
    "carries readings over %s and keeps them for who comes later",
    async (transport) => {
      const broker = await startBroker(LOOPBACK, quietLog);
      const url = transport === "tcp" ? broker.url : `ws://127.0.0.1:${broker.wsPort}`;
      const output = createMqttOutput(mqttContext({ url }, tags));
      await output.connect(never);
      expect(await output.write(manyReadings(6000), never)).toEqual([]);
      const { client, seen } = await subscriber(url, "rocmec/puma/#");
      await until(() => seen.size === 6001);
      expect(seen.get("rocmec/puma/status")).toBe("online");
      expect(JSON.parse(seen.get("rocmec/puma/grinding/T-1")!)).toMatchObject({ v: 0.47, q: "good" });
      await output.close();
      await until(() => seen.get("rocmec/puma/status") === "offline");
      await client.endAsync();
      await broker.close();
    },
  );

  test("closes promptly with clients of both kinds connected", async () => {
    const broker = await startBroker(LOOPBACK, quietLog);
    const clients = await Promise.all([
      subscriber(broker.url, "#"),
      subscriber(`ws://127.0.0.1:${broker.wsPort}`, "#"),
    ]);
    const begun = performance.now();
    await broker.close();
    expect(performance.now() - begun).toBeLessThan(2000);
    await until(() => clients.every(({ client }) => !client.connected));
    await expect(connectAsync(broker.url, { reconnectPeriod: 0 })).rejects.toThrow();
  });

  test("takes the next free port when asked to, and otherwise says that the port is taken", async () => {
    const first = await startBroker(LOOPBACK, quietLog);
    const taken = { host: "127.0.0.1", port: first.tcpPort, wsPort: first.wsPort };
    await expect(startBroker(taken, quietLog)).rejects.toMatchObject({ code: "EADDRINUSE" });
    const second = await startBroker(taken, quietLog, { nextFree: true });
    expect(second.tcpPort).toBeGreaterThan(first.tcpPort);
    expect(second.wsPort).toBeGreaterThan(first.wsPort);
    await second.close();
    await first.close();
  });

  test("refuses the 101st client and serves the others", async () => {
    const broker = await startBroker(LOOPBACK, quietLog);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connected(broker)));
    const extra = await connected(broker);
    await until(() => extra.destroyed);
    const output = createMqttOutput(mqttContext({ url: broker.url }, tags));
    await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    sockets[0]!.destroy();
    await until(() =>
      output.connect(never).then(
        () => true,
        () => false,
      ),
    );
    await output.close();
    await broker.close();
  });

  test("cuts off who announces a packet beyond 1 MiB", async () => {
    const broker = await startBroker(LOOPBACK, quietLog);
    const { client } = await subscriber(broker.url, "x");
    client.stream.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
    await until(() => !client.connected);
    await broker.close();
  });

  test("answers plain HTTP with a hint and no page", async () => {
    const broker = await startBroker(LOOPBACK, quietLog);
    expect((await fetch(`http://127.0.0.1:${broker.wsPort}/`)).status).toBe(426);
    await broker.close();
  });
});

function connected(broker: Broker): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(broker.tcpPort, "127.0.0.1", () => resolve(socket));
    socket.on("error", () => undefined).resume();
  });
}
