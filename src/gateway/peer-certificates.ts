import type { Certificate, CertificateDesk, CertificateState } from "../domain/peer-certificate.ts";
import type { Actor, AuditAction } from "../domain/people.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import { listCertificates, refuseCertificate, trustCertificate } from "../drivers/opcua/trust.ts";
import type { CertificateEntry } from "../drivers/opcua/trust.ts";
import type { Journal } from "../store/journal/journal.ts";
import { createAuditor } from "./people/people.ts";

interface CertificatesOptions {
  readonly dataDir: string;
  readonly journal: Pick<Journal, "audit">;
  /** The time of people. */
  readonly clock: Clock;
  readonly log: Log;
}

type Decide = (dataDir: string, thumbprint: string) => Promise<CertificateEntry>;

/** The certificates below the data folder, as people decide on them while the gateway runs. */
export function createCertificateDesk({
  dataDir,
  journal,
  clock,
  log,
}: CertificatesOptions): CertificateDesk {
  const audit = createAuditor(journal, log);
  const decide = async (
    make: Decide,
    action: AuditAction,
    thumbprint: string,
    by: Actor,
  ): Promise<Certificate | null> => {
    const before = (await listCertificates(dataDir)).find((entry) => entry.thumbprint === thumbprint);
    if (before === undefined) return null;
    const after = await make(dataDir, thumbprint);
    note(before.state, after.state, action, thumbprint, by, after.subject);
    return certificateOf(after);
  };
  const note = (
    before: CertificateState,
    after: CertificateState,
    action: AuditAction,
    subject: string,
    { name, address }: Actor,
    reason: string,
  ): void => {
    if (before === after) return;
    audit({ at: clock.now(), by: name, action, subject, before, after, reason, address });
    log.info({ thumbprint: subject, by: name, before, after }, "a person has decided on a certificate");
  };
  return {
    list: async () => (await listCertificates(dataDir)).map(certificateOf),
    trust: (thumbprint, by) => decide(trustCertificate, "certificate-trusted", thumbprint, by),
    refuse: (thumbprint, by) => decide(refuseCertificate, "certificate-refused", thumbprint, by),
  };
}

/** Without the file, which is nobody's business outside. */
function certificateOf(entry: CertificateEntry): Certificate {
  const { thumbprint, subject, applicationUri, validUntil, state } = entry;
  return { thumbprint, subject, applicationUri, validUntil, state };
}
