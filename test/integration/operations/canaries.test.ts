import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "../../support/free-port.ts";
import { temporaryFolder } from "../../support/program.ts";
import { puma, runPuma } from "../../support/puma.ts";
import type { RunningPuma } from "../../support/puma.ts";
import { until } from "../../support/until.ts";

/** One secret for each place in which somebody may keep one. */
const CANARY = {
  opcua: "canario-opcua-58",
  url: "canario-url-58",
  comment: "canario-comentario-58",
  influx: "canario-influx-58",
  variable: "canario-variable-58",
  file: "canario-archivo-58",
  account: "canario cuenta martillo 58",
  guess: "canario intento martillo 58",
} as const;

const plantText = (influxPort: number, port: number): string => `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections:
  meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 }
  leach:
    protocol: opcua
    endpoint: opc.tcp://127.0.0.1:1/leach
    security: { mode: SignAndEncrypt, policy: Basic256Sha256 }
    identity: { kind: password, user: gateway, password: ${CANARY.opcua} }
devices:
  METER: { profile: power-meter, connection: meter, unit: 21, area: utilities }
outputs:
  mqtt: { url: "mqtt://gateway:${CANARY.url}@127.0.0.1:1", user: gateway, password: "\${MQTT_SECRET}" }
  influx: { url: "http://127.0.0.1:${influxPort}", version: 2, organization: o, bucket: b, token: "\${file:secrets/influx}" }
  old: { type: influx, url: "http://127.0.0.1:${influxPort}", version: 1, database: d, user: u, password: ${CANARY.influx} } # password: ${CANARY.comment}
data: { dir: ./data }
http: { port: ${port}, auth: accounts }
`;

const folder = temporaryFolder();
const plant = join(folder.path, "house.yaml");
const data = join(folder.path, "data");
let server: Server;
let gateway: RunningPuma;
let token = "";
/** Everything that the gateway has said to anybody, by where it said it. */
const said = new Map<string, string>();

/** A database that repeats in its refusal whatever it was given. */
function startTalkative(): Promise<Server> {
  const talkative = createServer((request, answer) => {
    const { authorization = "" } = request.headers;
    const opened = Buffer.from(authorization.split(" ")[1] ?? "", "base64").toString();
    answer.writeHead(request.url === "/ping" ? 204 : 401);
    answer.end(
      request.url === "/ping" ? "" : JSON.stringify({ error: `no such user: ${authorization} (${opened})` }),
    );
  });
  return new Promise((resolve) => talkative.listen(0, "127.0.0.1", () => resolve(talkative)));
}

async function note(where: string, answer: Response): Promise<Response> {
  const headers = JSON.stringify([...answer.headers]);
  said.set(where, headers + (await answer.clone().text()));
  return answer;
}

async function ask(path: string, body?: object, bearer = token): Promise<Response> {
  const headers = {
    origin: gateway.url,
    ...(bearer === "" ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const sent = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
  return note(`${body === undefined ? "GET" : "POST"} ${path}`, await fetch(`${gateway.url}${path}`, sent));
}

async function command(...args: readonly string[]): Promise<string> {
  const { out, told } = await puma(args);
  said.set(`puma ${args[0]} ${args.slice(2).join(" ")}`, out + told);
  return out;
}

/** What stands for the parameters of an address. */
const PARAMETERS: Readonly<Record<string, string>> = {
  period: "day",
  date: "2026-11-22",
  shift: "day",
  kind: "lots",
  area: "utilities",
};

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function askEverything(): Promise<void> {
  const described = (await (await ask("/api/v1/openapi.json")).json()) as Described;
  const paths = Object.entries(described.paths).filter(([, methods]) => "get" in methods);
  for (const [path] of paths) {
    const address = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => PARAMETERS[name] ?? "METER-JT");
    await ask(path.endsWith("/live") ? "/api/v1/gateway" : address);
  }
  for (const format of ["csv", "html"]) await ask(`/api/v1/reports/day/2026-11-22?format=${format}`);
  await ask("/api/v1/configuration/difference?from=1&to=2");
  for (const path of ["/", "/metrics", "/healthz", "/readyz", "/api/docs"]) await ask(path);
}

beforeAll(async () => {
  server = await startTalkative();
  mkdirSync(join(folder.path, "secrets"));
  writeFileSync(join(folder.path, "secrets", "influx"), CANARY.file, { mode: 0o600 });
  const text = plantText((server.address() as AddressInfo).port, await freePort());
  writeFileSync(plant, text);
  process.env["MQTT_SECRET"] = CANARY.variable;
  gateway = await runPuma(plant, { args: ["--frames", "METER"] });
  await puma(["user", plant, "add", "rosa", "--role", "admin"], `${CANARY.account}\n`);
  token = (await puma(["token", plant, "add", "test", "--role", "admin"])).out.trim();
  const login = (password: string): Promise<Response> => ask("/api/v1/login", { name: "rosa", password }, "");
  expect((await login(CANARY.guess)).status).toBe(401);
  expect((await login(CANARY.account)).status).toBe(200);
  await ask("/api/v1/users", { name: "x", role: "viewer", password: CANARY.guess.slice(0, 7) });
  writeFileSync(plant, text.replace("One meter", "The meter"));
  // The page ends and is served anew with what the file says now.
  await until(() => gateway.said().split("serving the page and the API").length === 3, 60_000);
  await until(() => /no such user/u.test(gateway.said()), 60_000);
  await askEverything();
  gateway.process.kill("SIGUSR2");
  await until(() => gateway.said().includes("a report of the gateway as it is"), 30_000);
  for (const name of ["check", "report", "spool", "trust", "user", "token", "audit"]) {
    const rest = { report: ["day", "2026-11-22"], spool: ["status"], audit: ["verify"], check: [] }[name];
    await command(name, plant, ...(rest ?? ["list"]));
  }
  await command("backup", plant, "--to", join(folder.path, "house.tgz"), "--history", "--spool");
  await gateway[Symbol.asyncDispose]();
  said.set("log", gateway.said());
}, 300_000);
afterAll(() => {
  delete process.env["MQTT_SECRET"];
  server.close();
  folder[Symbol.dispose]();
});

/** In which ways a secret can stand in a text. */
function formsOf(secret: string): readonly string[] {
  const pairs = ["u", "gateway"].map((user) => Buffer.from(`${user}:${secret}`).toString("base64"));
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64"), ...pairs];
}

/** Where these secrets stand among the texts. */
function findings(secrets: readonly string[], texts: Iterable<readonly [string, string | Buffer]>): string[] {
  return [...texts].flatMap(([where, text]) =>
    secrets.flatMap((secret) =>
      formsOf(secret).some((form) => text.includes(form)) ? [`${secret} in ${where}`] : [],
    ),
  );
}

function filesBelow(path: string): readonly (readonly [string, Buffer])[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.map(({ parentPath, name }) => {
    const file = join(parentPath, name);
    return [relative(path, file), readFileSync(file)];
  });
}

it("no secret is in anything that the gateway says: log, routes, exports, reports, commands", () => {
  expect(said.size).toBeGreaterThan(50);
  expect(findings([...Object.values(CANARY), token], said)).toEqual([]);
});

it("in the data folder are passwords and tokens only as hashes, and what the plant file itself says only in its history", () => {
  const files = filesBelow(data);
  const names = files.map(([name]) => name);
  for (const name of ["journal.sqlite", "accounts.sqlite"]) expect(names).toContain(name);
  const { opcua, url, comment, influx, ...never } = CANARY;
  expect(findings([...Object.values(never), token], files)).toEqual([]);
  const beside = files.filter(([name]) => !name.startsWith("configurations"));
  expect(findings([opcua, url, comment, influx], beside)).toEqual([]);
});

it("in a backup are the files of secrets, and no password, no token and no variable of the environment", () => {
  const backup = gunzipSync(readFileSync(join(folder.path, "house.tgz")));
  expect(findings([CANARY.variable, CANARY.account, CANARY.guess, token], [["backup", backup]])).toEqual([]);
  expect(findings([CANARY.file, CANARY.opcua], [["backup", backup]])).toHaveLength(2);
});
