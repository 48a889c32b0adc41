import { EventEmitter } from "node:events";
import type { WebSocket } from "ws";
import { describe, expect, it } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import { createLiveAlarms } from "../../../src/http/live-alarms.ts";
import { createLiveClient } from "../../../src/http/live-client.ts";
import { createLiveUpdates } from "../../../src/http/live-updates.ts";
import { memoryView, STARTED_AT } from "../../support/http-view.ts";
import { tagOf } from "../../support/tags.ts";

const ALL = { indexes: null, time: true, alarms: false, session: false };

/** A socket whose other side reads only when the test says so. */
class UnreadSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  pings = 0;

  send(message: Buffer): void {
    this.sent.push(JSON.parse(message.toString()));
  }

  ping(): void {
    this.pings++;
  }
}

function connected() {
  const view = memoryView([tagOf(0), tagOf(1)]);
  const updates = createLiveUpdates(view);
  const socket = new UnreadSocket();
  const client = createLiveClient(
    socket as unknown as WebSocket,
    { updates, alarms: createLiveAlarms(view.alarms) },
    0,
  );
  const change = (id: string, value: number): void => {
    updates.mark(view.set(id, { value }));
    updates.close();
  };
  return { updates, socket, client, change };
}

describe("a client whose socket is full", () => {
  it("gets nothing new, and only the latest values once it has read", () => {
    const { socket, client, change } = connected();
    client.subscribe(ALL);
    expect(client.flush()).toBe(true);
    socket.bufferedAmount = 1024 * 1024;
    for (let value = 1; value <= 100; value++) {
      change("FT-100", value);
      expect(client.flush()).toBe(false);
    }
    expect(socket.sent).toHaveLength(1);
    socket.bufferedAmount = 0;
    expect(client.flush()).toBe(true);
    expect(socket.sent[1]).toMatchObject([{ tag: "FT-100", v: 100 }]);
  });

  it("gets neither time nor pings", () => {
    const { socket, client } = connected();
    client.subscribe(ALL);
    client.flush();
    socket.bufferedAmount = 1024 * 1024;
    expect(client.beat(5, 1000)).toBeNull();
    expect(socket.sent).toHaveLength(1);
    expect(socket.pings).toBe(0);
  });

  it("is disconnected with 1013 above 8 MiB", () => {
    const { socket, client } = connected();
    socket.bufferedAmount = 8 * 1024 * 1024 + 1;
    expect(client.beat(0, 1000)).toEqual([1013, expect.any(String)]);
  });

  it("is disconnected with 1013 when it reads nothing for a minute", () => {
    const { socket, client } = connected();
    socket.bufferedAmount = 1000;
    for (let second = 1; second <= 60; second++) {
      socket.emit("pong");
      expect(client.beat(0, second * 1000)).toBeNull();
    }
    expect(client.beat(0, 61_000)).toEqual([1013, "Nothing was read for a minute."]);
  });

  it("stays while it reads, however slowly", () => {
    const { socket, client } = connected();
    socket.bufferedAmount = 1024 * 1024;
    for (let second = 1; second <= 300; second++) {
      socket.bufferedAmount -= 1000;
      socket.emit("pong");
      expect(client.beat(0, second * 1000)).toBeNull();
    }
  });
});

it("a client that answers no ping for a minute is disconnected", () => {
  const { client } = connected();
  for (let second = 1; second <= 60; second++) expect(client.beat(0, second * 1000)).toBeNull();
  expect(client.beat(0, 61_000)).toEqual([1013, "No ping was answered for a minute."]);
});

it("a tick without changes sends nothing", () => {
  const { updates, socket, client } = connected();
  client.subscribe(ALL);
  client.flush();
  for (let tick = 0; tick < 5; tick++) {
    updates.close();
    client.flush();
  }
  expect(socket.sent).toHaveLength(1);
});

it("a client that missed ticks gets exactly the tags that changed in them", () => {
  const { socket, client, change, updates } = connected();
  client.subscribe(ALL);
  client.flush();
  change("FT-101", 1);
  updates.close();
  change("FT-101", 2);
  client.flush();
  expect(socket.sent[1]).toMatchObject([{ tag: "FT-101", v: 2 }]);
  expect(socket.sent[1]).toHaveLength(1);
});

describe("a status word that is read fifty times a second", () => {
  it("is told when it changes, and else now and then to say that it is still read", () => {
    const { updates, socket, client } = connected();
    client.subscribe(ALL);
    client.flush();
    const batch = createBatch(1);
    batch.length = 1;
    for (let read = 0; read < 100; read++) {
      batch.receivedTime[0] = STARTED_AT + 20 * read;
      batch.value[0] = read < 50 ? 0 : 1;
      updates.mark(batch);
      updates.close();
      client.flush();
    }
    // The state at first, then 0 and 1 as they come, and one repeat each after half a second.
    expect(socket.sent).toHaveLength(1 + 4);
  });
});
