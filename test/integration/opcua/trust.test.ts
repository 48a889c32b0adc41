import { copyFile, mkdir, stat } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OpcUaConnection } from "../../../src/config/plant.ts";
import {
  listCertificates,
  ownCertificate,
  removeCertificate,
  trustCertificate,
  trustCertificateFile,
} from "../../../src/drivers/opcua/trust.ts";
import { until } from "../../support/until.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import type { Bench } from "./harness.ts";
import { startServer } from "./server.ts";
import type { ServerSettings, TestServer } from "./server.ts";

const SECURE: OpcUaConnection["security"] = { mode: "SignAndEncrypt", policy: "Basic256Sha256" };
const PASSWORD: OpcUaConnection["identity"] = { kind: "password", user: "gateway", password: "gold" };
const VARIABLES = [{ name: "level", type: "Float", value: 55 }];
const SKETCHES = [{ id: "level", type: "float32" }] as const;
const TODAY = new Date().toISOString();

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await removeFolder(folder);
});

function secureServer(pki: string, settings: Partial<ServerSettings> = {}): Promise<TestServer> {
  return startServer({
    pki,
    modes: ["Sign", "SignAndEncrypt"],
    policies: ["Basic256Sha256"],
    certificate: { applicationUri: "urn:test-server", startDate: TODAY, days: 30 },
    variables: VARIABLES,
    ...settings,
  });
}

async function failure(bench: Bench): Promise<string> {
  return bench.connect().then(
    () => "connected",
    (error: Error) => error.message,
  );
}

async function expectLevel(bench: Bench): Promise<void> {
  await bench.connect();
  await until(async () => (await bench.pump(), bench.latest("level")?.value === 55));
}

describe("a server with a certificate", () => {
  let server: TestServer;
  let serverFolder: string;

  beforeAll(async () => {
    serverFolder = await temporaryFolder();
    server = await secureServer(serverFolder);
  });

  afterAll(async () => {
    await server.kill();
    await removeFolder(serverFolder);
  });

  test("is refused and listed while unknown, and let in once its thumbprint is trusted", async () => {
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    const sentence = await failure(bench);
    const [entry, ...others] = await listCertificates(folder);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      state: "rejected",
      applicationUri: "urn:test-server",
      subject: "CN=Test server",
    });
    expect(sentence).toContain("is not trusted");
    expect(sentence).toContain(`puma trust PLANT.yaml add ${entry?.thumbprint}`);

    await trustCertificate(folder, entry?.thumbprint.slice(0, 10).toUpperCase() ?? "");
    expect(await listCertificates(folder)).toMatchObject([
      { thumbprint: entry?.thumbprint, state: "trusted" },
    ]);
    await expectLevel(bench);
  });

  test("is refused again once its thumbprint is removed", async () => {
    const { thumbprint } = await trustCertificateFile(folder, `${serverFolder}/own/certs/server.pem`);
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    await expectLevel(bench);
    await removeCertificate(folder, thumbprint);
    expect(await failure(bench)).toContain("is not trusted");
  });

  test.each(["Sign", "SignAndEncrypt"] as const)("delivers values in mode %s", async (mode) => {
    await trustCertificateFile(folder, `${serverFolder}/own/certs/server.pem`);
    const security = { mode, policy: "Basic256Sha256" } as const;
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security });
    await expectLevel(bench);
  });

  test("is not talked to with less security than configured", async () => {
    const security = { mode: "SignAndEncrypt", policy: "Aes256_Sha256_RsaPss" } as const;
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security });
    expect(await failure(bench)).toMatch(
      /does not offer SignAndEncrypt\/Aes256_Sha256_RsaPss, only .*SignAndEncrypt\/Basic256Sha256/,
    );
  });

  test("sees a key that only its owner can read, below the data folder", async () => {
    const { keyFile, der } = await ownCertificate(folder);
    expect(keyFile.startsWith(`${folder}/pki/own/`)).toBe(true);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect((await ownCertificate(folder)).der).toEqual(der);
  });
});

describe("servers that must not be let in", () => {
  test("an expired certificate is refused although it is trusted, and listed", async () => {
    const certificate = { applicationUri: "urn:test-server", startDate: "2020-01-01T00:00:00Z", days: 30 };
    await using server = await secureServer(`${folder}/server`, { certificate });
    await trustCertificateFile(folder, `${folder}/server/own/certs/server.pem`);
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    expect(await failure(bench)).toContain("expired on 2020-01-31");
    expect((await listCertificates(folder)).map((entry) => entry.state)).toEqual(["trusted", "rejected"]);
  });

  test("a certificate of another application is refused", async () => {
    const certificate = { applicationUri: "urn:another", startDate: TODAY, days: 30 };
    await using server = await secureServer(`${folder}/server`, { certificate });
    await trustCertificateFile(folder, `${folder}/server/own/certs/server.pem`);
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    expect(await failure(bench)).toContain(
      "calls itself urn:test-server but its certificate names urn:another",
    );
  });

  test("a server that offers only a policy that has been broken is refused", async () => {
    await using server = await secureServer(`${folder}/server`, { policies: ["Basic128Rsa15"] });
    await trustCertificateFile(folder, `${folder}/server/own/certs/server.pem`);
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    expect(await failure(bench)).toMatch(
      /does not offer SignAndEncrypt.Basic256Sha256, only .*Basic128Rsa15/,
    );
  });

  test("a server that offers only None is refused when the plant file asks for more", async () => {
    await using server = await startServer({ pki: `${folder}/server`, variables: VARIABLES });
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, security: SECURE });
    expect(await failure(bench)).toContain("does not offer SignAndEncrypt/Basic256Sha256, only None/None");
  });
});

describe("identity", () => {
  const user = { name: "gateway", password: "gold" };

  test("a server that trusts only known clients lets the gateway in by its certificate file, and by its password", async () => {
    const pki = `${folder}/server`;
    const { file } = await ownCertificate(folder);
    await mkdir(`${pki}/trusted/certs`, { recursive: true });
    await copyFile(file, `${pki}/trusted/certs/gateway.pem`);
    await using server = await secureServer(pki, { acceptsAnyClient: false, user });
    await trustCertificateFile(folder, `${pki}/own/certs/server.pem`);
    const connection = { endpoint: server.url, security: SECURE, identity: PASSWORD };
    await using bench = createBench(folder, SKETCHES, connection);
    await expectLevel(bench);

    await using wrong = createBench(folder, SKETCHES, {
      ...connection,
      identity: { ...PASSWORD, password: "lead" },
    });
    const sentence = await failure(wrong);
    expect(sentence).toContain("refuses this user name and password");
    expect(sentence).not.toContain("lead");

    await using stranger = createBench(`${folder}/stranger`, SKETCHES, connection);
    await trustCertificateFile(`${folder}/stranger`, `${pki}/own/certs/server.pem`);
    expect(await failure(stranger)).toContain("does not trust the gateway's certificate");
  });

  test("a user certificate opens a session where no anonymous one is allowed", async () => {
    await using server = await secureServer(`${folder}/server`, { user });
    await trustCertificateFile(folder, `${folder}/server/own/certs/server.pem`);
    const { file, keyFile } = await ownCertificate(folder);
    const connection = { endpoint: server.url, security: SECURE };
    const identity = { kind: "certificate", certificateFile: file, keyFile } as const;
    await using bench = createBench(folder, SKETCHES, { ...connection, identity });
    await expectLevel(bench);
    await using anonymous = createBench(folder, SKETCHES, connection);
    expect(await failure(anonymous)).toContain("does not accept this kind of identity");
  });

  test("a password over mode None is sent with a warning in the log, when the plant file says None", async () => {
    const open = { modes: ["None", "SignAndEncrypt"], policies: ["None", "Basic256Sha256"] } as const;
    await using server = await startServer({ pki: `${folder}/server`, variables: VARIABLES, user, ...open });
    await using bench = createBench(folder, SKETCHES, { endpoint: server.url, identity: PASSWORD });
    await expectLevel(bench);
    expect(bench.lines.filter((line) => line.level === "warn").map((line) => line.sentence)).toEqual([
      expect.stringContaining("security mode None"),
    ]);
  });
});
