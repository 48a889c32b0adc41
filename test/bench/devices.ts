import net from "node:net";
import { answerParent } from "./child.ts";
import { currentTick, isWithin, monotonicMs } from "./ticks.ts";
import type { Window } from "./ticks.ts";

/** A process that plays Modbus TCP devices as cheaply as it can, each on a port of its own: every pair of holding registers is a
 *  float32 (big-endian, high word first) with the tick of the answer. `node devices.ts COUNT`, questions over IPC. */

/** What the devices saw of one window. */
export interface DevicesReport {
  /** Readings in the answers. */
  readonly served: number;
  readonly requests: number;
  /** Per device: when a poll began, that is when register 0 was asked for, ms. */
  readonly pollsMs: readonly (readonly number[])[];
}

const MBAP_BYTES = 7;
const REQUEST_BYTES = 12;
const READ_HOLDING_REGISTERS = 3;
const REGISTERS_MAX = 125;

let window: Window = { startTick: 0, ticks: 0 };
let served = 0;
let requests = 0;
let pollsMs: number[][] = [];
let silent = new Set<number>();

const value = Buffer.alloc(4);
/** The value again and again, from its first or from its second register. */
function fill(answer: Buffer, from: number, address: number): void {
  value.writeFloatBE(currentTick(), 0);
  if (address % 2 === 1) value.swap32().swap16();
  answer.fill(value, from);
}

function answerTo(device: number, request: Buffer): Buffer {
  const address = request.readUInt16BE(8);
  const count = request.readUInt16BE(10);
  if (request[7] !== READ_HOLDING_REGISTERS || count === 0 || count > REGISTERS_MAX) {
    const refusal = Buffer.from(request.subarray(0, MBAP_BYTES + 2));
    refusal.writeUInt16BE(3, 4);
    refusal.writeUInt8((request[7] ?? 0) | 0x80, 7);
    refusal.writeUInt8(1, 8);
    return refusal;
  }
  const answer = Buffer.allocUnsafe(MBAP_BYTES + 2 + 2 * count);
  request.copy(answer, 0, 0, 8);
  answer.writeUInt16BE(3 + 2 * count, 4);
  answer.writeUInt8(2 * count, 8);
  fill(answer, 9, address);
  if (isWithin(window, currentTick())) {
    requests++;
    served += Math.floor(count / 2);
    if (address === 0) pollsMs[device]?.push(monotonicMs());
  }
  return answer;
}

function serve(device: number, socket: net.Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    if (silent.has(device)) return;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const answers: Buffer[] = [];
    let at = 0;
    for (; at + REQUEST_BYTES <= bytes.length; at += REQUEST_BYTES)
      answers.push(answerTo(device, bytes.subarray(at, at + REQUEST_BYTES)));
    rest = bytes.subarray(at);
    const [first] = answers;
    if (first !== undefined) socket.write(answers.length === 1 ? first : Buffer.concat(answers));
  });
}

async function listen(device: number): Promise<number> {
  const server = net.createServer((socket) => serve(device, socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as net.AddressInfo).port;
}

const count = Number(process.argv[2]);
const ports = Promise.all(Array.from({ length: count }, (_, device) => listen(device)));

answerParent({
  ports: () => ports,
  arm: (next: Window) => {
    window = next;
    served = 0;
    requests = 0;
    pollsMs = Array.from({ length: count }, () => []);
  },
  /** These devices accept connections and requests and never answer. */
  silence: (devices: number[]) => {
    silent = new Set(devices);
  },
  report: (): DevicesReport => ({ served, requests, pollsMs }),
});
