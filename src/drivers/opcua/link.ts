import { say } from "../../domain/said.ts";
import { readFile } from "node:fs/promises";
import { X509Certificate } from "node:crypto";
import {
  InMemoryCertificateStore,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  UserTokenType,
} from "node-opcua";
import type { EndpointDescription, OPCUAClientOptions, UserIdentityInfo } from "node-opcua";
import type { OpcUaConnection } from "../../config/plant.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Clock } from "../../domain/time.ts";
import { withDeadline } from "./faults.ts";
import { stepDeadlineMs } from "./link-context.ts";
import { guardedTransports } from "./guarded-transport.ts";
import type { LinkContext, Session } from "./link-context.ts";
import { applicationUriOf, ownCertificate } from "./trust.ts";
import { judgeServerCertificate } from "./server-certificate.ts";

/** Bounds on what a server may send, so that a hostile one cannot fill our memory. */
export const TRANSPORT_SETTINGS = { maxMessageSize: 4 * 1024 * 1024, maxChunkCount: 128 } as const;

const SESSION_TIMEOUT_MS_MIN = 60_000;
const GOODBYE_MS = 1_000;

/** Opens a secure channel exactly as configured, after the server's certificate has been found trustworthy. */
export async function openChannel(context: LinkContext, signal: AbortSignal): Promise<OPCUAClient> {
  const { connection, linkClock } = context;
  const own = await ownCertificate(context.dataDir);
  const base: OPCUAClientOptions = {
    applicationName: "Puma Gateway",
    applicationUri: applicationUriOf(new X509Certificate(own.der)) ?? "",
    certificateFile: own.file,
    privateKeyFile: own.keyFile,
    clientCertificateManager: new InMemoryCertificateStore(), // decides nothing: judgeServerCertificate does
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 }, // the runtime retries
    endpointMustExist: false,
    keepSessionAlive: false,
    keepPendingSessionsOnDisconnect: true,
    requestedSessionTimeout: sessionTimeoutMs(context),
    transportTimeout: sessionTimeoutMs(context),
    transportFactory: guardedTransports,
    transportSettings: TRANSPORT_SETTINGS,
  };
  const secured = await securityOptions(context, base, signal);
  return connectClient({ ...base, ...secured }, connection, linkClock, signal);
}

/** Longer than the longest period between two reads, which are all that keeps a session without subscription alive. */
export function sessionTimeoutMs(context: LinkContext): number {
  return Math.max(SESSION_TIMEOUT_MS_MIN, ...context.tags.map((tag) => 3 * tag.periodMs));
}

async function connectClient(
  options: OPCUAClientOptions,
  connection: OpcUaConnection,
  clock: Clock,
  signal: AbortSignal,
): Promise<OPCUAClient> {
  const client = OPCUAClient.create(options);
  try {
    await withDeadline(
      clock,
      stepDeadlineMs(connection),
      "connecting",
      client.connect(connection.endpoint),
      signal,
    );
    return client;
  } catch (error) {
    discard(client, clock);
    throw error;
  }
}

async function securityOptions(
  context: LinkContext,
  base: OPCUAClientOptions,
  signal: AbortSignal,
): Promise<OPCUAClientOptions> {
  const { security } = context.connection;
  const securityMode = MessageSecurityMode[security.mode];
  const securityPolicy = SecurityPolicy[security.policy];
  if (security.mode === "None") return { securityMode, securityPolicy: SecurityPolicy.None };
  const offered = await askEndpoints(context, base, signal);
  const endpoint = offered.find(
    (candidate) => candidate.securityMode === securityMode && candidate.securityPolicyUri === securityPolicy,
  );
  if (endpoint === undefined) throw noSuchEndpoint(context.connection, offered);
  refuseBarePassword(context.connection, endpoint);
  const serverCertificate = await judgeServerCertificate(context, endpoint);
  return { securityMode, securityPolicy, serverCertificate };
}

/** Discovery, over a channel of its own that carries nothing secret. */
async function askEndpoints(
  { connection, linkClock }: LinkContext,
  base: OPCUAClientOptions,
  signal: AbortSignal,
): Promise<readonly EndpointDescription[]> {
  const client = await connectClient(base, connection, linkClock, signal);
  try {
    return await withDeadline(
      linkClock,
      stepDeadlineMs(connection),
      "asking for endpoints",
      client.getEndpoints(),
      signal,
    );
  } finally {
    discard(client, linkClock);
  }
}

function noSuchEndpoint(
  { endpoint, security }: OpcUaConnection,
  offered: readonly EndpointDescription[],
): ConnectionLost {
  const names = offered.map(
    ({ securityMode, securityPolicyUri }) =>
      `${MessageSecurityMode[securityMode]}/${(securityPolicyUri ?? "").replace(/^.*#/, "")}`,
  );
  const list = [...new Set(names)].join(", ") || "nothing";
  return new ConnectionLost(
    say("lost", {
      where: endpoint,
      why: say("security-not-offered", { wanted: `${security.mode}/${security.policy}`, offered: list }),
    }),
  );
}

/** On a channel that is signed but not encrypted, a token policy of "None" would send the password in the clear. */
function refuseBarePassword(
  { endpoint, identity, security }: OpcUaConnection,
  offer: EndpointDescription,
): void {
  if (identity.kind !== "password" || security.mode !== "Sign") return;
  const policies = (offer.userIdentityTokens ?? []).filter(
    (policy) => policy.tokenType === UserTokenType.UserName,
  );
  const isBare =
    policies.length > 0 && policies.every((policy) => policy.securityPolicyUri === SecurityPolicy.None);
  if (isBare) throw new ConnectionLost(say("lost", { where: endpoint, why: say("password-in-clear") }));
}

export async function openSession(
  context: LinkContext,
  client: OPCUAClient,
  signal: AbortSignal,
): Promise<Session> {
  const { connection, linkClock } = context;
  const identity = await identityOf(connection);
  const opening = client.createSession(identity) as Promise<Session>;
  return withDeadline(linkClock, stepDeadlineMs(connection), "opening a session", opening, signal);
}

async function identityOf({ identity }: OpcUaConnection): Promise<UserIdentityInfo> {
  switch (identity.kind) {
    case "anonymous":
      return { type: UserTokenType.Anonymous };
    case "password":
      return { type: UserTokenType.UserName, userName: identity.user, password: identity.password };
    case "certificate": {
      const [certificate, privateKey] = await Promise.all([
        readFile(identity.certificateFile),
        readFile(identity.keyFile, "utf8"),
      ]);
      return {
        type: UserTokenType.Certificate,
        certificateData: new X509Certificate(certificate).raw,
        privateKey,
      };
    }
  }
}

/** Lets go of a channel in the background; its session, if any, lives on at the server until it is taken up again or times out. */
export function discard(client: OPCUAClient, clock: Clock): void {
  withDeadline(clock, GOODBYE_MS, "closing the channel", client.disconnect()).catch(() => {
    // Nothing hangs on a goodbye that the server does not hear.
  });
}

/** Says goodbye properly: the server frees session and subscription at once. */
export async function closeLink(client: OPCUAClient, session: Session, clock: Clock): Promise<void> {
  await closeSession(session, clock);
  await withDeadline(clock, GOODBYE_MS, "closing the channel", client.disconnect()).catch(() => {
    // The socket is gone or will be with the process.
  });
}

export async function closeSession(session: Session, clock: Clock): Promise<void> {
  await withDeadline(clock, GOODBYE_MS, "closing the session", session.close(true)).catch(() => {
    // The session then ends by its time-out.
  });
}
