import net from "node:net";
import type { AddressInfo } from "node:net";
import { Aedes } from "aedes";

export interface MqttSink extends AsyncDisposable {
  readonly url: string;
  /** Messages from clients in the order of arrival. */
  readonly messages: { topic: string; payload: string; qos: number; retain: boolean }[];
  /** The payload of each, as it came. */
  readonly payloads: Buffer[];
  /** Connections are cut, as a broken cable would, when this many messages have come; Infinity for never. */
  cutAfter: number;
  /** Cuts all connections now. */
  cut(): void;
  /** Reads nothing more from the connections that are open. */
  freeze(): void;
}

/** A broker that counts. */
export async function startMqttSink(port = 0): Promise<MqttSink> {
  const aedes = await Aedes.createBroker({});
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  let sinceCut = 0;
  const cut = (): void => {
    sinceCut = 0;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const sink: MqttSink = {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: [],
    payloads: [],
    cutAfter: Infinity,
    cut,
    freeze: () => {
      for (const socket of sockets) socket.removeAllListeners("readable").pause();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await new Promise<void>((done) => aedes.close(() => done()));
    },
  };
  aedes.on("publish", ({ topic, payload, qos, retain }, client) => {
    if (client === null || topic.startsWith("$SYS")) return;
    sink.payloads.push(Buffer.from(payload));
    sink.messages.push({ topic, payload: payload.toString(), qos, retain });
    if (++sinceCut >= sink.cutAfter) cut();
  });
  return sink;
}
