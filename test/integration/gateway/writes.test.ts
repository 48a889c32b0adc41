import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { severity } from "../../../src/domain/status.ts";
import type { AuditRecord } from "../../../src/domain/people.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { mqttContext } from "../../support/outputs.ts";
import { root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { startRecordingBroker } from "../../support/recording-broker.ts";
import type { Recorded, RecordingBroker } from "../../support/recording-broker.ts";
import { encodePayload } from "../../support/sparkplug-payload.ts";
import { startHost } from "../../support/sparkplug-host.ts";
import type { Host } from "../../support/sparkplug-host.ts";
import { until } from "../../support/until.ts";

const trace: Recorded[] = [];
let broker: RecordingBroker;
let host: Host;
let puma: RunningPlant;
let journal: Journal;

beforeAll(async () => {
  broker = await startRecordingBroker("a", trace);
  host = await startHost({ url: broker.url });
  const changes = { format: "sparkplug", url: broker.url, clientId: "puma", commands: "operator" } as const;
  const { config } = mqttContext(changes, []);
  puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), (plant) => ({
    ...plant,
    outputs: [config],
  }));
  journal = openJournal(puma.gateway.view.plant.data.dir);
  for (const tag of ["FIC-201.SP", "FIC-602.SP", "FFIC-603.SP", "XS-602P"])
    await until(() => isGood(tag), 60_000);
  await until(() => host.verbs().includes("DBIRTH P2"), 60_000);
}, 200_000);
afterAll(async () => {
  journal.close();
  await puma[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
  await broker[Symbol.asyncDispose]();
});

function indexOf(tag: string): number {
  return puma.gateway.view.plant.tags.findIndex(({ id }) => id === tag);
}

function isGood(tag: string): boolean {
  return severity(puma.gateway.view.reading(indexOf(tag)).status) === 0;
}

async function post(path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${puma.gateway.httpUrl}/api/v1/tags/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** As a second reader of the journal sees it. */
function audit(): readonly AuditRecord[] {
  return journal.audit.between(0, Number.MAX_SAFE_INTEGER, 10_000).toReversed();
}

describe("a setpoint is written in two steps and read back", () => {
  test.each([
    ["over Modbus TCP", "FIC-201.SP", 4.6],
    ["over OPC UA", "FFIC-603.SP", 1.2],
    ["over OPC UA, where the interlock permits it", "FIC-602.SP", 28.5],
  ] as const)("%s", async (_what, tag, value) => {
    const prepared = await post(`${tag}/write`, { value, reason: "thick pulp" });
    expect(prepared).toMatchObject({ status: 200, body: { tag, after: value } });
    expect(puma.simulated.setpoint(tag)).not.toBeCloseTo(value, 5);
    const { token } = prepared.body;
    const report = await post(`${tag}/write/confirm`, { token });
    expect(report).toMatchObject({
      status: 200,
      body: { tag, outcome: "confirmed", after: value, found: value },
    });
    expect(puma.simulated.setpoint(tag)).toBeCloseTo(value, 5);
    expect((await post(`${tag}/write/confirm`, { token })).status).toBe(410);
    const rows = audit().filter(({ subject }) => subject === tag);
    expect(rows.map(({ action }) => action)).toEqual(["write-sent", "write-confirmed", "write-refused"]);
    expect(rows[0]).toMatchObject({ by: "local engineer", after: String(value), reason: "thick pulp" });
  });

  test("and everything that speaks against it is said", async () => {
    const ask = (tag: string, value: unknown) => post(`${tag}/write`, { value, reason: "r" });
    expect((await ask("FT-207", 5)).status).toBe(403);
    expect((await ask("XS-602P", true)).status).toBe(403);
    expect((await ask("NO-1", 5)).status).toBe(404);
    expect((await ask("FIC-201.SP", 6.01)).status).toBe(400);
    expect((await ask("FIC-201.SP", "4")).status).toBe(400);
    expect((await post("FIC-201.SP/write", { value: 4 })).status).toBe(400);
    expect((await post("FIC-201.SP/write/confirm", { token: "made up" })).status).toBe(410);
  });

  test("but not while its interlock has tripped", async () => {
    const fault = puma.simulated.inject({ fault: "bad-status", tag: "XS-602P", status: 0x80310000 });
    await until(() => !isGood("XS-602P"), 60_000);
    expect((await post("FIC-602.SP/write", { value: 20, reason: "r" })).status).toBe(409);
    await fault.clear();
    await until(() => isGood("XS-602P") && isGood("FIC-602.SP"), 60_000);
  });
});

describe("commands of a Sparkplug host", () => {
  const alias = (tag: string): number => 16 + indexOf(tag);
  const send = (device: string, metric: object, timestamp = Date.now()) =>
    host.client.publishAsync(
      `spBv1.0/rocmec/DCMD/puma/${device}`,
      encodePayload({ timestamp, metrics: [{ timestamp, ...metric }] }),
      { qos: 0 },
    );
  const written = (): number => puma.simulated.counters("grinding").writes;
  const refusals = (): number =>
    audit().filter(({ action, by }) => action === "write-refused" && by === "sparkplug:mqtt").length;

  test("write what the plant file allows, by name or by alias", async () => {
    const before = written();
    await send("P2", { name: "KIC-302.SP", datatype: 9, floatValue: 55 });
    const confirmed = (): number =>
      audit().filter(({ action, subject }) => action === "write-confirmed" && subject === "KIC-302.SP")
        .length;
    await until(() => puma.simulated.setpoint("KIC-302.SP") === 55);
    await until(() => confirmed() === 1);
    await send("P2", { alias: alias("KIC-302.SP"), floatValue: 50 });
    await until(() => puma.simulated.setpoint("KIC-302.SP") === 50);
    await until(() => confirmed() === 2);
    expect(written()).toBe(before + 2);
    expect(audit().at(-1)).toMatchObject({ by: "sparkplug:mqtt", subject: "KIC-302.SP", after: "50" });
  });

  test.each([
    ["out of range", "P2", () => ({ name: "KIC-302.SP", floatValue: 121 })],
    ["not a number", "P2", () => ({ name: "KIC-302.SP", floatValue: NaN })],
    ["infinite", "P2", () => ({ name: "KIC-302.SP", floatValue: Infinity })],
    ["of another type", "P2", () => ({ name: "KIC-302.SP", intValue: 60 })],
    ["of another declared type", "P2", () => ({ name: "KIC-302.SP", datatype: 10, floatValue: 60 })],
    ["a text", "P2", () => ({ name: "KIC-302.SP", stringValue: "60" })],
    ["null", "P2", () => ({ name: "KIC-302.SP", isNull: true })],
    ["of an unknown name", "P2", () => ({ name: "KIC-302.PS", floatValue: 60 })],
    ["of an unknown alias", "P2", () => ({ alias: 60_000, floatValue: 60 })],
    ["of a forged alias", "P2", () => ({ name: "KIC-302.SP", alias: alias("FIC-201.SP"), floatValue: 60 })],
    ["of another device's metric", "P1", () => ({ name: "KIC-302.SP", floatValue: 60 })],
    ["of an alias of another device", "P1", () => ({ alias: alias("KIC-302.SP"), floatValue: 60 })],
    ["of what nobody may write", "P2", () => ({ name: "FT-207", floatValue: 5 })],
    ["of a trip", "P2", () => ({ name: "XA-203", booleanValue: false })],
    ["for a role that it has not", "P2", () => ({ name: "DIC-207.SP", floatValue: 1.55 })],
  ])("that are %s write nothing, and are in the audit", async (_what, device, metric) => {
    const [before, told] = [written(), refusals()];
    await send(device, metric());
    await until(() => refusals() === told + 1);
    expect(written()).toBe(before);
  });

  test("that are ten seconds old, or no payload at all, write nothing, and are in the audit", async () => {
    const [before, told] = [written(), refusals()];
    await send("P2", { name: "KIC-302.SP", floatValue: 60 }, Date.now() - 10_000);
    await host.client.publishAsync("spBv1.0/rocmec/DCMD/puma/P2", Buffer.alloc(500, 0x13), { qos: 0 });
    await host.client.publishAsync(
      "spBv1.0/rocmec/NCMD/puma",
      encodePayload({ timestamp: Date.now(), metrics: [{ name: "KIC-302.SP", floatValue: 60 }] }),
    );
    await until(() => refusals() === told + 3);
    expect(written()).toBe(before);
  });

  test("that come by the ten thousand, with asks for rebirth among them, write nothing and bring one rebirth", async () => {
    const before = written();
    const isBirth = ({ packet }: Recorded): boolean =>
      packet.cmd === "publish" && packet.topic === "spBv1.0/rocmec/NBIRTH/puma";
    const births = (): number => trace.filter(isBirth).length;
    const bornBefore = births();
    const timestamp = Date.now();
    const payload = encodePayload({
      timestamp,
      metrics: [{ timestamp, name: "KIC-302.SP", floatValue: 500 }],
    });
    const start = performance.now();
    for (let i = 0; i < 10_000; i++) {
      host.client.publish("spBv1.0/rocmec/DCMD/puma/P2", payload, { qos: 0 });
      if (i % 1000 === 0) void host.askRebirth();
    }
    await until(() => births() > bornBefore, 30_000);
    // Those that are told one by one, and those that are counted when their ten seconds are over.
    const accounted = (): number =>
      audit()
        .filter(({ action, at }) => action === "write-refused" && at >= timestamp)
        .reduce(
          (sum, { reason }) => sum + Number(/^(\d+) more were refused/.exec(reason ?? "")?.[1] ?? 1),
          0,
        );
    await until(() => accounted() >= 10_000, 60_000);
    expect(accounted()).toBe(10_000);
    expect(written()).toBe(before);
    const tenSeconds = (performance.now() - start) / 10_000;
    expect(births() - bornBefore).toBeLessThanOrEqual(Math.ceil(tenSeconds) + 1);
  }, 200_000);
});

test("a change of the plant does not let anybody write more often", async () => {
  const { gateway } = puma;
  const prepare = (value: number) => post("KIC-302.SP/write", { value, reason: "to the bound" });
  const tooOften = async (): Promise<boolean> => {
    const { body } = await prepare(60);
    if (body["kind"] === "rate") return true;
    await post("KIC-302.SP/write/confirm", { token: body["token"] });
    return false;
  };
  await until(tooOften, 120_000);
  const { view } = gateway;
  await gateway.change({ ...view.plant, title: "Renamed" });
  await until(() => isGood("KIC-302.SP"), 60_000);
  expect((await prepare(61)).body).toMatchObject({ kind: "rate" });
});
