import type { Duplex } from "node:stream";
import { Aedes } from "aedes";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import type { Accept } from "./broker-doors.ts";
import { boundPackets, createRetainedBound } from "./broker-bounds.ts";

const CLIENTS_MAX = 100;
const RETAINED_TOPICS_MAX = 100_000;
const SLOW_CLIENT_MS = 5000; // a subscriber that takes nothing for so long is cut off, for the sake of the others
const CONNECT_DEADLINE_MS = 10_000;
/** A program whose token is removed, here or by another process, is cut off within this, ms. */
const REVIEW_MS = 1_000;
const NOT_AUTHORIZED = 5; // MQTT 3.1.1, 3.2.2.3

export interface BrokerClients {
  readonly accept: Accept;
  /** Ends all connections. */
  end(): Promise<void>;
}

export interface BrokerClientsOptions {
  /** Of a packet. */
  readonly bytesMax: number;
  readonly log: Log;
  readonly knows: (password: string) => boolean;
  /** The time of the network. */
  readonly clock: Clock;
}

/** Those who talk to the broker: from this machine as they are, from others with a password that `knows` knows, for as long as
 *  it does, and then they listen and say nothing. */
export async function createBrokerClients(options: BrokerClientsOptions): Promise<BrokerClients> {
  const { bytesMax, log, knows } = options;
  const open = new Set<Duplex>();
  const admitted = createAdmitted(options);
  const foreign = new WeakSet<object>();
  const boundRetained = createRetainedBound(RETAINED_TOPICS_MAX);
  const aedes = await Aedes.createBroker({
    drainTimeout: SLOW_CLIENT_MS,
    connectTimeout: CONNECT_DEADLINE_MS,
    authenticate(client, _user, password, answer) {
      if (!foreign.has(client.conn)) return answer(null, true);
      const token = String(password ?? "");
      if (knows(token)) {
        admitted.add(client.conn, token);
        return answer(null, true);
      }
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
      admitted.end();
      for (const stream of open) stream.destroy();
      return new Promise((done) => aedes.close(() => done()));
    },
  };
}

/** Clients from other machines, and by what they were let in. */
function createAdmitted({ knows, clock, log }: BrokerClientsOptions) {
  const tokens = new Map<Duplex, string>();
  const review = (): void => {
    cancel = clock.schedule(REVIEW_MS, review);
    for (const [stream, token] of tokens)
      if (!knows(token)) {
        log.info({}, "a program of another machine is cut off from the broker: its token is gone");
        stream.destroy();
      }
  };
  let cancel = clock.schedule(REVIEW_MS, review);
  return {
    add(stream: Duplex, token: string): void {
      tokens.set(stream, token);
      stream.once("close", () => tokens.delete(stream));
    },
    end: () => cancel(),
  };
}
