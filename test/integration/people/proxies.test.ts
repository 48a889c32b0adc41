import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpConfig } from "../../../src/config/plant.ts";
import type { App } from "../../../src/http/app.ts";
import { appWith, PASSWORD, testPeople } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const PROXY = "10.0.0.5";
const STRANGER = "192.0.2.7";
const NAME = "puma.plant.example";
const BEHIND: Partial<HttpConfig> = { names: [NAME], trustedProxies: [PROXY, "10.9.0.0/16"] };

let people: TestPeople;
let app: App;

beforeEach(async () => {
  const clock = virtualClock();
  people = testPeople(clock);
  await people.add("rosa", "operator");
  app = await appWith(people.people, clock, BEHIND);
});
afterEach(async () => {
  await app.close();
  people.close();
});

/** Signs in through whatever stands at `remoteAddress`, with what that says of whom it speaks for. */
function signIn(remoteAddress: string, said: Record<string, string>, password = PASSWORD) {
  return app.inject({
    method: "POST",
    url: "/api/v1/login",
    payload: { name: "rosa", password },
    headers: { host: NAME, origin: `https://${NAME}`, ...said },
    remoteAddress,
  });
}

function addressOfSession(): string | undefined {
  return people.people.sessions()[0]?.origin.address;
}

describe("a proxy that the plant file names", () => {
  it.each([PROXY, "10.9.8.7"])(
    "at %s is believed whom it speaks for, and that they came encrypted",
    async (proxy) => {
      const answer = await signIn(proxy, { "x-forwarded-for": STRANGER, "x-forwarded-proto": "https" });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers["set-cookie"]).toMatch(/^__Host-puma=.*; Secure$/);
      expect(addressOfSession()).toBe(STRANGER);
    },
  );

  it("is believed what it has added itself, and nothing that the client wrote before", async () => {
    await signIn(PROXY, {
      "x-forwarded-for": `127.0.0.1, 198.51.100.1, ${STRANGER}`,
      "x-forwarded-proto": "http, https",
    });
    expect(addressOfSession()).toBe(STRANGER);
  });

  it("does not make all that come through it pay for the wrong passwords of one", async () => {
    for (let i = 0; i < 6; i++) await signIn(PROXY, { "x-forwarded-for": STRANGER }, "wrong");
    expect((await signIn(PROXY, { "x-forwarded-for": STRANGER })).statusCode).toBe(429);
    expect((await signIn(PROXY, { "x-forwarded-for": "192.0.2.8" })).statusCode).toBe(200);
  });

  it("cannot send anybody here under a name that is not ours", async () => {
    const headers = {
      host: "attacker.example",
      "x-forwarded-host": NAME,
      origin: "https://attacker.example",
    };
    expect((await signIn(PROXY, headers)).statusCode).toBe(421);
    const origin = { "x-forwarded-host": "attacker.example", origin: "https://attacker.example" };
    expect((await signIn(PROXY, origin)).statusCode).toBe(403);
  });
});

describe("anybody else", () => {
  it("is not believed a word of what a proxy would say", async () => {
    const said = {
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "https",
      "x-real-ip": "127.0.0.1",
      forwarded: "for=127.0.0.1;proto=https",
    };
    const answer = await signIn(STRANGER, said);
    expect(answer.headers["set-cookie"]).toMatch(/^puma=/);
    expect(addressOfSession()).toBe(STRANGER);
  });
});

describe("a gateway without an account", () => {
  it("takes nobody that comes through a trusted proxy for somebody at this machine", async () => {
    const empty = testPeople(virtualClock());
    const fresh = await appWith(empty.people, virtualClock(), { ...BEHIND, trustedProxies: ["127.0.0.1"] });
    for (const address of ["127.0.0.1", STRANGER]) {
      const headers = { "x-forwarded-for": address };
      expect((await fresh.inject({ url: "/", headers })).statusCode).toBe(401);
    }
    await fresh.close();
    empty.close();
  });
});
