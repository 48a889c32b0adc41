import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ListenerCertificate } from "../domain/certificate.ts";
import { ToldError } from "../domain/errors.ts";
import { say } from "../domain/said.ts";

/** Files that make no certificate with its key. */
export class UnfitCertificate extends ToldError {
  readonly code = "UNFIT_CERTIFICATE";
}

/** The certificate of a listener and its key, both in PEM. Throws UnfitCertificate when a file cannot be read, is none, or
 *  does not belong to the other. */
export function readCertificate(
  certificateFile: string,
  keyFile: string,
  isGenerated: boolean,
): ListenerCertificate {
  const cert = readText(certificateFile);
  const key = readText(keyFile);
  const certificate = parsed(certificateFile, () => new X509Certificate(cert));
  const privateKey = parsed(keyFile, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new UnfitCertificate(say("pem-apart", { key: keyFile, certificate: certificateFile }));
  return {
    cert,
    key,
    isGenerated,
    fingerprint: certificate.fingerprint256,
    validUntil: certificate.validToDate.getTime(),
    hosts: hostsIn(certificate),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UnfitCertificate(say("pem-unreadable", { file, why: (error as Error).message }), {
      cause: error,
    });
  }
}

function parsed<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UnfitCertificate(say("pem-unfit", { file }), { cause: error });
  }
}

function hostsIn({ subjectAltName = "" }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(/(?:DNS|IP Address):([^, ]+)/g)].map(([, host = ""]) =>
    host.toLowerCase(),
  );
}
