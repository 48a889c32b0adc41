import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocket, WebSocketServer } from "ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openListener } from "../../../src/http/listener.ts";
import type { Listener } from "../../../src/http/listener.ts";
import { until } from "../../support/until.ts";

let listener: Listener;

beforeEach(async () => {
  listener = await openListener({ host: "127.0.0.1", port: 0, certificate: null });
});
afterEach(() => listener.close());

/** Answers everything with its own name; it listens nowhere. */
const named = (name: string): Server => createServer((_request, answer) => answer.end(name));

async function ask(agent: Agent | false = false) {
  const request = get(listener.url, { agent });
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const port = request.socket?.localPort;
  return {
    status: answer.statusCode,
    retryAfter: answer.headers["retry-after"],
    body: await text(answer),
    port,
  };
}

/** Asks, and resolves when the request has arrived and waits: Node says so, to whoever wants to hear it. */
async function askAndWait(): Promise<{ socket: Socket; answer: () => Promise<string> }> {
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => undefined);
  let said = "";
  socket.on("data", (bytes) => void (said += String(bytes)));
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n");
  await until(() => said.includes("100 Continue"));
  const ended = once(socket, "end");
  return { socket, answer: () => ended.then(() => said) };
}

describe("what listens for the page", () => {
  it("lets requests wait while nobody answers, and gives them to who comes next", async () => {
    const [first, second] = [await askAndWait(), await askAndWait()];
    listener.lead(named("the plant as it is now"));
    expect(await first.answer()).toContain("the plant as it is now");
    expect(await second.answer()).toContain("the plant as it is now");
    expect((await ask()).body).toBe("the plant as it is now");
  });

  it("keeps a connection over a change of who answers", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    listener.lead(named("before"));
    const first = await ask(agent);
    listener.lead(null);
    const waiting = ask(agent);
    await askAndWait(); // later than the other
    listener.lead(named("after"));
    const second = await waiting;
    agent.destroy();
    expect([first.body, second.body]).toEqual(["before", "after"]);
    expect(second.port).toBe(first.port);
  });

  it("lets a live client wait as well", async () => {
    const client = new WebSocket(`ws://127.0.0.1:${listener.port}/`);
    const opened = once(client, "open");
    await askAndWait();
    const server = named("live");
    const sockets = new WebSocketServer({ server });
    listener.lead(server);
    await opened;
    client.terminate();
    sockets.close();
  });

  it("forgets who went away before anybody answered", async () => {
    const gone = await askAndWait();
    gone.socket.resetAndDestroy();
    const live = connect(listener.port, "127.0.0.1");
    live.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await askAndWait();
    live.resetAndDestroy();
    const stayed = await askAndWait();
    const asked: string[] = [];
    const server = createServer((request, answer) => {
      asked.push(request.url ?? "");
      answer.end("here");
    });
    server.on("upgrade", () => asked.push("upgrade"));
    listener.lead(server);
    expect(await stayed.answer()).toContain("here");
    // Those of the two that stayed.
    expect(asked).toEqual(["/", "/"]);
  });

  it("tells who comes when a thousand wait already to come again, and answers the thousand", async () => {
    const crowd = Array.from({ length: 20 }, () => connect(listener.port, "127.0.0.1"));
    const answers = crowd.map((socket) => text(socket));
    for (const socket of crowd) {
      const last = "GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(48) + last);
    }
    const others = [];
    for (let place = 980; place < 1_000; place++) others.push(await askAndWait());
    const refused = await ask();
    expect([refused.status, refused.retryAfter]).toEqual([503, "1"]);
    expect(refused.body).toContain("Ask again");
    listener.lead(named("here"));
    for (const { answer } of others) answers.push(answer());
    const statuses = (await Promise.all(answers)).join("").match(/HTTP\/1\.1 [2-5]\d\d/gu) ?? [];
    expect(statuses.filter((one) => one === "HTTP/1.1 200")).toHaveLength(1_000);
  });
});
