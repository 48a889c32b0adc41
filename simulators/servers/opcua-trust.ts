import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OPCUACertificateManager } from "node-opcua";
import type { NodeOpcua } from "./opcua-nodes.ts";

/** Below the PKI folder. */
export const SERVER_CERTIFICATE = join("own", "certs", "certificate.pem");
export const TRUSTED_CERTIFICATES = join("trusted", "certs");

/** Lets in the clients whose certificate lies in the trusted folder at the moment they connect, whether or not they were
 *  rejected before. The library alone notices a new file late, and never when the certificate also lies in its rejected folder. */
export async function openTrust(
  opcua: NodeOpcua,
  pkiDir: string,
  trustAll: boolean,
): Promise<OPCUACertificateManager> {
  const manager = new opcua.OPCUACertificateManager({
    rootFolder: pkiDir,
    automaticallyAcceptUnknownCertificate: trustAll,
    disableFileWatchers: true,
  });
  await manager.initialize();
  const verify = manager.verifyCertificate.bind(manager);
  manager.verifyCertificate = async (chain, options) => {
    const leaf = leafOf(Array.isArray(chain) ? chain[0] : chain);
    if (leaf !== null && isIn(join(pkiDir, TRUSTED_CERTIFICATES), leaf))
      await manager.trustCertificate(leaf.raw);
    return verify(chain, options);
  };
  return manager;
}

function isIn(folder: string, certificate: X509Certificate): boolean {
  return readdirSync(folder)
    .map((file) => leafOf(readFileSync(join(folder, file))))
    .some((one) => one?.fingerprint256 === certificate.fingerprint256);
}

/** The first certificate of a chain, PEM or DER; null for what is none. */
function leafOf(bytes: Buffer | undefined): X509Certificate | null {
  if (bytes === undefined) return null;
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}
