import type { WriteRule } from "../../domain/write.ts";

/** How often each tag has been written of late. */
export interface RateLimits {
  allows(rule: WriteRule): boolean;
  note(rule: WriteRule): void;
}

/** By the monotonic clock, so that no change of the time lets more through. */
export function createRateLimits(monotonic: () => number): RateLimits {
  const times = new Map<string, number[]>();
  const recent = ({ tag, rate }: WriteRule): number[] => {
    const since = monotonic() - rate.perMs;
    return (times.get(tag) ?? []).filter((at) => at > since);
  };
  return {
    allows: (rule) => recent(rule).length < rule.rate.writesMax,
    note: (rule) => void times.set(rule.tag, [...recent(rule), monotonic()]),
  };
}
