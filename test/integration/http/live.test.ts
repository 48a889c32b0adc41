import { connect } from "node:net";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import { Status } from "../../../src/domain/status.ts";
import { memoryView, STARTED_AT } from "../../support/http-view.ts";
import type { MemoryView } from "../../support/http-view.ts";
import { openLive, serveView } from "../../support/http-server.ts";
import type { HttpServer, LiveUpdate } from "../../support/http-server.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";

const TAGS = 2000;
let view: MemoryView;
let server: HttpServer;

beforeEach(async () => {
  const tags = Array.from({ length: TAGS }, (_, index) => tagOf(index));
  tags[1] = tagOf(1, { id: "__proto__" });
  tags[2] = tagOf(2, { id: "KQ-1", type: "uint64" });
  view = memoryView(tags);
  server = await serveView(view);
});
afterEach(() => server.close());

function change(id: string, value: number | bigint): void {
  server.publish(view.set(id, { value }));
}

let changes = 0;

/** A batch that says that every tag has changed. */
function everything(): ReturnType<typeof createBatch> {
  const batch = createBatch(TAGS);
  batch.value.fill(++changes);
  for (let index = 0; index < TAGS; index++) batch.tag[batch.length++] = index;
  return batch;
}

describe("a subscription", () => {
  it("to * first brings the present state of every tag", async () => {
    view.set("FT-100", { value: 16.4, sourceTime: STARTED_AT + 5 });
    const { messages } = await openLive(server, { subscribe: "*" });
    expect(messages[0]).toHaveLength(TAGS);
    expect((messages[0] as LiveUpdate[])[0]).toEqual({
      tag: "FT-100",
      t: STARTED_AT + 5,
      v: 16.4,
      q: "good",
      s: 0,
    });
    expect((messages[0] as LiveUpdate[])[3]).toMatchObject({
      v: null,
      q: "bad",
      s: Status.BadWaitingForInitialData,
    });
  });

  it("to some tags brings these and no others", async () => {
    const reader = await openLive(server, { subscribe: ["FT-105", "__proto__"] });
    change("FT-104", 1);
    change("FT-105", 2);
    change("__proto__", 3);
    await until(() => reader.latest.get("__proto__")?.v === 3);
    expect([...reader.latest.keys()].sort()).toEqual(["FT-105", "__proto__"]);
    expect(({} as { v?: unknown }).v).toBeUndefined();
  });

  it("lists unknown tags back and serves the others", async () => {
    const reader = await openLive(server, { subscribe: ["NO-1", "FT-105", "constructor"] });
    await until(() => reader.messages.length === 2);
    expect(reader.messages[0]).toMatchObject([{ tag: "FT-105" }]);
    expect(reader.messages[1]).toEqual({ error: "Unknown tags: 2.", unknown: ["NO-1", "constructor"] });
  });

  it("can be changed, and then starts with the present state again", async () => {
    const reader = await openLive(server, { subscribe: ["FT-105"] });
    reader.socket.send('{"subscribe":["FT-106"]}');
    await until(() => reader.messages.length === 2);
    expect(reader.messages[1]).toMatchObject([{ tag: "FT-106" }]);
    change("FT-105", 1);
    change("FT-106", 2);
    await until(() => reader.latest.get("FT-106")?.v === 2);
    expect(reader.latest.get("FT-105")?.v).toBeNull();
  });

  it("writes integers beyond 2^53 - 1 as text", async () => {
    const reader = await openLive(server, { subscribe: ["KQ-1"] });
    change("KQ-1", 18446744073709551615n);
    await until(() => reader.latest.get("KQ-1")?.v === "18446744073709551615");
  });

  it("brings the time every second to those who ask for it", async () => {
    const asking = await openLive(server, { subscribe: [], time: true });
    const other = await openLive(server, { subscribe: [] });
    await until(() => asking.messages.length > 1);
    expect(asking.messages[1]).toHaveProperty("time");
    expect(other.messages).toEqual([[]]);
  });
});

describe("many changes", () => {
  it("a thousand changes of a tag become few messages, and the last one is right", async () => {
    const reader = await openLive(server, { subscribe: "*" });
    for (let value = 1; value <= 1000; value++) change("FT-105", value);
    await until(() => reader.latest.get("FT-105")?.v === 1000);
    expect(reader.messages.length).toBeLessThanOrEqual(4);
  });

  it("arrive at every client, each with the last value of each tag", async () => {
    const readers = await Promise.all(Array.from({ length: 20 }, () => openLive(server, { subscribe: "*" })));
    for (let round = 1; round <= 50; round++)
      for (let index = 100; index < 200; index++) change(`FT-${index + 100}`, round * 1000 + index);
    await until(() => readers.every(({ latest }) => latest.get("FT-299")?.v === 50199));
    for (const { latest } of readers)
      for (let index = 100; index < 200; index++)
        expect(latest.get(`FT-${index + 100}`)?.v).toBe(50000 + index);
  });
});

/** Subscribes to everything and never reads a byte of what comes. */
async function openDeaf(): Promise<Socket> {
  const socket = connect({ port: server.port, host: "127.0.0.1" });
  const key = Buffer.alloc(16).toString("base64");
  socket.write(
    `GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("readable", resolve));
  const text = Buffer.from('{"subscribe":"*"}');
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])); // RFC 6455, 5.2: mask of zeros
  return socket;
}

it("a client that does not read holds up nobody, and later gets the latest values instead of all of them", async () => {
  const reader = await openLive(server, { subscribe: "*" });
  const deaf = await Promise.all(Array.from({ length: 5 }, openDeaf));
  // A hundred messages of about 130 kB are more than the system's own buffers take for a connection.
  let sentBytes = 0;
  for (let round = 1; round <= 100; round++) {
    for (const id of ["FT-105", "FT-1999"]) view.set(id, { value: round });
    server.publish(everything());
    await until(() => reader.latest.get("FT-1999")?.v === round);
    sentBytes += JSON.stringify(reader.messages.at(-1)).length;
  }
  for (const socket of deaf) {
    let readBytes = 0;
    let tail = "";
    socket.on("data", (bytes: Buffer) => {
      readBytes += bytes.length;
      tail = (tail + bytes.toString("latin1")).slice(-200_000);
    });
    await until(() => /"tag":"FT-1999","t":\d+,"v":100,/.test(tail));
    expect(readBytes).toBeLessThan(0.9 * sentBytes);
    socket.destroy();
  }
});

describe("a message that cannot be understood", () => {
  it.each([
    ["{", 1007, "The message is not JSON."],
    ["[]", 1008, 'Send {"subscribe": ["TAG", ...]} or {"subscribe": "*"}.'],
    ['{"subscribe":7}', 1008, '"subscribe" is "*" or a list of tag names.'],
  ])("%s closes the socket with %i and a sentence", async (text, code, reason) => {
    const { socket, closed } = await openLive(server);
    socket.send(text);
    expect(await closed).toEqual({ code, reason });
  });

  it("bytes close it with 1007", async () => {
    const { socket, closed } = await openLive(server);
    socket.send(Buffer.from([1, 2, 3]));
    expect(await closed).toMatchObject({ code: 1007 });
  });

  it("65 KiB close it with 1009", async () => {
    const { socket, closed } = await openLive(server);
    socket.on("error", () => undefined);
    socket.send(" ".repeat(65 * 1024));
    expect(await closed).toMatchObject({ code: 1009 });
  });

  it("a flood of messages closes it with 1008", async () => {
    const { socket, closed } = await openLive(server);
    for (let sent = 0; sent < 100; sent++) socket.send('{"subscribe":[]}');
    expect(await closed).toEqual({ code: 1008, reason: "Too many messages." });
  });

  it("does not disturb the other clients", async () => {
    const reader = await openLive(server, { subscribe: "*" });
    const { socket, closed } = await openLive(server);
    socket.send("{");
    await closed;
    change("FT-105", 7);
    await until(() => reader.latest.get("FT-105")?.v === 7);
  });
});

it("the two-hundred-and-fifty-first client is told to come back later, and let in when another has gone", async () => {
  const readers = await Promise.all(Array.from({ length: 250 }, () => openLive(server)));
  await expect(openLive(server)).rejects.toThrow("503");
  readers[0]?.socket.close();
  await readers[0]?.closed;
  const late = await until(() => openLive(server).catch(() => null));
  expect(late.socket.readyState).toBe(late.socket.OPEN);
});
