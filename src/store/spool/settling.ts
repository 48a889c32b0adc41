import type { Clock } from "../../domain/time.ts";

/** The time after a connection in which the past has to wait. */
export interface Settling {
  begin(): void;
  /** 0 when it is over. */
  leftMs(): number;
}

/** `over` is called once for each time that it is over, by the look that finds it so. */
export function createSettling(clock: Clock, ms: number, over: () => void): Settling {
  let until: number | null = null;
  return {
    begin() {
      until = ms === 0 ? null : clock.monotonic() + ms;
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
