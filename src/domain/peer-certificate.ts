import type { Actor } from "./people.ts";

/** `rejected` waits for somebody's decision; `refused` has had it. Neither is talked to. */
export type CertificateState = "trusted" | "rejected" | "refused";

/** A certificate that a server has shown, or that somebody has brought. */
export interface Certificate {
  /** SHA-1 over the DER form, 40 hex digits, lower case: what servers and other clients show too. */
  readonly thumbprint: string;
  readonly subject: string;
  /** From the subject alternative names; null when the certificate names no application. */
  readonly applicationUri: string | null;
  /** ISO 8601, UTC. */
  readonly validUntil: string;
  readonly state: CertificateState;
}

/** Where people decide which servers the gateway believes. Both decisions are kept, audited, and take effect at the next
 *  attempt to connect; both give null where there is no certificate with this whole thumbprint. */
export interface CertificateDesk {
  list(): Promise<readonly Certificate[]>;
  trust(thumbprint: string, by: Actor): Promise<Certificate | null>;
  refuse(thumbprint: string, by: Actor): Promise<Certificate | null>;
}
