import type { Duplex } from "node:stream";
import { Aedes } from "aedes";
import type { Log } from "../domain/ports.ts";
import type { Accept } from "./broker-doors.ts";
import { boundPackets, createRetainedBound } from "./broker-bounds.ts";

const CLIENTS_MAX = 100;
const RETAINED_TOPICS_MAX = 100_000;
const SLOW_CLIENT_MS = 5000; // a subscriber that takes nothing for so long is cut off, for the sake of the others
const CONNECT_DEADLINE_MS = 10_000;
const NOT_AUTHORIZED = 5; // MQTT 3.1.1, 3.2.2.3

export interface BrokerClients {
  readonly accept: Accept;
  /** Ends all connections. */
  end(): Promise<void>;
}

/** Those who talk to the broker: from this machine as they are, from others with a password that `knows` knows, and then
 *  they listen and say nothing. */
export async function createBrokerClients(
  bytesMax: number,
  log: Log,
  knows: (password: string) => boolean,
): Promise<BrokerClients> {
  const open = new Set<Duplex>();
  const foreign = new WeakSet<object>();
  const boundRetained = createRetainedBound(RETAINED_TOPICS_MAX);
  const aedes = await Aedes.createBroker({
    drainTimeout: SLOW_CLIENT_MS,
    connectTimeout: CONNECT_DEADLINE_MS,
    authenticate(client, _user, password, answer) {
      if (!foreign.has(client.conn) || knows(String(password ?? ""))) return answer(null, true);
      const refusal = new Error("Other machines show the token of a program as their password.");
      answer(Object.assign(refusal, { returnCode: NOT_AUTHORIZED }), false);
    },
    authorizePublish(client, packet, answer) {
      if (client === null || !foreign.has(client.conn)) return boundRetained(client, packet, answer);
      answer(new Error("Other machines only listen to this broker."));
    },
  });
  aedes.on("clientError", (client, error) =>
    log.debug({ client: client.id, err: error }, "MQTT client failed"),
  );
  aedes.on("connectionError", (_client, error) => log.debug({ err: error }, "MQTT connection failed"));
  return {
    accept(stream, isFromHere) {
      if (open.size >= CLIENTS_MAX) {
        stream.on("error", () => undefined).destroy();
        return;
      }
      open.add(stream);
      if (!isFromHere) foreign.add(stream);
      stream.once("close", () => open.delete(stream));
      aedes.handle(stream);
      boundPackets(stream, bytesMax);
    },
    end() {
      for (const stream of open) stream.destroy();
      return new Promise((done) => aedes.close(() => done()));
    },
  };
}
