import { publishPacket } from "./frames.ts";
import type { Frames, MessageOptions } from "./frames.ts";

/** An MQTT message to be. */
export interface Message<P extends string | Uint8Array = string | Uint8Array> {
  readonly topic: string;
  readonly payload: P;
}

/** Frames of some messages, end to end, with packet ids from 1 on. */
export function messageFrames(messages: readonly Message[], options: MessageOptions): Frames {
  const packets = messages.map(({ topic, payload }, index) =>
    publishPacket(topic, payload, options, index + 1),
  );
  let length = 0;
  const ends = Uint32Array.from(packets, (packet) => (length += packet.length));
  const rows = Uint32Array.from(packets, (_, index) => index);
  return { bytes: Buffer.concat(packets), count: packets.length, ends, rows, oversize: [] };
}
