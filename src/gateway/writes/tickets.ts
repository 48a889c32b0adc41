import type { ReadingValue } from "../../domain/batch.ts";
import type { Clock } from "../../domain/time.ts";
import type { PreparedWrite, Writer, WriteWish } from "../../domain/write.ts";
import { newSecret, secretHash } from "../../security/secret.ts";

/** Time in which a prepared write can be confirmed: to read it twice, not to go away. */
export const TICKET_MS = 60_000;
/** Prepared writes that wait at once; the oldest gives way. */
const TICKETS_MAX = 200;

interface Ticket {
  readonly by: Pick<Writer, "name" | "session">;
  readonly wish: WriteWish;
  /** Monotonic ms. */
  readonly until: number;
}

/** Prepared writes, each to be confirmed once and by whoever prepared it. */
export interface Tickets {
  issue(by: Writer, wish: WriteWish, before: ReadingValue, after: number | boolean): PreparedWrite;
  /** Null for one that is not there, is too old, or is for somebody or something else. */
  redeem(by: Writer, tag: string, token: string): WriteWish | null;
}

export function createTickets(clock: Clock): Tickets {
  const tickets = new Map<string, Ticket>();
  return {
    issue(by, wish, before, after) {
      const token = newSecret();
      const { name, session } = by;
      const until = clock.monotonic() + TICKET_MS;
      tickets.set(secretHash(token), { by: { name, session }, wish, until });
      const [oldest] = tickets.keys();
      if (tickets.size > TICKETS_MAX && oldest !== undefined) tickets.delete(oldest);
      return { token, tag: wish.tag, before, after, expiresAt: clock.now() + TICKET_MS };
    },
    redeem(by, tag, token) {
      const key = secretHash(token);
      const ticket = tickets.get(key);
      if (ticket === undefined) return null;
      const isOwn = ticket.by.name === by.name && ticket.by.session === by.session && ticket.wish.tag === tag;
      if (!isOwn) return null;
      tickets.delete(key);
      return clock.monotonic() <= ticket.until ? ticket.wish : null;
    },
  };
}
