import { expect, test } from "vitest";
import { acceleratedClock } from "../../../src/domain/system-clock.ts";
import { createOutput } from "../../../src/outputs/index.ts";
import { REBIRTH_PAUSE_MS } from "../../../src/outputs/sparkplug/session.ts";
import { batchOfRows, KINDS, manyTags, never, sparkplugContext, TIME } from "../../support/outputs.ts";
import { temporaryFolder } from "../../support/program.ts";
import { memoryFs } from "../../support/memory-fs.ts";
import { startRecordingBroker } from "../../support/recording-broker.ts";
import type { Recorded } from "../../support/recording-broker.ts";
import { startScriptedBroker } from "../../support/scripted-broker.ts";
import { encodeRebirth, startHost } from "../../support/sparkplug-host.ts";
import { metricNamed, of, readTrace, willsOf } from "../../support/sparkplug-trace.ts";
import { feedOf, feedOptions, startForwarder, startSpool } from "../../support/spool.ts";
import { until } from "../../support/until.ts";

test(`with two brokers it is where its primary host is
  [tck-id-operational-behavior-primary-application-state-with-multiple-servers-state-subs]
  [tck-id-operational-behavior-primary-application-state-with-multiple-servers-walk]
  [tck-id-operational-behavior-primary-application-state-with-multiple-servers-single-server]
  [tck-id-operational-behavior-edge-node-termination-host-offline-reconnect]`, async () => {
  const trace: Recorded[] = [];
  await using a = await startRecordingBroker("a", trace);
  await using b = await startRecordingBroker("b", trace);
  await using hostAtA = await startHost({ url: a.url });
  await using hostAtB = await startHost({ url: b.url });
  using folder = temporaryFolder();
  const changes = { url: a.url, otherUrls: [b.url], primaryHost: "scada" };
  const output = createOutput(sparkplugContext(changes, KINDS, folder.path));
  await hostAtA.state(false, 1000);
  await hostAtB.state(true, 1000);
  await expect(output.connect(never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  await output.connect(never);
  await until(() => hostAtB.verbs().includes("NBIRTH"));
  expect(hostAtA.verbs()).toEqual(["NDEATH"]);
  await hostAtA.state(true, 2000);
  await hostAtB.state(false, 2000);
  await until(() => hostAtB.verbs().includes("NDEATH"));
  await expect(output.write(batchOfRows([{ tag: 0, value: 1 }]), never)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
    message: expect.stringMatching(/primary host/u) as string,
  });
  await output.connect(never);
  await until(() => hostAtA.verbs().includes("NBIRTH"));
  await output.close();
  const { packets, subscribes } = readTrace(trace, "puma", {});
  for (const { subscriptions } of subscribes)
    expect(subscriptions.map(({ topic }) => topic)).toContain("spBv1.0/STATE/scada");
  let open = 0;
  for (const { packet } of packets) {
    if (packet.cmd === "connect") open++;
    if (packet.cmd === "disconnect") open--;
    expect(open).toBeLessThanOrEqual(1);
  }
});

test("with two brokers it tries the next one when the first cannot be reached or has no word of its host", async () => {
  const trace: Recorded[] = [];
  await using mute = await startRecordingBroker("mute", trace);
  await using b = await startRecordingBroker("b", trace);
  await using host = await startHost({ url: b.url });
  await host.state(true, 1);
  using folder = temporaryFolder();
  const changes = { url: "mqtt://127.0.0.1:1", otherUrls: [mute.url, b.url], primaryHost: "scada" };
  const clock = acceleratedClock(50, Date.now());
  const output = createOutput(sparkplugContext(changes, KINDS, folder.path, clock));
  await expect(output.connect(never)).rejects.toThrow(/127\.0\.0\.1:1 cannot be reached/u);
  await expect(output.connect(never)).rejects.toThrow(/primary host is not at this broker/u);
  await output.connect(never);
  await until(() => host.verbs().includes("NBIRTH"));
  const bdSeqs = willsOf(readTrace(trace, "puma", {})).map((will) => metricNamed(will, "bdSeq").value);
  expect(bdSeqs).toEqual([0n, 1n]); // the broker that was never reached has seen no CONNECT
  await output.close();
});

test(`over MQTT 5 it starts clean, lets nothing outlive the connection, and disconnects with its Will
  [tck-id-principles-persistence-clean-session-50]
  [tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt50]`, async () => {
  await using broker = await startScriptedBroker({ protocolVersion: 5 });
  using folder = temporaryFolder();
  const output = createOutput(sparkplugContext({ url: broker.url, protocolVersion: 5 }, KINDS, folder.path));
  await output.connect(never);
  await output.write(batchOfRows([{ tag: 0, value: 1 }]), never);
  await output.close();
  const [connect] = broker.connects;
  expect(connect).toMatchObject({ clean: true, protocolVersion: 5, will: { qos: 1, retain: false } });
  expect(connect?.properties?.sessionExpiryInterval).toBe(0);
  expect(broker.published.map(({ topic }) => topic.split("/")[2])).toEqual([
    "NBIRTH",
    "DBIRTH",
    "DBIRTH",
    "DBIRTH",
    "DDATA",
    "NDEATH",
  ]);
  expect(broker.disconnects.map(({ reasonCode }) => reasonCode)).toEqual([0x04]);
});

test("bdSeq goes on counting over a restart of the program", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  using folder = temporaryFolder();
  for (let start = 0; start < 3; start++) {
    const output = createOutput(sparkplugContext({ url: broker.url }, KINDS, folder.path));
    await output.connect(never);
    await output.close();
  }
  const bdSeqs = of(readTrace(trace, "puma", {}), "NBIRTH").map((birth) => metricNamed(birth, "bdSeq").value);
  expect(bdSeqs).toEqual([0n, 1n, 2n]);
});

test("what a broken connection may have swallowed is sent again as history, after the birth and some time", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  await using host = await startHost({ url: broker.url });
  using folder = temporaryFolder();
  const tags = manyTags(100);
  const clock = acceleratedClock(50, Date.now());
  const spool = await startSpool(memoryFs(), clock, {
    tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
    outputs: [feedOptions("mqtt", { settleMs: 10_000 })],
  });
  const output = createOutput(sparkplugContext({ url: broker.url }, tags, folder.path, clock));
  const forwarding = startForwarder(feedOf(spool, "mqtt"), output, clock);
  const first = Array.from({ length: 100 }, (_, tag) => ({ tag, value: tag, time: TIME + tag }));
  spool.append(batchOfRows(first));
  await until(() => host.values.length === 100);
  broker.cut("puma");
  await until(() => host.verbs().filter((verb) => verb === "NBIRTH").length === 2);
  spool.append(batchOfRows([{ tag: 0, value: 7, time: TIME + 1000 }]));
  const historical = (): typeof host.values =>
    host.values.filter(({ isHistorical }) => isHistorical === true);
  await until(() => historical().length >= 101);
  expect(new Set(historical().map(({ name, timestamp }) => `${name} ${timestamp}`))).toEqual(
    new Set([...first.map(({ tag, time }) => `T-${tag} ${time}`), `T-0 ${TIME + 1000}`]),
  );
  expect(host.gaps).toEqual([]);
  const verbs = host.heard.map(({ verb }) => verb);
  expect(verbs.lastIndexOf("NBIRTH")).toBeLessThan(verbs.lastIndexOf("DDATA"));
  await forwarding.stop();
  await spool.close();
});

test.each([
  ["asks for the births", null],
  ["tells its state anew", "scada"],
])(
  "a host that comes back long after the gateway, and %s, is sent what it missed as history",
  async (_does, primaryHost) => {
    const trace: Recorded[] = [];
    await using broker = await startRecordingBroker("a", trace);
    await using early = await startHost({ url: broker.url });
    await early.state(true, 1);
    using folder = temporaryFolder();
    const tags = manyTags(50);
    const clock = acceleratedClock(50, Date.now());
    const spool = await startSpool(memoryFs(), clock, {
      tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
      outputs: [feedOptions("mqtt", { settleMs: 10_000, trimLagMs: 600_000 })],
    });
    const context = sparkplugContext({ url: broker.url, primaryHost }, tags, folder.path, clock);
    const forwarding = startForwarder(feedOf(spool, "mqtt"), createOutput(context), clock);
    spool.append(batchOfRows(tags.map(({ index }) => ({ tag: index, value: index, time: TIME + index }))));
    await until(() => early.values.length === 50);
    broker.cut("puma");
    await until(() => early.values.length === 100); // the time to settle is over
    await using late = await startHost({ url: broker.url });
    if (primaryHost === null) await late.askRebirth();
    else await late.state(true, 2);
    await until(() => late.values.length >= 50);
    expect(late.values.every(({ isHistorical }) => isHistorical === true)).toBe(true);
    expect(new Set(late.values.map(({ timestamp }) => Number(timestamp)))).toEqual(
      new Set(tags.map(({ index }) => TIME + index)),
    );
    await forwarding.stop();
    await spool.close();
  },
);

test("ten thousand hostile commands bring about one rebirth at once and one later, and nothing else", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  await using host = await startHost({ url: broker.url });
  using folder = temporaryFolder();
  const clock = acceleratedClock(4, Date.now());
  const output = createOutput(sparkplugContext({ url: broker.url }, KINDS, folder.path, clock));
  await output.connect(never);
  await until(() => host.verbs().includes("NBIRTH"));
  const births = (): number => host.verbs().filter((verb) => verb === "NBIRTH").length;
  const topic = "spBv1.0/rocmec/NCMD/puma";
  const nonsense = [
    Buffer.alloc(0),
    Buffer.from("REBIRTH"),
    Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    encodeRebirth("Node Control/Rebirth", false),
    encodeRebirth("node control/rebirth", true),
    encodeRebirth("Node Control/Reboot", true),
    Buffer.alloc(60_000, 0x12),
  ];
  for (const payload of nonsense) await host.client.publishAsync(topic, payload, { qos: 1 });
  expect(births()).toBe(1);
  const begun = clock.monotonic();
  const rebirth = encodeRebirth("Node Control/Rebirth", true);
  for (let round = 0; round < 20; round++)
    await Promise.all(
      Array.from({ length: 500 }, () => host.client.publishAsync(topic, rebirth, { qos: 0 })),
    );
  // One later, but for a machine on which they go on coming for longer than the pause after a rebirth.
  const later = Math.ceil((clock.monotonic() - begun) / REBIRTH_PAUSE_MS);
  await until(() => births() >= 3);
  await output.write(batchOfRows([{ tag: 0, value: 1 }]), never);
  await until(() => host.values.length === 1);
  expect(births()).toBeLessThanOrEqual(2 + later);
  expect(host.gaps).toEqual([]);
  await output.close();
});

test("readings that were lost on their way are told as metrics of the node, also to hosts that come later", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  using folder = temporaryFolder();
  const output = createOutput(sparkplugContext({ url: broker.url }, KINDS, folder.path));
  await output.connect(never);
  await output.gap!({ from: TIME, to: TIME + 5000, count: 40, reason: "spool-full" }, never);
  await output.gap!({ from: TIME + 6000, to: TIME + 7000, count: 2, reason: "unprotected" }, never);
  await using host = await startHost({ url: broker.url });
  await host.askRebirth();
  const birth = await until(() => host.heard.find(({ verb }) => verb === "NBIRTH"));
  const told = (name: string) => metricNamed(birth, `Node Info/${name}`).value;
  expect(told("Readings Lost")).toBe(42n);
  expect(told("Last Gap/From")).toBe(BigInt(TIME + 6000));
  expect(told("Last Gap/To")).toBe(BigInt(TIME + 7000));
  expect(told("Last Gap/Reason")).toBe("unprotected");
  const [first] = of(readTrace(trace, "puma", {}), "NDATA");
  expect(first?.payload.metrics.map(({ value }) => value)).toEqual([
    40n,
    BigInt(TIME),
    BigInt(TIME + 5000),
    "spool-full",
  ]);
  await output.close();
  await expect(output.gap!({ from: 0, to: 0, count: 1, reason: "spool-full" }, never)).rejects.toMatchObject({
    code: "CONNECTION_LOST",
  });
});

test("a broker that does not let it listen to commands is a failure with a sentence", async () => {
  await using broker = await startScriptedBroker({ grants: 0x80 });
  using folder = temporaryFolder();
  const output = createOutput(sparkplugContext({ url: broker.url }, KINDS, folder.path));
  await expect(output.connect(never)).rejects.toThrow(/Subscribing at the MQTT broker failed/u);
  await output.close();
});

test("a connect that is given up while the primary host is awaited ends with the reason, and leaves", async () => {
  const trace: Recorded[] = [];
  await using broker = await startRecordingBroker("a", trace);
  using folder = temporaryFolder();
  const output = createOutput(
    sparkplugContext({ url: broker.url, primaryHost: "scada" }, KINDS, folder.path),
  );
  const stop = new AbortController();
  const connecting = output.connect(stop.signal);
  await until(() => trace.some(({ packet }) => packet.cmd === "subscribe"));
  const reason = new Error("shutting down");
  stop.abort(reason);
  await expect(connecting).rejects.toBe(reason);
  await output.close();
  await until(() => trace.some(({ packet }) => packet.cmd === "close"));
});
