import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryView } from "../../support/http-view.ts";
import { openLive, sendRaw, serveView, statusOf } from "../../support/http-server.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";
import type { HttpServer } from "../../support/http-server.ts";

const MIB = 1024 * 1024;
const view = memoryView([tagOf(0)]);
let server: HttpServer;

beforeAll(async () => {
  server = await serveView(view);
});
afterAll(() => server.close());

const HEAD = "Host: localhost\r\nConnection: close\r\n";

describe("a request that is too much", () => {
  it("a body of 2 MiB gets 413", async () => {
    const head = `POST /api/v1/tags HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: ${2 * MIB}\r\n\r\n`;
    expect(statusOf(await sendRaw(server.port, `${head}${" ".repeat(2 * MIB)}`))).toBe(413);
  });

  it("64 KiB of headers get 431", async () => {
    const answer = await sendRaw(server.port, `GET / HTTP/1.1\r\n${HEAD}X: ${"x".repeat(64 * 1024)}\r\n\r\n`);
    expect(statusOf(answer)).toBe(431);
  });

  it("a length and chunks at once get 400", async () => {
    const both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
    const body = "0\r\n\r\nGET /api/v1/tags HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const answer = await sendRaw(server.port, `POST /healthz HTTP/1.1\r\n${HEAD}${both}\r\n${body}`);
    expect(statusOf(answer)).toBe(400);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it("bytes that are no HTTP get 400", async () => {
    expect(statusOf(await sendRaw(server.port, "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x7d"))).toBe(
      400,
    );
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])(
    "%s gets 405",
    async (method) => {
      const answer = await sendRaw(server.port, `${method} /api/v1/tags HTTP/1.1\r\n${HEAD}\r\n`);
      expect(statusOf(answer)).toBe(405);
      expect(answer.toLowerCase()).toContain("allow: get, head");
    },
  );
});

it("headers that do not end are given up after 10 s", async () => {
  const start = performance.now();
  const answer = await sendRaw(server.port, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
  expect(statusOf(answer)).toBe(408);
  expect(performance.now() - start).toBeLessThan(20_000);
});

it("the server stops at once although clients hold their connections open", async () => {
  const stopping = await serveView(view);
  const reader = await openLive(stopping, { subscribe: "*" });
  const idle = connect(stopping.port, "127.0.0.1");
  idle.on("error", () => undefined);
  await until(() => idle.readyState === "open");
  await fetch(`${stopping.url}/healthz`);
  const start = performance.now();
  await stopping.close();
  expect(performance.now() - start).toBeLessThan(3000);
  expect(await reader.closed).toEqual({ code: 1001, reason: "The gateway stops." });
});

it("a server that stops answers what it was asked before", async () => {
  const stopping = await serveView(view);
  const asking = connect(stopping.port, "127.0.0.1");
  const head = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
  asking.write(`POST /api/v1/tags HTTP/1.1\r\n${head}\r\n{`);
  await fetch(`${stopping.url}/healthz`); // later than the other's head
  const closed = stopping.close();
  asking.write("}");
  expect(statusOf(await text(asking))).toBe(405);
  await closed;
});
