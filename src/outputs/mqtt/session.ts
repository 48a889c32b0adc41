import { say } from "../../domain/said.ts";
import { MqttClient } from "mqtt";
import type { IClientOptions, IConnackPacket } from "mqtt";
import type { MqttOutputConfig } from "../../config/plant.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { readCredentials } from "../credentials.ts";
import { dial } from "./dial.ts";
import type { FrameOptions } from "./frames.ts";
import { refusalSentence } from "../refusals.ts";
import { RECEIVED_BYTES_MAX, Wire } from "./wire.ts";

/** A connection that the broker has accepted. The library keeps it alive and says goodbye; readings pass it by. */
export interface Session {
  readonly wire: Wire;
  readonly client: MqttClient;
  readonly frameOptions: FrameOptions;
  /** Whether the broker keeps retained messages at all. */
  readonly canRetain: boolean;
  /** Packets in flight at the most: ours, or fewer where the broker says so (MQTT 5.0, 3.2.2.3.3). */
  readonly windowMax: number;
}

const CONNECT_DEADLINE_MS = 5000;
const WINDOW_MAX = 10_000;

/** Nothing of a session outlives its connection, and nobody needs to send us much. */
const SESSION_PROPERTIES = { sessionExpiryInterval: 0, maximumPacketSize: RECEIVED_BYTES_MAX };

/** What the broker says for us when we fall silent. */
export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** Opens the transport to the broker at `url`. Throws ConnectionLost with a sentence that says what failed. */
export async function reachBroker(
  url: URL,
  tls: MqttOutputConfig["tls"],
  signal: AbortSignal,
): Promise<Wire> {
  signal.throwIfAborted();
  const credentials = await readCredentials(tls);
  signal.throwIfAborted();
  try {
    const wire = new Wire(await dial(url, credentials, signal));
    return wire.on("error", () => undefined); // its close event tells
  } catch (error) {
    if (signal.aborted) throw error;
    throw connectionLost(url, error as Error);
  }
}

/** Sends CONNECT with the Will and waits for the broker's consent.
 *  Throws ConnectionLost with a sentence that says what failed. */
export function openSession(
  wire: Wire,
  config: MqttOutputConfig,
  url: URL,
  will: Will,
  signal: AbortSignal,
): Promise<Session> {
  const client = new MqttClient(() => wire, clientOptions(config, will));
  return new Promise((resolve, reject) => {
    client.on("error", (error) => {
      wire.fault ??= error;
      fail(); // also ends an open session: after an error of the library nothing is certain
    });
    const settle = (): void => {
      client.off("connect", connected);
      wire.off("close", fail);
      signal.removeEventListener("abort", aborted);
    };
    const fail = (): void => {
      settle();
      wire.destroy();
      reject(connectionLost(url, wire.fault ?? wire.errored ?? undefined));
    };
    const aborted = (): void => {
      settle();
      wire.destroy();
      reject(signal.reason as Error);
    };
    const connected = (consent: IConnackPacket): void => {
      settle();
      const canRetain = consent.properties?.retainAvailable !== false;
      const frameOptions = limitsOf(config, consent, canRetain);
      resolve({ wire, client, frameOptions, canRetain, windowMax: windowOf(consent) });
    };
    if (signal.aborted) return aborted();
    if (wire.destroyed) return fail();
    client.once("connect", connected);
    wire.once("close", fail);
    signal.addEventListener("abort", aborted, { once: true });
  });
}

function clientOptions(config: MqttOutputConfig, will: Will): IClientOptions {
  return {
    protocolId: "MQTT",
    protocolVersion: config.protocolVersion,
    clientId: config.clientId,
    ...(config.user === null ? {} : { username: config.user }),
    ...(config.password === null ? {} : { password: config.password }),
    clean: true,
    keepalive: config.keepaliveS,
    connectTimeout: CONNECT_DEADLINE_MS,
    reconnectPeriod: 0, // the runtime connects again, not the library
    queueQoSZero: false,
    resubscribe: false,
    will: { ...will },
    ...(config.protocolVersion === 5 ? { properties: SESSION_PROPERTIES } : {}),
  };
}

function limitsOf(
  config: MqttOutputConfig,
  { properties }: IConnackPacket,
  canRetain: boolean,
): FrameOptions {
  return {
    qos: config.qos === 1 && properties?.maximumQoS === 0 ? 0 : config.qos,
    retain: config.retain && canRetain,
    protocolVersion: config.protocolVersion,
    packetBytesMax: properties?.maximumPacketSize ?? Infinity,
  };
}

function windowOf({ properties }: IConnackPacket): number {
  return Math.min(WINDOW_MAX, properties?.receiveMaximum ?? WINDOW_MAX);
}

function connectionLost({ host }: URL, cause: Error | undefined): ConnectionLost {
  return new ConnectionLost(say("broker-unreachable", { host, why: refusalSentence(cause) }), { cause });
}
