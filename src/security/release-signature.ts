import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** What stands beside a release: its hash as `sha256sum` writes it, and the signature of that (Ed25519, RFC 8032). */
export const SUM_SUFFIX = ".sha256";
export const SIGNATURE_SUFFIX = ".sha256.sig";

/** 64 hexadecimal digits, then the name: GNU coreutils, `sha256sum`. */
const SUM_LINE = /^(?<hash>[0-9a-f]{64}) [ *][^\n]+\n$/u;

function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** The sum of a file and its signature. Throws when `privateKey` is no Ed25519 key in PEM. */
export function signRelease(
  file: string,
  privateKey: string,
): { readonly sum: string; readonly signature: Buffer } {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== "ed25519") throw new Error("a release is signed with an Ed25519 key");
  const sum = `${hashOf(file)}  ${basename(file)}\n`;
  return { sum, signature: sign(null, Buffer.from(sum), key) };
}

/** The half of a release key that everybody may have, in PEM. */
export function publicHalf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

/** What is wrong with a file that says it is a release; null when it is what the key's owner has signed. The sum and the
 *  signature stand beside it. */
export function releaseFault(file: string, publicKey: string): string | null {
  const [sum, signature] = [readBeside(file, SUM_SUFFIX), readBeside(file, SIGNATURE_SUFFIX)];
  if (sum === null || signature === null)
    return `it is not signed: ${basename(file)}${sum === null ? SUM_SUFFIX : SIGNATURE_SUFFIX} is missing beside it`;
  if (!verify(null, sum, createPublicKey(publicKey), signature))
    return "its signature is not one of the release key that this gateway knows";
  const { hash } = SUM_LINE.exec(sum.toString("utf8"))?.groups ?? {};
  return hash === hashOf(file) ? null : "it has been altered since it was signed";
}

function readBeside(file: string, suffix: string): Buffer | null {
  try {
    return readFileSync(file + suffix);
  } catch {
    return null;
  }
}
