import type { ModbusConnection, SerialLine } from "../../config/plant.ts";

/** What an exchange on a link costs: the base of gap filling and of the bus load that `puma check` prints. */
export interface LinkTiming {
  /** Bytes of a read request on the wire. */
  readonly requestBytes: number;
  /** Bytes of a reply around its data. */
  readonly replyOverheadBytes: number;
  /** Time that the link is taken by one read of `dataBytes`. */
  exchangeMs(dataBytes: number): number;
}

/** MBAP header 7 + function 1 + address 2 + quantity 2; reply: header 7 + function 1 + byte count 1.
 *  Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3. */
const TCP_REQUEST_BYTES = 12;
const TCP_REPLY_OVERHEAD_BYTES = 9;
/** Unit 1 + function 1 + address 2 + quantity 2 + CRC 2; reply: unit, function, byte count, CRC. Serial Line V1.02, 2.5.1. */
const RTU_REQUEST_BYTES = 8;
const RTU_REPLY_OVERHEAD_BYTES = 5;
/** Longest RTU frame. Serial Line V1.02, 2.5.1. */
export const RTU_FRAME_BYTES_MAX = 256;

/** Estimates for a plant network; the answer time of a device outweighs both. */
const TCP_ROUND_TRIP_MS = 1;
const TCP_BYTES_PER_MS = 1250; // 10 Mbit/s
const DEVICE_TURNAROUND_MS = 2;

const SILENCE_CHARACTERS = 3.5;
const FAST_BAUD = 19_200;
const FAST_SILENCE_MS = 1.75;

/** Time of one character: start bit, data, parity, stop bits. */
export function characterMs({ baud, dataBits, parity, stopBits }: SerialLine): number {
  return ((1 + dataBits + (parity === "none" ? 0 : 1) + stopBits) * 1000) / baud;
}

/** Silence that ends a frame: 3.5 characters, fixed above 19200 baud. Serial Line V1.02, 2.5.1.1. */
export function silenceMs(line: SerialLine): number {
  return line.baud > FAST_BAUD ? FAST_SILENCE_MS : SILENCE_CHARACTERS * characterMs(line);
}

/** Time in which any reply that has begun is over, with the device's own delay before it. */
export function longestReplyMs(line: SerialLine): number {
  return RTU_FRAME_BYTES_MAX * characterMs(line) + silenceMs(line) + DEVICE_TURNAROUND_MS;
}

export function timingOf(connection: ModbusConnection): LinkTiming {
  return connection.protocol === "modbus-tcp" ? TCP_TIMING : serialTiming(connection);
}

const TCP_TIMING: LinkTiming = {
  requestBytes: TCP_REQUEST_BYTES,
  replyOverheadBytes: TCP_REPLY_OVERHEAD_BYTES,
  exchangeMs: (dataBytes) =>
    TCP_ROUND_TRIP_MS + (TCP_REQUEST_BYTES + TCP_REPLY_OVERHEAD_BYTES + dataBytes) / TCP_BYTES_PER_MS,
};

function serialTiming(connection: Exclude<ModbusConnection, { protocol: "modbus-tcp" }>): LinkTiming {
  const perCharacterMs = characterMs(connection);
  const networkMs = connection.protocol === "modbus-rtu" ? 0 : TCP_ROUND_TRIP_MS;
  const fixedMs = 2 * silenceMs(connection) + DEVICE_TURNAROUND_MS + networkMs;
  return {
    requestBytes: RTU_REQUEST_BYTES,
    replyOverheadBytes: RTU_REPLY_OVERHEAD_BYTES,
    exchangeMs: (dataBytes) =>
      (RTU_REQUEST_BYTES + RTU_REPLY_OVERHEAD_BYTES + dataBytes) * perCharacterMs + fixedMs,
  };
}
