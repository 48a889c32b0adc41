import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cookieOf, PASSWORD } from "../../support/people.ts";
import { temporaryFolder } from "../../support/program.ts";
import { puma, runPuma } from "../../support/puma.ts";
import type { RunningPuma } from "../../support/puma.ts";
import { until } from "../../support/until.ts";

const METER = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { mqtt: { url: "mqtt://127.0.0.1:1" } }
http: { port: 0, auth: accounts }
`;

const folder = temporaryFolder();
const plant = join(folder.path, "plant.yaml");
let gateway: RunningPuma;
let url = "";

beforeAll(async () => {
  writeFileSync(plant, METER);
  gateway = await runPuma(plant);
  ({ url } = gateway);
  await until(() => gateway.said().includes("add NAME --role admin"));
}, 120_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const user = (...args: string[]) => puma(["user", plant, ...args], `${PASSWORD}\n`);

function login(name: string, password = PASSWORD): Promise<Response> {
  return fetch(`${url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ name, password }),
  });
}

async function cookieFor(name: string): Promise<string> {
  const { headers } = await login(name);
  return cookieOf({ headers: { "set-cookie": headers.get("set-cookie") } });
}

async function statusFor(headers: Record<string, string>): Promise<number> {
  return (await fetch(`${url}/api/v1/session`, { headers })).status;
}

describe("puma user and puma token beside a gateway that runs", { timeout: 180_000 }, () => {
  it("the gateway says at its start how the first account is made, by a link that works once", async () => {
    const link = /#setup=([\w-]{43})/.exec(gateway.said())?.[1];
    const made = await puma(["user", plant, "link"]);
    expect(made.out).toMatch(/^Open on this machine.*\nhttp:\/\/localhost:\d+\/login#setup=[\w-]{43}\n$/);
    const setUp = (): Promise<Response> =>
      fetch(`${url}/api/v1/set-up`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: url },
        body: JSON.stringify({ link, name: "boss", password: PASSWORD }),
      });
    expect((await setUp()).status).toBe(200);
    expect((await setUp()).status).toBe(403);
    expect(await puma(["user", plant, "link"])).toMatchObject({
      code: 1,
      told: "The first account has been made: an admin can add others.\n",
    });
  });

  it("people are added, listed, given another role and removed, and the gateway knows at once", async () => {
    expect(await user("add", "rosa", "--role", "operator")).toMatchObject({
      code: 0,
      out: "Added: rosa, operator\n",
    });
    const cookie = await cookieFor("rosa");
    expect(await statusFor({ cookie })).toBe(200);
    expect((await user("list")).out).toMatch(/^boss +admin .*\nrosa +operator .*\d{4}-\d\d-\d\dT/m);
    expect((await user("role", "rosa", "--role", "metallurgist")).code).toBe(0);
    const answer = await fetch(`${url}/api/v1/session`, { headers: { cookie } });
    expect(await answer.json()).toMatchObject({ name: "rosa", role: "metallurgist" });
    expect((await user("remove", "rosa")).code).toBe(0);
    expect(await statusFor({ cookie })).toBe(401);
    expect((await login("rosa")).status).toBe(401);
  });

  it("a new password ends the sessions that there are", async () => {
    expect((await user("add", "juan", "--role", "viewer")).code).toBe(0);
    const cookie = await cookieFor("juan");
    const changed = await puma(["user", plant, "password", "juan"], "otra lluvia 58 azul\n");
    expect(changed.code).toBe(0);
    expect(await statusFor({ cookie })).toBe(401);
    expect((await login("juan", "otra lluvia 58 azul")).status).toBe(200);
  });

  it("a token is printed alone and once, lets a program in, and is gone when it is removed", async () => {
    const { out, told } = await puma(["token", plant, "add", "historian", "--role", "viewer"]);
    expect(out).toMatch(/^puma_[\w-]{43}\n$/);
    expect(told).toContain("once");
    const authorization = `Bearer ${out.trim()}`;
    expect(await statusFor({ authorization })).toBe(200);
    const list = (await puma(["token", plant, "list"])).out;
    expect(list).toMatch(/historian +viewer +\d{4}-\d\d-\d\d +command line \(/);
    expect(list).not.toContain(out.trim());
    expect((await puma(["token", plant, "remove", "historian"])).code).toBe(0);
    expect(await statusFor({ authorization })).toBe(401);
  });

  it("the audit that all of it left is whole", async () => {
    const { code, out } = await puma(["audit", plant, "verify"]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^The audit has \d\d rows, each as it was written\.\n$/),
    ]);
  });

  it.each([
    [["user", "add", "eva", "--role", "boss"], "", 78, /--role takes one of viewer, operator/],
    [["user", "drop", "eva"], "", 78, /"drop" is not one of/],
    [["user", "add", "eva", "--role", "viewer"], "", 1, /No password was given/],
    [["user", "add", "boss", "--role", "viewer"], `${PASSWORD}\n`, 1, /There is an account boss/],
    [["user", "remove", "boss"], "", 1, /the only admin/],
    [["token", "remove", "eva"], "", 1, /There is no token eva/],
  ])("puma %j is refused in a sentence", async ([command = "", ...rest], input, code, sentence) => {
    const answer = await puma([command, plant, ...rest], input);
    expect(answer.code).toBe(code);
    expect(answer.told).toMatch(sentence);
    expect(answer.out).toBe("");
  });
});
