import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PAGE_PATHS } from "../../../src/domain/page-paths.ts";
import type { App } from "../../../src/http/app.ts";
import { appWith, cookieOf, PASSWORD, testPeople } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import { root } from "../../support/plant.ts";
import { withRouteTable } from "../../support/route-table.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import type { VirtualClock } from "../../support/virtual-clock.ts";

const HOST = "localhost:8080";
const OWN = { origin: `http://${HOST}`, host: HOST };
const ELSEWHERE = "192.0.2.7";

let clock: VirtualClock;
let people: TestPeople;
let app: App;

beforeEach(async () => {
  clock = virtualClock();
  people = testPeople(clock);
  app = await appWith(people.people, clock);
});
afterEach(async () => {
  await app.close();
  people.close();
});

async function post(
  url: string,
  payload: object,
  headers: Record<string, string> = {},
  remoteAddress = "127.0.0.1",
) {
  return app.inject({
    method: "POST",
    url: `/api/v1/${url}`,
    payload,
    headers: { ...OWN, ...headers },
    remoteAddress,
  });
}

async function signIn(name: string, password = PASSWORD, address = "127.0.0.1") {
  return post("login", { name, password }, {}, address);
}

async function get(url: string, cookie: string) {
  return app.inject({ url: `/api/v1/${url}`, headers: { cookie } });
}

describe("a gateway that has no account yet", () => {
  it("answers 401 everywhere but at what says that it lives, the page, login and set-up", async () => {
    const table = await withRouteTable(() => appWith(people.people, clock));
    const open = new Set([...PAGE_PATHS, "/healthz", "/readyz", "/api/v1/login", "/api/v1/set-up"]);
    for (const { method, url } of table.routes) {
      const address = url.replace(/:\w+/g, "x");
      const { statusCode } = await table.app.inject({ method: method as "GET", url: address });
      if (!open.has(url)) expect(`${method} ${url} ${statusCode}`).toBe(`${method} ${url} 401`);
    }
    await table.app.close();
  });

  it("shows nothing of the plant, and has no password that lets anybody in", async () => {
    for (const name of ["admin", "root", "puma", "operator"])
      for (const password of ["", "admin", "puma", "password", "operator"])
        expect([400, 401]).toContain((await signIn(name, password)).statusCode);
    expect((await app.inject("/healthz")).json()).toMatchObject({ reasons: [] });
  });

  it("serves other machines nothing but whether it lives", async () => {
    for (const url of ["/", "/api/v1/session", "/api/v1/tags", "/assets/x.js"])
      expect((await app.inject({ url, remoteAddress: ELSEWHERE })).statusCode).toBe(401);
    const login = await signIn("admin", PASSWORD, ELSEWHERE);
    expect(login.statusCode).toBe(401);
    expect((await app.inject({ url: "/healthz", remoteAddress: ELSEWHERE })).statusCode).toBe(200);
  });

  it.each(["forwarded", "via", "x-forwarded-for", "x-real-ip"])(
    "takes a request that a proxy on this machine passes on (%s) for one from elsewhere",
    async (header) => {
      const headers = { [header]: "127.0.0.1" };
      expect((await app.inject({ url: "/", headers })).statusCode).toBe(401);
      const link = people.setUpSecret();
      const answer = await post("set-up", { link, name: "rosa", password: PASSWORD }, headers);
      expect(answer.statusCode).toBe(401);
    },
  );
});

describe("the set-up link", () => {
  it("makes the first account, an admin's, once", async () => {
    const link = people.setUpSecret();
    const answer = await post("set-up", { link, name: "Rosa", password: PASSWORD });
    expect(answer.json()).toMatchObject({ name: "Rosa", role: "admin", locked: false });
    expect((await get("tags", cookieOf(answer))).statusCode).toBe(200);
    const again = await post("set-up", { link, name: "Mallory", password: PASSWORD });
    expect(again.statusCode).toBe(403);
    expect(people.setUpSecret()).toBeNull();
  });

  it("expires after an hour", async () => {
    const link = people.setUpSecret();
    await clock.advance(3_600_001);
    expect((await post("set-up", { link, name: "Rosa", password: PASSWORD })).statusCode).toBe(403);
    const newLink = people.setUpSecret();
    expect((await post("set-up", { link: newLink, name: "Rosa", password: PASSWORD })).statusCode).toBe(200);
  });

  it("is used up by a first account that is made elsewhere, and cannot be raced", async () => {
    const link = people.setUpSecret();
    const answers = await Promise.all(
      ["Rosa", "Juan", "Eva"].map((name) => post("set-up", { link, name, password: PASSWORD })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 403, 403]);
  });

  it("does not take a weak password, and is not spent by it", async () => {
    const link = people.setUpSecret();
    const weak = await post("set-up", { link, name: "Rosa", password: "password1234" });
    expect(weak.statusCode).toBe(400);
    expect((await post("set-up", { link, name: "Rosa", password: PASSWORD })).statusCode).toBe(200);
  });
});

describe("signing in", () => {
  beforeEach(async () => {
    await people.add("Rosa Ñahui", "operator");
    await people.add("boss", "admin");
  });

  it("takes the right password, by any capitals of the name", async () => {
    const answer = await signIn("rosa ñahui");
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ name: "Rosa Ñahui", role: "operator", kind: "session" });
  });

  it("says the same of a wrong name, a wrong password and an account that is kept out", async () => {
    people.people.administration.setDisabled({ name: "t", address: null }, "Rosa Ñahui", true);
    const answers = [await signIn("Rosa Ñahui"), await signIn("boss", "wrong"), await signIn("nobody here")];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toEqual(answers[0]?.json());
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
  });

  it("takes as long for a name that there is not as for one that there is", async () => {
    const slow = testPeople(clock, { memoryKib: 4096, passes: 2, lanes: 1 });
    await slow.add("rosa", "operator");
    const origin = (round: number) => ({ address: `192.0.2.${round}`, agent: "" });
    const times = { rosa: [] as number[], nobody: [] as number[] };
    for (let round = 0; round < 41; round++)
      for (const name of ["rosa", "nobody"] as const) {
        const before = performance.now();
        await slow.people.door.signIn(name, "wrong", origin(round)).catch(() => undefined);
        times[name].push(performance.now() - before);
      }
    slow.close();
    // What the work takes where nothing else is in its way.
    const ratio = Math.min(...times.rosa) / Math.min(...times.nobody);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1 / 0.6);
  });

  it("costs whoever tries a thousand passwords a minute nearly all of them, and nobody else anything", async () => {
    const answers: number[] = [];
    for (let i = 0; i < 1000; i++) {
      answers.push((await signIn("boss", `wrong ${i}`, ELSEWHERE)).statusCode);
      await clock.advance(60);
    }
    const tried = answers.filter((status) => status === 401).length;
    expect(tried).toBeGreaterThanOrEqual(5);
    expect(tried).toBeLessThanOrEqual(11);
    expect(answers.filter((status) => status === 429).length).toBe(1000 - tried);
    const refused = await signIn("boss", PASSWORD, ELSEWHERE);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await signIn("boss", PASSWORD, "192.0.2.8")).statusCode).toBe(200);
    expect((await signIn("Rosa Ñahui", PASSWORD, ELSEWHERE)).statusCode).toBe(200);
  });

  it("cannot be slowed down or hurried by what a proxy's header says", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const headers = { "x-forwarded-for": `198.51.100.${i}`, "x-real-ip": `198.51.100.${i}` };
      const answer = await post("login", { name: "boss", password: "wrong" }, headers, ELSEWHERE);
      statuses.push(answer.statusCode);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
  });

  it("sets a cookie that scripts and other sites never see, another one each time", async () => {
    const cookies = [await signIn("boss"), await signIn("boss")].map((answer) =>
      String(answer.headers["set-cookie"]),
    );
    for (const cookie of cookies)
      expect(cookie).toMatch(/^puma=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(cookies[0]).not.toBe(cookies[1]);
  });

  it("replaces the session that the browser had, and never takes one that it was given", async () => {
    const planted = "A".repeat(43);
    const first = await post("login", { name: "boss", password: PASSWORD }, { cookie: `puma=${planted}` });
    expect(cookieOf(first)).not.toContain(planted);
    const second = await post("login", { name: "boss", password: PASSWORD }, { cookie: cookieOf(first) });
    expect((await get("session", cookieOf(first))).statusCode).toBe(401);
    expect((await get("session", cookieOf(second))).statusCode).toBe(200);
  });

  it("leaves nothing on disk that lets anybody in, readable by the gateway alone", async () => {
    const token = people.people.administration.addToken({ name: "t", address: null }, "historian", "viewer");
    const cookie = cookieOf(await signIn("boss")).slice("puma=".length);
    for (const suffix of ["", "-wal", "-shm"]) {
      const file = join(people.dir, `accounts.sqlite${suffix}`);
      expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
      const bytes = readFileSync(file).toString("latin1");
      for (const secret of [PASSWORD, token, cookie]) expect(bytes.includes(secret)).toBe(false);
    }
  });
});

describe("a session", () => {
  let cookie = "";
  beforeEach(async () => {
    await people.add("boss", "admin");
    cookie = cookieOf(await signIn("boss"));
  });
  const act = (url: string, payload: object = {}) => post(url, payload, { cookie });

  it("locks after fifteen idle minutes: it looks on, and does nothing until the password is there", async () => {
    await clock.advance(15 * 60_000 + 1);
    expect((await get("session", cookie)).json()).toMatchObject({
      name: "boss",
      role: "admin",
      locked: true,
    });
    expect((await get("tags", cookie)).statusCode).toBe(200);
    expect((await get("alarms", cookie)).statusCode).toBe(200);
    expect((await get("users", cookie)).statusCode).toBe(423);
    expect((await act("tokens", { name: "x", role: "viewer" })).statusCode).toBe(423);
    expect((await act("session/activity")).json()).toMatchObject({ locked: true });
    expect((await act("unlock", { password: "wrong" })).statusCode).toBe(401);
    expect((await act("unlock", { password: PASSWORD })).json()).toMatchObject({ locked: false });
    expect((await get("users", cookie)).statusCode).toBe(200);
  });

  it("stays open while somebody does something, but not by what a page does by itself", async () => {
    for (let i = 0; i < 4; i++) {
      await clock.advance(10 * 60_000);
      expect((await act("session/activity")).json()).toMatchObject({ locked: false });
    }
    for (let i = 0; i < 3; i++) {
      await clock.advance(6 * 60_000);
      await get("tags", cookie);
    }
    expect((await get("session", cookie)).json()).toMatchObject({ locked: true });
  });

  it("ends after twelve hours, whatever is done", async () => {
    for (let i = 0; i < 71; i++) {
      await clock.advance(10 * 60_000);
      await act("session/activity");
    }
    expect((await get("session", cookie)).statusCode).toBe(200);
    await clock.advance(10 * 60_000);
    expect((await get("session", cookie)).statusCode).toBe(401);
  });

  it("ends at once when its person signs out", async () => {
    expect((await act("logout")).headers["set-cookie"]).toContain("Max-Age=0");
    expect((await get("session", cookie)).statusCode).toBe(401);
  });

  it("outlives a restart of the gateway, with its lock and its end", async () => {
    await clock.advance(10 * 60_000);
    await act("session/activity");
    await clock.advance(10 * 60_000);
    await app.close();
    people.restart();
    app = await appWith(people.people, clock);
    expect((await get("session", cookie)).json()).toMatchObject({ name: "boss", locked: false });
    await clock.advance(5 * 60_000 + 1);
    expect((await get("session", cookie)).json()).toMatchObject({ locked: true });
    await clock.advance(12 * 3_600_000);
    expect((await get("session", cookie)).statusCode).toBe(401);
  });

  it("goes on when its person changes the password, and all others of theirs end", async () => {
    const other = cookieOf(await signIn("boss"));
    const next = "sombrero de paja azul 7";
    expect((await act("password", { password: "wrong", next })).statusCode).toBe(401);
    expect((await act("password", { password: PASSWORD, next: "password1234" })).statusCode).toBe(400);
    expect((await act("password", { password: PASSWORD, next })).statusCode).toBe(204);
    expect((await get("session", cookie)).statusCode).toBe(200);
    expect((await get("session", other)).statusCode).toBe(401);
    expect((await signIn("boss", PASSWORD)).statusCode).toBe(401);
    expect((await signIn("boss", next)).statusCode).toBe(200);
  });

  it("makes room for the twenty-first of the same person", async () => {
    for (let i = 0; i < 20; i++) await signIn("boss");
    expect((await get("session", cookie)).statusCode).toBe(401);
    expect(people.people.sessions().length).toBe(20);
  });
});

describe("a request with a session", () => {
  let cookie = "";
  beforeEach(async () => {
    await people.add("boss", "admin");
    cookie = cookieOf(await signIn("boss"));
  });

  it.each([
    ["another site's origin", { origin: "https://attacker.example" }],
    ["no origin that can be told", { origin: "null" }],
    ["another port's origin", { origin: "http://localhost:9999" }],
    ["another site's referer", { referer: "https://attacker.example/page" }],
    ["another site by its fetch metadata", { "sec-fetch-site": "cross-site" }],
    ["a neighbour by its fetch metadata", { "sec-fetch-site": "same-site" }],
  ])("and %s changes nothing", async (_, forged) => {
    const answer = await post("tokens", { name: "x", role: "admin" }, { cookie, ...forged });
    expect(answer.statusCode).toBe(403);
    expect(people.people.administration.tokens()).toEqual([]);
  });

  it("and no origin at all changes nothing", async () => {
    const payload = { name: "x", role: "admin" };
    const answer = await app.inject({ method: "POST", url: "/api/v1/tokens", payload, headers: { cookie } });
    expect(answer.statusCode).toBe(403);
  });

  it.each(["attacker.example", "localhost.attacker.example"])(
    "for the host %s is turned away",
    async (host) => {
      const answer = await post(
        "tokens",
        { name: "x", role: "admin" },
        { cookie, host, origin: `http://${host}` },
      );
      expect(answer.statusCode).toBe(421);
    },
  );

  it("is taken from its own page", async () => {
    const answer = await post(
      "tokens",
      { name: "x", role: "viewer" },
      { cookie, "sec-fetch-site": "same-origin" },
    );
    expect(answer.statusCode).toBe(200);
  });

  it("is nobody's when it shows a wrong token besides", async () => {
    const headers = { cookie, authorization: "Bearer nonsense" };
    expect((await app.inject({ url: "/api/v1/tags", headers })).statusCode).toBe(401);
  });
});

describe("two gateways", () => {
  it("have nothing in common that lets anybody in, and take nothing that is written in the repository", async () => {
    const other = testPeople(clock);
    await people.add("boss", "admin");
    await other.add("boss", "admin");
    const by = { name: "t", address: null };
    const [one, two] = [people, other].map((each) =>
      each.people.administration.addToken(by, "historian", "viewer"),
    );
    expect(one).not.toBe(two);
    expect(people.people.door.byToken(one ?? "")).not.toBeNull();
    expect(people.people.door.byToken(two ?? "")).toBeNull();
    const theirs = await other.people.door.signIn("boss", PASSWORD, { address: "", agent: "" });
    expect(people.people.door.bySession(theirs.secret)).toBeNull();
    other.close();

    const files = execFileSync("git", ["ls-files", "src", "test", "devices", "*.md", "*.json"], {
      cwd: root,
    });
    const words = new Set<string>();
    for (const file of files
      .toString()
      .trim()
      .split("\n")
      .filter((name) => /\.(ts|tsx|md|json|yaml)$/.test(name)))
      for (const [word] of readFileSync(join(root, file), "utf8").matchAll(/[\w$+/=.-]{8,100}/g))
        words.add(word);
    expect(words.size).toBeGreaterThan(5_000);
    const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");
    for (const word of words)
      for (const secret of [word, `puma_${word}`, hashOf(word), `puma_${hashOf(word)}`]) {
        expect(people.people.door.byToken(secret)).toBeNull();
        expect(people.people.door.bySession(secret)).toBeNull();
      }
  });
});
