import { expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { createBatch } from "../../../src/domain/batch.ts";
import { zeroLinkCounters } from "../../../src/domain/health.ts";
import type { Driver } from "../../../src/domain/ports.ts";
import { mulberry32 } from "../../../src/domain/random.ts";
import { Status } from "../../../src/domain/status.ts";
import type { Clock } from "../../../src/domain/time.ts";
import { Link } from "../../../src/gateway/link.ts";
import { createPipeline } from "../../../src/gateway/pipeline.ts";
import { NO_ACCESS } from "../../support/no-access.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { tagOf } from "../../support/tags.ts";

const HOUR_MS = 3_600_000;

/** A device that is polled once a second, on a machine whose clock can be set. */
function startPlant() {
  const inner = virtualClock(Date.UTC(2026, 10, 22, 12));
  const machine = { setMs: 0 };
  const clock: Clock = {
    now: () => inner.now() + machine.setMs,
    monotonic: () => inner.monotonic(),
    schedule: (ms, action) => inner.schedule(ms, action),
  };
  const tags = [tagOf(0)];
  const log = createMemoryLog();
  const polledAt: number[] = [];
  const shown: number[] = [];
  const batch = createBatch(1);
  const driver: Driver = {
    groups: [{ device: "P1", scanClass: "fast", periodMs: 1_000, unit: "1", tags }],
    inFlightMax: 1,
    counters: zeroLinkCounters(),
    quarantined: () => [],
    single: NO_ACCESS,
    async connect() {},
    async poll() {
      polledAt.push(clock.monotonic());
      batch.length = 1;
      batch.value[0] = polledAt.length % 50;
      batch.status[0] = Status.Good;
      batch.sourceTime[0] = batch.receivedTime[0] = clock.now();
      return { batch, answered: true, confirmsRest: false };
    },
    async close() {},
  };
  const pipeline = createPipeline({
    tags,
    clock,
    log,
    groupCommitMs: 20,
    deliver: () => undefined,
    show: ({ status, length }) => void shown.push(...status.subarray(0, length)),
  });
  const connection = {
    id: "bus",
    protocol: "modbus-tcp",
    host: "127.0.0.1",
    port: 1,
    timeoutMs: 1_000,
  } as const;
  const link = new Link({ connection, driver, phase: 0.25, clock, random: mulberry32(1), log, pipeline });
  const stop = new AbortController();
  const done = link.run(stop.signal);
  return {
    inner,
    machine,
    pipeline,
    polledAt,
    shown,
    events: () => log.lines.filter(({ facts }) => "event" in facts && facts.event === "clock_step"),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
      pipeline.close();
    },
  };
}

it.each([
  ["an hour on", HOUR_MS],
  ["an hour back", -HOUR_MS],
  ["three seconds back", -3_000],
  ["ten years on", 87_660 * HOUR_MS],
])("a clock that is set %s is told once, and moves no poll and spoils no reading", async (_what, stepMs) => {
  await using plant = startPlant();
  await plant.inner.advance(20_000);
  expect(plant.events()).toEqual([]);
  plant.machine.setMs += stepMs;
  await plant.inner.advance(60_000);
  expect(plant.events()).toMatchObject([{ level: "warn", facts: { stepMs } }]);
  const gaps = plant.polledAt.slice(2).map((at, index) => at - (plant.polledAt[index + 1] ?? 0));
  expect(new Set(gaps)).toEqual(new Set([1_000]));
  expect(new Set(plant.shown)).toEqual(new Set([Status.Good]));
  expect(plant.pipeline.conditioning.statusOf(0)).toBe(Status.Good);
});

it("a clock that a time service corrects little by little is no event", async () => {
  await using plant = startPlant();
  for (let second = 0; second < 60; second++) {
    plant.machine.setMs += 50;
    await plant.inner.advance(1_000);
  }
  expect(plant.events()).toEqual([]);
});
