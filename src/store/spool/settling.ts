import type { Clock } from "../../domain/time.ts";

/** The time after a connection in which the past has to wait. */
export interface Settling {
  /** `hasPast`: readings of before wait. Without any, the first connection has nothing to settle. True when it begins. */
  begin(hasPast: boolean): boolean;
  /** A listener has come back that was away. Where that is too late, what has gone out meanwhile is over once more. */
  returned(): void;
  /** 0 when it is over. */
  leftMs(): number;
}

/** `over` is called once for each time that it is over, by the look that finds it so. Listeners that come back within
 *  `lateMs` of the connection are waited for. */
export function createSettling(clock: Clock, ms: number, lateMs: number, over: () => void): Settling {
  let until: number | null = null;
  let begunAt: number | null = null;
  let isFirst = true;
  return {
    begin(hasPast) {
      const now = clock.monotonic();
      const begins = ms > 0 && (!isFirst || hasPast);
      isFirst = false;
      begunAt = begins ? now : null;
      until = begins ? now + ms : null;
      return begins;
    },
    returned() {
      const now = clock.monotonic();
      if (begunAt !== null && now - begunAt <= lateMs) until ??= now;
    },
    leftMs() {
      if (until === null) return 0;
      const leftMs = until - clock.monotonic();
      if (leftMs > 0) return leftMs;
      until = null;
      over();
      return 0;
    },
  };
}
