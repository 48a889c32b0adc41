import { say } from "../../domain/said.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import { messageFrames } from "../mqtt/messages.ts";
import type { Message } from "../mqtt/messages.ts";
import { onWire } from "../mqtt/on-wire.ts";
import { WRITE_BYTES_MAX } from "../mqtt/wire.ts";
import type { Wire } from "../mqtt/wire.ts";

const DEADLINE_MS = 10_000;

/** PUBLISH packets at QoS 0, not retained, end to end, in runs of a length that every transport takes. */
export function packetsOf(messages: readonly Message[], protocolVersion: 4 | 5): readonly Buffer[] {
  const { bytes, ends } = messageFrames(messages, { qos: 0, retain: false, protocolVersion });
  const runs: Buffer[] = [];
  let from = 0;
  let to = 0;
  for (const end of ends) {
    if (to > from && end - from > WRITE_BYTES_MAX) {
      runs.push(bytes.subarray(from, to));
      from = to;
    }
    to = end;
  }
  if (to > from) runs.push(bytes.subarray(from, to));
  return runs;
}

/** Hands everything to the wire at once, so that nothing can come in between and the numbering stays whole. Resolves when
 *  it has left for the system; rejects, and destroys the wire, when that fails, is aborted, or takes too long. */
export async function post(
  wire: Wire,
  packets: readonly Buffer[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let cancel: Cancel = () => undefined;
  try {
    await onWire<void>(wire, signal, (done, fail) => {
      cancel = clock.schedule(DEADLINE_MS, () =>
        fail(new ConnectionLost(say("broker-takes-nothing", { seconds: DEADLINE_MS / 1000 }))),
      );
      if (packets.length === 0) return done();
      for (const [index, packet] of packets.entries())
        wire.send(packet, (error) => {
          const isLast = index === packets.length - 1;
          if (isLast && (error === null || error === undefined)) done(); // the close event tells of an error
        });
    });
  } finally {
    cancel();
  }
}
