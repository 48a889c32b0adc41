import { generate } from "mqtt-packet";
import type { MqttOutputConfig } from "../../config/plant.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import { sleep } from "../../domain/time.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { OutputContext } from "../context.ts";
import { fly } from "../mqtt/flight.ts";
import type { Session as Link } from "../mqtt/session.ts";
import { encodeNodeDeath } from "./payload.ts";
import type { Topics } from "./topics.ts";

const DEADLINE_MS = 2000;

/** MQTT 5.0, 3.14.2.1: the broker publishes the Will all the same, as Sparkplug 3.0.0, 6.4.25 demands. */
const DISCONNECT_WITH_WILL = 0x04;

/** NDEATH of the session with this bdSeq: its Will, and its own goodbye. */
export function nodeDeath(
  { nodeDeath: topic }: Topics,
  bdSeq: number,
  now: EpochMs,
): { readonly topic: string; readonly payload: Buffer } {
  return { topic, payload: Buffer.from(encodeNodeDeath(bdSeq, now)) };
}

/** NDEATH, acknowledged, then DISCONNECT; then the connection is gone, whatever the broker does. */
export async function sayFarewell(
  { wire, client, windowMax }: Link,
  { topic, payload }: ReturnType<typeof nodeDeath>,
  { config: { protocolVersion }, clock, log }: OutputContext<MqttOutputConfig>,
): Promise<void> {
  const over = new AbortController();
  const cancel = clock.schedule(DEADLINE_MS, () => over.abort(new ConnectionLost("No goodbye.")));
  const bytes = generate(
    { cmd: "publish", topic, payload, qos: 1, retain: false, dup: false, messageId: 1 },
    { protocolVersion },
  );
  const frames = {
    bytes,
    count: 1,
    ends: Uint32Array.of(bytes.length),
    rows: new Uint32Array(1),
    oversize: [],
  };
  try {
    await fly(wire, frames, { qos: 1, windowMax, deadlineMs: DEADLINE_MS, clock }, over.signal);
    const closed = new Promise((resolve) => wire.once("close", resolve));
    client.end(false, protocolVersion === 5 ? { reasonCode: DISCONNECT_WITH_WILL } : {});
    await Promise.race([closed, sleep(clock, DEADLINE_MS, over.signal)]);
  } catch (error) {
    log.debug({ err: error }, "The broker did not take our goodbye; its Will speaks for us");
  } finally {
    cancel();
    over.abort(new ConnectionLost("Gone."));
    wire.destroy();
  }
}
