/** A request as the device sees it, whatever carried it. */
export interface Request {
  /** MBAP transaction id; 0 on a serial line. */
  readonly transaction: number;
  readonly unit: number;
  /** Function code and data, without unit, header or checksum. A view of the receive buffer: read it at once. */
  readonly pdu: Buffer;
}

/** Modbus Application Protocol V1.1b3, 4.1: 253 bytes. */
export const PDU_BYTES_MAX = 253;
const MBAP_BYTES = 7;

/** Table of the CRC-16 of MODBUS over Serial Line V1.02, 6.2.2: reflected polynomial A001h. */
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** Checksum of the bytes from `from` up to `to`; it goes on the line low byte first. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** Puts header and PDU into one buffer. Source: MODBUS Messaging on TCP/IP V1.0b, 3.1.3. */
export function mbapFrame(transaction: number, unit: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(MBAP_BYTES + pdu.length);
  frame.writeUInt16BE(transaction, 0);
  frame.writeUInt16BE(0, 2);
  frame.writeUInt16BE(pdu.length + 1, 4);
  frame[6] = unit;
  frame.set(pdu, MBAP_BYTES);
  return frame;
}

export function rtuFrame(unit: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  frame.writeUInt16LE(crc16(frame, 0, pdu.length + 1), pdu.length + 1);
  return frame;
}

/** What came of looking for a request at the start of the received bytes. */
export type Parsed =
  | { readonly kind: "request"; readonly request: Request; readonly bytes: number }
  /** A frame that a device ignores: foreign protocol id. */
  | { readonly kind: "ignored"; readonly bytes: number }
  | { readonly kind: "incomplete" }
  /** No frame can start here; the stream is out of step for good. */
  | { readonly kind: "broken" };

const INCOMPLETE: Parsed = { kind: "incomplete" };
const BROKEN: Parsed = { kind: "broken" };

export function parseMbap(received: Buffer, from: number): Parsed {
  if (received.length - from < MBAP_BYTES) return INCOMPLETE;
  const length = received.readUInt16BE(from + 4);
  if (length < 2 || length > PDU_BYTES_MAX + 1) return BROKEN;
  const bytes = MBAP_BYTES - 1 + length;
  if (received.length - from < bytes) return INCOMPLETE;
  if (received.readUInt16BE(from + 2) !== 0) return { kind: "ignored", bytes };
  const request = {
    transaction: received.readUInt16BE(from),
    unit: received[from + 6] ?? 0,
    pdu: received.subarray(from + MBAP_BYTES, from + bytes),
  };
  return { kind: "request", request, bytes };
}

/** Looks for a request frame at `from`. A serial line has no length field: it follows from the function code, and where the
 *  code is unknown only the silence after the frame tells its end, so that then everything received is taken (`silent`). */
export function parseRtu(received: Buffer, from: number, silent: boolean): Parsed {
  const available = received.length - from;
  const bytes = requestBytes(received, from) ?? (silent ? available : null);
  if (bytes === null || bytes > available) return INCOMPLETE;
  if (bytes < 4 || received.readUInt16LE(from + bytes - 2) !== crc16(received, from, from + bytes - 2))
    return BROKEN;
  const request = {
    transaction: 0,
    unit: received[from] ?? 0,
    pdu: received.subarray(from + 1, from + bytes - 2),
  };
  return { kind: "request", request, bytes };
}

/** Lengths of requests whose function code fixes them, checksum included. V1.1b3, 6. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  1: 8,
  2: 8,
  3: 8,
  4: 8,
  5: 8,
  6: 8,
  7: 4,
  8: 8,
  11: 4,
  12: 4,
  17: 4,
  22: 10,
};

/** Length of a request by its function code, checksum included; null when it cannot be told yet, or not at all. */
function requestBytes(received: Buffer, from: number): number | null {
  const code = received[from + 1] ?? 0;
  if (code === 15 || code === 16) return countedBytes(received[from + 6], 9);
  if (code === 23) return countedBytes(received[from + 10], 13);
  return FIXED_BYTES[code] ?? null;
}

function countedBytes(count: number | undefined, fixed: number): number | null {
  return count === undefined ? null : fixed + count;
}
