import type { Clock } from "../../domain/time.ts";

/** The time after a connection in which the past has to wait. */
export interface Settling {
  /** `hasPast`: readings of before wait. Without any, the first connection has nothing to settle. */
  begin(hasPast: boolean): void;
  /** 0 when it is over. */
  leftMs(): number;
}

/** `over` is called once for each time that it is over, by the look that finds it so. */
export function createSettling(clock: Clock, ms: number, over: () => void): Settling {
  let until: number | null = null;
  let isFirst = true;
  return {
    begin(hasPast) {
      until = ms === 0 || (isFirst && !hasPast) ? null : clock.monotonic() + ms;
      isFirst = false;
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
