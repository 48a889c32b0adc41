import { WebSocket } from "ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAccounts } from "../../../src/store/accounts/accounts.ts";
import { openLive, silentLog, startHttp } from "../../support/http-server.ts";
import type { HttpServer, LiveReader } from "../../support/http-server.ts";
import { PASSWORD, testPeople, viewWith } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import { until } from "../../support/until.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

const ADMIN = { name: "tester", address: null };
/** Within this time a change must have come to every open socket, ms. */
const IN_TIME_MS = 2_000;

let clock: VirtualClock;
let people: TestPeople;
let server: HttpServer;

beforeEach(async () => {
  clock = virtualClock();
  people = testPeople(clock);
  await people.add("boss", "admin");
  await people.add("rosa", "operator");
  server = await startHttp({ view: viewWith(people.people), clock, log: silentLog, webDir: "/nowhere" });
});
afterEach(async () => {
  const closing = server.close();
  await clock.advance(1_000);
  await closing;
  people.close();
});

const origin = (): string => `http://127.0.0.1:${server.port}`;

async function signIn(name: string): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: origin() },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

function post(path: string, cookie: string, body: object = {}): Promise<Response> {
  return fetch(`${server.url}/api/v1/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: origin(), cookie },
    body: JSON.stringify(body),
  });
}

function follow(cookie: string): Promise<LiveReader> {
  return openLive(server, { subscribe: "*", session: true }, { cookie, origin: origin() });
}

async function sessionsTold({ messages }: LiveReader, count: number): Promise<object[]> {
  const told = (): object[] => messages.flatMap((message) => (message as { session?: object }).session ?? []);
  await until(() => told().length >= count);
  return told();
}

describe("the live socket", () => {
  it("is refused without a session or a token, and with a session from another site's page", async () => {
    const cookie = await signIn("rosa");
    await expect(openLive(server)).rejects.toThrow("401");
    await expect(openLive(server, undefined, { origin: origin() })).rejects.toThrow("401");
    await expect(openLive(server, undefined, { cookie })).rejects.toThrow("403");
    const foreign = { cookie, origin: "https://attacker.example" };
    await expect(openLive(server, undefined, foreign)).rejects.toThrow("403");
    await expect(openLive(server, undefined, { authorization: "Bearer x" })).rejects.toThrow("401");
  });

  it("is open to a program with its token, which has no origin", async () => {
    const token = people.people.administration.addToken(ADMIN, "historian", "viewer");
    const reader = await openLive(server, { subscribe: "*" }, { authorization: `Bearer ${token}` });
    people.people.administration.removeToken(ADMIN, "historian");
    await clock.advance(IN_TIME_MS);
    expect((await reader.closed).code).toBe(1008);
  });

  it("tells who follows it, and each change of that within two seconds", async () => {
    const reader = await follow(await signIn("rosa"));
    expect(await sessionsTold(reader, 1)).toMatchObject([{ name: "rosa", role: "operator", locked: false }]);
    people.people.administration.setRole(ADMIN, "rosa", "viewer");
    await clock.advance(IN_TIME_MS);
    expect((await sessionsTold(reader, 2)).at(-1)).toMatchObject({ role: "viewer", locked: false });
    await clock.advance(15 * 60_000);
    expect((await sessionsTold(reader, 3)).at(-1)).toMatchObject({ role: "viewer", locked: true });
    expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  });

  it("closes within two seconds when its person signs out, and leaves the others' open", async () => {
    const [rosa, boss] = [await signIn("rosa"), await signIn("boss")];
    const [readerOfRosa, readerOfBoss] = [await follow(rosa), await follow(boss)];
    expect((await post("logout", rosa)).status).toBe(204);
    await clock.advance(IN_TIME_MS);
    expect(await readerOfRosa.closed).toEqual({ code: 1008, reason: "Signed out." });
    expect(readerOfBoss.socket.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ["is removed", async () => people.people.administration.removeAccount(ADMIN, "rosa")],
    ["is kept out", async () => people.people.administration.setDisabled(ADMIN, "rosa", true)],
    [
      "is removed by another program that has the file open",
      async () => {
        const store = openAccounts(people.dir);
        store.durably(() => store.removeAccount("rosa"));
        store.close();
      },
    ],
    [
      "has the session ended by an admin",
      async () => people.people.endSession(ADMIN, people.people.sessions()[0]?.id ?? ""),
    ],
    [
      "has got another password",
      () => people.people.administration.setPassword(ADMIN, "rosa", "otra lluvia 58 azul"),
    ],
  ])("closes within two seconds when its person %s", async (_, change) => {
    const cookie = await signIn("rosa");
    const reader = await follow(cookie);
    await change();
    expect((await post("session/activity", cookie)).status).toBe(401);
    await clock.advance(IN_TIME_MS);
    expect((await reader.closed).code).toBe(1008);
  });

  it("is open to one name twenty times and no more, and then still to others", async () => {
    const rosa = await signIn("rosa");
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow(rosa)));
    await expect(follow(rosa)).rejects.toThrow("429");
    await expect(follow(await signIn("rosa"))).rejects.toThrow("429");
    const other = await follow(await signIn("boss"));
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
    readers[0]?.socket.close();
    await readers[0]?.closed;
    expect((await until(() => follow(rosa).catch(() => null))).socket.readyState).toBe(WebSocket.OPEN);
  });

  it("closes with 1009 at a message of 65 KiB, and with 1008 at more than 5,000 tags", async () => {
    const cookie = await signIn("rosa");
    const long = await follow(cookie);
    long.socket.send("x".repeat(65 * 1024));
    expect((await long.closed).code).toBe(1009);
    const many = await follow(cookie);
    many.socket.send(JSON.stringify({ subscribe: Array.from({ length: 5_001 }, (_, i) => `T-${i}`) }));
    await clock.advance(1_000);
    expect((await many.closed).code).toBe(1008);
  });
});
