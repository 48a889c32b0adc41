/** Stands where a secret was. */
export const MASK = "•••";

/** The text without these secrets, and without what its URLs have in front of the host. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return maskUrls(secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text));
}

/** The text without what its URLs have in front of the host. */
export function maskUrls(text: string): string {
  return text.replaceAll(/:\/\/[^/@\s"]+@/gu, `://${MASK}@`);
}
