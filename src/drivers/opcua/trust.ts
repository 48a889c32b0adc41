import { X509Certificate } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate, CertificateState } from "../../domain/peer-certificate.ts";

/** The gateway's own OPC UA certificates and those it trusts, below the plant's data folder and nowhere else:
 *
 *      pki/own/certs/gateway.pem          our application certificate: give it to servers that ask for it
 *      pki/own/private/private_key.pem    its key, readable by us alone
 *      pki/trusted/certs/*.pem|der        server certificates (or their issuers) that a person has approved
 *      pki/trusted/crl, pki/issuers/certs, pki/issuers/crl    revocation lists and chains, where a plant has its own authority
 *      pki/rejected/*.pem                 server certificates met and not known, waiting for a decision
 *      pki/refused/*.pem                  those that a person has decided against
 *
 *  Files are PEM or DER. Everything here works on files alone and loads no OPC UA library, so that the command line is quick;
 *  a running gateway reads the folders again at every attempt to connect.
 *
 *  To make a server and the gateway trust each other: `ownCertificate` and copy the file into the server's trusted folder;
 *  `trustCertificateFile` with the server's own certificate. */
export interface CertificateEntry extends Certificate {
  readonly file: string;
}

const THUMBPRINT_PREFIX_MIN = 8; // hex digits that a person must give
const REJECTED_MAX = 100; // certificates kept for a decision; the oldest make room

/** Folder of all certificates below the data folder. */
export function pkiFolder(dataDir: string): string {
  return join(dataDir, "pki");
}

const FOLDERS: Readonly<Record<CertificateState, string>> = {
  trusted: join("trusted", "certs"),
  rejected: "rejected",
  refused: "refused",
};

function folderOf(dataDir: string, state: CertificateState): string {
  return join(pkiFolder(dataDir), FOLDERS[state]);
}

export async function listCertificates(dataDir: string): Promise<readonly CertificateEntry[]> {
  const states = Object.keys(FOLDERS) as CertificateState[];
  return (await Promise.all(states.map((state) => readFolder(dataDir, state)))).flat();
}

/** Approves a certificate that was rejected or refused. `thumbprint` may be its first eight or more digits.
 *  Throws an Error with a sentence when none or several match. */
export async function trustCertificate(dataDir: string, thumbprint: string): Promise<CertificateEntry> {
  return moveTo(dataDir, "trusted", await findCertificate(dataDir, thumbprint));
}

/** Decides against a certificate, also one that was trusted: its server is not talked to from the next reconnect on, and
 *  does not come up for a decision again. */
export async function refuseCertificate(dataDir: string, thumbprint: string): Promise<CertificateEntry> {
  return moveTo(dataDir, "refused", await findCertificate(dataDir, thumbprint));
}

async function moveTo(
  dataDir: string,
  state: CertificateState,
  entry: CertificateEntry,
): Promise<CertificateEntry> {
  if (entry.state === state) return entry;
  const file = await store(dataDir, state, new X509Certificate(await readFile(entry.file)));
  await rm(entry.file, { force: true });
  return { ...entry, state, file };
}

/** Approves a certificate that somebody brings as a PEM or DER file. */
export async function trustCertificateFile(dataDir: string, file: string): Promise<CertificateEntry> {
  const certificate = new X509Certificate(await readFile(file));
  const kept = await store(dataDir, "trusted", certificate);
  for (const state of ["rejected", "refused"] as const)
    await rm(fileOf(dataDir, state, certificate), { force: true });
  return entryOf(certificate, "trusted", kept);
}

/** Forgets a certificate, trusted or rejected. A session that uses it lives on until its next reconnect. */
export async function removeCertificate(dataDir: string, thumbprint: string): Promise<CertificateEntry> {
  const entry = await findCertificate(dataDir, thumbprint);
  await rm(entry.file, { force: true });
  return entry;
}

/** Keeps an unknown certificate for a person to decide on, unless one has decided against it. */
export async function rejectCertificate(dataDir: string, certificate: X509Certificate): Promise<void> {
  if (await isRefused(dataDir, certificate)) return;
  await store(dataDir, "rejected", certificate);
  const files = await datedFiles(folderOf(dataDir, "rejected"));
  const surplus = files.sort((a, b) => a.time - b.time).slice(0, Math.max(0, files.length - REJECTED_MAX));
  await Promise.all(surplus.map(({ file }) => rm(file, { force: true })));
}

/** Whether a person has decided against it. */
export async function isRefused(dataDir: string, certificate: X509Certificate): Promise<boolean> {
  const thumbprint = thumbprintOf(certificate);
  return (await readFolder(dataDir, "refused")).some((entry) => entry.thumbprint === thumbprint);
}

/** Where our application certificate is, once it has been made. */
export function ownCertificateFile(dataDir: string): string {
  return join(pkiFolder(dataDir), "own", "certs", "gateway.pem");
}

/** Our application certificate: the PEM file to hand to servers, and its DER form. Made at the first call, valid ten years. */
export async function ownCertificate(
  dataDir: string,
): Promise<{ readonly file: string; readonly keyFile: string; readonly der: Buffer }> {
  const file = ownCertificateFile(dataDir);
  const keyFile = join(pkiFolder(dataDir), "own", "private", "private_key.pem");
  const pem = await readFile(file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    const { createOwnCertificate } = await import("./own-certificate.ts"); // loads the OPC UA library: once in a gateway's life
    await createOwnCertificate(pkiFolder(dataDir), file, keyFile);
    return readFile(file);
  });
  return { file, keyFile, der: new X509Certificate(pem).raw };
}

export function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(":", "").toLowerCase();
}

/** The URI among the subject alternative names: OPC 10000-6, 6.2.2 wants exactly one. */
export function applicationUriOf(certificate: X509Certificate): string | null {
  return (
    /(?:^|, )URI:(?:"([^"]*)"|([^,]*))/
      .exec(certificate.subjectAltName ?? "")
      ?.slice(1)
      .find(Boolean) ?? null
  );
}

async function findCertificate(dataDir: string, thumbprint: string): Promise<CertificateEntry> {
  const wanted = thumbprint.replaceAll(/[\s:]/g, "").toLowerCase();
  if (wanted.length < THUMBPRINT_PREFIX_MIN || !/^[0-9a-f]*$/.test(wanted))
    throw new Error(
      `A thumbprint is 40 hexadecimal digits; give at least the first ${THUMBPRINT_PREFIX_MIN}.`,
    );
  const matches = (await listCertificates(dataDir)).filter((entry) => entry.thumbprint.startsWith(wanted));
  const [first] = matches;
  if (first === undefined)
    throw new Error(`No certificate in ${pkiFolder(dataDir)} has the thumbprint ${wanted}.`);
  if (new Set(matches.map((entry) => entry.thumbprint)).size > 1)
    throw new Error(`Several certificates have thumbprints that begin with ${wanted}; give more digits.`);
  return first;
}

async function readFolder(dataDir: string, state: CertificateState): Promise<readonly CertificateEntry[]> {
  const files = await datedFiles(folderOf(dataDir, state));
  const entries = await Promise.all(
    files.map(async ({ file }) => {
      const certificate = parse(await readFile(file));
      return certificate === null ? [] : [entryOf(certificate, state, file)];
    }),
  );
  return entries.flat().sort((a, b) => a.subject.localeCompare(b.subject));
}

/** Null for a file that is no certificate: the folder is open to hands and may hold anything. */
function parse(content: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(content);
  } catch {
    return null;
  }
}

async function datedFiles(folder: string): Promise<{ readonly file: string; readonly time: number }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files = names.filter((name) => /\.(pem|der|crt|cer)$/i.test(name)).map((name) => join(folder, name));
  return Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
}

function fileOf(dataDir: string, state: CertificateState, certificate: X509Certificate): string {
  return join(folderOf(dataDir, state), `${thumbprintOf(certificate)}.pem`);
}

async function store(
  dataDir: string,
  state: CertificateState,
  certificate: X509Certificate,
): Promise<string> {
  await mkdir(folderOf(dataDir, state), { recursive: true });
  const file = fileOf(dataDir, state, certificate);
  await writeFile(file, certificate.toString());
  return file;
}

function entryOf(certificate: X509Certificate, state: CertificateState, file: string): CertificateEntry {
  return {
    state,
    file,
    thumbprint: thumbprintOf(certificate),
    subject: certificate.subject.replaceAll("\n", ", "),
    applicationUri: applicationUriOf(certificate),
    validUntil: certificate.validToDate.toISOString(),
  };
}
