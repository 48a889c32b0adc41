import { crc32 } from "node:zlib";

/** Version of what is written. The place of magic, version and the header's checksum is the same in every version. */
export const FORMAT_VERSION = 1;

export const HEADER_BYTES = 64;

/** Payloads are smaller; a header that says otherwise is none. */
export const PAYLOAD_BYTES_MAX = 256 * 1024 * 1024;

const MAGIC = 0x4b4c4250; // "PBLK"
const DEFLATED = 1;
const COMPACTED = 2;

export const BlockKind = { readings: 1, dictionary: 2, footer: 3 } as const;
export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind];

/** What stands before each payload in a segment file. Little-endian:
 *  0 magic · 4 version · 5 kind · 6 flags · 8 payload bytes · 12 CRC-32 of the payload · 16 epoch · 20 count ·
 *  24 sequence · 32 first · 40 first time · 48 last time (float64 each) · 56 bytes before compression · 60 CRC-32 of bytes 0…59. */
export interface BlockHeader {
  readonly version: number;
  readonly kind: BlockKind;
  readonly isDeflated: boolean;
  /** Of a footer: the segment has been rewritten with large blocks. */
  readonly isCompacted: boolean;
  readonly payloadBytes: number;
  readonly payloadCrc: number;
  /** Term of the gateway that wrote it, for a standby pair to come; 0 for one that is alone. */
  readonly epoch: number;
  /** Readings in it; of a footer: from the first to the end of its segment. */
  readonly count: number;
  /** Blocks since the spool was made, counted. */
  readonly sequence: number;
  /** Number of the first reading in it, counted since the spool was made. */
  readonly first: number;
  /** Received times of its first and last reading, UTC ms. */
  readonly firstTime: number;
  readonly lastTime: number;
  readonly rawBytes: number;
}

export type BlockFacts = Pick<
  BlockHeader,
  "kind" | "count" | "sequence" | "first" | "firstTime" | "lastTime"
> & {
  readonly isDeflated: boolean;
  readonly isCompacted?: boolean;
  readonly rawBytes: number;
};

/** Writes header and payload at `at` and returns where they end. */
export function putBlock(into: Buffer, at: number, facts: BlockFacts, payload: Uint8Array): number {
  into.writeUInt32LE(MAGIC, at);
  into.writeUInt8(FORMAT_VERSION, at + 4);
  into.writeUInt8(facts.kind, at + 5);
  into.writeUInt16LE(
    (facts.isDeflated ? DEFLATED : 0) | (facts.isCompacted === true ? COMPACTED : 0),
    at + 6,
  );
  into.writeUInt32LE(payload.length, at + 8);
  into.writeUInt32LE(crc32(payload), at + 12);
  into.writeUInt32LE(0, at + 16);
  into.writeUInt32LE(facts.count, at + 20);
  into.writeDoubleLE(facts.sequence, at + 24);
  into.writeDoubleLE(facts.first, at + 32);
  into.writeDoubleLE(facts.firstTime, at + 40);
  into.writeDoubleLE(facts.lastTime, at + 48);
  into.writeUInt32LE(facts.rawBytes, at + 56);
  into.writeUInt32LE(crc32(into.subarray(at, at + 60)), at + 60);
  into.set(payload, at + HEADER_BYTES);
  return at + HEADER_BYTES + payload.length;
}

/** The header at `at`; null where there is none or it is damaged. One of a newer version is given as far as it can be read. */
export function readHeader(bytes: Buffer, at: number): BlockHeader | null {
  if (at + HEADER_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) return null;
  if (bytes.readUInt32LE(at + 60) !== crc32(bytes.subarray(at, at + 60))) return null;
  const flags = bytes.readUInt16LE(at + 6);
  const header: BlockHeader = {
    version: bytes.readUInt8(at + 4),
    kind: bytes.readUInt8(at + 5) as BlockKind,
    isDeflated: (flags & DEFLATED) !== 0,
    isCompacted: (flags & COMPACTED) !== 0,
    payloadBytes: bytes.readUInt32LE(at + 8),
    payloadCrc: bytes.readUInt32LE(at + 12),
    epoch: bytes.readUInt32LE(at + 16),
    count: bytes.readUInt32LE(at + 20),
    sequence: bytes.readDoubleLE(at + 24),
    first: bytes.readDoubleLE(at + 32),
    firstTime: bytes.readDoubleLE(at + 40),
    lastTime: bytes.readDoubleLE(at + 48),
    rawBytes: bytes.readUInt32LE(at + 56),
  };
  return header.payloadBytes > PAYLOAD_BYTES_MAX ? null : header;
}

/** Where the next block that has a sound header begins, at `from` or after it; -1 when there is none. */
export function findBlock(bytes: Buffer, from: number): number {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC, 0);
  for (let at = bytes.indexOf(magic, from); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    if (readHeader(bytes, at) !== null) return at;
  }
  return -1;
}

export function isPayloadSound(header: BlockHeader, payload: Uint8Array): boolean {
  return payload.length === header.payloadBytes && crc32(payload) === header.payloadCrc;
}
