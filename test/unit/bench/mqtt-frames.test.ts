import mqttPacket from "mqtt-packet";
import { expect, it } from "vitest";
import { connectFrame, MqttSplitter, packetType, subscribeFrame } from "../../bench/mqtt-frames.ts";

const publish = (payload: string): Buffer =>
  mqttPacket.generate({
    cmd: "publish",
    topic: "a/b",
    payload,
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  });

it("packets are found wherever the stream is cut", () => {
  const payloads = ["", "x", "y".repeat(200), "z".repeat(20_000)];
  const stream = Buffer.concat(payloads.map(publish));
  for (const cut of [1, 2, 3, 7, 64, 1000]) {
    const splitter = new MqttSplitter();
    const found: string[] = [];
    for (let at = 0; at < stream.length; at += cut)
      splitter.split(stream.subarray(at, at + cut), (bytes, packet) => {
        expect(packet).toMatchObject({ type: packetType.publish, qos: 1 });
        found.push(bytes.toString("latin1", packet.bodyStart + 7, packet.end));
      });
    expect(found).toEqual(payloads);
  }
});

it("the yardstick's frames are those of another MQTT encoder", () => {
  expect(connectFrame("one")).toEqual(
    mqttPacket.generate({ cmd: "connect", clientId: "one", protocolVersion: 4, clean: true, keepalive: 0 }),
  );
  expect(subscribeFrame("#")).toEqual(
    mqttPacket.generate({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0 }] }),
  );
});
