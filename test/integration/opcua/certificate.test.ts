import { X509Certificate } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { EndpointDescription } from "node-opcua";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { LinkContext } from "../../../src/drivers/opcua/link-context.ts";
import { judgeServerCertificate } from "../../../src/drivers/opcua/server-certificate.ts";
import { listCertificates } from "../../../src/drivers/opcua/trust.ts";
import { removeFolder, temporaryFolder } from "./harness.ts";

// A plant's own authority, the certificate "urn:test-server" at 127.0.0.1 that it issued, and its revocation list
// before and after that certificate was revoked. All good from 2020 to 2119.
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBWTCB/6ADAgECAgEBMAoGCCqGSM49BAMCMBMxETAPBgNVBAMMCFBsYW50IENB
MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjATMREwDwYDVQQDDAhQ
bGFudCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABF7lXIyRW0zEb1Ox+3yM
iU5Qb1r8vw6Jn40bj4V7lDK+gMw4ChIQw8Rerf/fDzKZeevBgGTwSy0ZkixK9FfF
dGOjQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQW
BBQjzKKnOl6RAUQQZx8f4Oq+E+7JYDAKBggqhkjOPQQDAgNJADBGAiEAquu7f5NF
P0fIYrG3pdzT2vI7s2NvGYqBtKRKVeoEC3QCIQDbT58eHiRPzF7IJgNOVt0SuiMc
yG/nP3PjBJw+AThQkQ==
-----END CERTIFICATE-----`;
const SERVER = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUugAwIBAgIBAjAKBggqhkjOPQQDAjATMREwDwYDVQQDDAhQbGFudCBD
QTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowDjEMMAoGA1UEAwwD
UExDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHm9FhJ37ADZVjdgR4urQOKa5
cSvfweGOhX7zv91iauexvS5SJuIpRfKqsmZIWxZsihbFGrSKA0VykROId94A9aOB
kjCBjzAJBgNVHRMEAjAAMAsGA1UdDwQEAwIE8DATBgNVHSUEDDAKBggrBgEFBQcD
ATAgBgNVHREEGTAXhg91cm46dGVzdC1zZXJ2ZXKHBH8AAAEwHQYDVR0OBBYEFIpf
Ba1pnozRrnogi0UCVU+FAtiVMB8GA1UdIwQYMBaAFCPMoqc6XpEBRBBnHx/g6r4T
7slgMAoGCCqGSM49BAMCA0cAMEQCIGltNyU46281NLLkSWzEr9kL4zjfnGhem6Kl
YbpXppPnAiBr13Mlmjf0QRqyHAEztvD6+Bch53UAS50liXZrtkFccw==
-----END CERTIFICATE-----`;
const LIST = `-----BEGIN X509 CRL-----
MIGZMEEwCgYIKoZIzj0EAwIwEzERMA8GA1UEAwwIUGxhbnQgQ0EXDTIwMDEwMTAw
MDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAKBggqhkjOPQQDAgNIADBFAiB+wxVudppi
QG3geeVdxl9+ps/ne4v4AAhQBlZroNSD8QIhAL4TgsBGWsoO1qNN49T2Vhj2t9UH
NNs53lGVj1ozYD9x
-----END X509 CRL-----`;
const LIST_AFTER = `-----BEGIN X509 CRL-----
MIGuMFcwCgYIKoZIzj0EAwIwEzERMA8GA1UEAwwIUGxhbnQgQ0EXDTIwMDEwMTAw
MDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAUMBICAQIXDTI2MTEyMzA5Mjk1N1owCgYI
KoZIzj0EAwIDRwAwRAIgYiPnmdy7tqUfUmIf66Xo3lFc0M+9Sv91eX1IGcM3YkIC
IBcPkn24NeGXSdbjjUstRUQM2OXGfXqC/khlEDuQat2x
-----END X509 CRL-----`;

// Two authorities that have issued each other's certificates, good for as long.
const LOOP = `-----BEGIN CERTIFICATE-----
MIIBmTCCAUCgAwIBAgIBEzAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZMb29wIEIw
IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBExDzANBgNVBAMMBkxv
b3AgQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABH1/xDYUcZjGwzHNK3oshpIj
snXz2M8hZoVI36nx8HTuQNmy7+w/l97X21b1193uyIC4vgs8KauhXmYFEc+gw56j
gYYwgYMwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwIAYDVR0RBBkw
F4YPdXJuOnRlc3Qtc2VydmVyhwR/AAABMB0GA1UdDgQWBBRrk5Cwyk6RbEnA+kEG
qq6QAk4kvDAfBgNVHSMEGDAWgBQgykNfB1O5noWB7UIEcTCv6tb70TAKBggqhkjO
PQQDAgNHADBEAiAJVwvoAr8IMwugPFg7yogMVRRD5HxdaIHLHeLVCV36NgIgEsM2
t/vIbn2lcMv1C7Lbs4aJ4mouDmnXz0XOexb6fD8=
-----END CERTIFICATE-----`;
const OTHER_LOOP = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUCgAwIBAgIBFDAKBggqhkjOPQQDAjARMQ8wDQYDVQQDDAZMb29wIEEw
IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBExDzANBgNVBAMMBkxv
b3AgQjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLDApdPaWXWOXIKaR3ZIj9/t
5aecAV1AA4YxCbnprYZeClk3SPS+1G7nNyVWtnYVD8hRIjdUwjT0OnaDCc3v3Ruj
gYYwgYMwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwIAYDVR0RBBkw
F4YPdXJuOnRlc3Qtc2VydmVyhwR/AAABMB0GA1UdDgQWBBQgykNfB1O5noWB7UIE
cTCv6tb70TAfBgNVHSMEGDAWgBRrk5Cwyk6RbEnA+kEGqq6QAk4kvDAKBggqhkjO
PQQDAgNIADBFAiEAzZh416j2Na3Vx/lNKJLf2Q9h5cdesQSREba7DSEZK3ACICaG
FsMjMD9opbVtEB6U7dtV6iGor9hyGtAxeOms1YZK
-----END CERTIFICATE-----`;

const APPROVED = { "trusted/certs/authority.pem": AUTHORITY };

let dataDir: string;

beforeEach(async () => {
  dataDir = await temporaryFolder();
});

afterEach(async () => {
  await removeFolder(dataDir);
});

async function judge(
  files: Readonly<Record<string, string>>,
  host: string,
  chain: readonly string[] = [SERVER],
): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(dataDir, "pki", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const connection = { endpoint: `opc.tcp://${host}:4840/plc` };
  const context = { dataDir, linkClock: systemClock, connection, noteCertificate: () => undefined };
  const endpoint = {
    serverCertificate: Buffer.concat(chain.map((pem) => new X509Certificate(pem).raw)),
    server: { applicationUri: "urn:test-server" },
  };
  return judgeServerCertificate(context as unknown as LinkContext, endpoint as EndpointDescription).then(
    () => "accepted",
    (error: Error) => error.message,
  );
}

test.each([
  ["issued by an approved authority with a revocation list", { ...APPROVED, "trusted/crl/list.pem": LIST }],
  ["approved by a person, its issuer unknown", { "trusted/certs/server.pem": SERVER }],
])("a certificate %s is accepted", async (_, files) => {
  expect(await judge(files, "127.0.0.1")).toBe("accepted");
});

test("a certificate approved by a person is accepted at any host, one approved through its issuer only at its own", async () => {
  expect(await judge({ ...APPROVED, "trusted/crl/list.pem": LIST }, "10.0.0.7")).toContain(
    "for another host than 10.0.0.7",
  );
  expect(await judge({ "trusted/certs/server.pem": SERVER }, "10.0.0.7")).toBe("accepted");
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["nobody approved", {}, "is not trusted; compare its thumbprint"],
  [
    "whose issuer is known but not approved",
    { "issuers/certs/authority.pem": AUTHORITY, "issuers/crl/list.pem": LIST },
    "is not trusted",
  ],
  ["whose issuer has no revocation list here", APPROVED, "revocation list is missing"],
  ["that was revoked", { ...APPROVED, "trusted/crl/list.pem": LIST_AFTER }, "has been revoked"],
  [
    "that was revoked after a person approved it",
    { ...APPROVED, "trusted/certs/server.pem": SERVER, "trusted/crl/list.pem": LIST_AFTER },
    "has been revoked",
  ],
])("a certificate %s is refused and listed", async (_, files, sentence) => {
  expect(await judge(files, "127.0.0.1")).toContain(sentence);
  const { fingerprint } = new X509Certificate(SERVER);
  const thumbprint = fingerprint.replaceAll(":", "").toLowerCase();
  const rejected = (await listCertificates(dataDir)).filter((entry) => entry.state === "rejected");
  expect(rejected.map((entry) => entry.thumbprint)).toEqual([thumbprint]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ["that nobody knows", {}],
  ["of which one is known as an issuer", { "issuers/certs/other.pem": OTHER_LOOP }],
  [
    "that are both known as issuers",
    { "issuers/certs/one.pem": LOOP, "issuers/certs/other.pem": OTHER_LOOP },
  ],
])("certificates %s and that vouch for each other lead nowhere, and no further", async (_, files) => {
  for (const times of [1, 50]) {
    const chain = Array.from({ length: times }, () => [LOOP, OTHER_LOOP]).flat();
    expect(await judge(files, "127.0.0.1", chain)).toContain("thumbprint");
  }
  const rejected = (await listCertificates(dataDir)).filter((entry) => entry.state === "rejected");
  expect(rejected.map((entry) => entry.subject)).toEqual(["CN=Loop A"]);
});
