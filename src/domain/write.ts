import type { Said } from "./said.ts";
import type { ReadingValue } from "./batch.ts";
import type { AccountRole } from "./people.ts";
import type { EuRange } from "./tag.ts";
import type { EpochMs } from "./time.ts";

/** Who may let a tag be written: a viewer and a metallurgist work on no controller. */
export const WRITE_ROLES = ["operator", "engineer", "admin"] as const satisfies readonly AccountRole[];
export type WriteRole = (typeof WRITE_ROLES)[number];

/** A tag that may be written, and under which conditions. */
export interface WriteRule {
  readonly tag: string;
  readonly role: WriteRole;
  /** In the tag's unit; null for a bool. */
  readonly range: EuRange | null;
  /** No more writes than this in so long. */
  readonly rate: { readonly writesMax: number; readonly perMs: number };
  /** This tag must be true, good and fresh; null for no condition. */
  readonly when: string | null;
}

/** Who wants something written, and from where. */
export interface Writer {
  readonly name: string;
  readonly role: AccountRole;
  /** What tells one session or connection from another of the same name. */
  readonly session: string;
  /** Null where there is none. */
  readonly address: string | null;
}

export interface WriteWish {
  readonly tag: string;
  readonly value: number | boolean;
  readonly reason: string;
}

/** A write that is granted and waits to be confirmed by whoever asked for it. */
export interface PreparedWrite {
  /** Good once, and until `expiresAt`. */
  readonly token: string;
  readonly tag: string;
  readonly before: ReadingValue;
  /** What the device will hold: the wished value in the steps of its register. */
  readonly after: number | boolean;
  readonly expiresAt: EpochMs;
}

export type WriteOutcomeKind =
  /** The device was read again and holds the new value. */
  | "confirmed"
  /** It does not hold it within two periods, or cannot be read. */
  | "not-confirmed"
  /** The device said no. */
  | "refused";

export interface WriteReport {
  readonly tag: string;
  readonly outcome: WriteOutcomeKind;
  readonly before: ReadingValue;
  readonly after: number | boolean;
  /** What the device was last read to hold; null when it could not be read. */
  readonly found: ReadingValue;
  /** What the device said; null when it said nothing of it. */
  readonly detail: string | null;
  /** The same for other languages, where it is known. */
  readonly said: Said | null;
}

export type WriteRefusalKind =
  | "unknown-tag"
  | "not-enabled"
  | "role"
  | "unfit"
  | "range"
  | "interlock"
  | "not-known"
  | "rate"
  | "busy"
  | "expired"
  | "unkept";

/** A write that is not done; the message is a sentence for whoever asked. */
export class WriteRefusal extends Error {
  readonly code = "WRITE_REFUSAL";
  readonly kind: WriteRefusalKind;

  constructor(kind: WriteRefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Where people and programs have values written. Everything that is asked for is in the audit, refusals too. */
export interface WriteDesk {
  readonly rules: readonly WriteRule[];
  /** The first of two steps: everything is checked, nothing is written. Throws WriteRefusal. */
  prepare(by: Writer, wish: WriteWish): PreparedWrite;
  /** The second: everything is checked again, then it is written once and read back. Rejects with WriteRefusal. */
  confirm(by: Writer, tag: string, token: string): Promise<WriteReport>;
}

/** What a host sends to a device by way of a broker. */
export interface TagCommand {
  /** Device and metric that the host names, as far as they are known. */
  readonly device: string | null;
  readonly name: string;
  /** Index of the tag; null when it is none of ours. */
  readonly tag: number | null;
  /** Null when it is no number and no truth value, or of another type than the tag. */
  readonly value: number | boolean | null;
  /** When it was sent, as the host says; null when it does not. */
  readonly sentAt: EpochMs | null;
  /** Why it cannot be what the host means; null when all is well so far. */
  readonly fault: string | null;
}
