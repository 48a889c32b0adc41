import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import type { TagCommand } from "../../../src/domain/write.ts";
import { createOutput } from "../../../src/outputs/index.ts";
import { createMqttOutput } from "../../../src/outputs/mqtt/output.ts";
import {
  batchOfRows,
  KINDS,
  manyReadings,
  manyTags,
  mqttContext,
  never,
  sparkplugContext,
} from "../../support/outputs.ts";
import { pour, SYSTEM_BYTES_MAX } from "../../support/pour.ts";
import { temporaryFolder } from "../../support/program.ts";
import { startScriptedBroker } from "../../support/scripted-broker.ts";
import { encodePayload } from "../../support/sparkplug-payload.ts";
import { until } from "../../support/until.ts";

const MIB = 1024 * 1024;
const COMMANDS = "spBv1.0/rocmec/NCMD/puma";

function publish(topic: string, payload: Buffer): Buffer {
  return generate({ cmd: "publish", topic, payload, qos: 0, dup: false, retain: false });
}

test.each<[string, Buffer, number]>([
  ["a packet of 256 MB", Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), 256 * MIB],
  [
    "a command of a million metrics",
    publish(COMMANDS, Buffer.alloc(6_000_000, encodePayload({ metrics: [{ alias: 1, intValue: 1 }] }))),
    0,
  ],
])("%s ends the connection to its broker as soon as it is announced", async (_, head, total) => {
  const taken = Promise.withResolvers<number>();
  await using broker = await startScriptedBroker({
    onSubscribed: (socket) => taken.resolve(pour(socket, head, total)),
  });
  using folder = temporaryFolder();
  const heard: TagCommand[] = [];
  const context = {
    ...sparkplugContext({ url: broker.url }, KINDS, folder.path),
    command: (one: TagCommand) => void heard.push(one),
  };
  const output = createOutput(context);
  await output.connect(never).catch(() => undefined);
  await expect(output.write(batchOfRows([{ tag: 0, value: 1 }]), never)).rejects.toThrow();
  expect(await taken.promise).toBeLessThan(SYSTEM_BYTES_MAX);
  expect(heard).toEqual([]);
  await output.close();
});

test("a message without an end on a WebSocket ends the connection", async () => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  let taken = 0;
  const flood = (peer: WebSocket): void =>
    peer.send(Buffer.alloc(64 * 1024), { fin: false }, (error) => {
      if (error || taken > 64 * MIB) return;
      taken += 64 * 1024;
      flood(peer);
    });
  server.on("connection", (peer) => {
    peer.on("error", () => undefined);
    peer.once("message", () => {
      peer.send(generate({ cmd: "connack", returnCode: 0, sessionPresent: false }));
      flood(peer);
    });
  });
  const { port } = server.address() as AddressInfo;
  const output = createMqttOutput(mqttContext({ url: `ws://127.0.0.1:${port}` }, manyTags(1)));
  await output.connect(never).catch(() => undefined);
  await until(() => taken > 0 && server.clients.size === 0);
  await expect(output.write(manyReadings(1), never)).rejects.toThrow();
  expect(taken).toBeLessThan(SYSTEM_BYTES_MAX);
  await output.close();
  server.close();
});
