import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { until } from "./until.ts";

/** A client that knows bytes only: what a test sends is what goes out, what arrives is kept. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  /** All that has arrived and was not taken. */
  received: Buffer;
  send(...bytes: readonly number[]): void;
  /** The next `length` bytes. */
  take(length: number): Promise<Buffer>;
  readonly isClosed: boolean;
}

export async function rawClient(endpoint: { host: string; port: number }): Promise<RawClient> {
  const socket = connect(endpoint.port, endpoint.host);
  let isClosed = false;
  socket.on("error", () => {});
  socket.on("close", () => (isClosed = true));
  await once(socket, "connect");
  const client: RawClient = {
    socket,
    received: Buffer.alloc(0),
    send: (...bytes) => void socket.write(Buffer.from(bytes)),
    async take(length) {
      await until(() => client.received.length >= length || isClosed);
      const taken = client.received.subarray(0, length);
      client.received = client.received.subarray(length);
      return taken;
    },
    get isClosed() {
      return isClosed;
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      socket.destroy();
      await once(socket, "close");
    },
  };
  socket.on("data", (chunk: Buffer) => (client.received = Buffer.concat([client.received, chunk])));
  return client;
}

let transaction = 0;

/** Sends one read and returns the PDU of the answer, after checking header and transaction id. */
export async function readPdu(
  client: RawClient,
  unit: number,
  functionCode: number,
  start: number,
  quantity: number,
): Promise<Buffer> {
  transaction = (transaction + 1) & 0xffff;
  client.send(
    transaction >> 8,
    transaction & 255,
    0,
    0,
    0,
    6,
    unit,
    functionCode,
    start >> 8,
    start & 255,
    quantity >> 8,
    quantity & 255,
  );
  const header = await client.take(7);
  if (header.readUInt16BE(0) !== transaction || header.readUInt16BE(2) !== 0 || header[6] !== unit)
    throw new Error(`foreign header ${header.toString("hex")}`);
  return client.take(header.readUInt16BE(4) - 1);
}
