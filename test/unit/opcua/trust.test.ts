import { createHash, X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  applicationUriOf,
  listCertificates,
  refuseCertificate,
  rejectCertificate,
  removeCertificate,
  trustCertificate,
  trustCertificateFile,
} from "../../../src/drivers/opcua/trust.ts";

// Two self-signed certificates, of "Leach PLC one" and "… two", good for a hundred years.
const ONE = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIB0DCCAXagAwIBAgIUQ2viHYOAM4Qc/omXJnyJH/dRaY0wCgYIKoZIzj0EAwIw
KjEWMBQGA1UEAwwNTGVhY2ggUExDIG9uZTEQMA4GA1UECgwHRXhhbXBsZTAgFw0y
NjExMjMwOTEzMTZaGA8yMTI2MTAzMDA5MTMxNlowKjEWMBQGA1UEAwwNTGVhY2gg
UExDIG9uZTEQMA4GA1UECgwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABKtHGglxKqmJCOUkV0TyroKXewmSogzd9m4FiauWH8z4I5JFTkNBO5r2f7E0
fg4/Piss7G+osI33c7z5iYAvSTejeDB2MB0GA1UdDgQWBBQQ+UONCLrQ4WDMv9b3
enBhN5FexjAfBgNVHSMEGDAWgBQQ+UONCLrQ4WDMv9b3enBhN5FexjAPBgNVHRMB
Af8EBTADAQH/MCMGA1UdEQQcMBqGD3VybjpleGFtcGxlOm9uZYIHcGxjLW9uZTAK
BggqhkjOPQQDAgNIADBFAiEA228qqSBFZEU70lLiCEVnVN+Y39yJ2y14NfDDUXJs
l9sCIAL0EN16xfSJUiNm2AavYvWUe9Ci51d43KrKgcLAMQvp
-----END CERTIFICATE-----`);
const TWO = new X509Certificate(`-----BEGIN CERTIFICATE-----
MIIB0TCCAXagAwIBAgIUYoZ08/ASlNjztsMntg2+TgUmvpIwCgYIKoZIzj0EAwIw
KjEWMBQGA1UEAwwNTGVhY2ggUExDIHR3bzEQMA4GA1UECgwHRXhhbXBsZTAgFw0y
NjExMjMwOTEzMTZaGA8yMTI2MTAzMDA5MTMxNlowKjEWMBQGA1UEAwwNTGVhY2gg
UExDIHR3bzEQMA4GA1UECgwHRXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABBL/MAs6X6SG5q6OoufRjkKqrRWQ0T9NkuIlZn23F1ICVTiLeSx/SbchWe74
ZzgJdiKnRK5BP7u+NowPlEhYuAujeDB2MB0GA1UdDgQWBBT5X+D9yF5mssKDaiYb
TUvSrY6uXTAfBgNVHSMEGDAWgBT5X+D9yF5mssKDaiYbTUvSrY6uXTAPBgNVHRMB
Af8EBTADAQH/MCMGA1UdEQQcMBqGD3VybjpleGFtcGxlOnR3b4IHcGxjLXR3bzAK
BggqhkjOPQQDAgNJADBGAiEAoAe/ZoTz+xnFqNBDdUbPN+b67JnqtNGeDEtR/upw
jj0CIQDhPm3/cTGrN9aPUXPy5iPJvah0FLokdANZ4f+uSKoHJQ==
-----END CERTIFICATE-----`);

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "puma-trust-"));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

function sha1(certificate: X509Certificate): string {
  return createHash("sha1").update(certificate.raw).digest("hex");
}

test("nothing is known at first", async () => {
  expect(await listCertificates(dataDir)).toEqual([]);
});

test("a rejected certificate is listed with all that a person needs to decide", async () => {
  await rejectCertificate(dataDir, ONE);
  expect(await listCertificates(dataDir)).toEqual([
    {
      thumbprint: sha1(ONE),
      subject: "CN=Leach PLC one, O=Example",
      applicationUri: "urn:example:one",
      validUntil: ONE.validToDate.toISOString(),
      state: "rejected",
      file: join(dataDir, "pki", "rejected", `${sha1(ONE)}.pem`),
    },
  ]);
});

test("trusting by eight digits moves it; removing forgets it", async () => {
  await rejectCertificate(dataDir, ONE);
  await rejectCertificate(dataDir, TWO);
  const trusted = await trustCertificate(dataDir, sha1(ONE).slice(0, 8));
  expect(trusted.state).toBe("trusted");
  expect(await readdir(join(dataDir, "pki", "trusted", "certs"))).toEqual([`${sha1(ONE)}.pem`]);
  expect(await trustCertificate(dataDir, sha1(ONE))).toEqual(trusted);
  await removeCertificate(dataDir, sha1(ONE));
  expect((await listCertificates(dataDir)).map((entry) => entry.thumbprint)).toEqual([sha1(TWO)]);
});

test("one that a person has refused is not asked about again, until somebody trusts it after all", async () => {
  await rejectCertificate(dataDir, ONE);
  await refuseCertificate(dataDir, sha1(ONE));
  await rejectCertificate(dataDir, ONE);
  const states = async (): Promise<string[]> => (await listCertificates(dataDir)).map(({ state }) => state);
  expect(await states()).toEqual(["refused"]);
  await trustCertificate(dataDir, sha1(ONE));
  expect(await states()).toEqual(["trusted"]);
  await refuseCertificate(dataDir, sha1(ONE));
  expect(await states()).toEqual(["refused"]);
});

test("a thumbprint may be given as other programs print it", async () => {
  await rejectCertificate(dataDir, ONE);
  expect((await trustCertificate(dataDir, ONE.fingerprint)).thumbprint).toBe(sha1(ONE));
});

test.each([
  ["too short", "abc", "at least the first 8"],
  ["no hexadecimal number", "../../../etc", "hexadecimal"],
  ["unknown", "0000000000", "No certificate"],
])("a thumbprint that is %s is refused with a sentence", async (_, thumbprint, sentence) => {
  await rejectCertificate(dataDir, ONE);
  await expect(trustCertificate(dataDir, thumbprint)).rejects.toThrow(sentence);
});

test("PEM and DER files are both trusted, and other files in the folders do no harm", async () => {
  await mkdir(join(dataDir, "pki", "trusted", "certs"), { recursive: true });
  await writeFile(join(dataDir, "pki", "trusted", "certs", "notes.pem"), "no certificate");
  await writeFile(join(dataDir, "one.der"), ONE.raw);
  await writeFile(join(dataDir, "two.pem"), TWO.toString());
  await rejectCertificate(dataDir, TWO);
  await trustCertificateFile(dataDir, join(dataDir, "one.der"));
  await trustCertificateFile(dataDir, join(dataDir, "two.pem"));
  expect((await listCertificates(dataDir)).map((entry) => [entry.subject, entry.state])).toEqual([
    ["CN=Leach PLC one, O=Example", "trusted"],
    ["CN=Leach PLC two, O=Example", "trusted"],
  ]);
});

test("the application URI is read from among the other names", () => {
  expect([applicationUriOf(ONE), applicationUriOf(TWO)]).toEqual(["urn:example:one", "urn:example:two"]);
});
