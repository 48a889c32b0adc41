import { duplexPair } from "node:stream";
import type { Duplex } from "node:stream";
import fc from "fast-check";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { Wire } from "../../../src/outputs/mqtt/wire.ts";
import { until } from "../../support/until.ts";

interface Watched {
  readonly broker: Duplex;
  readonly wire: Wire;
  readonly acknowledged: [packetId: number, reason: number][];
  /** What the library got to see. */
  readonly passed: () => string;
}

function watch(): Watched {
  const [broker, socket] = duplexPair();
  const wire = new Wire(socket);
  const acknowledged: [number, number][] = [];
  wire.onAcknowledge = (packetId, reason) => acknowledged.push([packetId, reason]);
  const passed: Buffer[] = [];
  wire.on("data", (chunk: Buffer) => passed.push(chunk));
  wire.on("error", () => undefined);
  return { broker, wire, acknowledged, passed: () => Buffer.concat(passed).toString("hex") };
}

const puback = (id: number): Buffer => Buffer.from([0x40, 2, id >> 8, id & 0xff]);

test("takes acknowledgements out and passes everything else on, however the bytes are cut", async () => {
  const connack = generate({ cmd: "connack", returnCode: 0, sessionPresent: false });
  const pingresp = generate({ cmd: "pingresp" });
  const bytes = Buffer.concat([connack, puback(1), puback(65_535), pingresp, puback(300), pingresp]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), async (cuts) => {
      const { broker, wire, acknowledged, passed } = watch();
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      for (let part = 1; part < places.length; part++)
        if (places[part - 1] !== places[part]) broker.write(bytes.subarray(places[part - 1], places[part]));
      const expected = Buffer.concat([connack, pingresp, pingresp]).toString("hex");
      await until(() => passed() === expected && acknowledged.length === 3);
      expect(acknowledged).toEqual([
        [1, 0],
        [65_535, 0],
        [300, 0],
      ]);
      wire.destroy();
    }),
    { numRuns: 50 },
  );
});

test("understands the reason code and the properties of MQTT 5", async () => {
  const { broker, wire, acknowledged } = watch();
  const reasonString = "x".repeat(200);
  broker.write(generate({ cmd: "puback", messageId: 7, reasonCode: 0x97 }, { protocolVersion: 5 }));
  broker.write(
    generate(
      { cmd: "puback", messageId: 8, reasonCode: 0x87, properties: { reasonString } },
      { protocolVersion: 5 },
    ),
  );
  broker.write(puback(9));
  await until(() => acknowledged.length === 3);
  expect(acknowledged).toEqual([
    [7, 0x97],
    [8, 0x87],
    [9, 0],
  ]);
  wire.destroy();
});

test.each([
  ["a packet that nobody asked for and that is too long to be honest", Buffer.from([0x30, 0xff, 0xff, 0x7f])],
  ["a length of five bytes, which is no MQTT", Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
])("closes on %s", async (_name, bytes) => {
  const { broker, wire } = watch();
  broker.write(bytes);
  await until(() => wire.destroyed);
  expect(wire.errored?.message).toMatch(/nothing was asked/u);
});

test("hands the pieces of one packet on together, so that no other packet comes in between", async () => {
  const { broker, wire } = watch();
  const received: Buffer[] = [];
  broker.on("data", (chunk: Buffer) => received.push(chunk));
  wire.cork();
  wire.write(Buffer.from("con"));
  wire.write(Buffer.from("nect"));
  wire.send(Buffer.from("|publish|"));
  wire.uncork();
  wire.send(Buffer.from("|publish|"));
  await until(() => Buffer.concat(received).length === 25);
  expect(Buffer.concat(received).toString()).toBe("|publish|connect|publish|");
  wire.destroy();
});
