import type { MqttOutputConfig } from "../../config/plant.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { OutputContext } from "../context.ts";
import { sayGoodbye } from "../mqtt/goodbye.ts";
import { messageFrames } from "../mqtt/messages.ts";
import type { Message } from "../mqtt/messages.ts";
import type { Session as Link } from "../mqtt/session.ts";
import { encodeNodeDeath } from "./payload.ts";
import type { Topics } from "./topics.ts";

/** MQTT 5.0, 3.14.2.1: the broker publishes the Will all the same, as Sparkplug 3.0.0, 6.4.25 demands. */
const DISCONNECT_WITH_WILL = 0x04;

/** NDEATH of the session with this bdSeq: its Will, and its own goodbye. */
export function nodeDeath({ nodeDeath: topic }: Topics, bdSeq: number, now: EpochMs): Message<Buffer> {
  return { topic, payload: Buffer.from(encodeNodeDeath(bdSeq, now)) };
}

/** NDEATH, acknowledged, then DISCONNECT. */
export async function sayFarewell(
  link: Link,
  death: Message,
  context: OutputContext<MqttOutputConfig>,
): Promise<void> {
  const { protocolVersion } = context.config;
  const frames = messageFrames([death], { qos: 1, retain: false, protocolVersion });
  await sayGoodbye(link, frames, 1, context, protocolVersion === 5 ? DISCONNECT_WITH_WILL : undefined);
}
