import { describe, expect, it } from "vitest";
import { mulberry32 } from "../../../src/domain/random.ts";
import { backoffMs } from "../../../src/gateway/backoff.ts";
import {
  afterPoll,
  beforeProbe,
  CLOSED,
  isDue,
  PROBE_ALONE,
  PROBE_SHARED_MS,
  SILENT_POLLS_MAX,
} from "../../../src/gateway/breaker.ts";
import type { Breaker } from "../../../src/gateway/breaker.ts";

const random = mulberry32(1);

function afterSilence(polls: number, nowMs: number, hasSiblings: boolean): Breaker {
  let breaker = CLOSED;
  for (let poll = 0; poll < polls; poll++) breaker = afterPoll(breaker, false, nowMs, hasSiblings, random);
  return breaker;
}

describe("backoffMs", () => {
  it("doubles up to its most, keeping the lower half fixed and the upper half random", () => {
    const backoff = { firstMs: 500, mostMs: 30_000 };
    for (const [failures, ceiling] of [
      [1, 500],
      [2, 1000],
      [5, 8000],
      [7, 30_000],
      [1000, 30_000],
    ] as const) {
      expect(backoffMs(backoff, failures, () => 0)).toBe(ceiling / 2);
      expect(backoffMs(backoff, failures, () => 0.999)).toBeCloseTo(ceiling, -3);
    }
  });
});

describe("circuit breaker of a unit", () => {
  it("stays closed over fewer silent polls than its limit, and an answer starts the count again", () => {
    const nearly = afterSilence(SILENT_POLLS_MAX - 1, 0, true);
    expect(nearly.state).toBe("closed");
    expect(afterPoll(nearly, true, 0, true, random)).toEqual(CLOSED);
  });

  it("opens at the limit and lets nothing through before its probe", () => {
    const open = afterSilence(SILENT_POLLS_MAX, 1_000, true);
    expect(open.state).toBe("open");
    expect(isDue(open, open.probeAt - 1)).toBe(false);
    expect(isDue(open, open.probeAt)).toBe(true);
  });

  it("with siblings on the line probes at most once in 30 s, waiting longer each time", () => {
    const first = afterSilence(SILENT_POLLS_MAX, 0, true);
    const third = afterSilence(SILENT_POLLS_MAX + 2, 0, true);
    expect(first.probeAt).toBeGreaterThanOrEqual(PROBE_SHARED_MS);
    expect(third.probeAt).toBeGreaterThan(first.probeAt - PROBE_SHARED_MS);
    expect(third.probeAt).toBeLessThanOrEqual(4 * PROBE_SHARED_MS);
  });

  it("alone on its connection is probed at least every five seconds for ever", () => {
    expect(afterSilence(100, 0, false).probeAt).toBeLessThanOrEqual(PROBE_ALONE.mostMs);
  });

  it("half-open lets no second poll through, closes on an answer and opens again on silence", () => {
    const probing = beforeProbe(afterSilence(SILENT_POLLS_MAX, 0, true));
    expect(isDue(probing, Infinity)).toBe(false);
    expect(afterPoll(probing, true, 0, true, random).state).toBe("closed");
    expect(afterPoll(probing, false, 0, true, random).state).toBe("open");
  });
});
