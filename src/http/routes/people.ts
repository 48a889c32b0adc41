import { Type } from "typebox";
import type { Static } from "typebox";
import { ACCOUNT_ROLES, AUDIT_ACTIONS } from "../../domain/people.ts";
import type { AccountView, Administration, AuditRecord, People, SessionView } from "../../domain/people.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { actorOf } from "../callers.ts";
import { Failure } from "../failure.ts";
import { RangeQuery, readRange } from "../history-range.ts";
import { isoTime, Time } from "../tag-object.ts";
import type { GatewayView } from "../view.ts";
import { Name, Password } from "./session.ts";

const ROWS_MAX = 10_000;
const DAYS_MAX = 3_660;
const USUAL_MS = 7 * 86_400_000;

const RoleText = Type.Enum([...ACCOUNT_ROLES]);
const Nullable = Type.Union([Type.String(), Type.Null()]);

const UserSession = Type.Object({
  id: Type.String(),
  address: Type.String(),
  agent: Type.String(),
  createdAt: Time,
  activeAt: Time,
  endsAt: Time,
  locked: Type.Boolean(),
});

const UserObject = Type.Object(
  {
    name: Type.String(),
    role: RoleText,
    disabled: Type.Boolean(),
    createdAt: Time,
    lastLoginAt: Type.Union([Time, Type.Null()]),
    sessions: Type.Array(UserSession),
  },
  { title: "User" },
);

const TokenObject = Type.Object(
  { name: Type.String(), role: RoleText, createdAt: Time, createdBy: Type.String() },
  { title: "Token" },
);

const AuditObject = Type.Object(
  {
    sequence: Type.Integer(),
    at: Time,
    by: Type.String(),
    action: Type.Enum([...AUDIT_ACTIONS]),
    subject: Type.String(),
    before: Nullable,
    after: Nullable,
    reason: Nullable,
    address: Nullable,
  },
  { title: "AuditRecord" },
);

const Done = { 204: Type.Null(), 404: Failure, 409: Failure, default: Failure };
const ByName = Type.Object({ name: Name });

function userObject(account: AccountView, sessions: readonly SessionView[]): Static<typeof UserObject> {
  const { name, role, isDisabled, createdAt, lastLoginAt } = account;
  return {
    name,
    role,
    disabled: isDisabled,
    createdAt: isoTime(createdAt),
    lastLoginAt: lastLoginAt === null ? null : isoTime(lastLoginAt),
    sessions: sessions.filter((one) => one.account === name).map(userSession),
  };
}

function userSession({
  id,
  origin,
  createdAt,
  activeAt,
  endsAt,
  isLocked,
}: SessionView): Static<typeof UserSession> {
  const times = { createdAt: isoTime(createdAt), activeAt: isoTime(activeAt), endsAt: isoTime(endsAt) };
  return { id, ...origin, ...times, locked: isLocked };
}

function auditObject(record: AuditRecord): Static<typeof AuditObject> {
  return { ...record, at: isoTime(record.at) };
}

/** Accounts, tokens, sessions and the audit; none of them where the plant file asks for no accounts. */
export function peopleRoutes(app: App, { people }: GatewayView, clock: Clock): void {
  if (people === null) return;
  userRoutes(app, people);
  userChangeRoutes(app, people.administration);
  sessionEndRoute(app, people);
  tokenRoutes(app, people.administration);
  auditRoute(app, people, clock);
}

function userRoutes(app: App, people: People): void {
  const { administration } = people;
  const config = { role: "admin" as const };
  app.get(
    "/api/v1/users",
    {
      config,
      schema: {
        summary: "People and their sessions",
        tags: ["people"],
        response: { 200: Type.Array(UserObject), default: Failure },
      },
    },
    () => {
      const sessions = people.sessions();
      return administration.accounts().map((account) => userObject(account, sessions));
    },
  );
  app.post(
    "/api/v1/users",
    {
      config,
      schema: {
        summary: "Add somebody",
        tags: ["people"],
        body: Type.Object({ name: Name, role: RoleText, password: Password }),
        response: { 204: Type.Null(), 400: Failure, 409: Failure, 422: Failure, default: Failure },
      },
    },
    async (request, reply) => {
      const { name, role, password } = request.body;
      await administration.addAccount(actorOf(request), name, role, password);
      reply.code(204);
      return null;
    },
  );
}

function userChangeRoutes(app: App, administration: Administration): void {
  const config = { role: "admin" as const };
  app.patch(
    "/api/v1/users/:name",
    {
      config,
      schema: {
        summary: "Change somebody's role or password, or keep them out",
        description:
          "What is not given stays. Another password and being kept out end the person's sessions.",
        tags: ["people"],
        params: ByName,
        body: Type.Object({
          role: Type.Optional(RoleText),
          disabled: Type.Optional(Type.Boolean()),
          password: Type.Optional(Password),
        }),
        response: { ...Done, 400: Failure },
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const { role, disabled, password } = request.body;
      const by = actorOf(request);
      if (password !== undefined) await administration.setPassword(by, name, password);
      if (role !== undefined) administration.setRole(by, name, role);
      if (disabled !== undefined) administration.setDisabled(by, name, disabled);
      reply.code(204);
      return null;
    },
  );
  app.delete(
    "/api/v1/users/:name",
    { config, schema: { summary: "Remove somebody", tags: ["people"], params: ByName, response: Done } },
    (request, reply) => {
      administration.removeAccount(actorOf(request), request.params.name);
      reply.code(204);
      return null;
    },
  );
}

function sessionEndRoute(app: App, people: People): void {
  app.delete(
    "/api/v1/sessions/:id",
    {
      config: { role: "admin" },
      schema: {
        summary: "End somebody's session",
        tags: ["people"],
        params: Type.Object({ id: Type.String() }),
        response: Done,
      },
    },
    (request, reply) => {
      people.endSession(actorOf(request), request.params.id);
      reply.code(204);
      return null;
    },
  );
}

function tokenRoutes(app: App, administration: Administration): void {
  const config = { role: "admin" as const };
  app.get(
    "/api/v1/tokens",
    {
      config,
      schema: {
        summary: "Programs",
        tags: ["people"],
        response: { 200: Type.Array(TokenObject), default: Failure },
      },
    },
    () =>
      administration.tokens().map(({ name, role, createdAt, createdBy }) => ({
        name,
        role,
        createdAt: isoTime(createdAt),
        createdBy,
      })),
  );
  app.post(
    "/api/v1/tokens",
    {
      config,
      schema: {
        summary: "Add a program",
        description: "The token is in this answer and nowhere else.",
        tags: ["people"],
        body: Type.Object({ name: Name, role: RoleText }),
        response: {
          200: Type.Object({ token: Type.String() }),
          400: Failure,
          409: Failure,
          422: Failure,
          default: Failure,
        },
      },
    },
    (request) => ({
      token: administration.addToken(actorOf(request), request.body.name, request.body.role),
    }),
  );
  app.delete(
    "/api/v1/tokens/:name",
    { config, schema: { summary: "Remove a program", tags: ["people"], params: ByName, response: Done } },
    (request, reply) => {
      administration.removeToken(actorOf(request), request.params.name);
      reply.code(204);
      return null;
    },
  );
}

function auditRoute(app: App, people: People, clock: Clock): void {
  app.get(
    "/api/v1/audit",
    {
      config: { role: "engineer" },
      schema: {
        summary: "Who did what with accounts, newest first",
        description: `Within from <= t < to, without from the last week; at most ${ROWS_MAX}.`,
        tags: ["people"],
        querystring: Type.Object(RangeQuery),
        response: { 200: Type.Array(AuditObject), 400: Failure, default: Failure },
      },
    },
    ({ query }) => {
      const { from, to } = readRange(query, clock.now() + 1, DAYS_MAX, USUAL_MS);
      return people.audit(from, to, ROWS_MAX).map(auditObject);
    },
  );
}
