import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  AttributeIds,
  BrowseDirection,
  makeBrowsePath,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
} from "node-opcua";
import type { ClientSession, DataValue, UserIdentityInfo } from "node-opcua";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { deviceOf, opcUaConnection, opcUaTag, plantOf } from "../../support/simulated-plant.ts";
import { until } from "../../support/until.ts";

const puma = loadPlant(resolve("devices/plants/puma.yaml"));
const leach = {
  ...puma,
  connections: puma.connections.filter(({ id }) => id === "leach"),
  devices: puma.devices.filter(({ id }) => id === "L"),
  tags: puma.tags
    .filter(({ device }) => device === "L")
    .map((tag, index) => Object.assign({}, tag, { index })),
};
const NODES = leach.tags.map(({ source }) => (source.protocol === "opcua" ? source.node : ""));
const secure = {
  securityMode: MessageSecurityMode.SignAndEncrypt,
  securityPolicy: SecurityPolicy.Basic256Sha256,
};
const anonymous = undefined as unknown as UserIdentityInfo;

interface OpenSession extends AsyncDisposable {
  readonly session: ClientSession;
  readonly client: OPCUAClient;
}

async function openSession(
  plant: SimulatedPlant,
  connection: string,
  pki: string,
  options: object = secure,
  identity: UserIdentityInfo = anonymous,
): Promise<OpenSession> {
  const certificates = new OPCUACertificateManager({
    rootFolder: pki,
    automaticallyAcceptUnknownCertificate: true,
  });
  await certificates.initialize();
  const client = OPCUAClient.create({
    ...options,
    clientCertificateManager: certificates,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0, initialDelay: 10 },
  });
  const { url } = plant.endpoints[connection] as { url: string };
  await client.connect(url);
  try {
    const session = await client.createSession(identity);
    return {
      session,
      client,
      async [Symbol.asyncDispose]() {
        await session.close().catch(() => {});
        await client.disconnect();
      },
    };
  } catch (error) {
    await client.disconnect();
    throw error;
  }
}

describe("the leach plant on OPC UA", () => {
  const dir = mkdtempSync(join(tmpdir(), "puma-opcua-"));
  let plant: SimulatedPlant;
  let open: OpenSession;
  let rejected: readonly string[] = [];
  const read = (nodes: readonly string[]): Promise<DataValue[]> =>
    open.session.read(nodes.map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value })));

  beforeAll(async () => {
    plant = await startPlant({ plant: leach, pkiDir: join(dir, "server"), trustAll: false });
    await expect(openSession(plant, "leach", join(dir, "client"))).rejects.toThrow();
    rejected = readdirSync(join(dir, "server", "rejected"));
    for (const file of rejected)
      copyFileSync(join(dir, "server", "rejected", file), join(plant.trustedCertificatesDir ?? "", file));
    open = await openSession(plant, "leach", join(dir, "client"));
  });
  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    await plant?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test("lets in a client whose certificate was trusted after it had been rejected", () => {
    expect(rejected.length).toBe(1);
    expect(plant.serverCertificateFile).toBe(join(dir, "server", "own", "certs", "certificate.pem"));
  });

  test("every tag reads back as what was sent, at the time it was sent", async () => {
    const values = await read(NODES);
    for (const [i, tag] of leach.tags.entries()) {
      const { value, sourceTimestamp, statusCode } = values[i] ?? {};
      const sent = plant.history(tag.id).find(({ time }) => time === sourceTimestamp?.getTime());
      expect(statusCode?.value, tag.id).toBe(0);
      expect(sent?.value, tag.id).toBe(value?.value);
    }
    expect(values.length).toBe(leach.tags.length);
  });

  test("an analog carries its range and unit, a state its names", async () => {
    const property = async (node: string, name: string): Promise<DataValue> => {
      const found = await open.session.translateBrowsePath(makeBrowsePath(node, `.${name}`));
      return open.session.read({
        nodeId: found.targets?.[0]?.targetId ?? "",
        attributeId: AttributeIds.Value,
      });
    };
    const range = (await property("ns=3;s=LT-401", "EURange")).value.value as object;
    expect(range).toMatchObject({ low: 0, high: 100 });
    const unit = (await property("ns=3;s=LT-401", "EngineeringUnits")).value.value as object;
    expect(unit).toMatchObject({
      unitId: 20529,
      namespaceUri: "http://www.opcfoundation.org/UA/units/un/cefact",
    });
    const states = (await property("ns=3;s=XS-501", "EnumValues")).value.value as {
      displayName: { text: string };
    }[];
    expect(states.map(({ displayName }) => displayName.text)).toContain("elute");
  });

  test("the tags lie in folders under the device", async () => {
    const children = async (nodeId: string) => {
      const result = await open.session.browse({
        nodeId,
        browseDirection: BrowseDirection.Forward,
        referenceTypeId: "HierarchicalReferences",
        includeSubtypes: true,
        resultMask: 63,
      });
      return result.references ?? [];
    };
    const device = (await children("ObjectsFolder")).find(({ browseName }) => browseName.name === "L");
    const areas = await children(device?.nodeId.toString() ?? "");
    const names = areas.map(({ browseName }) => browseName.name);
    expect(names).toEqual(expect.arrayContaining([...new Set(leach.tags.map(({ area }) => area))]));
    const leachArea = areas.find(({ browseName }) => browseName.name === "leach");
    const tags = await children(leachArea?.nodeId.toString() ?? "");
    expect(tags.map(({ nodeId }) => nodeId.toString())).toContain("ns=3;s=LT-401");
  });

  test("a subscription brings changes that are all in the record", async () => {
    const subscription = await open.session.createSubscription2({
      requestedPublishingInterval: 100,
      requestedMaxKeepAliveCount: 10,
      publishingEnabled: true,
    });
    const item = await subscription.monitor(
      { nodeId: "ns=3;s=LT-401", attributeId: AttributeIds.Value },
      { samplingInterval: 100, queueSize: 20, discardOldest: true },
      TimestampsToReturn.Both,
    );
    const seen: DataValue[] = [];
    item.on("changed", (value: DataValue) => seen.push(value));
    await until(() => seen.length >= 5);
    await subscription.terminate();
    const history = plant.history("LT-401");
    for (const { value, sourceTimestamp } of seen)
      expect(history.find(({ time }) => time === sourceTimestamp?.getTime())?.value).toBe(value.value);
  });

  test("a skewed clock, a bad status and a frozen value show", async () => {
    const node = "ns=3;s=LT-402";
    const skew = plant.inject({ fault: "clock-skew", tag: "LT-402", skewMs: -3_600_000 });
    const [skewed] = await read([node]);
    const lag = Date.now() - (skewed?.sourceTimestamp?.getTime() ?? 0);
    expect(lag).toBeGreaterThan(3_590_000);
    await skew.clear();
    const bad = plant.inject({ fault: "bad-status", tag: "LT-402", status: 0x80_8c_00_00 });
    const [failed] = await read([node]);
    expect(failed?.statusCode.value).toBe(0x80_8c_00_00);
    await bad.clear();
    const frozen = plant.inject({ fault: "frozen", device: "L" });
    const [before] = await read([node]);
    await until(
      async () => (await read([node]))[0]?.sourceTimestamp?.getTime() !== before?.sourceTimestamp?.getTime(),
    );
    expect((await read([node]))[0]?.value.value).toBe(before?.value.value);
    await frozen.clear();
  });

  test("a dead server takes requests and answers nothing until the fault is cleared", async () => {
    const dead = plant.inject({ fault: "dead", connection: "leach" });
    let isAnswered = false;
    const answer = read(["ns=3;s=LT-401"]).then((values) => {
      isAnswered = true;
      return values;
    });
    await pause(300);
    expect(isAnswered).toBe(false);
    await dead.clear();
    expect((await answer)[0]?.statusCode.value).toBe(0);
  });

  test("a refused connection is a server that went down and comes back at the same address", async () => {
    await open[Symbol.asyncDispose]();
    const handle = plant.inject({ fault: "refuse", connection: "leach" });
    await handle.begun;
    await expect(openSession(plant, "leach", join(dir, "client"))).rejects.toThrow();
    await handle.clear();
    open = await openSession(plant, "leach", join(dir, "client"));
    expect((await read(["ns=3;s=LT-401"]))[0]?.statusCode.value).toBe(0);
  });
});

describe("who is let in, and every data type", () => {
  const identity = { kind: "password", user: "puma", password: "correct" } as const;
  const connections = [
    opcUaConnection("open", { security: { mode: "None", policy: "None" } }),
    opcUaConnection("users", { identity }),
  ];
  const devices = [deviceOf("A", "open", null), deviceOf("B", "users", null)];
  const types = [
    "bool",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "int64",
    "uint64",
    "float32",
    "float64",
    "string",
  ] as const;
  const plainTags = types.map((type) =>
    opcUaTag({ id: `T-${type}`, device: "A", type, range: null, unit: null }),
  );
  const tags = [...plainTags, opcUaTag({ id: "LT-2", device: "B" })];
  const dir = mkdtempSync(join(tmpdir(), "puma-opcua-"));
  const plain = { securityMode: MessageSecurityMode.None, securityPolicy: SecurityPolicy.None };
  let plant: SimulatedPlant;

  beforeAll(async () => {
    plant = await startPlant({ plant: plantOf(connections, devices, tags), trustAll: true });
  });
  afterAll(async () => {
    await plant?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test("connections without security only where the plant file says so", async () => {
    await using open = await openSession(plant, "open", dir, plain);
    expect(open.session.sessionId.isEmpty()).toBe(false);
    await expect(openSession(plant, "users", dir, plain)).rejects.toThrow();
  });

  test("each data type arrives as itself", async () => {
    await using open = await openSession(plant, "open", dir, plain);
    const nodes = types.map((type) => ({ nodeId: `ns=3;s=T-${type}`, attributeId: AttributeIds.Value }));
    const values = await open.session.read(nodes);
    const [bool, ...numbers] = values.map(({ value }) => value.value as unknown);
    const sent = plant.sent("A");
    expect(bool).toBe(sent["T-bool"]?.value);
    for (const [i, type] of types.slice(1).entries()) {
      const value = sent[`T-${type}`]?.value;
      const expected =
        typeof value === "bigint" ? [Number(value >> 32n), Number(value & 0xffff_ffffn)] : value;
      expect(numbers[i], type).toEqual(expected);
    }
  });

  test("users with their password and nobody without", async () => {
    const login = (password: string) =>
      openSession(plant, "users", dir, secure, { type: UserTokenType.UserName, userName: "puma", password });
    await using open = await login("correct");
    expect(open.session.sessionId.isEmpty()).toBe(false);
    await expect(login("wrong")).rejects.toThrow(/BadUserAccessDenied|BadIdentityToken/);
    await expect(openSession(plant, "users", dir)).rejects.toThrow();
  });
});
