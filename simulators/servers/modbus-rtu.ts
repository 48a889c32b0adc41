import type { Cancel, Clock } from "../../src/domain/time.ts";
import { parseRtu } from "../codec/frames.ts";
import type { StreamReader } from "./listener.ts";
import type { ModbusLine, Send } from "./modbus-line.ts";

/** A silence this long ends a frame. The specification asks for 3.5 characters, which neither a pseudo-terminal nor a network
 *  keeps: a sender that waits for an acknowledgement before its second segment pauses for 40 ms. */
const SILENCE_MS = 100;
/** MODBUS over Serial Line V1.02, 2.3.1: no frame is longer than 256 bytes. Two of them may be waiting. */
const RECEIVED_BYTES_MAX = 512;

/** Cuts a serial stream into requests. Bytes that are no request are dropped one by one until a frame fits, or the line
 *  falls silent: a device does not answer what it did not understand. */
export function rtuReader(clock: Clock): (line: ModbusLine, send: Send) => StreamReader {
  return (line, send) => {
    let received: Buffer = Buffer.alloc(0);
    let cancelSilence: Cancel = () => {};

    function consume(silent: boolean): void {
      let at = 0;
      let skipped = 0;
      while (at < received.length) {
        const parsed = parseRtu(received, at, silent);
        if (parsed.kind === "incomplete") break;
        if (parsed.kind === "request") {
          at += parsed.bytes;
          line.receive(parsed.request, send);
          continue;
        }
        at++;
        skipped++;
      }
      if (skipped > 0) line.counters.malformedFrames++;
      received = Buffer.from(received.subarray(at));
    }

    function fallSilent(): void {
      consume(true);
      if (received.length > 0) line.counters.malformedFrames++;
      received = Buffer.alloc(0);
    }

    return {
      receive(chunk) {
        cancelSilence();
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        consume(false);
        if (received.length > RECEIVED_BYTES_MAX) fallSilent();
        if (received.length > 0) cancelSilence = clock.schedule(SILENCE_MS, fallSilent);
      },
      close() {
        cancelSilence();
      },
    };
  };
}
