import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/domain/system-clock.ts";
import type { App } from "../../../src/http/app.ts";
import { Live } from "../../../src/http/live.ts";
import { buildHttp } from "../../../src/http/server.ts";
import { memoryView } from "../../support/http-view.ts";
import { openLive, sendRaw, serveView, silentLog, statusOf } from "../../support/http-server.ts";
import { tagOf } from "../../support/tags.ts";
import type { HttpServer } from "../../support/http-server.ts";

const PUBLIC = ["/healthz", "/readyz"];
const GUARDED = [
  "/metrics",
  "/api/v1/tags",
  "/api/v1/tags/FT-100",
  "/api/v1/devices",
  "/api/v1/connections",
  "/api/v1/outputs",
  "/api/v1/plant",
  "/api/v1/live",
  "/api/v1/openapi.json",
  "/api/docs",
  "/api/docs/json",
  "/api/v1/nothing",
];

describe("without accounts", () => {
  const view = memoryView([tagOf(0)]);
  let app: App;

  beforeAll(async () => {
    const context = { view, clock: systemClock, log: silentLog, webDir: "/nowhere" };
    app = await buildHttp(context, new Live(context));
    await app.ready();
  });
  afterAll(() => app.close());

  it.each([...PUBLIC, ...GUARDED])("%s is open to this machine", async (url) => {
    const { statusCode } = await app.inject({ url, remoteAddress: "127.0.0.1" });
    expect([200, 404, 426]).toContain(statusCode);
  });

  it.each(PUBLIC)("%s is open to other machines", async (url) => {
    expect((await app.inject({ url, remoteAddress: "192.0.2.7" })).statusCode).toBe(200);
  });

  it.each(GUARDED)("%s is closed to other machines", async (url) => {
    const response = await app.inject({ url, remoteAddress: "192.0.2.7" });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ statusCode: 401, error: "Unauthorized" });
    expect(response.headers["www-authenticate"]).toBe("Bearer");
  });

  it.each(["forwarded", "via", "x-forwarded-for", "x-real-ip"])(
    "a request that a proxy on this machine passes on (%s) is nobody's",
    async (header) => {
      const headers = { [header]: "127.0.0.1" };
      expect((await app.inject({ url: "/api/v1/tags", headers })).statusCode).toBe(401);
    },
  );
});

describe("over a socket", () => {
  const view = memoryView([tagOf(0)]);
  let server: HttpServer;

  beforeAll(async () => {
    server = await serveView(view);
  });
  afterAll(() => server.close());

  const ask = (...lines: string[]): Promise<string> =>
    sendRaw(server.port, `${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`);

  it.each(["attacker.example", "localhost.attacker.example:8080", "rebound.example"])(
    "a request for the host %s is turned away",
    async (host) => {
      expect(statusOf(await ask("GET /api/v1/tags HTTP/1.1", `Host: ${host}`))).toBe(421);
    },
  );

  it("a request without a host is turned away", async () => {
    expect(statusOf(await ask("GET /api/v1/tags HTTP/1.1"))).toBe(400);
  });

  it.each(["127.0.0.1", "localhost", "[::1]:80", "LOCALHOST:9"])("the host %s is served", async (host) => {
    expect(statusOf(await ask("GET /api/v1/tags HTTP/1.1", `Host: ${host}`))).toBe(200);
  });

  it("another site's page cannot write", async () => {
    const answer = await ask(
      "POST /api/v1/tags HTTP/1.1",
      "Host: localhost",
      "Origin: https://attacker.example",
    );
    expect(statusOf(answer)).toBe(403);
  });

  it.each(["https://attacker.example", "null", "http://127.0.0.1:1"])(
    "the live socket refuses the origin %s",
    async (origin) => {
      await expect(openLive(server, undefined, { origin })).rejects.toThrow("403");
    },
  );

  it("the live socket takes its own page, and programs that have no origin", async () => {
    const both: Record<string, string>[] = [{ origin: `http://127.0.0.1:${server.port}` }, {}];
    for (const headers of both) {
      const reader = await openLive(server, { subscribe: "*" }, headers);
      reader.socket.close();
    }
  });
});
