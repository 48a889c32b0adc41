import type { EpochMs } from "./time.ts";

/** Hears every Modbus frame of a connection, for a log: unit and protocol data unit, without header or checksum. */
export interface FrameTap {
  sent(unit: number, pdu: Uint8Array): void;
  received(unit: number, pdu: Uint8Array): void;
  /** Bytes came that are no frame. */
  garbled(): void;
}

/** One line of a frame log. */
export interface FrameLine {
  readonly time: EpochMs;
  /** `>` to the device, `<` from it, `?` for bytes that are no frame. */
  readonly direction: ">" | "<" | "?";
  readonly unit: number;
  /** In hexadecimal, upper case. */
  readonly pdu: string;
}

const LINE = /^(\S+) ([<>?]) (\d{1,3}) ([0-9A-F]*)(?: {2}|$)/u;

/** The line as it is written: time, direction, unit, bytes, and what they mean to a person. */
export function frameLineText({ time, direction, unit, pdu }: FrameLine, meaning: string): string {
  return `${new Date(time).toISOString()} ${direction} ${unit} ${pdu}  ${meaning}`;
}

/** Null for a line that is none. */
export function parseFrameLine(text: string): FrameLine | null {
  const [, iso = "", direction = "?", unit = "", pdu = ""] = LINE.exec(text) ?? [];
  const time = Date.parse(iso);
  if (Number.isNaN(time) || pdu.length % 2 === 1) return null;
  return { time, direction: direction as FrameLine["direction"], unit: Number(unit), pdu };
}
