import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import type { MqttClient } from "mqtt";
import { generate } from "mqtt-packet";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { startBroker } from "../../../src/outputs/broker.ts";
import type { Broker } from "../../../src/outputs/broker.ts";
import { createMqttOutput } from "../../../src/outputs/mqtt/output.ts";
import { listenerCertificate } from "../../../src/security/listener-certificate.ts";
import { manyReadings, manyTags, mqttContext, never, quietLog } from "../../support/outputs.ts";
import { testPeople } from "../../support/people.ts";
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
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connected(broker.tcpPort)));
    const extra = await connected(broker.tcpPort);
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

describe("the embedded broker and other machines", () => {
  const dir = mkdtempSync(join(tmpdir(), "puma-broker-"));
  const data = { dir, spoolBytesMax: 0, groupCommitMs: 20, historyDays: 1 };
  const http = { host: "127.0.0.1", port: 0, auth: "accounts" } as const;
  const certificate = listenerCertificate({ kind: "generated" }, { data, http, broker: null }, Date.now());
  const ca = certificate.cert;
  /** Connections are from elsewhere where the test says so: it has no second machine. */
  let isHere = true;
  let broker: Broker;

  beforeAll(async () => {
    const knows = (token: string): boolean => token === "puma_token";
    broker = await startBroker(LOOPBACK, quietLog, { certificate, knows, isHere: () => isHere });
  });
  afterAll(async () => {
    await broker.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    isHere = false;
  });

  const secureUrls = () => [`mqtts://127.0.0.1:${broker.tcpPort}`, `wss://127.0.0.1:${broker.wsPort}`];
  const plainUrls = () => [broker.url, `ws://127.0.0.1:${broker.wsPort}`];
  const reach = (url: string, password?: string): Promise<MqttClient> =>
    connectAsync(url, {
      ca,
      reconnectPeriod: 0,
      connectTimeout: 20_000,
      ...(password === undefined ? {} : { username: "office", password }),
    });

  test("are heard encrypted, with the token of a program, and listen", async () => {
    const output = createMqttOutput(mqttContext({ url: broker.url }, tags));
    isHere = true;
    await output.connect(never);
    await output.write(manyReadings(10), never);
    isHere = false;
    for (const url of secureUrls()) {
      const client = await reach(url, "puma_token");
      const seen: string[] = [];
      client.on("message", (topic) => seen.push(topic));
      await client.subscribeAsync("rocmec/puma/#", { qos: 1 });
      await until(() => seen.length === 11);
      await client.endAsync();
    }
    await output.close();
  });

  test("say nothing: who publishes is cut off, and nobody hears it", async () => {
    isHere = true;
    const { client: listener, seen } = await subscriber(broker.url, "#");
    isHere = false;
    for (const url of secureUrls()) {
      const client = await reach(url, "puma_token");
      client.on("error", () => undefined);
      client.publish("rocmec/puma/grinding/FT-207", "forged", { qos: 1, retain: true });
      await until(() => !client.connected);
      await client.endAsync(true);
    }
    isHere = true;
    const later = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await later.publishAsync("end", "", { qos: 1 });
    await until(() => seen.has("end"));
    expect([...seen.values()]).not.toContain("forged");
    await Promise.all([listener.endAsync(), later.endAsync()]);
  });

  test.each([undefined, "", "wrong", "puma_token "])(
    "are not let in with the password %j",
    async (password) => {
      for (const url of secureUrls()) await expect(reach(url, password)).rejects.toThrow(/Not authorized/);
    },
  );

  test("are cut off when their token is removed, others are not, and it lets nobody in again", async () => {
    const people = testPeople(systemClock);
    const by = { name: "tester", address: null };
    const { administration, door } = people.people;
    const [gone, stays] = ["office", "archive"].map((name) => administration.addToken(by, name, "viewer"));
    const knows = (token: string): boolean => door.byToken(token) !== null;
    const own = await startBroker(LOOPBACK, quietLog, { certificate, knows, isHere: () => false });
    const urls = [`mqtts://127.0.0.1:${own.tcpPort}`, `wss://127.0.0.1:${own.wsPort}`];
    const clients = await Promise.all(urls.map((url) => reach(url, gone)));
    const other = await reach(urls[0] ?? "", stays);
    administration.removeToken(by, "office");
    await until(() => clients.every(({ connected: isConnected }) => !isConnected), 20_000);
    await expect(reach(urls[0] ?? "", gone)).rejects.toThrow(/Not authorized/);
    expect((await other.subscribeAsync("#", { qos: 1 })).length).toBe(1);
    await other.endAsync();
    await own.close();
    people.close();
  });

  test("get no answer unencrypted, whatever they show", async () => {
    const connect = generate({
      cmd: "connect",
      clientId: "office",
      username: "office",
      password: Buffer.from("puma_token"),
    });
    const upgrade = "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    for (const port of [broker.tcpPort, broker.wsPort])
      for (const bytes of [connect, Buffer.from(upgrade)]) {
        const socket = await connected(port);
        socket.write(bytes);
        await until(() => socket.destroyed);
        expect(socket.bytesRead).toBe(0);
      }
  });

  test("are shown the new certificate once it is renewed", async () => {
    const other = mkdtempSync(join(dir, "other-"));
    const plant = { data: { ...data, dir: other }, http, broker: null };
    const renewed = listenerCertificate({ kind: "generated" }, plant, Date.now());
    broker.renew(renewed);
    await expect(reach(secureUrls()[0] ?? "", "puma_token")).rejects.toThrow(/certificate/);
    broker.renew(certificate);
    await (await reach(secureUrls()[0] ?? "", "puma_token")).endAsync();
  });

  test("may come while this machine goes on as ever, encrypted or not", async () => {
    isHere = true;
    for (const url of [...plainUrls(), ...secureUrls()]) {
      const client = await reach(url);
      await client.publishAsync("here", "", { qos: 1 });
      await client.endAsync();
    }
    expect((await fetch(`http://127.0.0.1:${broker.wsPort}/`)).status).toBe(426);
  });

  test("hold nothing up when they connect and say nothing: the broker stops at once", async () => {
    const stopping = await startBroker(LOOPBACK, quietLog, { certificate });
    const silent = await connected(stopping.tcpPort);
    const begun = performance.now();
    await stopping.close();
    expect(performance.now() - begun).toBeLessThan(5000);
    await until(() => silent.destroyed);
  });
});

function connected(port: number): Promise<net.Socket> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", () => undefined).resume();
  });
}
