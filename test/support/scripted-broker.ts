import net from "node:net";
import type { AddressInfo } from "node:net";
import { generate, parser } from "mqtt-packet";
import type { IConnackPacket, IConnectPacket, IDisconnectPacket, IPublishPacket, Packet } from "mqtt-packet";

export interface Script {
  readonly connack?: Partial<IConnackPacket>;
  readonly protocolVersion?: 4 | 5;
  /** Called for each PUBLISH; answers by `send`. Left out: acknowledge at once. */
  readonly onPublish?: (packet: IPublishPacket, send: (reply: Packet) => void) => void;
  /** Called when a subscription has been granted, to write whatever there is to be written. */
  readonly onSubscribed?: (socket: net.Socket) => void;
  /** What every subscription is granted instead of what it asks for. */
  readonly grants?: 0 | 1 | 0x80;
  /** Answer PINGREQ? Usually yes. */
  readonly answersPings?: boolean;
}

export interface ScriptedBroker extends AsyncDisposable {
  readonly url: string;
  readonly connects: IConnectPacket[];
  readonly published: IPublishPacket[];
  /** DISCONNECT packets received. */
  readonly goodbyes: () => number;
  readonly disconnects: IDisconnectPacket[];
}

/** A broker that answers as a test says, for what real brokers do rarely. */
export async function startScriptedBroker(script: Script): Promise<ScriptedBroker> {
  const { protocolVersion = 4, answersPings = true } = script;
  const options = { protocolVersion };
  const sockets = new Set<net.Socket>();
  let goodbyes = 0;
  const disconnects: IDisconnectPacket[] = [];
  const connects: IConnectPacket[] = [];
  const published: IPublishPacket[] = [];
  const acknowledge = ({ messageId, qos }: IPublishPacket, send: (reply: Packet) => void): void => {
    if (qos > 0) send({ cmd: "puback", messageId: messageId! });
  };
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const send = (reply: Packet): void => {
      socket.write(generate(reply, options));
    };
    const reader = parser(options);
    reader.on("packet", (packet) => {
      if (packet.cmd === "connect") {
        connects.push(packet);
        send({ cmd: "connack", returnCode: 0, reasonCode: 0, sessionPresent: false, ...script.connack });
      } else if (packet.cmd === "publish") {
        published.push(packet);
        (script.onPublish ?? acknowledge)(packet, send);
      } else if (packet.cmd === "pingreq" && answersPings) send({ cmd: "pingresp" });
      else if (packet.cmd === "subscribe") {
        send({
          cmd: "suback",
          messageId: packet.messageId!,
          granted: packet.subscriptions.map(({ qos }) => script.grants ?? qos),
        });
        script.onSubscribed?.(socket);
      } else if (packet.cmd === "disconnect") {
        goodbyes++;
        disconnects.push(packet);
      }
    });
    socket.on("data", (chunk) => reader.parse(chunk));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    published,
    goodbyes: () => goodbyes,
    disconnects,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
