import { isIPv6 } from "node:net";

/** Wrong passwords that cost nothing but themselves: of one account from one address, and of all accounts from one. */
const FREE_BY_PAIR = 5;
const FREE_BY_ADDRESS = 30;
const FIRST_WAIT_MS = 1_000;
const WAIT_BY_PAIR_MAX_MS = 15 * 60_000;
/** Shorter, because people may share an address. */
const WAIT_BY_ADDRESS_MAX_MS = 60_000;
/** Without a try for this long, all is forgiven. */
const FORGOTTEN_MS = 30 * 60_000;
/** Accounts and addresses remembered; beyond it the oldest are forgotten. */
const REMEMBERED_MAX = 20_000;

/** Slows down whoever tries passwords, and nobody else: an account is never locked, and other addresses never wait. */
export interface Throttle {
  /** 0 when a password may be tried now, which counts as wrong until `succeeded`; else how long to wait, ms. */
  attempt(account: string, address: string, nowMs: number): number;
  succeeded(account: string, address: string): void;
}

interface Tries {
  count: number;
  lastMs: number;
}

export function createThrottle(): Throttle {
  const pairs = new Map<string, Tries>();
  const addresses = new Map<string, Tries>();
  return {
    attempt(account, address, nowMs) {
      const net = netOf(address);
      const pair = triesOf(pairs, `${net} ${account}`, nowMs);
      const all = triesOf(addresses, net, nowMs);
      const waitMs = Math.max(
        leftMs(pair, FREE_BY_PAIR, WAIT_BY_PAIR_MAX_MS, nowMs),
        leftMs(all, FREE_BY_ADDRESS, WAIT_BY_ADDRESS_MAX_MS, nowMs),
      );
      if (waitMs > 0) return waitMs;
      for (const tries of [pair, all]) {
        tries.count++;
        tries.lastMs = nowMs;
      }
      return 0;
    },
    succeeded(account, address) {
      const net = netOf(address);
      pairs.delete(`${net} ${account}`);
      const all = addresses.get(net);
      if (all !== undefined) all.count--;
    },
  };
}

/** What one subscriber has: an IPv4 address, or the first 64 bits of IPv6 (RFC 6177). */
function netOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  return address.split(":").slice(0, 4).join(":");
}

function triesOf(known: Map<string, Tries>, key: string, nowMs: number): Tries {
  const before = known.get(key);
  known.delete(key); // whatever is put back stands last, so that the first one is the oldest
  const tries =
    before === undefined || nowMs - before.lastMs > FORGOTTEN_MS ? { count: 0, lastMs: nowMs } : before;
  known.set(key, tries);
  if (known.size > REMEMBERED_MAX) known.delete(known.keys().next().value ?? "");
  return tries;
}

function leftMs({ count, lastMs }: Tries, free: number, waitMaxMs: number, nowMs: number): number {
  if (count < free) return 0;
  const waitMs = Math.min(waitMaxMs, FIRST_WAIT_MS * 2 ** (count - free));
  return Math.max(0, lastMs + waitMs - nowMs);
}
