import net from "node:net";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";
import { parser } from "mqtt-packet";
import type { Packet } from "mqtt-packet";

/** A packet that a client sent, or "close" for the end of its connection. */
export interface Recorded {
  readonly broker: string;
  readonly connection: number;
  readonly clientId: string;
  readonly packet: Packet | { readonly cmd: "close" };
}

export interface RecordingBroker extends AsyncDisposable {
  readonly url: string;
  /** Cuts the connections of a client, as a broken cable would. */
  cut(clientId: string): void;
}

/** A broker in this process, or one behind it at `upstream`, of which everything that clients send is written down, in
 *  order, into `trace`. */
export async function startRecordingBroker(
  name: string,
  trace: Recorded[],
  upstream?: number,
): Promise<RecordingBroker> {
  const aedes = await Aedes.createBroker({});
  const sockets = new Map<net.Socket, () => string>();
  let connections = 0;
  const server = net.createServer((socket) => {
    const connection = connections++;
    let clientId = "";
    sockets.set(socket, () => clientId);
    const note = (packet: Recorded["packet"]): void => {
      trace.push({ broker: name, connection, clientId, packet });
    };
    const reader = parser({ protocolVersion: 4 });
    reader.on("packet", (packet) => {
      if (packet.cmd === "connect") clientId = packet.clientId;
      note(packet);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      note({ cmd: "close" });
    });
    if (upstream === undefined) aedes.handle(socket);
    else passOn(socket, upstream);
    socket.on("data", (chunk) => reader.parse(chunk));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: (wanted) => {
      for (const [socket, clientId] of sockets) if (clientId() === wanted) socket.resetAndDestroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.keys()) socket.destroy();
      server.close();
      await new Promise<void>((done) => aedes.close(() => done()));
    },
  };
}

function passOn(socket: net.Socket, port: number): void {
  const broker = net.connect({ host: "127.0.0.1", port, noDelay: true });
  broker.on("error", () => undefined).on("close", () => socket.destroy());
  socket.on("close", () => broker.destroy());
  socket.pipe(broker).pipe(socket);
}
