import { expect, it } from "vitest";
import { watchLoopDelay } from "../../../src/gateway/loop-delay.ts";
import type { Clock } from "../../../src/domain/time.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { virtualClock } from "../../../simulators/virtual-clock.ts";

it("a stand-still of over a second is counted and told, and being a little late is not", async () => {
  const clock = virtualClock(0);
  let stoodMs = 0;
  const machine: Clock = {
    ...clock,
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + stoodMs,
    schedule: (ms, action) => clock.schedule(ms, action),
  };
  const log = createMemoryLog();
  const delay = watchLoopDelay(machine, log);
  await clock.advance(5_000);
  stoodMs += 400;
  await clock.advance(5_000);
  expect([delay.stalls().count, log.lines.length]).toEqual([0, 0]);
  stoodMs += 3_000;
  await clock.advance(5_000);
  expect(delay.stalls()).toMatchObject({ count: 1, longestMs: 3_000 });
  expect(log.lines.map(({ sentence }) => sentence)).toEqual([expect.stringContaining("stood still")]);
  delay.stop();
});
