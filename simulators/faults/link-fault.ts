import { crc16 } from "../codec/frames.ts";

/** What goes wrong with a reply on its way out. */
export type LinkFaultKind =
  | "dead"
  | "slow"
  | "late-reply"
  | "wrong-transaction-id"
  | "wrong-unit"
  | "truncated-frame"
  | "split-frame"
  | "corrupt-crc";

export interface LinkFault {
  readonly kind: LinkFaultKind;
  /** Units it strikes; null for all behind the connection. */
  readonly units: ReadonlySet<number> | null;
  /** It strikes each n-th reply of these units. */
  readonly every: number;
  /** Delay of `slow` and `late-reply`, pause between the pieces of `split-frame`, ms. */
  readonly delayMs: number;
  readonly pieces: number;
}

/** A reply ready to go: how it leaves the device. */
export interface Delivery {
  readonly frame: Buffer;
  readonly delayMs: number;
  readonly pieces: number;
  readonly pauseMs: number;
}

export type Framing = "mbap" | "rtu";

type Effect = (delivery: Delivery, fault: LinkFault, framing: Framing) => Delivery | null;

/** Null means that nothing leaves the device. */
const EFFECTS: Readonly<Record<LinkFaultKind, Effect>> = {
  dead: () => null,
  slow: delayed,
  "late-reply": delayed,
  "wrong-transaction-id": (delivery) => ({ ...delivery, frame: withForeignTransaction(delivery.frame) }),
  "wrong-unit": (delivery, _fault, framing) => ({
    ...delivery,
    frame: withForeignUnit(delivery.frame, framing),
  }),
  "truncated-frame": (delivery) => ({
    ...delivery,
    frame: delivery.frame.subarray(0, Math.ceil(delivery.frame.length / 2)),
  }),
  "split-frame": (delivery, { pieces, delayMs }) => ({ ...delivery, pieces, pauseMs: delayMs }),
  "corrupt-crc": (delivery) => ({ ...delivery, frame: withCorruptCrc(delivery.frame) }),
};

export function applyLinkFault(delivery: Delivery, fault: LinkFault, framing: Framing): Delivery | null {
  return EFFECTS[fault.kind](delivery, fault, framing);
}

function delayed(delivery: Delivery, { delayMs }: LinkFault): Delivery {
  return { ...delivery, delayMs: delivery.delayMs + delayMs };
}

function withForeignTransaction(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt16BE((copy.readUInt16BE(0) + 1) & 0xffff, 0);
  return copy;
}

function withForeignUnit(frame: Buffer, framing: Framing): Buffer {
  const copy = Buffer.from(frame);
  const at = framing === "mbap" ? 6 : 0;
  copy[at] = ((copy[at] ?? 0) % 247) + 1;
  if (framing === "rtu") copy.writeUInt16LE(crc16(copy, 0, copy.length - 2), copy.length - 2);
  return copy;
}

function withCorruptCrc(frame: Buffer): Buffer {
  const copy = Buffer.from(frame);
  const last = copy.length - 1;
  copy[last] = (copy[last] ?? 0) ^ 0x55;
  return copy;
}
