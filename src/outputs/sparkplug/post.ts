import { generate } from "mqtt-packet";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Clock } from "../../domain/time.ts";
import type { Wire } from "../mqtt/wire.ts";
import type { Message } from "./edge-node.ts";

const WRITE_BYTES_MAX = 524_288; // a WebSocket carries a write as one message, which brokers bound
const DEADLINE_MS = 10_000;

/** PUBLISH packets at QoS 0, not retained, end to end, in runs of a length that every transport takes. */
export function packetsOf(messages: readonly Message[], protocolVersion: 4 | 5): readonly Buffer[] {
  const runs: Buffer[] = [];
  let run: Buffer[] = [];
  let bytes = 0;
  for (const { topic, payload } of messages) {
    const packet = generate(
      { cmd: "publish", topic, payload: bufferOf(payload), qos: 0, retain: false, dup: false },
      { protocolVersion },
    );
    if (bytes > 0 && bytes + packet.length > WRITE_BYTES_MAX) {
      runs.push(Buffer.concat(run));
      run = [];
      bytes = 0;
    }
    run.push(packet);
    bytes += packet.length;
  }
  if (run.length > 0) runs.push(Buffer.concat(run));
  return runs;
}

/** Hands everything to the wire at once, so that nothing can come in between and the numbering stays whole. Resolves when
 *  it has left for the system; rejects, and destroys the wire, when that fails, is aborted, or takes too long. */
export function post(
  wire: Wire,
  packets: readonly Buffer[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      cancel();
      wire.off("close", closed);
      signal.removeEventListener("abort", aborted);
    };
    const fail = (error: Error): void => {
      settle();
      wire.destroy();
      reject(error);
    };
    const closed = (): void => {
      const cause = wire.fault ?? wire.errored ?? undefined;
      fail(new ConnectionLost("The connection to the MQTT broker is gone.", { cause }));
    };
    const aborted = (): void => fail(signal.reason as Error);
    const cancel = clock.schedule(DEADLINE_MS, () =>
      fail(new ConnectionLost(`The MQTT broker has taken nothing for ${DEADLINE_MS / 1000} s.`)),
    );
    if (signal.aborted) return aborted();
    if (wire.destroyed) return closed();
    wire.once("close", closed);
    signal.addEventListener("abort", aborted, { once: true });
    let left = packets.length;
    if (left === 0) {
      settle();
      return resolve();
    }
    const sent = (error?: Error | null): void => {
      if (error !== null && error !== undefined) return; // the close event tells
      if (--left > 0) return;
      settle();
      resolve();
    };
    for (const packet of packets) wire.send(packet, sent);
  });
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
