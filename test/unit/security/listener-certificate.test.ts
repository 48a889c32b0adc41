import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ListenerTls, Plant } from "../../../src/config/plant.ts";
import { listenerCertificate } from "../../../src/security/listener-certificate.ts";
import { selfSign } from "../../../src/security/self-signed.ts";

const DAY_MS = 24 * 3_600_000;
const NOW = Date.parse("2026-11-28T12:00:00Z");
const GENERATED: ListenerTls = { kind: "generated" };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "puma-tls-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function plantWith(http: Partial<Plant["http"]> = {}): Pick<Plant, "http" | "broker" | "data"> {
  const data = { dir, spoolBytesMax: 0, groupCommitMs: 20, historyDays: 1 };
  return { data, broker: null, http: { host: "0.0.0.0", port: 8443, auth: "accounts", ...http } };
}

const generated = (http: Partial<Plant["http"]> = {}, now = NOW) =>
  listenerCertificate(GENERATED, plantWith(http), now);

describe("a certificate of the gateway's own making", () => {
  it("is one of a server and of no authority, signed by its own key", () => {
    const { cert, key, fingerprint } = generated();
    const certificate = new X509Certificate(cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]); // server authentication
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(fingerprint).toBe(certificate.fingerprint256);
    expect(BigInt(`0x${certificate.serialNumber}`) > 1n << 120n).toBe(true);
  });

  it("stands for this machine, the host that it listens to, and the names of the plant file", () => {
    const names = ["Gateway.Plant.example", "año.example", "10.1.2.3", "fd00::7:1", "::ffff:1.2.3.4"];
    const certificate = new X509Certificate(generated({ host: "192.168.1.9", names }).cert);
    for (const name of ["localhost", hostname(), "gateway.plant.example", "xn--ao-zja.example"])
      expect(`${name} ${certificate.checkHost(name)}`).toBe(`${name} ${name.toLowerCase()}`);
    for (const address of ["127.0.0.1", "::1", "192.168.1.9", "10.1.2.3", "fd00::7:1", "::ffff:102:304"])
      expect(`${address} ${certificate.checkIP(address)}`).toBe(`${address} ${address}`);
    expect(certificate.checkHost("other.example")).toBeUndefined();
    expect(certificate.checkIP("0.0.0.0")).toBeUndefined();
  });

  it("is valid from yesterday, for clocks that are behind, and for the 825 days that every system takes", () => {
    const certificate = new X509Certificate(generated().cert);
    expect(certificate.validFromDate.getTime()).toBe(NOW - DAY_MS);
    expect(certificate.validToDate.getTime()).toBe(NOW + 825 * DAY_MS);
  });

  it("can end after 2049, when a date is written with four digits of the year", () => {
    const to = Date.parse("2055-06-07T08:09:10Z");
    const { cert } = selfSign({ name: "late", hosts: ["a.example"], from: NOW, to });
    expect(new X509Certificate(cert).validToDate.getTime()).toBe(to);
  });

  it("is kept where its owner alone can read the key", () => {
    generated();
    const mode = (name: string): string => (statSync(join(dir, "tls", name)).mode & 0o777).toString(8);
    expect([mode(""), mode("gateway.key"), mode("gateway.pem")]).toEqual(["700", "600", "600"]);
  });

  it("stays the same over restarts, until it would end within sixty days", () => {
    const { fingerprint, validUntil } = generated();
    expect(generated({}, NOW + DAY_MS).fingerprint).toBe(fingerprint);
    expect(generated({}, validUntil - 61 * DAY_MS).fingerprint).toBe(fingerprint);
    const renewed = generated({}, validUntil - 60 * DAY_MS);
    expect(renewed.fingerprint).not.toBe(fingerprint);
    expect(renewed.validUntil).toBe(validUntil + 765 * DAY_MS);
  });

  it("is made anew for a name that it does not stand for, and stays when one has gone", () => {
    const names = ["gateway.plant.example", "año.example"];
    const first = generated();
    const second = generated({ names });
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(generated({ names }).fingerprint).toBe(second.fingerprint);
    expect(generated().fingerprint).toBe(second.fingerprint);
  });

  it.each([
    ["is no certificate", "gateway.pem", () => "nonsense"],
    [
      "belongs to another key",
      "gateway.key",
      () => selfSign({ name: "x", hosts: ["x"], from: 0, to: 1 }).key,
    ],
    ["is empty", "gateway.key", () => ""],
  ])("is made anew when the file on disk %s", (_, name, content) => {
    const first = generated();
    writeFileSync(join(dir, "tls", name), content());
    const second = generated();
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(generated()).toEqual(second);
  });
});

describe("a certificate that the plant file names", () => {
  const files = () => {
    const tls = {
      kind: "given",
      certificateFile: join(dir, "page.pem"),
      keyFile: join(dir, "page.key"),
    } as const;
    const pair = selfSign({ name: "page", hosts: ["page.plant.example"], from: NOW, to: NOW + DAY_MS });
    writeFileSync(tls.certificateFile, pair.cert);
    writeFileSync(tls.keyFile, pair.key);
    return tls;
  };
  const read = (tls: ListenerTls) => listenerCertificate(tls, plantWith(), NOW);

  it("is taken as it is, and tells for which hosts it stands", () => {
    const tls = files();
    expect(read(tls)).toMatchObject({
      isGenerated: false,
      cert: readFileSync(tls.certificateFile, "utf8"),
      hosts: ["page.plant.example"],
      validUntil: NOW + DAY_MS,
    });
  });

  it("is told to be missing, to be none, or not to belong to its key", () => {
    const tls = files();
    const { keyFile, certificateFile } = tls;
    expect(() => read({ ...tls, keyFile: join(dir, "no.key") })).toThrow(
      `${join(dir, "no.key")} cannot be read`,
    );
    expect(() => read({ ...tls, keyFile: certificateFile })).toThrow(
      `${certificateFile} holds no certificate or key`,
    );
    writeFileSync(keyFile, selfSign({ name: "x", hosts: ["x"], from: NOW, to: NOW + 1 }).key);
    expect(() => read(tls)).toThrow("does not belong to the certificate");
  });
});
