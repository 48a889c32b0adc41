import type { ListenerCertificate } from "../domain/certificate.ts";

/** By what people know the page's certificate when a browser asks whether to believe it. */
export function ownCertificateText({ fingerprint, validUntil }: ListenerCertificate): string {
  const end = new Date(validUntil).toISOString().slice(0, 10);
  return [
    `The page's certificate is the gateway's own, valid to ${end}. Before a browser is told to believe it, compare SHA-256:`,
    `  ${fingerprint}`,
  ].join("\n");
}
