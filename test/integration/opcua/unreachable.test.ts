import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { expect, test } from "vitest";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { until } from "../../support/until.ts";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import { freePort } from "../../support/free-port.ts";

const SKETCHES = [{ id: "level", type: "float32" }] as const;

test.each([
  ["mode None", { mode: "None", policy: "None" }],
  ["mode SignAndEncrypt", { mode: "SignAndEncrypt", policy: "Basic256Sha256" }],
] as const)(
  "a peer that accepts and says nothing is given up in time and keeps no socket of ours, in %s",
  async (_, security) => {
    const folder = await temporaryFolder();
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => {
      sockets.add(socket);
      socket
        .on("close", () => sockets.delete(socket))
        .on("error", () => {})
        .resume();
    }).listen(0, "127.0.0.1");
    await once(mute, "listening");
    const { port } = mute.address() as AddressInfo;
    await using bench = createBench(folder, SKETCHES, { endpoint: `opc.tcp://127.0.0.1:${port}`, security });
    const since = performance.now();
    await expect(bench.connect()).rejects.toBeInstanceOf(ConnectionLost);
    expect(performance.now() - since).toBeLessThan(15_000);
    await until(() => sockets.size === 0);
    mute.close();
    await removeFolder(folder);
  },
);

test("nothing listening is said in plain words, and polling before connecting is a lost connection", async () => {
  const folder = await temporaryFolder();
  const endpoint = `opc.tcp://127.0.0.1:${await freePort()}`;
  await using bench = createBench(folder, SKETCHES, { endpoint });
  await expect(bench.pump()).rejects.toThrow("not connected yet");
  await expect(bench.connect()).rejects.toThrow("nothing listens there");
  await expect(bench.pump()).rejects.toBeInstanceOf(ConnectionLost);
  await removeFolder(folder);
});

test("an aborted connect ends at once", async () => {
  const folder = await temporaryFolder();
  const mute = createServer((socket) => void socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
  await once(mute, "listening");
  const { port } = mute.address() as AddressInfo;
  await using bench = createBench(folder, SKETCHES, { endpoint: `opc.tcp://127.0.0.1:${port}` });
  const stop = new AbortController();
  const connecting = bench.driver.connect(stop.signal);
  const since = performance.now();
  stop.abort(new Error("stopping"));
  await expect(connecting).rejects.toThrow("stopping");
  expect(performance.now() - since).toBeLessThan(3_000);
  mute.close();
  await removeFolder(folder);
});
