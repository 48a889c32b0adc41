import { chmod, mkdir, rename } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { OPCUACertificateManager } from "node-opcua";

const VALID_DAYS = 3_650;

// Two connections of one gateway may both be the first to ask.
const inProgress = new Map<string, Promise<void>>();

/** Makes a 2048-bit RSA key and a self-signed application certificate for it, without any program outside Node. */
export function createOwnCertificate(pki: string, file: string, keyFile: string): Promise<void> {
  const running = inProgress.get(file) ?? create(pki, file, keyFile).finally(() => inProgress.delete(file));
  inProgress.set(file, running);
  return running;
}

async function create(pki: string, file: string, keyFile: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  const manager = new OPCUACertificateManager({ rootFolder: pki, keySize: 2048, disableFileWatchers: true });
  try {
    await manager.initialize(); // makes the key
    await chmod(keyFile, 0o600);
    const host = hostname();
    const draft = `${file}.new`;
    await manager.createSelfSignedCertificate({
      applicationUri: `urn:${host}:puma-gateway`,
      subject: `/CN=Puma Gateway@${host}/O=Puma Gateway`,
      dns: [host],
      outputFile: draft,
      startDate: new Date(),
      validity: VALID_DAYS,
    });
    await rename(draft, file); // never half a certificate under the final name
  } finally {
    await manager.dispose();
  }
}
