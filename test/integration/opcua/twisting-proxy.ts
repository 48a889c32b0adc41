import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A message of the server as it is on the wire in mode None: OPC 10000-6, 6.7.2. */
export interface Chunk {
  readonly bytes: Buffer;
  /** A copy with another body behind the same heads. */
  withBody(body: Buffer): Buffer;
  /** An intermediate chunk of the same message, the `index`-th from here on. */
  more(index: number, body: Buffer): Buffer;
  readonly body: Buffer;
}

/** What a client gets instead of a chunk; it is written for as long as the client takes it. */
export type Twist = (chunk: Chunk) => Iterable<Buffer>;

export interface TwistingProxy {
  readonly url: string;
  /** Applies to every service response from now on; null: nothing is changed. */
  twist: Twist | null;
  /** Applies to what the server says before any service: its acknowledgement and the opening of the channel. */
  greeting: ((bytes: Buffer) => Buffer) | null;
  /** Bytes that twists have sent to a client. */
  sentBytes: number;
  /** What the honest server has said, message by message. */
  readonly said: readonly Buffer[];
  readonly clients: ReadonlySet<Socket>;
  close(): void;
}

const HEADS_BYTES = 24; // message, size, channel, token, sequence number, request
const SIZE_AT = 4;
const SEQUENCE_AT = 16;

/** Stands between a client and an honest server, and lets pass what it likes. */
export async function startTwistingProxy(serverPort: number): Promise<TwistingProxy> {
  const clients = new Set<Socket>();
  const proxy: Spoken = { twist: null, greeting: null, sentBytes: 0, said: [] };
  const server = createServer((client) => {
    const far = connect(serverPort, "127.0.0.1");
    clients.add(client);
    client.on("close", () => {
      clients.delete(client);
      far.destroy();
    });
    far.on("close", () => client.end());
    for (const socket of [client, far]) socket.on("error", () => undefined);
    client.pipe(far);
    relay(far, client, proxy).catch(() => client.destroy()); // the server has broken off
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(proxy, {
    url: `opc.tcp://127.0.0.1:${(server.address() as AddressInfo).port}/test`,
    clients,
    close() {
      for (const client of clients) client.destroy();
      server.close();
    },
  });
}

type Spoken = Pick<TwistingProxy, "twist" | "greeting" | "sentBytes"> & { readonly said: Buffer[] };

async function relay(far: Socket, client: Socket, proxy: Spoken): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const data of far as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 8 && rest.length >= rest.readUInt32LE(SIZE_AT)) {
      const size = rest.readUInt32LE(SIZE_AT);
      const bytes = Buffer.from(rest.subarray(0, size));
      rest = rest.subarray(size);
      proxy.said.push(bytes);
      const isResponse = bytes.toString("latin1", 0, 3) === "MSG";
      if (!isResponse) client.write(proxy.greeting?.(bytes) ?? bytes);
      else if (proxy.twist === null) client.write(bytes);
      else if (!(await send(client, proxy.twist(chunkOf(bytes)), proxy))) return;
    }
  }
}

/** False when the client has had enough. */
async function send(
  client: Socket,
  pieces: Iterable<Buffer>,
  proxy: { sentBytes: number },
): Promise<boolean> {
  for (const piece of pieces) {
    if (client.destroyed || client.readableEnded) return false;
    proxy.sentBytes += piece.length;
    if (client.write(piece)) continue;
    const gone = new AbortController();
    const end = (): void => gone.abort();
    client.once("close", end);
    await once(client, "drain", { signal: gone.signal }).catch(() => undefined);
    client.off("close", end);
  }
  return !client.destroyed;
}

function chunkOf(bytes: Buffer): Chunk {
  const withBody = (body: Buffer): Buffer => {
    const changed = Buffer.concat([bytes.subarray(0, HEADS_BYTES), body]);
    changed.writeUInt32LE(changed.length, SIZE_AT);
    return changed;
  };
  return {
    bytes,
    body: bytes.subarray(HEADS_BYTES),
    withBody,
    more(index, body) {
      const chunk = withBody(body);
      chunk.write("C", 3, "latin1");
      chunk.writeUInt32LE(bytes.readUInt32LE(SEQUENCE_AT) + index, SEQUENCE_AT);
      return chunk;
    },
  };
}
