import type { EpochMs } from "./time.ts";

/** A certificate that ends so soon is told of. */
export const CERTIFICATE_SOON_MS = 30 * 24 * 3_600_000;

/** By what a listener of ours proves who it is. */
export interface ListenerCertificate {
  /** In PEM: the certificate, and those of the authorities between it and a known one. */
  readonly cert: string;
  readonly key: string;
  /** Made by the gateway itself, so that no authority vouches for it and people compare its fingerprint. */
  readonly isGenerated: boolean;
  /** SHA-256 over the DER form, in capitals with colons: what browsers show. */
  readonly fingerprint: string;
  readonly validUntil: EpochMs;
  /** Names and addresses of the gateway that it proves. */
  readonly hosts: readonly string[];
}
