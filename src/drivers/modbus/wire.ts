import { connect } from "node:net";
import type { Socket } from "node:net";
import { SerialPort } from "serialport";
import type { ModbusConnection, ModbusRtuConnection } from "../../config/plant.ts";
import type { Cancel, Clock } from "../../domain/time.ts";

/** A stream of bytes to the field: a TCP socket or a serial port. */
export interface Wire {
  write(bytes: Uint8Array): void;
  /** Resolves when nothing of it is left open. */
  close(): Promise<void>;
  /** At once, without a word to the other side. */
  destroy(): void;
}

export interface WireEvents {
  /** The first `length` bytes of `chunk`, valid during the call; `view` shows the same memory. */
  bytes(chunk: Uint8Array, view: DataView, length: number): void;
  /** Once, after the wire was open: it is gone, with the error that it gave. */
  lost(cause: unknown): void;
}

export interface Opening {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Opens the wire of a connection; rejects with what the operating system or serialport says. */
export function openWire(connection: ModbusConnection, opening: Opening, events: WireEvents): Promise<Wire> {
  return connection.protocol === "modbus-rtu"
    ? openSerial(connection, opening, events)
    : openSocket(connection, opening, events);
}

const READ_BUFFER_BYTES = 8192;
const KEEP_ALIVE_MS = 10_000;
/** How long a closed socket may wait for the other side's goodbye. */
const GOODBYE_MS = 500;

/** The reader hands out one buffer again and again, so that receiving makes no garbage. */
function openSocket(
  { host, port }: { readonly host: string; readonly port: number },
  opening: Opening,
  events: WireEvents,
): Promise<Wire> {
  const buffer = new Uint8Array(READ_BUFFER_BYTES);
  const view = new DataView(buffer.buffer);
  const callback = (length: number): boolean => {
    events.bytes(buffer, view, length);
    return true;
  };
  const socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  let failure: unknown = null;
  socket.on("error", (error) => (failure = error));
  return opened(
    opening,
    (succeed, fail) => {
      socket.once("connect", succeed);
      socket.once("close", () => fail(failure));
    },
    () => socket.destroy(),
  ).then(() => {
    socket.once("close", () => events.lost(failure));
    return socketWire(socket, opening.clock);
  });
}

function socketWire(socket: Socket, clock: Clock): Wire {
  return {
    write: (bytes) => void socket.write(bytes),
    destroy: () => void socket.destroy(),
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) {
          resolve();
          return;
        }
        const cancel = clock.schedule(GOODBYE_MS, () => socket.destroy());
        socket.once("close", () => {
          cancel();
          resolve();
        });
        socket.end();
      }),
  };
}

function openSerial(line: ModbusRtuConnection, opening: Opening, events: WireEvents): Promise<Wire> {
  const { path, baud: baudRate, parity, dataBits, stopBits } = line;
  const port = new SerialPort({ path, baudRate, parity, dataBits, stopBits, autoOpen: false });
  let failure: unknown = null;
  port.on("error", (error: Error) => {
    failure = error;
    if (port.isOpen) port.close();
  });
  port.on("data", (chunk: Buffer) => {
    events.bytes(chunk, new DataView(chunk.buffer, chunk.byteOffset, chunk.length), chunk.length);
  });
  return opened(
    opening,
    (succeed, fail) => port.open((error) => (error === null ? succeed() : fail(error))),
    () => port.destroy(),
  ).then(() => {
    port.once("close", (error: Error | null) => events.lost(error ?? failure));
    return serialWire(port);
  });
}

function serialWire(port: SerialPort): Wire {
  const shut = (): void => {
    if (port.isOpen) port.close();
  };
  return {
    write: (bytes) => void port.write(bytes),
    destroy: shut,
    close: () =>
      new Promise((resolve) => {
        if (!port.isOpen) {
          resolve();
          return;
        }
        port.once("close", () => resolve());
        shut();
      }),
  };
}

/** Waits for an opening to succeed; on failure, deadline or abortion it is abandoned: neither socket nor port stays behind. */
function opened(
  { clock, deadlineMs, signal }: Opening,
  start: (succeed: () => void, fail: (cause: unknown) => void) => void,
  abandon: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let cancel: Cancel | null = null;
    const end = (settle: () => void): void => {
      cancel?.();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const fail = (cause: unknown): void =>
      end(() => {
        abandon();
        // oxlint-disable-next-line prefer-promise-reject-errors -- wrapped by the caller, who knows the connection
        reject(cause);
      });
    const stop = (): void => fail(signal.reason);
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    cancel = clock.schedule(deadlineMs, () => fail({ code: "ETIMEDOUT" }));
    start(() => end(resolve), fail);
  });
}
