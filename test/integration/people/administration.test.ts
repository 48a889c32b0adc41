import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownCertificate } from "../../../src/drivers/opcua/trust.ts";
import type { App } from "../../../src/http/app.ts";
import { Live } from "../../../src/http/live.ts";
import { buildHttp } from "../../../src/http/server.ts";
import { sessionSecret, setSessionCookie } from "../../../src/http/session-cookie.ts";
import { silentLog } from "../../support/http-server.ts";
import { appWith, cookieOf, PASSWORD, testPeople, viewWith } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

const OWN = { origin: "http://localhost:8080", host: "localhost:8080" };

let clock: VirtualClock;
let people: TestPeople;
let app: App;
let cookie = "";

beforeEach(async () => {
  clock = virtualClock();
  people = testPeople(clock);
  app = await appWith(people.people, clock);
  await people.add("boss", "admin");
  cookie = await signIn("boss", PASSWORD);
});
afterEach(async () => {
  await app.close();
  people.close();
});

type Method = "GET" | "POST" | "PATCH" | "DELETE";

async function ask(method: Method, url: string, payload?: object, as = cookie) {
  const sent = payload === undefined ? {} : { payload };
  const answer = await app.inject({
    method,
    url: `/api/v1/${url}`,
    headers: { ...OWN, cookie: as },
    ...sent,
  });
  const body: unknown = answer.body === "" ? null : answer.json();
  return { status: answer.statusCode, body };
}

async function signIn(name: string, password: string): Promise<string> {
  const payload = { name, password };
  return cookieOf(await app.inject({ method: "POST", url: "/api/v1/login", payload, headers: OWN }));
}

describe("an admin", () => {
  it("adds people, sees them with their sessions, changes and removes them", async () => {
    const rosa = { name: "Rosa Quispe", role: "operator", password: PASSWORD };
    expect((await ask("POST", "users", rosa)).status).toBe(204);
    const theirs = await signIn("rosa quispe", PASSWORD);
    const { body } = await ask("GET", "users");
    expect(body).toMatchObject([
      { name: "boss", role: "admin", sessions: [{ locked: false }] },
      { name: "Rosa Quispe", role: "operator", disabled: false, sessions: [{ address: "127.0.0.1" }] },
    ]);
    expect((await ask("PATCH", "users/Rosa Quispe", { role: "engineer" })).status).toBe(204);
    expect((await ask("GET", "session", undefined, theirs)).body).toMatchObject({ role: "engineer" });
    expect((await ask("GET", "audit", undefined, theirs)).status).toBe(200);
    expect((await ask("PATCH", "users/rosa quispe", { disabled: true })).status).toBe(204);
    expect((await ask("GET", "session", undefined, theirs)).status).toBe(401);
    expect((await ask("DELETE", "users/Rosa Quispe")).status).toBe(204);
    expect((await ask("DELETE", "users/Rosa Quispe")).status).toBe(404);
  });

  it("ends somebody's session, and cannot end one that there is not", async () => {
    await people.add("rosa", "operator");
    const theirs = await signIn("rosa", PASSWORD);
    const id = people.people.sessions().find(({ account }) => account === "rosa")?.id ?? "";
    expect((await ask("DELETE", `sessions/${id}`)).status).toBe(204);
    expect((await ask("GET", "session", undefined, theirs)).status).toBe(401);
    expect((await ask("DELETE", `sessions/${id}`)).status).toBe(404);
  });

  it.each([
    [{ name: "x", role: "operator", password: "short" }, 400],
    [{ name: "x", role: "operator", password: "Password2026!" }, 400],
    [{ name: "<script>", role: "operator", password: PASSWORD }, 422],
    [{ name: "gateway", role: "operator", password: PASSWORD }, 422],
    [{ name: "x", role: "superuser", password: PASSWORD }, 400],
    [{ name: "BOSS", role: "operator", password: PASSWORD }, 409],
    [{ name: "x", role: "operator" }, 400],
    [{ name: "__proto__", role: "operator", password: PASSWORD }, 422],
  ])("cannot add %j", async (user, status) => {
    expect((await ask("POST", "users", user)).status).toBe(status);
    expect(people.people.administration.accounts().length).toBe(1);
  });

  it("cannot leave the gateway without an admin", async () => {
    expect((await ask("PATCH", "users/boss", { role: "viewer" })).status).toBe(409);
    expect((await ask("PATCH", "users/boss", { disabled: true })).status).toBe(409);
    expect((await ask("DELETE", "users/boss")).status).toBe(409);
    await people.add("second", "admin");
    expect((await ask("DELETE", "users/boss")).status).toBe(204);
  });

  it("gives a program a token of one role, shown once, and takes it back", async () => {
    const { body } = await ask("POST", "tokens", { name: "historian", role: "viewer" });
    const { token } = body as { token: string };
    expect(token).toMatch(/^puma_[\w-]{43}$/);
    const headers = { authorization: `Bearer ${token}` };
    expect((await app.inject({ url: "/api/v1/tags", headers })).statusCode).toBe(200);
    expect((await app.inject({ url: "/api/v1/users", headers })).statusCode).toBe(403);
    expect(JSON.stringify((await ask("GET", "tokens")).body)).not.toContain(token);
    expect((await ask("POST", "tokens", { name: "Boss", role: "viewer" })).status).toBe(409);
    expect(
      (await ask("POST", "users", { name: "historian", role: "viewer", password: PASSWORD })).status,
    ).toBe(409);
    expect((await ask("DELETE", "tokens/historian")).status).toBe(204);
    expect((await app.inject({ url: "/api/v1/tags", headers })).statusCode).toBe(401);
  });
});

describe("the audit", () => {
  it("tells who did what, from where, newest first, and never a secret", async () => {
    await ask("POST", "users", { name: "rosa", role: "operator", password: PASSWORD });
    await clock.advance(1000);
    await signIn("rosa", "wrong password");
    await ask("PATCH", "users/rosa", { role: "metallurgist" });
    await ask("POST", "tokens", { name: "historian", role: "viewer" });
    await ask("DELETE", "users/rosa");
    const { body } = await ask("GET", "audit");
    const rows = body as { by: string; action: string; subject: string; address: string }[];
    expect(rows.map(({ by, action, subject }) => `${by} ${action} ${subject}`)).toEqual([
      "boss account-removed rosa",
      "boss token-added historian",
      "boss role-changed rosa",
      "nobody sign-in-failed rosa",
      "boss account-added rosa",
      "boss signed-in boss",
      "tester account-added boss",
    ]);
    expect(rows[2]).toMatchObject({ before: "operator", after: "metallurgist", address: "127.0.0.1" });
    expect(JSON.stringify(rows)).not.toMatch(/password|puma_/);
    const from = encodeURIComponent(new Date(clock.now()).toISOString());
    expect((await ask("GET", `audit?from=${from}`)).body).toHaveLength(4);
  });

  it("can be added to and not be changed, and tells of a row that was changed, taken out or cut off", async () => {
    await ask("POST", "tokens", { name: "historian", role: "viewer" });
    await ask("DELETE", "tokens/historian");
    const firstFault = (): number | null => people.journal.audit.verify().firstFault;
    expect(people.journal.audit.verify()).toEqual({ rows: 4, firstFault: null });
    const file = new DatabaseSync(join(people.dir, "journal.sqlite"));
    expect(() => file.exec("UPDATE audit SET person = 'mallory'")).toThrow("never changes");
    expect(() => file.exec("DELETE FROM audit")).toThrow("never removed");
    file.exec("DROP TRIGGER audit_stays; UPDATE audit SET person = 'mallory' WHERE sequence = 2");
    expect(firstFault()).toBe(2);
    file.exec("UPDATE audit SET person = 'boss' WHERE sequence = 2");
    expect(firstFault()).toBeNull();
    file.exec("DROP TRIGGER audit_remains; DELETE FROM audit WHERE sequence = 4");
    expect(firstFault()).toBe(4);
    file.exec("UPDATE audit SET at = at + 1 WHERE sequence = 3");
    expect(firstFault()).toBe(3);
    file.exec("DELETE FROM audit WHERE sequence = 1");
    expect(firstFault()).toBe(1);
    file.close();
  });
});

describe("what is changed", () => {
  it("carries the name of the person, and a program's that of its token", async () => {
    const token = people.people.administration.addToken(
      { name: "boss", address: null },
      "laboratory",
      "operator",
    );
    const names: string[] = [];
    const view = viewWith(people.people);
    view.alarms = {
      ...view.alarms,
      act: (_, { by }) => {
        names.push(by);
        return null;
      },
    };
    const context = { view, clock, log: silentLog, webDir: "/nowhere" };
    const other = await buildHttp(context, new Live(context));
    const url = "/api/v1/alarms/X/acknowledge";
    const bearer = { authorization: `Bearer ${token}` };
    for (const headers of [{ ...OWN, cookie }, bearer])
      expect(
        (await other.inject({ method: "POST", url, headers, payload: { reason: "seen" } })).statusCode,
      ).toBe(404);
    await other.close();
    expect(names).toEqual(["boss", "laboratory"]);
  });
});

describe("over HTTPS", () => {
  it("the cookie is one that browsers keep for this host and for encrypted connections alone", async () => {
    const { file } = await ownCertificate(people.dir);
    const key = readFileSync(join(people.dir, "pki", "own", "private", "private_key.pem"));
    const secret = "s".repeat(43);
    const server = Fastify({ https: { key, cert: readFileSync(file) } });
    server.get("/", (asked, reply) => {
      setSessionCookie(asked, reply, secret, 60);
      return { shown: sessionSecret(asked) };
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.server.address() as { port: number };
    const answer = await new Promise<{ cookie: string; body: string }>((resolve, reject) => {
      const headers = { cookie: `puma=${"p".repeat(43)}; __Host-puma=${secret}` };
      request({ host: "127.0.0.1", port, headers, rejectUnauthorized: false }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => resolve({ cookie: response.headers["set-cookie"]?.[0] ?? "", body }));
      })
        .on("error", reject)
        .end();
    });
    await server.close();
    expect(answer.cookie).toBe(
      `__Host-puma=${secret}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure`,
    );
    expect(JSON.parse(answer.body)).toEqual({ shown: secret });
  });
});
