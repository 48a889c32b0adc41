import type { ReadingValue } from "../../domain/batch.ts";
import type { AuditAction, AuditEvent } from "../../domain/people.ts";
import type { Log } from "../../domain/ports.ts";
import type { Cancel, Clock, EpochMs } from "../../domain/time.ts";
import { WriteRefusal } from "../../domain/write.ts";
import type { Writer } from "../../domain/write.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Refusals of one writer that are written down one by one within a while; the rest is counted. */
const REFUSALS_MAX = 20;
const WHILE_MS = 10_000;
/** Letters of a name or a reason that somebody else chose. */
const LETTERS_MAX = 300;

export interface TrailOptions {
  readonly journal: Pick<Journal, "audit" | "durably" | "trouble">;
  readonly clock: Clock;
  readonly log: Log;
}

/** One thing to be written down. */
export interface TrailEntry {
  readonly by: Pick<Writer, "name" | "address">;
  readonly subject: string;
  readonly before: ReadingValue;
  readonly after: ReadingValue;
  readonly reason: string;
}

/** Who wanted what written, and what came of it, in the audit. */
export interface Trail {
  /** On disk when it returns. Throws WriteRefusal when it cannot be: what nobody could account for is not done. */
  sent(entry: TrailEntry): void;
  ended(action: AuditAction, entry: TrailEntry): void;
  refused(entry: TrailEntry): void;
  close(): void;
}

interface Flood {
  told: number;
  untold: number;
  cancel: Cancel;
}

export function createTrail({ journal, clock, log }: TrailOptions): Trail {
  const floods = new Map<string, Flood>();

  const append = (action: AuditAction, entry: TrailEntry): void =>
    journal.audit.append(eventOf(clock.now(), action, entry));

  /** What has happened cannot be taken back because it cannot be written down. */
  function note(action: AuditAction, entry: TrailEntry): void {
    try {
      append(action, entry);
    } catch (error) {
      log.error(
        { action, subject: entry.subject, reason: (error as Error).message },
        "the audit takes nothing",
      );
    }
  }

  function end(by: TrailEntry["by"]): void {
    const flood = floods.get(by.name);
    floods.delete(by.name);
    flood?.cancel();
    if (flood === undefined || flood.untold === 0) return;
    const reason = `${flood.untold} more were refused in ${WHILE_MS / 1000} s`;
    note("write-refused", { by, subject: "", before: null, after: null, reason });
  }

  return {
    sent(entry) {
      try {
        const trouble = journal.trouble();
        if (trouble !== null) throw new Error(trouble);
        journal.durably(() => append("write-sent", entry));
      } catch (error) {
        log.error({ tag: entry.subject, reason: (error as Error).message }, "the audit takes nothing");
        throw new WriteRefusal("unkept", "Nothing is written while the audit cannot be kept.");
      }
    },
    ended: note,
    refused(entry) {
      const { by } = entry;
      const flood = floods.get(by.name) ?? {
        told: 0,
        untold: 0,
        cancel: clock.schedule(WHILE_MS, () => end(by)),
      };
      floods.set(by.name, flood);
      if (flood.told < REFUSALS_MAX) {
        flood.told++;
        note("write-refused", entry);
      } else flood.untold++;
    },
    close() {
      for (const name of floods.keys()) end({ name, address: null });
    },
  };
}

function eventOf(at: EpochMs, action: AuditAction, entry: TrailEntry): AuditEvent {
  const { by, subject, before, after, reason } = entry;
  const values = { before: textOf(before), after: textOf(after) };
  return {
    at,
    by: by.name,
    action,
    subject: plain(subject),
    ...values,
    reason: plain(reason),
    address: by.address,
  };
}

function textOf(value: ReadingValue): string | null {
  return value === null ? null : plain(String(value));
}

/** What a stranger sent is kept short, and without characters that would do something to whoever reads it. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, " ").slice(0, LETTERS_MAX);
}
