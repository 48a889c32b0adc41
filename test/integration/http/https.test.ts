import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { SecureVersion } from "node:tls";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ListenerCertificate } from "../../../src/domain/certificate.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { listenerCertificate } from "../../../src/security/listener-certificate.ts";
import { sendRaw, silentLog, startHttp } from "../../support/http-server.ts";
import { PASSWORD, testPeople, viewWith } from "../../support/people.ts";
import type { TestPeople } from "../../support/people.ts";
import type { HttpServer } from "../../support/http-server.ts";

let people: TestPeople;
let certificate: ListenerCertificate;
let server: HttpServer;

beforeAll(async () => {
  people = testPeople(systemClock);
  await people.add("rosa", "operator");
  certificate = makeCertificate(people.dir);
  server = await serve(certificate);
});
afterAll(async () => {
  await server.close();
  people.close();
});

function makeCertificate(dir: string): ListenerCertificate {
  const data = { dir, spoolBytesMax: 0, groupCommitMs: 20, historyDays: 1 };
  const http = { host: "127.0.0.1", port: 0, auth: "accounts", names: ["page.plant.example"] } as const;
  return listenerCertificate({ kind: "generated" }, { data, http, broker: null }, systemClock.now());
}

function serve(shown: ListenerCertificate): Promise<HttpServer> {
  const view = viewWith(people.people);
  return startHttp({ view, clock: systemClock, log: silentLog, webDir: "/nowhere", certificate: shown });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks over TLS as a browser does that believes the gateway's certificate and no other. */
function ask(
  path: string,
  { port }: HttpServer = server,
  options: https.RequestOptions = {},
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      { host: "127.0.0.1", port, path, ca: certificate.cert, agent: false, ...options },
      (response) =>
        void text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
          reject,
        ),
    );
    request.on("error", reject).end(body);
  });
}

function signIn(to: HttpServer = server): Promise<Answer> {
  const headers = { "content-type": "application/json", origin: `https://127.0.0.1:${to.port}` };
  const body = JSON.stringify({ name: "rosa", password: PASSWORD });
  return ask("/api/v1/login", to, { method: "POST", headers }, body);
}

describe("HTTPS with the gateway's own certificate", () => {
  it("serves whoever believes that certificate, by address and by name", async () => {
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    expect((await ask("/healthz")).status).toBe(200);
    const headers = { host: "page.plant.example" };
    expect((await ask("/healthz", server, { servername: "page.plant.example", headers })).status).toBe(200);
    await expect(ask("/healthz", server, { ca: "" })).rejects.toMatchObject({
      code: expect.stringMatching(/CERT/) as string,
    });
    await expect(ask("/healthz", server, { servername: "other.example", headers })).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("gives a cookie that is sent encrypted and to this host alone, and knows its person by it", async () => {
    const answer = await signIn();
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(
      /^__Host-puma=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    const shown = cookie.split(";")[0] ?? "";
    expect((await ask("/api/v1/tags", server, { headers: { cookie: shown } })).status).toBe(200);
    const plain = shown.replace("__Host-", "");
    expect((await ask("/api/v1/tags", server, { headers: { cookie: plain } })).status).toBe(401);
  });

  it("carries the live socket, from its own page and from no other", async () => {
    const cookie = (await signIn()).headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    const open = (origin: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const headers = { cookie, origin };
        const socket = new WebSocket(`wss://127.0.0.1:${server.port}/api/v1/live`, {
          headers,
          ca: certificate.cert,
        });
        socket.on("error", reject).on("open", () => socket.send('{"subscribe":"*"}'));
        socket.on("message", (data: Buffer) => {
          resolve(data.toString());
          socket.close();
        });
      });
    expect(await open(`https://127.0.0.1:${server.port}`)).toContain("FT-207");
    await expect(open("https://attacker.example")).rejects.toThrow("403");
  });

  it("speaks TLS 1.2 and 1.3 and nothing older", async () => {
    const ciphers = "DEFAULT@SECLEVEL=0";
    const speak = (version: SecureVersion): Promise<Answer> =>
      ask("/healthz", server, { minVersion: version, maxVersion: version, ciphers });
    expect((await speak("TLSv1.2")).status).toBe(200);
    expect((await speak("TLSv1.3")).status).toBe(200);
    for (const version of ["TLSv1", "TLSv1.1"] as const)
      await expect(speak(version)).rejects.toThrow(/protocol version/i);
  });

  it("answers nobody who does not encrypt", async () => {
    expect(await sendRaw(server.port, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).not.toContain(
      "HTTP/1.1 200",
    );
  });

  it("leaves it to people to believe in it: no strict transport", async () => {
    expect((await ask("/healthz")).headers["strict-transport-security"]).toBeUndefined();
  });
});

describe("HTTPS with a given certificate", () => {
  it("has browsers come encrypted for a year, refusals included", async () => {
    const given = await serve({ ...certificate, isGenerated: false });
    for (const path of ["/healthz", "/api/v1/tags"])
      expect((await ask(path, given)).headers["strict-transport-security"]).toBe("max-age=31536000");
    await given.close();
  });

  it("shows another one from now on when that has been put there, and breaks nothing off", async () => {
    const renewed = await serve(certificate);
    const dir = mkdtempSync(join(tmpdir(), "puma-renewed-"));
    const other = makeCertificate(dir);
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: certificate.cert });
    expect((await ask("/healthz", renewed, { agent })).status).toBe(200);
    renewed.renew(other);
    expect((await ask("/healthz", renewed, { agent })).status).toBe(200);
    await expect(ask("/healthz", renewed)).rejects.toThrow();
    expect((await ask("/healthz", renewed, { ca: other.cert })).status).toBe(200);
    agent.destroy();
    await renewed.close();
    rmSync(dir, { recursive: true });
  });
});
