import http from "node:http";
import net from "node:net";
import { gunzipSync } from "node:zlib";
import { answerParent } from "./child.ts";
import { connectFrame, MqttSplitter, packetType, subscribeFrame } from "./mqtt-frames.ts";
import type { MqttPacket } from "./mqtt-frames.ts";
import { SparkplugReader } from "./sparkplug-frames.ts";
import { countLines, numberAt, tagBefore, Tally } from "./tally.ts";
import { currentTick } from "./ticks.ts";
import type { Window } from "./ticks.ts";

/** A process that swallows readings and counts them: `node sinks.ts broker`, an MQTT broker that delivers to nobody;
 *  `node sinks.ts subscriber PORT`, a subscriber to every topic of a real broker; `node sinks.ts http`, an InfluxDB that keeps nothing. */

const tally = new Tally();

const VALUE_KEY = Buffer.from('"v":');
const SPARKPLUG = Buffer.from("spBv1.0/");
const sparkplug = new SparkplugReader();

function countPublish(bytes: Buffer, packet: MqttPacket, nowTick: number): void {
  const topicStart = packet.bodyStart + 2;
  const topicEnd = topicStart + bytes.readUInt16BE(packet.bodyStart);
  if (bytes.compare(SPARKPLUG, 0, SPARKPLUG.length, topicStart, topicStart + SPARKPLUG.length) === 0) {
    countSparkplug(bytes, topicStart, topicEnd, packet, nowTick);
    return;
  }
  const tag = tagBefore(bytes, topicEnd);
  if (tag < 0) return;
  const key = bytes.indexOf(VALUE_KEY, topicEnd);
  tally.take(tag, key < 0 || key > packet.end ? NaN : numberAt(bytes, key + VALUE_KEY.length), nowTick);
}

/** Of QoS 0, so that the payload follows the topic. */
function countSparkplug(
  bytes: Buffer,
  topicStart: number,
  topicEnd: number,
  { end, qos }: MqttPacket,
  nowTick: number,
): void {
  const verb = bytes.toString("latin1", topicStart, topicEnd).split("/")[2];
  if (qos !== 0 || (verb !== "DBIRTH" && verb !== "DDATA")) return;
  sparkplug.read(bytes, topicEnd, end, verb === "DBIRTH", (tag, value) => tally.take(tag, value, nowTick));
}

function packetIdOf(bytes: Buffer, packet: MqttPacket): number {
  return bytes.readUInt16BE(packet.bodyStart + 2 + bytes.readUInt16BE(packet.bodyStart));
}

/** The client's protocol level: 4 is MQTT 3.1.1, 5 is MQTT 5. */
function levelOf(bytes: Buffer, packet: MqttPacket): number {
  return bytes[packet.bodyStart + 6] ?? 4;
}

/** What the broker says to everything but a PUBLISH of QoS 0. */
function brokerReply(bytes: Buffer, packet: MqttPacket, level: number): readonly number[] {
  const properties = level === 5 ? [0] : [];
  if (packet.type === packetType.connect) {
    const connack = [0, 0, ...(levelOf(bytes, packet) === 5 ? [0] : [])];
    return [0x20, connack.length, ...connack];
  }
  if (packet.type === packetType.publish && packet.qos === 1) {
    const id = packetIdOf(bytes, packet);
    return [0x40, 2, id >> 8, id & 0xff];
  }
  if (packet.type === packetType.subscribe) {
    const body = [bytes[packet.bodyStart] ?? 0, bytes[packet.bodyStart + 1] ?? 0, ...properties, 0];
    return [0x90, body.length, ...body];
  }
  return packet.type === packetType.pingreq ? [0xd0, 0] : [];
}

function serveMqtt(socket: net.Socket): void {
  const splitter = new MqttSplitter();
  let level = 4;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    const nowTick = currentTick();
    const replies: number[] = [];
    splitter.split(chunk, (bytes, packet) => {
      if (packet.type === packetType.connect) level = levelOf(bytes, packet);
      if (packet.type === packetType.publish) countPublish(bytes, packet, nowTick);
      if (packet.type !== packetType.publish || packet.qos > 0)
        replies.push(...brokerReply(bytes, packet, level));
    });
    if (replies.length > 0) socket.write(Buffer.from(replies));
  });
}

function subscribe(port: number): Promise<number> {
  const socket = net.connect(port, "127.0.0.1");
  const splitter = new MqttSplitter();
  socket.setNoDelay(true);
  socket.write(Buffer.concat([connectFrame("bench-sink"), subscribeFrame("#")]));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      const nowTick = currentTick();
      splitter.split(chunk, (bytes, packet) => {
        if (packet.type === packetType.suback) resolve(port);
        else if (packet.type === packetType.publish) countPublish(bytes, packet, nowTick);
      });
    });
  });
}

function serveHttp(request: http.IncomingMessage, response: http.ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    if (request.url?.includes("/write") === true) {
      countLines(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body, tally);
      response.writeHead(204).end();
    } else if (request.url?.startsWith("/query") === true) {
      response.writeHead(200, { "content-type": "application/json" }).end('{"results":[{}]}');
    } else response.writeHead(204, { "x-influxdb-version": "1.6.7" }).end();
  });
}

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as net.AddressInfo).port;
}

function start(kind: string | undefined): Promise<number> {
  if (kind === "subscriber") return subscribe(Number(process.argv[3]));
  return listening(kind === "broker" ? net.createServer(serveMqtt) : http.createServer(serveHttp));
}

const port = start(process.argv[2]);

answerParent({
  port: () => port,
  arm: (window: Window) => tally.arm(window),
  report: () => tally.report(),
});
