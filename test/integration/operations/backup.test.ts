import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listCertificates, ownCertificate, trustCertificateFile } from "../../../src/drivers/opcua/trust.ts";
import { BackupRefused } from "../../../src/store/backup/manifest.ts";
import { checkBackup } from "../../../src/store/backup/read.ts";
import { randomFor } from "../../../src/domain/random.ts";
import { PASSWORD } from "../../support/people.ts";
import { temporaryFolder } from "../../support/program.ts";
import { puma, runPuma } from "../../support/puma.ts";
import type { RunningPuma } from "../../support/puma.ts";
import { until } from "../../support/until.ts";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: own-meter, connection: meter, unit: 21, area: utilities } }
alarms:
  JT-1.H: { on: JT-1, type: H, limit: 90, onDelay: 1s, priority: 2, consequence: Hot, response: Look }
  METER.OFF: { on: METER, type: offline, onDelay: 1s, priority: 3, consequence: Blind, response: Look }
outputs:
  mqtt: { url: "mqtts://127.0.0.1:1", user: u, password: "\${file:secrets/mqtt}", tls: { ca: ca.pem } }
texts: { es-PE: house.es-PE.yaml }
data: { dir: ./data }
http: { port: 0, auth: accounts }
`;
const PROFILE = `
profile: own-meter
title: Meter
document: none
protocol: modbus
tags:
  JT-1: { title: Power, table: input, address: 52, type: float32, unit: kW, range: [0, 100], scan: fast }
`;
/** Says when and on what system it was packed, of which nothing depends. */
const GZIP_HEAD_BYTES = 10;
const SECRET = "canario-73-secreto";

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder.path, ...parts);
const plant = at("first", "house.yaml");
const restored = at("second", "house.yaml");
const backup = at("house.backup.tgz");
let gateway: RunningPuma;
let token = "";
let made: Awaited<ReturnType<typeof puma>>;

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}

async function ask<T>({ url }: RunningPuma, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as T;
}

interface Alarm {
  readonly alarm: string;
  readonly state: string;
  readonly limit: number | null;
}

async function standingOf(running: RunningPuma): Promise<unknown> {
  const alarms = await ask<Alarm[]>(running, "alarms");
  return alarms.map(({ alarm, state, limit }) => ({ alarm, state, limit }));
}

const line = (text: string, name: string): string =>
  new RegExp(`^${name} +(.*)$`, "mu").exec(text)?.[1] ?? "";

beforeAll(async () => {
  put(plant, PLANT);
  put(at("first", "profiles", "own-meter.yaml"), PROFILE);
  put(at("first", "texts", "house.es-PE.yaml"), "Power: Potencia\n");
  put(at("first", "secrets", "mqtt"), SECRET);
  copyFileSync((await ownCertificate(at("server"))).file, at("first", "ca.pem"));
  await trustCertificateFile(at("first", "data"), at("first", "ca.pem"));
  gateway = await runPuma(plant);
  expect((await puma(["user", plant, "add", "rosa", "--role", "admin"], `${PASSWORD}\n`)).code).toBe(0);
  token = (await puma(["token", plant, "add", "test", "--role", "engineer"])).out.trim();
  await until(async () => {
    const alarms = await ask<Alarm[]>(gateway, "alarms");
    return alarms.some(({ alarm, state }) => alarm === "METER.OFF" && state === "UNACK");
  }, 50_000);
  await ask(gateway, "alarms/METER.OFF/acknowledge", { reason: "seen" });
  await ask(gateway, "alarms/JT-1.H/limit", { limit: 80, reason: "hot month" });
  made = await puma(["backup", plant, "--to", backup, "--history", "--spool"]);
}, 300_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe("a backup that was taken while the gateway ran", () => {
  it("is for its owner alone and is noted in the audit", async () => {
    expect(made).toMatchObject({ code: 0, told: "" });
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).sort()).toEqual(["first", "house.backup.tgz", "server"]);
    const audit = await ask<{ action: string; after: string }[]>(gateway, "audit");
    expect(audit.find(({ action }) => action === "backup-made")?.after).toBe(line(made.out, "seal"));
  });

  it("brings configuration, accounts, trusted certificates, alarms and limits to an empty machine within five minutes", async () => {
    const before = { alarms: await standingOf(gateway), trusted: await trustedIn(at("first", "data")) };
    await gateway[Symbol.asyncDispose]();
    const start = performance.now();
    const { code, out, told } = await puma(["restore", restored, "--from", backup]);
    expect({ code, told }).toEqual({ code: 0, told: "" });
    expect(line(out, "configuration")).toBe(line(made.out, "configuration"));
    const second = await runPuma(restored);
    try {
      expect(performance.now() - start).toBeLessThan(300_000);
      expect(await standingOf(second)).toEqual(before.alarms);
      expect(await trustedIn(at("second", "data"))).toEqual(before.trusted);
      const again = at("again.tgz");
      expect(line((await puma(["backup", restored, "--to", again])).out, "configuration")).toBe(
        line(made.out, "configuration"),
      );
      expect((await puma(["user", restored, "list"])).out).toMatch(/^rosa +admin/mu);
      const login = await fetch(`${second.url}/api/v1/login`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: second.url },
        body: JSON.stringify({ name: "rosa", password: PASSWORD }),
      });
      expect(login.status).toBe(200);
      expect((await puma(["audit", restored, "verify"])).code).toBe(0);
    } finally {
      await second[Symbol.asyncDispose]();
    }
    expect(readFileSync(at("second", "secrets", "mqtt"), "utf8")).toBe(SECRET);
    expect(statSync(at("second", "secrets", "mqtt")).mode & 0o777).toBe(0o600);
    expect(rowsOf(at("second", "data", "historian.sqlite"))).toBeGreaterThan(0);
  }, 300_000);

  it("overwrites nothing", async () => {
    const { code, told } = await puma(["restore", restored, "--from", backup]);
    expect(code).toBe(1);
    expect(told).toMatch(/not empty\. Nothing has been changed\.\n$/u);
  });
});

async function trustedIn(dataDir: string): Promise<unknown> {
  return (await listCertificates(dataDir)).map(({ state, thumbprint }) => [state, thumbprint]);
}

function rowsOf(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const { rows } = database.prepare("select count(*) as rows from tag").get() ?? {};
  database.close();
  return Number(rows);
}

/** One run of zeros may be written in several ways. */
function unpacksToSame(bytes: Buffer, whole: Buffer): boolean {
  try {
    return gunzipSync(bytes).equals(gunzipSync(whole));
  } catch {
    return false;
  }
}

describe("a backup that is not as it was made", () => {
  const restoring = async (bytes: Buffer, ...more: string[]): Promise<string> => {
    writeFileSync(at("odd.tgz"), bytes);
    const { code, told } = await puma([
      "restore",
      at("third", "house.yaml"),
      "--from",
      at("odd.tgz"),
      ...more,
    ]);
    expect(code).toBe(1);
    expect(existsSync(at("third"))).toBe(false);
    return told;
  };
  const refused = async (bytes: Buffer): Promise<string> => {
    writeFileSync(at("odd.tgz"), bytes);
    const refusal = await checkBackup(at("odd.tgz")).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(BackupRefused);
    return (refusal as Error).message;
  };

  it("is refused with a sentence where it is cut off, and nothing is written", async () => {
    const whole = readFileSync(backup);
    expect(await restoring(whole.subarray(0, whole.length / 2))).toMatch(
      /damaged: .*\. Nothing has been changed/u,
    );
    expect(await refused(Buffer.from("not a backup"))).toContain("damaged");
    expect(await refused(gzipSync("neither"))).toContain("damaged");
  });

  it("is refused where a file in it has been altered, put in or taken out", async () => {
    const plain = gunzipSync(readFileSync(backup));
    const altered = Buffer.from(plain);
    altered.write("Mayor", altered.indexOf("One meter"));
    expect(await refused(gzipSync(altered))).toContain("configuration/house.yaml is not as it was written");
    const [from, to] = ["configuration/house.yaml", "configuration/profiles/own-meter.yaml"].map((name) =>
      plain.indexOf(name),
    );
    const entry = plain.subarray(from, to);
    const before = plain.subarray(0, from);
    const rest = plain.subarray(to);
    expect(await refused(gzipSync(Buffer.concat([before, entry, entry, rest])))).toContain("twice");
    expect(await refused(gzipSync(Buffer.concat([before, rest])))).toContain("house.yaml is missing");
  });

  it("is refused wherever a bit of what is in it has changed", async () => {
    const whole = readFileSync(backup);
    const random = randomFor("bits", 1);
    for (let trial = 0; trial < 40; trial++) {
      const bytes = Buffer.from(whole);
      const place = GZIP_HEAD_BYTES + Math.floor(random() * (whole.length - GZIP_HEAD_BYTES));
      bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << Math.floor(random() * 8)), place);
      if (!unpacksToSame(bytes, whole)) await refused(bytes);
    }
  });

  it("is refused where it is of a newer version", async () => {
    const plain = gunzipSync(readFileSync(backup));
    const newer = Buffer.from(plain);
    newer.write("puma-backup 9\n", newer.indexOf("puma-backup 1\n"));
    expect(await refused(gzipSync(newer))).toContain(
      "A newer version of the gateway made this backup (format 9",
    );
    const forms = Buffer.from(plain);
    forms.write('"accounts.sqlite":9', forms.indexOf('"accounts.sqlite":1'));
    expect(await refused(gzipSync(forms))).toContain("wrote accounts.sqlite (form 9");
  });

  it("is refused where its seal is another", async () => {
    const told = await restoring(readFileSync(backup), "--seal", "0".repeat(64));
    expect(told).toContain(line(made.out, "seal"));
  });

  it("cannot write outside its places", async () => {
    const plain = gunzipSync(readFileSync(backup));
    const name = "configuration/house.yaml";
    const at0 = plain.indexOf(name);
    const hostile = Buffer.from(plain);
    const header = hostile.subarray(at0, at0 + 512);
    header.write("data/../../house.yaml\0\0\0", 0);
    header.write("        ", 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    expect(await refused(gzipSync(hostile))).toContain("data/../../house.yaml");
  });
});

describe("puma wipe", () => {
  it("wants the plant's id, and removes data and secrets and leaves the plant file", async () => {
    const wiped = at("second", "house.yaml");
    copyFileSync(at("first", "ca.pem"), at("second", "other.pem"));
    expect((await puma(["wipe", wiped], "mine\n")).code).toBe(1);
    expect(existsSync(at("second", "data", "accounts.sqlite"))).toBe(true);
    const { code, out } = await puma(["wipe", wiped], "house\n");
    expect(code).toBe(0);
    expect(out).toContain(at("second", "secrets", "mqtt"));
    expect(existsSync(at("second", "data"))).toBe(false);
    expect(existsSync(at("second", "secrets", "mqtt"))).toBe(false);
    expect([existsSync(wiped), existsSync(at("second", "other.pem"))]).toEqual([true, true]);
  });

  it("touches nothing while a gateway runs", async () => {
    await using running = await runPuma(plant);
    const { code, told } = await puma(["wipe", plant], "house\n");
    expect(code).toBe(1);
    expect(told).toContain("stop it first");
    expect((await fetch(`${running.url}/healthz`)).status).toBeLessThan(600);
    expect(existsSync(at("first", "data", "journal.sqlite"))).toBe(true);
  }, 300_000);
});
