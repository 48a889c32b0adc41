import { MqttClient } from "mqtt";
import type { IClientOptions, IConnackPacket } from "mqtt";
import type { MqttOutputConfig } from "../../config/plant.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { dial } from "./dial.ts";
import type { FrameOptions } from "./frames.ts";
import { Wire } from "./wire.ts";

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

/** Opens the transport, sends CONNECT with the Will and waits for the broker's consent.
 *  Throws ConnectionLost with a sentence that says what failed. */
export function openSession(
  config: MqttOutputConfig,
  statusTopic: string,
  signal: AbortSignal,
): Promise<Session> {
  signal.throwIfAborted();
  const wire = new Wire(dial(new URL(config.url)));
  const client = new MqttClient(() => wire, clientOptions(config, statusTopic));
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
      const cause = wire.fault ?? wire.errored ?? undefined;
      reject(new ConnectionLost(connectSentence(config, cause), { cause }));
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
    client.once("connect", connected);
    wire.once("close", fail);
    signal.addEventListener("abort", aborted, { once: true });
  });
}

function clientOptions(config: MqttOutputConfig, statusTopic: string): IClientOptions {
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
    will: { topic: statusTopic, payload: Buffer.from("offline"), qos: config.qos, retain: true },
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

function connectSentence(config: MqttOutputConfig, cause: Error | undefined): string {
  const why = cause === undefined || cause.message === "" ? "it closed the connection" : cause.message;
  return `The MQTT broker at ${new URL(config.url).host} cannot be reached or refuses us: ${why}.`;
}
