import { say } from "../../domain/said.ts";
import { ConnectionLost } from "../../domain/errors.ts";
import type { Cancel, Clock } from "../../domain/time.ts";
import type { Frames } from "./frames.ts";
import { onWire } from "./on-wire.ts";
import { WRITE_BYTES_MAX } from "./wire.ts";
import type { Wire } from "./wire.ts";

/** A frame that the broker refused, by its place in `Frames`. MQTT 5 only. */
export interface Refusal {
  readonly frame: number;
  readonly reason: number;
}

export interface FlightOptions {
  readonly qos: 0 | 1;
  /** Packets sent and not acknowledged at the most. */
  readonly windowMax: number;
  /** Without any progress for this long the broker counts as frozen. */
  readonly deadlineMs: number;
  readonly clock: Clock;
}

const SLICE_FRAMES = 1000; // per write: large enough to cost nothing, small enough to see progress on a slow link

/** Sends packets and resolves when all are acknowledged (QoS 1) or have left for the system (QoS 0).
 *  Rejects, and destroys the wire, when it closes, when `signal` is aborted, or when there is no progress. */
export async function fly(
  wire: Wire,
  frames: Frames,
  options: FlightOptions,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const flight = new Flight(wire, frames, options);
  let cancelDeadline: Cancel = () => undefined;
  const watch = (fail: (error: Error) => void): void => {
    const before = flight.progress;
    cancelDeadline = options.clock.schedule(options.deadlineMs, () => {
      if (flight.progress !== before) watch(fail);
      else
        fail(new ConnectionLost(say("broker-acknowledges-nothing", { seconds: options.deadlineMs / 1000 })));
    });
  };
  try {
    await onWire<void>(wire, signal, (done, fail) => {
      watch(fail);
      flight.start(done);
    });
    return flight.refusals;
  } finally {
    cancelDeadline();
    flight.detach();
  }
}

class Flight {
  readonly refusals: Refusal[] = [];
  /** Grows with everything the other side takes. */
  progress = 0;
  readonly #wire: Wire;
  readonly #frames: Frames;
  readonly #options: FlightOptions;
  readonly #isAcknowledged: Uint8Array;
  #sent = 0;
  #acknowledged = 0;
  #isBlocked = false;
  #isDetached = false;
  #done: () => void = () => undefined;

  constructor(wire: Wire, frames: Frames, options: FlightOptions) {
    this.#wire = wire;
    this.#frames = frames;
    this.#options = options;
    this.#isAcknowledged = new Uint8Array(options.qos === 0 ? 0 : frames.count);
  }

  start(done: () => void): void {
    this.#done = done;
    if (this.#frames.count === 0) done();
    else if (this.#options.qos === 0) this.#sendNextSlice();
    else {
      this.#wire.onAcknowledge = (packetId, reason) => this.#acknowledge(packetId, reason);
      this.#wire.onAcknowledged = () => this.#advance();
      this.#advance();
    }
  }

  detach(): void {
    this.#isDetached = true;
    this.#wire.onAcknowledge = () => undefined;
    this.#wire.onAcknowledged = () => undefined;
  }

  /** QoS 0: the next slice goes when the system has taken the one before. */
  #sendNextSlice(): void {
    const to = Math.min(this.#frames.count, this.#sent + SLICE_FRAMES);
    this.#wire.send(this.#slice(to), (error) => {
      if (this.#isDetached || (error !== null && error !== undefined)) return; // the close event tells
      this.progress++;
      if (this.#sent === this.#frames.count) this.#done();
      else this.#sendNextSlice();
    });
  }

  /** QoS 1: keeps the window full as far as the socket takes it. */
  #advance(): void {
    const { count } = this.#frames;
    if (this.#acknowledged === count) return this.#done();
    while (!this.#isBlocked && this.#sent < count) {
      const room = this.#options.windowMax - (this.#sent - this.#acknowledged);
      if (room <= 0) return;
      const to = Math.min(count, this.#sent + Math.min(room, SLICE_FRAMES));
      if (!this.#wire.send(this.#slice(to))) this.#waitForDrain();
    }
  }

  #waitForDrain(): void {
    this.#isBlocked = true;
    this.#wire.onceDrained(() => {
      this.#isBlocked = false;
      this.progress++;
      if (!this.#isDetached) this.#advance();
    });
  }

  /** The next packets, up to `to` at the most, and fewer where they are large. */
  #slice(to: number): Uint8Array {
    const { bytes, ends } = this.#frames;
    const first = this.#sent;
    const from = first === 0 ? 0 : (ends[first - 1] as number);
    let end = to;
    while (end - first > 1 && (ends[end - 1] as number) - from > WRITE_BYTES_MAX)
      end = first + ((end - first) >>> 1);
    this.#sent = end;
    return bytes.subarray(from, ends[end - 1]);
  }

  /** Acknowledgements of packets that are not in flight are no news and change nothing. */
  #acknowledge(packetId: number, reason: number): void {
    const frame = packetId - 1;
    if (frame < 0 || frame >= this.#sent || this.#isAcknowledged[frame] === 1) return;
    this.#isAcknowledged[frame] = 1;
    this.#acknowledged++;
    this.progress++;
    if (reason >= 0x80) this.refusals.push({ frame, reason });
  }
}
