import { publishFrame } from "./frames.ts";
import type { FrameOptions, Frames } from "./frames.ts";

/** Frames of some messages, end to end, with packet ids from 1 on. */
export function messageFrames(
  messages: readonly (readonly [topic: string, payload: string])[],
  options: FrameOptions,
): Frames {
  const parts: Buffer[] = [];
  const ends = new Uint32Array(messages.length);
  let length = 0;
  for (const [index, [name, payload]] of messages.entries()) {
    const { bytes, ends: own } = publishFrame(name, payload, options, index + 1);
    const part = Buffer.from(bytes.subarray(0, own[0]));
    parts.push(part);
    length += part.length;
    ends[index] = length;
  }
  const rows = Uint32Array.from(messages, (_, index) => index);
  return { bytes: Buffer.concat(parts), count: messages.length, ends, rows, oversize: [] };
}
