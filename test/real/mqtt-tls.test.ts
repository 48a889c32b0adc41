import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { Aedes } from "aedes";
import { connectAsync } from "mqtt";
import type { MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { MqttOutputConfig } from "../../src/config/plant.ts";
import { createOutput } from "../../src/outputs/index.ts";
import { createAuthority } from "../support/certificates.ts";
import type { Authority, Pair } from "../support/certificates.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import type { Mosquitto } from "../support/mosquitto.ts";
import { batchOfRows, KINDS, mqttContext, never, sparkplugContext } from "../support/outputs.ts";
import { temporaryFolder } from "../support/program.ts";
import { root } from "../support/plant.ts";
import { encodeRebirth } from "../support/sparkplug-host.ts";
import { until } from "../support/until.ts";

const folder = temporaryFolder();
let plantCa: Authority;
let strangerCa: Authority;

beforeAll(() => {
  plantCa = createAuthority(folder.path, "plant");
  strangerCa = createAuthority(folder.path, "stranger");
});

afterAll(() => folder[Symbol.dispose]());

function startEncrypted(pair: Pair): Promise<Mosquitto> {
  return startMosquitto(
    (port) =>
      `user root\nlistener ${port} 127.0.0.1\nallow_anonymous true\ncertfile ${pair.cert}\nkeyfile ${pair.key}\n`,
  );
}

const files = (ca: Pair, own: Pair | null = null): MqttOutputConfig["tls"] => ({
  caFile: ca.cert,
  certificateFile: own?.cert ?? null,
  keyFile: own?.key ?? null,
});

async function reach(url: string, tlsFiles: MqttOutputConfig["tls"]): Promise<void> {
  const output = createOutput(mqttContext({ url, tls: tlsFiles }, KINDS));
  try {
    await output.connect(never);
    await output.write(batchOfRows([{ tag: 0, value: 1 }]), never);
  } finally {
    await output.close();
  }
}

const refusal = (sentence: RegExp) => ({
  code: "CONNECTION_LOST",
  message: expect.stringMatching(sentence) as string,
});

describe("a broker over TLS", () => {
  let broker: Mosquitto;

  beforeAll(async () => {
    broker = await startEncrypted(plantCa.issue("broker", { hosts: "IP:127.0.0.1,DNS:localhost" }));
  });

  afterAll(() => broker[Symbol.asyncDispose]());

  test("is used by address and by name when the plant's authority signed its certificate", async () => {
    await reach(`mqtts://127.0.0.1:${broker.port}`, files(plantCa));
    await reach(`mqtts://localhost:${broker.port}`, files(plantCa));
  });

  test("is refused when another authority signed it", async () => {
    const reaching = reach(`mqtts://127.0.0.1:${broker.port}`, files(strangerCa));
    await expect(reaching).rejects.toMatchObject(
      refusal(/no authority that we trust has signed its certificate; name the right one in tls\.ca/u),
    );
  });

  test("is refused when nobody named its authority", async () => {
    const reaching = reach(`mqtts://127.0.0.1:${broker.port}`, null);
    await expect(reaching).rejects.toMatchObject(
      refusal(/no authority that we trust has signed its certificate; name the right one in tls\.ca/u),
    );
  });

  test("is not reached by somebody who does not encrypt", async () => {
    await expect(reach(`mqtt://127.0.0.1:${broker.port}`, null)).rejects.toMatchObject(
      refusal(/cannot be reached/u),
    );
  });

  test("is a lost connection with a sentence when a file of ours is missing", async () => {
    const missing = { caFile: "/nowhere/ca.pem", certificateFile: null, keyFile: null };
    const reaching = reach(`mqtts://127.0.0.1:${broker.port}`, missing);
    await expect(reaching).rejects.toMatchObject(refusal(/\/nowhere\/ca\.pem/u));
  });
});

test("a broker whose certificate has expired is refused", async () => {
  const pair = plantCa.issue("old-broker", { hosts: "IP:127.0.0.1", isExpired: true });
  await using broker = await startEncrypted(pair);
  const reaching = reach(`mqtts://127.0.0.1:${broker.port}`, files(plantCa));
  await expect(reaching).rejects.toMatchObject(refusal(/its certificate has expired, or the clock/u));
});

test("a broker without TLS where the address says mqtts is refused", async () => {
  await using broker = await startMosquitto();
  const reaching = reach(`mqtts://127.0.0.1:${broker.port}`, files(plantCa));
  await expect(reaching).rejects.toMatchObject(refusal(/broke the connection off|does not speak TLS/u));
});

test("a broker that wants a password says so in a sentence", async () => {
  await using broker = await startMosquitto((port) => `listener ${port} 127.0.0.1\nallow_anonymous false\n`);
  for (const protocolVersion of [4, 5] as const) {
    const output = createOutput(
      mqttContext({ url: broker.url, user: "u", password: "p", protocolVersion }, KINDS),
    );
    await expect(output.connect(never)).rejects.toMatchObject(
      refusal(/does not accept our user name or password/u),
    );
    await output.close();
  }
});

test("a broker whose certificate is for another host is refused", async () => {
  const pair = plantCa.issue("other-broker", { hosts: "DNS:other.example" });
  await using broker = await startEncrypted(pair);
  for (const host of ["127.0.0.1", "localhost"]) {
    const reaching = reach(`mqtts://${host}:${broker.port}`, files(plantCa));
    await expect(reaching).rejects.toMatchObject(refusal(/its certificate is for another host/u));
  }
});

test("a broker that can do no better than TLS 1.1 is refused", async () => {
  const pair = plantCa.issue("weak-broker", { hosts: "IP:127.0.0.1" });
  const server = tls.createServer({
    cert: readFileSync(pair.cert),
    key: readFileSync(pair.key),
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const reaching = reach(`mqtts://127.0.0.1:${port}`, files(plantCa));
  await expect(reaching).rejects.toMatchObject(refusal(/no better than TLS 1\.1/u));
  await new Promise((done) => server.close(done));
});

/** Debian's mosquitto ends itself when somebody knocks without TLS at a WebSocket listener with TLS, so that this one is
 *  made of Node's own server. */
async function startWebBroker(pair: Pair): Promise<AsyncDisposable & { readonly url: string }> {
  const aedes = await Aedes.createBroker({});
  const server = https.createServer({ cert: readFileSync(pair.cert), key: readFileSync(pair.key) });
  const sockets = new WebSocketServer({ server, handleProtocols: () => "mqtt" });
  sockets.on("connection", (socket) => aedes.handle(createWebSocketStream(socket)));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `wss://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await new Promise<void>((done) => aedes.close(() => done()));
    },
  };
}

test("a broker over WebSocket and TLS is used when the plant's authority signed its certificate, and refused otherwise", async () => {
  await using broker = await startWebBroker(plantCa.issue("web-broker", { hosts: "IP:127.0.0.1" }));
  await reach(broker.url, files(plantCa));
  await expect(reach(broker.url, files(strangerCa))).rejects.toMatchObject(refusal(/cannot be reached/u));
});

/** The example of docs/deploy with its paths and its port changed for the test. */
async function startExample(): Promise<Mosquitto> {
  const example = join(root, "docs", "deploy", "mosquitto");
  const pair = plantCa.issue("example-broker", { hosts: "IP:127.0.0.1" });
  const acl = join(folder.path, "acl");
  writeFileSync(acl, readFileSync(join(example, "acl")));
  return startMosquitto((port, own) =>
    `user root\n${readFileSync(join(example, "mosquitto.conf"), "utf8")}`
      .replace("listener 8883", `listener ${port} 127.0.0.1`)
      .replace("/etc/mosquitto/certs/ca.pem", plantCa.cert)
      .replace("/etc/mosquitto/certs/broker.pem", pair.cert)
      .replace("/etc/mosquitto/certs/broker.key", pair.key)
      .replace("/etc/mosquitto/acl", acl)
      .replace("/var/lib/mosquitto/", `${own}/`),
  );
}

describe("the example configuration of mosquitto", () => {
  let broker: Mosquitto;
  let url: string;

  beforeAll(async () => {
    broker = await startExample();
    url = `mqtts://127.0.0.1:${broker.port}`;
  });

  afterAll(() => broker[Symbol.asyncDispose]());

  const connectAs = (name: string, ca = plantCa): Promise<MqttClient> => {
    const pair = ca.issue(name);
    return connectAsync(url, {
      ca: readFileSync(plantCa.cert),
      cert: readFileSync(pair.cert),
      key: readFileSync(pair.key),
      reconnectPeriod: 0,
    });
  };

  async function listen(client: MqttClient, topic: string): Promise<string[]> {
    const topics: string[] = [];
    client.on("message", (name) => topics.push(name));
    await client.subscribeAsync(topic, { qos: 1 });
    return topics;
  }

  test("lets nobody in without a certificate of the plant's authority", async () => {
    await expect(reach(url, files(plantCa))).rejects.toMatchObject(refusal(/asks for one that tls\.cert/u));
    const forged = files(plantCa, strangerCa.issue("puma"));
    await expect(reach(url, forged)).rejects.toMatchObject(refusal(/does not accept our certificate/u));
  });

  test("lets the gateway publish plain and as an edge node, and its host command it", async () => {
    const own = files(plantCa, plantCa.issue("puma"));
    const host = await connectAs("scada");
    const office = await connectAs("office");
    const heard = await listen(host, "spBv1.0/rocmec/#");
    const plain = await listen(office, "rocmec/puma/#");
    await reach(url, own);
    const changes = { url, tls: own, primaryHost: "scada", clientId: "edge" };
    const node = createOutput(sparkplugContext(changes, KINDS, folder.path));
    const connecting = node.connect(never);
    const state = JSON.stringify({ online: true, timestamp: 1 });
    await host.publishAsync("spBv1.0/STATE/scada", state, { qos: 1, retain: true });
    await connecting;
    await node.write(batchOfRows([{ tag: 0, value: 1 }]), never);
    await until(() => heard.some((topic) => topic.includes("/DDATA/")));
    await host.publishAsync("spBv1.0/rocmec/NCMD/puma", encodeRebirth("Node Control/Rebirth", true), {
      qos: 0,
    });
    await until(() => heard.filter((topic) => topic.includes("/NBIRTH/")).length === 2);
    await until(() => plain.includes("rocmec/puma/grinding/FT-207"));
    await node.close();
    await Promise.all([host.endAsync(), office.endAsync()]);
  });

  test("lets no other client command it, speak for it, or read more than its own plant", async () => {
    const host = await connectAs("scada");
    const heard = await listen(host, "spBv1.0/rocmec/#");
    const gateway = await connectAs("puma");
    const commands = await listen(gateway, "spBv1.0/rocmec/NCMD/puma");
    await Promise.all(
      ["office", "intruder"].map(async (name) => {
        const client = await connectAs(name);
        const read = await listen(client, "#");
        const rebirth = encodeRebirth("Node Control/Rebirth", true);
        for (const topic of ["NCMD/puma", "DCMD/puma/P1", "NBIRTH/puma", "NDEATH/puma", "DDATA/puma/P1"])
          await client.publishAsync(`spBv1.0/rocmec/${topic}`, rebirth, { qos: 1 });
        for (const topic of ["rocmec/puma/grinding/forged", "rocmec/other/status"])
          await client.publishAsync(topic, "{}", { qos: 1 });
        await client.publishAsync("spBv1.0/STATE/scada", "{}", { qos: 1 });
        await gateway.publishAsync("rocmec/other/status", "online", { qos: 1 });
        await gateway.publishAsync("rocmec/puma/status", "online", { qos: 1 });
        await gateway.publishAsync("spBv1.0/rocmec/NDATA/puma", Buffer.alloc(0), { qos: 1 });
        if (name === "office") await until(() => read.length > 0);
        await until(() => heard.includes("spBv1.0/rocmec/NDATA/puma"));
        const allowed = name === "office" ? read.filter((topic) => topic.startsWith("rocmec/puma/")) : [];
        expect(read).toEqual(allowed);
        expect(read).not.toContain("rocmec/puma/grinding/forged");
        await client.endAsync();
      }),
    );
    expect(new Set(heard)).toEqual(new Set(["spBv1.0/rocmec/NDATA/puma"]));
    expect(commands).toEqual([]);
    await Promise.all([host.endAsync(), gateway.endAsync()]);
  });
});
