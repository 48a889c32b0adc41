import net from "node:net";
import { connectFrame, MqttSplitter, packetType } from "./mqtt-frames.ts";
import { deviceName, tagName, TAGS_PER_DEVICE } from "./tally.ts";

/** The floor for Node: reads the bench devices and publishes every reading in the gateway's own formats with nothing but sockets.
 *  No library, no quality, no scaling, no retry. `node yardstick-node.ts PERIOD_MS mqtt0|mqtt1|http SINK_PORT DEVICE_PORT…` */

const [periodText, output, sinkPort, ...devicePorts] = process.argv.slice(2);
const periodMs = Number(periodText);

const REGISTERS_PER_READ = 124;
const REGISTERS = 2 * TAGS_PER_DEVICE;
const ANSWER_HEADER_BYTES = 9;

/** Sends the readings of one poll; `done` is called when the sink has them (QoS 0: when they are handed to the socket). */
type Publish = (device: number, values: Float32Array, done: () => void) => void;

/** One MQTT connection for all devices. The frames of a poll are one string of bytes and one write. */
function mqttPublisher(qos: 0 | 1): Publish {
  const socket = net.connect(Number(sinkPort), "127.0.0.1").setNoDelay(true);
  socket.write(connectFrame("bench-yardstick"));
  const splitter = new MqttSplitter();
  const waiting: { left: number; done: () => void }[] = [];
  // Acknowledgements come in the order of the messages.
  socket.on("data", (chunk: Buffer) =>
    splitter.split(chunk, (_, packet) => {
      const [oldest] = waiting;
      if (packet.type !== packetType.puback || oldest === undefined || --oldest.left > 0) return;
      waiting.shift();
      oldest.done();
    }),
  );
  const topics = devicePorts.map((_, device) =>
    Array.from({ length: TAGS_PER_DEVICE }, (__, tag) => {
      const topic = `bench/bench/grinding/${deviceName(device)}-${tagName(tag)}`;
      return String.fromCharCode(0, topic.length) + topic;
    }),
  );
  const firstByte = String.fromCharCode(0x31 | (qos << 1));
  let id = 0;
  return (device, values, done) => {
    const head = `{"t":${Date.now()},"v":`;
    const tail = ',"q":"good","s":0,"u":"m3/h"}';
    let frames = "";
    for (let tag = 0; tag < TAGS_PER_DEVICE; tag++) {
      id = (id % 0xffff) + 1;
      const topic = topics[device]?.[tag] ?? "";
      const packetId = qos === 0 ? "" : String.fromCharCode(id >> 8, id & 0xff);
      const payload = `${head}${values[tag]}${tail}`;
      // The remaining length is below 128, so it is one byte.
      const length = topic.length + packetId.length + payload.length;
      frames += firstByte + String.fromCharCode(length) + topic + packetId + payload;
    }
    if (qos === 1) waiting.push({ left: TAGS_PER_DEVICE, done });
    const hasRoom = socket.write(frames, "latin1");
    if (qos === 1) return;
    if (hasRoom) done();
    else socket.once("drain", done);
  };
}

/** A keep-alive connection and one request in flight per device. */
function linePublisher(): Publish {
  const sockets = devicePorts.map(() => net.connect(Number(sinkPort), "127.0.0.1").setNoDelay(true));
  const series = devicePorts.map((_, device) =>
    Array.from({ length: TAGS_PER_DEVICE }, (__, tag) => {
      const name = deviceName(device);
      return `reading,plant=bench,area=grinding,device=${name},tag=${name}-${tagName(tag)} value=`;
    }),
  );
  return (device, values, done) => {
    const tail = `,quality=0i,status=0i ${Date.now()}\n`;
    let body = "";
    for (let tag = 0; tag < TAGS_PER_DEVICE; tag++) body += `${series[device]?.[tag]}${values[tag]}${tail}`;
    const head = `POST /write?db=bench&precision=ms HTTP/1.1\r\nHost: bench\r\nContent-Length: ${body.length}\r\n\r\n`;
    sockets[device]?.write(head + body, "latin1");
    sockets[device]?.once("data", done);
  };
}

/** Reads one device block after block, one request in flight, and starts again at every period unless it is still busy. */
function poll(device: number, port: number, publish: Publish): void {
  const socket = net.connect(port, "127.0.0.1").setNoDelay(true);
  const values = new Float32Array(TAGS_PER_DEVICE);
  let address = 0;
  let isBusy = false;
  let transaction = 0;
  const ask = (): void => {
    const request = Buffer.from([0, 0, 0, 0, 0, 6, 1, 3, 0, 0, 0, 0]);
    request.writeUInt16BE(++transaction & 0xffff, 0);
    request.writeUInt16BE(address, 8);
    request.writeUInt16BE(Math.min(REGISTERS_PER_READ, REGISTERS - address), 10);
    socket.write(request);
  };
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const answer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const count = Math.min(REGISTERS_PER_READ, REGISTERS - address);
    if (answer.length < ANSWER_HEADER_BYTES + 2 * count) {
      rest = answer;
      return;
    }
    rest = Buffer.alloc(0);
    for (let at = 0; at < count; at += 2)
      values[(address + at) / 2] = answer.readFloatBE(ANSWER_HEADER_BYTES + 2 * at);
    address += count;
    if (address < REGISTERS) return ask();
    publish(device, values, () => {
      isBusy = false;
    });
  });
  const start = (): void => {
    if (isBusy) return;
    isBusy = true;
    address = 0;
    ask();
  };
  everyPeriod((periodMs * device) / devicePorts.length, start);
}

/** On the grid of the period, so that late timers do not add up. */
function everyPeriod(phaseMs: number, call: () => void): void {
  let nextMs = performance.now() + phaseMs;
  const tick = (): void => {
    nextMs += periodMs;
    setTimeout(tick, nextMs - performance.now());
    call();
  };
  setTimeout(tick, phaseMs);
}

const publish = output === "http" ? linePublisher() : mqttPublisher(output === "mqtt1" ? 1 : 0);
for (const [device, port] of devicePorts.entries()) poll(device, Number(port), publish);
