import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { Live } from "../../../src/http/live.ts";
import { buildHttp } from "../../../src/http/server.ts";
import { POLLUTIONS, traversals } from "../../support/attacks.ts";
import { memoryView } from "../../support/http-view.ts";
import { sendRaw, serveView, silentLog, statusOf } from "../../support/http-server.ts";
import { withRouteTable } from "../../support/route-table.ts";
import type { DeclaredRoute } from "../../support/route-table.ts";
import { tagOf } from "../../support/tags.ts";
import type { HttpServer } from "../../support/http-server.ts";

/** Stands in every file that no answer may have come from. */
const CANARY = "canary-8f3a51";
const MIB = 1024 * 1024;
const JSON_TYPE = "Content-Type: application/json\r\n";

const ODD_NAMES = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString"];
const view = memoryView([tagOf(0, { id: "FT-207" }), ...ODD_NAMES.map((id, i) => tagOf(i + 1, { id }))]);
let folder: string;
let server: HttpServer;
let routes: DeclaredRoute[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "puma-hostile-"));
  const web = join(folder, "web");
  mkdirSync(join(web, "assets"), { recursive: true });
  writeFileSync(join(web, "index.html"), "<!doctype html><title>Puma</title>");
  writeFileSync(join(web, "assets", "x.js"), "export {};");
  for (const name of ["secret.txt", "accounts.sqlite"]) writeFileSync(join(folder, name), CANARY);
  mkdirSync(join(folder, "web-of-others"));
  writeFileSync(join(folder, "web-of-others", "x.js"), CANARY);
  server = await serveView(view, web);
  const context = { view, clock: systemClock, log: silentLog, webDir: web };
  const table = await withRouteTable(async () => {
    const app = await buildHttp(context, new Live(context));
    await app.ready();
    return app;
  });
  ({ routes } = table);
  await table.app.close();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const HEAD = "Host: localhost\r\n";

/** Asks for many addresses on a few connections and gives all that came back. */
async function askAll(addresses: readonly string[]): Promise<string> {
  const answers: string[] = [];
  for (let at = 0; at < addresses.length; at += 100) {
    const some = addresses.slice(at, at + 100);
    const requests = some.map((address) => `GET ${address} HTTP/1.1\r\n${HEAD}\r\n`);
    answers.push(
      await sendRaw(server.port, `${requests.join("")}GET /end HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`),
    );
  }
  return answers.join("");
}

function post(path: string, body: string | Buffer, headers = JSON_TYPE): Promise<string> {
  const bytes = Buffer.from(body);
  const head = `POST ${path} HTTP/1.1\r\n${HEAD}Connection: close\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`;
  return sendRaw(server.port, head + bytes.toString("latin1"));
}

function writingRoutes(): string[] {
  const writing = routes.filter(({ method }) => ["POST", "PUT", "PATCH"].includes(method));
  return writing.map(({ url }) => url.replaceAll(/:\w+/g, "FT-207"));
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted();
}

describe("addresses that lead out of the folder of the page", () => {
  it("read nothing: thousands of them, wherever files or names are asked for", async () => {
    const targets = [
      "/secret.txt",
      "/accounts.sqlite",
      "/web-of-others/x.js",
      "/etc/passwd",
      "/proc/self/environ",
    ];
    const prefixes = [
      "/",
      "/assets/",
      "/api/docs/static/",
      "/api/v1/tags/",
      "/api/v1/texts/",
      "/api/v1/reports/shift/",
    ];
    const ways = traversals(targets, [1, 2, 3, 6]);
    const addresses = prefixes.flatMap((prefix) =>
      ways.map((way) => prefix + way.replaceAll(/[ \t\r\n]/g, "")),
    );
    expect(addresses.length).toBeGreaterThan(2_500);
    const before = filesBelow(folder);
    const answers = await askAll(addresses);
    expect(answers).not.toContain(CANARY);
    expect(answers).not.toMatch(/root:x:|PATH=/);
    expect(answers.match(/^HTTP\/1\.1 5\d\d.*$/m)?.[0]).toBeUndefined();
    expect(filesBelow(folder)).toEqual(before);
    expect(await askAll(["/assets/x.js"])).toContain("export {};");
  });
});

describe("files that somebody would like to leave here", () => {
  const PAGE = `<script>alert("${CANARY}")</script>`;
  const KINDS = [
    "text/html",
    "image/svg+xml",
    "multipart/form-data; boundary=x",
    "application/zip",
    "application/x-tar",
    "application/javascript",
  ];

  it("are taken by no address, under no name of their kind", async () => {
    const paths = [...writingRoutes(), "/api/upload", "/api/project", "/assets/page.html", "/"];
    expect(paths.length).toBeGreaterThan(30);
    const before = filesBelow(folder);
    for (const kind of KINDS)
      for (const path of paths) {
        const answer = await post(
          path,
          PAGE,
          `Content-Type: ${kind}\r\nContent-Disposition: attachment; filename="../web/page.html"\r\n`,
        );
        expect(`${kind} ${path} ${statusOf(answer)}`).toMatch(/ 4(00|04|05|15)$/);
        expect(answer).not.toContain(CANARY);
      }
    for (const path of ["/page.html", "/assets/page.html"]) expect(statusOf(await askAll([path]))).toBe(404);
    expect(filesBelow(folder)).toEqual(before);
  });

  it("of 6 MB are refused before they have arrived", async () => {
    for (const path of ["/api/v1/assays.csv", "/api/v1/notes"]) {
      const head = `POST ${path} HTTP/1.1\r\n${HEAD}Content-Type: text/csv\r\nContent-Length: ${6 * MIB}\r\n\r\n`;
      expect(statusOf(await sendRaw(server.port, head))).toBe(413);
    }
  });
});

/** Time of the processor that it took, the asking included, ms: that of the clock says more about what else runs here. */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

describe("a body that is made to be expensive", () => {
  const DEEP = "[".repeat(10_000) + "]".repeat(10_000);
  const BOMBS: readonly (readonly [string, string | Buffer, string])[] = [
    ["lists ten thousand deep", DEEP, JSON_TYPE],
    ["maps ten thousand deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, JSON_TYPE],
    [
      "ten thousand keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]))),
      JSON_TYPE,
    ],
    [
      "ten thousand keys that collide as numbers",
      `{${Array.from({ length: 10_000 }, (_, i) => `"${i * 65_536}":0`).join()}}`,
      JSON_TYPE,
    ],
    [
      "a hundred thousand keys",
      `{${Array.from({ length: 100_000 }, (_, i) => `"${i.toString(36)}":0`).join()}}`,
      JSON_TYPE,
    ],
    ["a key of a megabyte", `{"${"k".repeat(MIB - 100)}":0}`, JSON_TYPE],
    ["a CSV of columns", "sample,".repeat(149_000), "Content-Type: text/csv\r\n"],
    ["a million commas", `[${"0,".repeat(500_000)}0]`, JSON_TYPE],
    ["a number of a megabyte", "9".repeat(MIB - 1), JSON_TYPE],
    [
      "gibibytes of nothing, packed",
      gzipSync(Buffer.alloc(64 * MIB)),
      `${JSON_TYPE}Content-Encoding: gzip\r\n`,
    ],
    ["a CSV of commas", ",".repeat(MIB - 1), "Content-Type: text/csv\r\n"],
    ["a CSV of quotes", '"'.repeat(MIB - 1), "Content-Type: text/csv\r\n"],
    ["a CSV of lines", "\n".repeat(MIB - 1), "Content-Type: text/csv\r\n"],
  ];

  it.each(BOMBS)("%s gets a refusal, and holds nobody up", async (_, body, headers) => {
    const paths = headers.includes("csv")
      ? ["/api/v1/assays.csv", "/api/v1/lots.csv"]
      : ["/api/v1/assays", "/api/v1/notes", "/api/v1/alarms/A/acknowledge"];
    await post(paths[0] ?? "", "{}", headers); // the first of its kind pays for the compiling
    const costMs = await costOf(async () => {
      for (const path of paths) expect(`${statusOf(await post(path, body, headers))}`).toMatch(/^4/);
    });
    expect(costMs / paths.length).toBeLessThan(400); // 90 where something else runs, the asking included
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe("texts on which patterns are slow", () => {
  const LETTERS = 8_000;
  const SLOW = ["a", "0", "%20", "-", ",", "T0:", "(a%2B)%2B", "%C3%A9"].map((piece) =>
    piece.repeat(Math.floor(LETTERS / piece.length)),
  );
  const KEYS = [
    "q",
    "area",
    "device",
    "tags",
    "from",
    "to",
    "at",
    "period",
    "state",
    "points",
    "language",
    "reason",
    "format",
    "versions",
  ];

  it("cost no more than others in any question, of any route", async () => {
    const reading = routes.filter(
      ({ method, url }) => method === "GET" && url.startsWith("/api/v1/") && !url.endsWith("live"),
    );
    let asked = 0;
    for (const { url } of reading)
      for (const text of SLOW) {
        const short = text.slice(0, 240);
        const address = `${url.replaceAll(/:\w+/g, short)}?${KEYS.map((key) => `${key}=${short}%21`).join("&")}&q=${text}%21`;
        const costMs = await costOf(() => askAll([address]));
        expect([url, text.slice(0, 8), costMs < 400]).toEqual([url, text.slice(0, 8), true]);
        asked++;
      }
    expect(asked).toBeGreaterThan(200);
  });
});

describe("names that mean something to the language that we are written in", () => {
  it("are plain names of tags, in addresses and in questions", async () => {
    for (const id of ODD_NAMES) {
      const answer = await fetch(`${server.url}/api/v1/tags/${id}`);
      expect(await answer.json()).toMatchObject({ tag: id });
    }
    for (const id of ["valueOf", "__defineGetter__", "isPrototypeOf"])
      expect((await fetch(`${server.url}/api/v1/tags/${id}`)).status).toBe(404);
  });

  it("as keys of bodies and questions change nothing, on any route", async () => {
    const reading = routes.filter(
      ({ method, url }) => method === "GET" && url.startsWith("/api/v1/") && !url.endsWith("live"),
    );
    const queries = [
      "__proto__[polluted]=1",
      "constructor.prototype.polluted=1",
      "__proto__=1&from=__proto__&tags=__proto__&q=__proto__&area=constructor&period=toString",
    ];
    await askAll(
      reading.flatMap(({ url }) =>
        queries.map((query) => `${url.replaceAll(/:\w+/g, "__proto__")}?${query}`),
      ),
    );
    for (const path of writingRoutes())
      for (const body of POLLUTIONS) {
        const answer = await post(path, body);
        expect(`${path} ${body} ${statusOf(answer)}`).not.toMatch(/ 5\d\d$/);
      }
    for (const csv of ["__proto__,constructor\n1,2\n", "sample,point\n__proto__,__proto__\n"])
      expect(statusOf(await post("/api/v1/assays.csv", csv, "Content-Type: text/csv\r\n"))).toBe(400);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect((await fetch(`${server.url}/api/v1/tags`)).status).toBe(200);
  });
});

describe("what has opened other systems of this kind", () => {
  it.each([
    ["POST", "/api/runscript", '{"params":{"script":{"code":"process.exit()"}}}'],
    ["POST", "/api/upload", '{"resource":{"name":"../../x.js","data":"YWxlcnQoMSk="}}'],
    ["POST", "/api/resources/upload", '{"fullPath":"../../../etc/cron.d/x"}'],
    ["GET", "/api/download?cmd=REPORT&name=../../../../etc/passwd", ""],
    ["GET", "/api/logs?file=../../../etc/passwd", ""],
    ["POST", "/api/signin", '{"username":"admin","password":"123456"}'],
    ["POST", "/nodered/flows", "{}"],
    ["GET", "/socket.io/?EIO=4&transport=polling", ""],
  ])("is not here: %s %s", async (method, path, body) => {
    const head = `${method} ${path} HTTP/1.1\r\n${HEAD}Connection: close\r\n${JSON_TYPE}Content-Length: ${body.length}\r\n\r\n`;
    expect([404, 405]).toContain(statusOf(await sendRaw(server.port, head + body)));
  });

  it.each(["FOO", "CONNECT", "TRACK", "get", "G\u0000T"])("is not asked by the method %j", async (method) => {
    const answer = await sendRaw(
      server.port,
      `${method} /api/v1/tags HTTP/1.1\r\n${HEAD}Connection: close\r\n\r\n`,
    );
    expect(answer).not.toContain("HTTP/1.1 200");
  });
});
