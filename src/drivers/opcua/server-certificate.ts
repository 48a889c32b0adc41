import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import { X509Certificate } from "node:crypto";
import { OPCUACertificateManager } from "node-opcua";
import type { EndpointDescription } from "node-opcua";
import { ConnectionLost } from "../../domain/errors.ts";
import type { LinkContext } from "./link-context.ts";
import {
  applicationUriOf,
  isRefused,
  listCertificates,
  pkiFolder,
  rejectCertificate,
  thumbprintOf,
} from "./trust.ts";

/** The server's certificate (with its chain), once it has passed: inside its dates, naming the application that the server
 *  claims to be, and approved, either itself by a person or by an issuer on our list that has not revoked it.
 *  Otherwise it goes to the rejected ones and the link is refused. Source: OPC 10000-4, 6.1.3. */
export async function judgeServerCertificate(
  context: LinkContext,
  endpoint: EndpointDescription,
): Promise<Buffer> {
  const chain = endpoint.serverCertificate;
  const certificate = parse(chain);
  if (certificate === null)
    throw new ConnectionLost(
      say("lost", { where: context.connection.endpoint, why: say("certificate-invalid") }),
    );
  const thumbprint = thumbprintOf(certificate);
  context.noteCertificate(thumbprint);
  const objection = (await isRefused(context.dataDir, certificate))
    ? say("certificate-refused")
    : await objectionTo(context, endpoint, certificate, chain);
  if (objection === null) return chain;
  await rejectCertificate(context.dataDir, certificate);
  const subject = certificate.subject.replaceAll("\n", ", ");
  const why = say("objection", { why: objection, subject, thumbprint });
  throw new ConnectionLost(say("lost", { where: context.connection.endpoint, why }));
}

async function objectionTo(
  context: LinkContext,
  endpoint: EndpointDescription,
  certificate: X509Certificate,
  chain: Buffer,
): Promise<Said | null> {
  const now = context.linkClock.now();
  if (certificate.validToDate.getTime() < now)
    return say("server-certificate-expired", { time: certificate.validToDate.toISOString() });
  if (certificate.validFromDate.getTime() > now)
    return say("server-certificate-not-yet", { time: certificate.validFromDate.toISOString() });
  const uri = applicationUriOf(certificate);
  if (uri !== endpoint.server.applicationUri)
    return say("server-calls-itself", {
      own: endpoint.server.applicationUri ?? "nothing",
      named: uri ?? "no application",
    });
  const verdict = await verdictOf(context.dataDir, chain);
  if (await isApproved(context.dataDir, certificate))
    return verdict === "Good" || UNKNOWN_ISSUER.has(verdict) ? null : sentenceFor(verdict, certificate);
  return verdict === "Good" ? hostObjection(context, certificate) : sentenceFor(verdict, certificate);
}

/** Verdicts that say nothing against a certificate but that its issuer is not known here. */
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  "BadCertificateUntrusted",
  "BadCertificateChainIncomplete",
  "BadCertificateRevocationUnknown",
  "BadCertificateIssuerRevocationUnknown",
]);

/** Has a person approved this very certificate? Then its issuer need not be known, nor where it is met. */
async function isApproved(dataDir: string, certificate: X509Certificate): Promise<boolean> {
  const thumbprint = thumbprintOf(certificate);
  const known = await listCertificates(dataDir);
  return known.some((entry) => entry.state === "trusted" && entry.thumbprint === thumbprint);
}

function hostObjection({ connection }: LinkContext, certificate: X509Certificate): Said | null {
  const host = new URL(connection.endpoint.replace(/^opc\.tcp:/, "http:")).hostname;
  if (certificate.checkHost(host) !== undefined || certificate.checkIP(host) !== undefined) return null;
  return say("server-other-host", { host, how: howToApprove(certificate) });
}

function sentenceFor(verdict: string, certificate: X509Certificate): Said {
  if (verdict === "BadCertificateRevoked") return say("server-certificate-revoked");
  if (verdict === "BadCertificateRevocationUnknown" || verdict === "BadCertificateIssuerRevocationUnknown")
    return say("revocations-missing", { how: howToApprove(certificate) });
  if (UNKNOWN_ISSUER.has(verdict)) return say("server-not-trusted", { how: howToApprove(certificate) });
  return say("server-certificate-verdict", { verdict });
}

function howToApprove(certificate: X509Certificate): Said {
  return say("how-to-approve", { thumbprint: thumbprintOf(certificate) });
}

/** The library's judgement of chain, signatures and revocation; the folders are read afresh each time,
 *  so that `puma trust` takes effect at the next attempt. */
async function verdictOf(dataDir: string, chain: Buffer): Promise<string> {
  const manager = new OPCUACertificateManager({
    rootFolder: pkiFolder(dataDir),
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  });
  try {
    await manager.initialize();
    return await manager.verifyCertificate(chain, { acceptCertificateWithValidIssuerChain: true });
  } finally {
    await manager.dispose();
  }
}

function parse(der: Buffer | null): X509Certificate | null {
  try {
    return der === null || der.length === 0 ? null : new X509Certificate(der);
  } catch {
    return null;
  }
}
