import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { SIGNATURE_SUFFIX, signRelease, SUM_SUFFIX } from "../../src/security/release-signature.ts";

/** An Ed25519 key in PEM. */
export function newReleaseKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Signs a package and gives its name again. */
export function signPackage(file: string, key: string): string {
  const { sum, signature } = signRelease(file, key);
  writeFileSync(file + SUM_SUFFIX, sum);
  writeFileSync(file + SIGNATURE_SUFFIX, signature);
  return file;
}
