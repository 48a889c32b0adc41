import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT_ROLES } from "../../../src/domain/people.ts";
import { PAGE_PATHS } from "../../../src/domain/page-paths.ts";
import type { Role } from "../../../src/domain/people.ts";
import type { App } from "../../../src/http/app.ts";
import { appWith, cookieOf, PASSWORD, testPeople } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import { withRouteTable } from "../../support/route-table.ts";
import type { DeclaredRoute } from "../../support/route-table.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

type Who = "nobody" | Exclude<Role, "public">;

/** Who may use what asks for a role, written down once more: the columns are nobody and the five roles. */
const WHO: readonly Who[] = ["nobody", ...ACCOUNT_ROLES];
const MATRIX: Readonly<Record<Role, string>> = {
  public: "yes yes yes yes yes yes",
  viewer: "no  yes yes yes yes yes",
  operator: "no  no  yes no  yes yes",
  metallurgist: "no  no  no  yes yes yes",
  engineer: "no  no  no  no  yes yes",
  admin: "no  no  no  no  no  yes",
};

/** What must never be opened wider by mistake. */
const MUST_BE: Readonly<Record<string, Role>> = {
  "GET /api/v1/tags": "viewer",
  "GET /api/v1/live": "viewer",
  "GET /metrics": "viewer",
  "GET /api/v1/openapi.json": "viewer",
  "POST /api/v1/alarms/:id/acknowledge": "operator",
  "POST /api/v1/alarms/:id/out-of-service": "engineer",
  "POST /api/v1/assays": "metallurgist",
  "POST /api/v1/signatures": "metallurgist",
  "GET /api/v1/audit": "engineer",
  "POST /api/v1/certificates/:thumbprint/trust": "engineer",
  "POST /api/v1/certificates/:thumbprint/refuse": "engineer",
  "GET /api/v1/configuration": "viewer",
  "POST /api/v1/configuration/reload": "engineer",
  "POST /api/v1/configuration/rollback": "engineer",
  "GET /api/v1/users": "admin",
  "POST /api/v1/users": "admin",
  "PATCH /api/v1/users/:name": "admin",
  "DELETE /api/v1/users/:name": "admin",
  "DELETE /api/v1/sessions/:id": "admin",
  "GET /api/v1/tokens": "admin",
  "POST /api/v1/tokens": "admin",
  "DELETE /api/v1/tokens/:name": "admin",
};

/** All that may be used without being known: the page is empty without data. */
const PUBLIC = [
  ...PAGE_PATHS.map((path) => `GET ${path}`),
  "GET /healthz",
  "GET /readyz",
  "POST /api/v1/login",
  "POST /api/v1/set-up",
];

const clock = virtualClock();
let people: TestPeople;
let app: App;
let routes: DeclaredRoute[];
const tokens = new Map<Who, string>();

beforeAll(async () => {
  people = testPeople(clock);
  await people.add("first", "admin");
  const by = { name: "tester", address: null };
  for (const role of ACCOUNT_ROLES)
    tokens.set(role, people.people.administration.addToken(by, `${role} program`, role));
  ({ app, routes } = await withRouteTable(() => appWith(people.people, clock)));
});
afterAll(async () => {
  await app.close();
  people.close();
});

interface Ask {
  readonly method: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
}

function addressOf(url: string): string {
  return url.replace(/:\w+/g, "nothing").replace("*", "nothing");
}

/** True unless the answer says that this is for others. */
async function isLetIn({ method, url, headers = {} }: Ask): Promise<boolean> {
  const answer = await app.inject({ method: method as "GET", url: addressOf(url), headers });
  if (answer.statusCode === 401) return url === "/api/v1/login" && !answer.body.includes("Sign in first");
  return !(answer.statusCode === 403 && (method === "HEAD" || answer.body.includes("This needs the role")));
}

describe("every route", () => {
  it("says who may use it, and there are many", () => {
    expect(routes.length).toBeGreaterThan(70);
    expect(routes.filter(({ role }) => role === undefined)).toEqual([]);
  });

  it("is open to nobody unless it is on the list of those that must be", () => {
    const open = routes.filter(({ role, method }) => role === "public" && method !== "HEAD");
    expect(open.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual(PUBLIC.toSorted());
  });

  it.each(Object.entries(MUST_BE))("%s is for the role %s", (name, role) => {
    expect(routes.find(({ method, url }) => `${method} ${url}` === name)?.role).toBe(role);
  });

  it.each(WHO)("answers a program with the role %s as the matrix says", async (who) => {
    const token = tokens.get(who);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    for (const { method, url, role } of routes) {
      const expected = MATRIX[role as Role].split(/ +/)[WHO.indexOf(who)];
      const found = (await isLetIn({ method, url, headers })) ? "yes" : "no";
      expect(`${method} ${url}: ${found}`).toBe(`${method} ${url}: ${expected}`);
    }
  });

  it.each(ACCOUNT_ROLES)("answers a person with the role %s as the matrix says", async (who) => {
    await people.add(`${who} person`, who);
    const signIn = await app.inject({
      method: "POST",
      url: "/api/v1/login",
      payload: { name: `${who} person`, password: PASSWORD },
    });
    const headers = { cookie: cookieOf(signIn), origin: "http://localhost:8080", host: "localhost:8080" };
    for (const { method, url, role } of routes.filter((route) => route.url !== "/api/v1/logout")) {
      const expected = MATRIX[role as Role].split(/ +/)[WHO.indexOf(who)];
      if (url === "/api/v1/lock") continue;
      const found = (await isLetIn({ method, url, headers })) ? "yes" : "no";
      expect(`${method} ${url}: ${found}`).toBe(`${method} ${url}: ${expected}`);
    }
  });
});
