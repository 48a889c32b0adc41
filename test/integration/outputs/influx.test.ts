import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { acceleratedClock } from "../../../src/domain/system-clock.ts";
import { createInfluxOutput } from "../../../src/outputs/influx/output.ts";
import type { Answer, InfluxRequest } from "../../support/influx-sink.ts";
import { startInfluxSink } from "../../support/influx-sink.ts";
import { pour, SYSTEM_BYTES_MAX } from "../../support/pour.ts";
import { influxContext, manyReadings, manyTags, never } from "../../support/outputs.ts";

const tags = manyTags(5000);
const OK: Answer = { status: 204 };

function linesOf({ body }: InfluxRequest): string[] {
  return body.split("\n").slice(0, -1);
}

describe("requests", () => {
  test.each([
    [
      { version: 1, database: "pu ma", user: "u", password: "p" },
      "/write?db=pu%20ma&precision=ms",
      "Basic dTpw",
    ],
    [{ version: 1 }, "/write?db=puma&precision=ms", undefined],
    [
      { version: 2, organization: "ro&c", bucket: "b", token: "T" },
      "/api/v2/write?org=ro%26c&bucket=b&precision=ms",
      "Token T",
    ],
    [{ version: 3, token: "T" }, "/api/v3/write_lp?db=puma&precision=millisecond", "Bearer T"],
  ] as const)(
    "to %j go to the right place with the right credentials",
    async (changes, url, authorization) => {
      await using sink = await startInfluxSink();
      const output = createInfluxOutput(influxContext({ url: sink.url, ...changes }, tags));
      await output.connect(never);
      await output.write(manyReadings(3), never);
      const write = sink.requests.at(-1)!;
      expect(write).toMatchObject({ method: "POST", url });
      expect(write.headers.authorization).toBe(authorization);
      expect(linesOf(write)).toHaveLength(3);
      await output.close();
    },
  );

  test("below a path keep it", async () => {
    await using sink = await startInfluxSink();
    const output = createInfluxOutput(influxContext({ url: `${sink.url}/metrics/` }, tags));
    await output.write(manyReadings(1), never);
    expect(sink.requests[0]!.url).toBe("/metrics/write?db=puma&precision=ms");
    await output.close();
  });

  test("carry at most the configured number of readings, over one connection", async () => {
    await using sink = await startInfluxSink();
    const output = createInfluxOutput(
      influxContext({ url: sink.url, batchReadingsMax: 1000, gzip: true }, tags),
    );
    await output.write(manyReadings(4500), never);
    expect(sink.requests.map((request) => linesOf(request).length)).toEqual([1000, 1000, 1000, 1000, 500]);
    expect(sink.requests.every(({ headers }) => headers["content-encoding"] === "gzip")).toBe(true);
    expect(sink.connections()).toBe(1);
    await output.close();
  });
});

describe("a server that", () => {
  test("takes only small requests gets halves", async () => {
    await using sink = await startInfluxSink();
    sink.answer = (request) => (linesOf(request).length > 700 ? { status: 413 } : OK);
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    expect(await output.write(manyReadings(5000), never)).toEqual([]);
    expect(new Set(sink.stored).size).toBe(5000);
    expect(sink.stored).toHaveLength(5000);
    await output.close();
  });

  test("refuses one line in 5,000 gets the others, and the row is named with the reason", async () => {
    await using sink = await startInfluxSink();
    sink.answer = (request) =>
      request.body.includes("tag=T-1234 ") ? { status: 400, body: '{"error":"unable to parse"}' } : OK;
    const output = createInfluxOutput(influxContext({ url: sink.url, batchReadingsMax: 3000 }, tags));
    expect(await output.write(manyReadings(5000), never)).toEqual([{ row: 1234, reason: "unable to parse" }]);
    expect(new Set(sink.stored).size).toBe(4999);
    await output.close();
  });

  test.each([
    [
      { status: 429, headers: { "retry-after": "3" } },
      { code: "THROTTLED", retryAfterMs: 3000 },
    ],
    [{ status: 503 }, { code: "THROTTLED", retryAfterMs: 5000 }],
    [{ status: 401, body: '{"error":"authorization failed"}' }, { code: "CONNECTION_LOST" }],
    [{ status: 500 }, { code: "CONNECTION_LOST" }],
    [{ status: 0, instead: "cut" }, { code: "CONNECTION_LOST" }],
  ] as [Answer, object][])("answers %j keeps the batch for later", async (answer, expected) => {
    await using sink = await startInfluxSink();
    sink.answer = () => answer;
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    await expect(output.write(manyReadings(10), never)).rejects.toMatchObject(expected);
    sink.answer = () => OK;
    expect(await output.write(manyReadings(10), never)).toEqual([]);
    expect(sink.stored).toHaveLength(10);
    await output.close();
  });

  test("does not know the database is asked once to create it", async () => {
    await using sink = await startInfluxSink();
    let exists = false;
    sink.answer = ({ url, body }) => {
      if (url.startsWith("/query")) {
        exists = /create(\+|%20| )database/iu.test(`${url}${body}`);
        return { status: 200, body: '{"results":[{"statement_id":0}]}' };
      }
      return exists ? OK : { status: 404, body: '{"error":"database not found: \\"puma\\""}' };
    };
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    expect(await output.write(manyReadings(5), never)).toEqual([]);
    expect(sink.requests.filter(({ url }) => url.startsWith("/query"))).toHaveLength(1);
    expect(sink.stored).toHaveLength(5);
    await output.close();
  });

  /** Answers the question for a database with what `answer` does to its connection. */
  async function startAsked(answer: (socket: Socket) => void): Promise<AsyncDisposable & { url: string }> {
    const server = createServer((request, response) => {
      request.resume();
      if (request.url?.startsWith("/query") === true) return answer(request.socket);
      return void response.writeHead(404).end('{"error":"database not found: \\"puma\\""}');
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await once(server.close(), "close");
      },
    };
  }

  const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

  test("creates its database with an answer without end is cut off before that fills the memory", async () => {
    const taken = Promise.withResolvers<number>();
    await using server = await startAsked((socket) => {
      socket.on("error", () => undefined);
      socket.write(`${HEAD}\r\n`);
      taken.resolve(pour(socket, Buffer.from("{"), 256 * 1024 * 1024));
    });
    const output = createInfluxOutput(influxContext({ url: server.url }, tags));
    await expect(output.write(manyReadings(5), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("the reply is longer than 65536 bytes") as string,
    });
    expect(await taken.promise).toBeLessThan(SYSTEM_BYTES_MAX);
    await output.close();
  });

  test("dies while it creates its database holds nothing up", async () => {
    await using server = await startAsked((socket) => {
      socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"results":`);
    });
    const output = createInfluxOutput(influxContext({ url: server.url }, tags));
    await expect(output.write(manyReadings(5), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("the reply broke off") as string,
    });
    await output.close();
  });

  test("answers the question for its database a byte at a time is given up in time", async () => {
    await using server = await startAsked((socket) => {
      socket.on("error", () => undefined);
      socket.write(`${HEAD}\r\n`);
      const drip = setInterval(() => socket.write(" "), 10);
      socket.once("close", () => clearInterval(drip));
    });
    const clock = acceleratedClock(50, Date.now());
    const output = createInfluxOutput(influxContext({ url: server.url }, tags, clock));
    await expect(output.write(manyReadings(5), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("no answer within 5 s") as string,
    });
    await output.close();
  });

  test("is being asked for its database when the gateway stops holds up no stop", async () => {
    const asked = Promise.withResolvers<void>();
    await using server = await startAsked(() => asked.resolve());
    const output = createInfluxOutput(influxContext({ url: server.url }, tags));
    const stop = new AbortController();
    const written = output.write(manyReadings(5), stop.signal);
    await asked.promise;
    stop.abort(new Error("stopped"));
    await expect(written).rejects.toThrow("stopped");
    await output.close();
  });

  test("never finds the database keeps the batch", async () => {
    await using sink = await startInfluxSink();
    sink.answer = ({ url }) =>
      url.startsWith("/query") ? { status: 200, body: '{"results":[{}]}' } : { status: 404 };
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    await expect(output.write(manyReadings(5), never)).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await output.close();
  });

  test("is silent is a lost connection after the deadline", async () => {
    await using sink = await startInfluxSink();
    sink.answer = () => ({ status: 0, instead: "silence" });
    const output = createInfluxOutput(
      influxContext({ url: sink.url }, tags, acceleratedClock(50, Date.now())),
    );
    await expect(output.write(manyReadings(5), never)).rejects.toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringMatching(/did not answer within 10 s/u) as string,
    });
    await output.close();
  });

  test("answers without end is cut short", async () => {
    await using sink = await startInfluxSink();
    sink.answer = () => ({ status: 500, body: "x".repeat(5_000_000) });
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    const failure = await output.write(manyReadings(5), never).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: "CONNECTION_LOST" });
    expect((failure as Error).message.length).toBeLessThan(500);
    await output.close();
  });

  test("closes the idle connection costs no batch", async () => {
    await using sink = await startInfluxSink();
    const output = createInfluxOutput(influxContext({ url: sink.url }, tags));
    let writes = 0;
    sink.answer = () => (++writes === 2 ? { status: 0, instead: "cut" } : OK);
    await output.write(manyReadings(5), never);
    expect(await output.write(manyReadings(5), never)).toEqual([]);
    expect(sink.connections()).toBe(2);
    await output.close();
  });
});
