import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createConditioning } from "../../../src/conditioning/conditioning.ts";
import { clearBatch, createBatch } from "../../../src/domain/batch.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { isBad, severity, Status } from "../../../src/domain/status.ts";
import type { StatusCode } from "../../../src/domain/status.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { tagOf } from "../../support/tags.ts";

const NOON = Date.UTC(2026, 10, 22, 12);

interface Told {
  readonly tag: number;
  readonly value: number;
  readonly status: StatusCode;
  /** Seconds after noon. */
  readonly at: number;
  readonly exact: bigint | string | undefined;
}

/** A conditioning on a clock of its own, with everything it reported. */
function rig(...changes: readonly Partial<Tag>[]) {
  const conditioning = createConditioning(changes.map((change, index) => tagOf(index, change)));
  const raw = createBatch(100);
  const into = createBatch(100);
  let now = 0;

  function drain(): Told[] {
    const told = Array.from({ length: into.length }, (_, row) => ({
      tag: into.tag[row] ?? NaN,
      value: into.value[row] ?? NaN,
      status: into.status[row] ?? NaN,
      at: ((into.sourceTime[row] ?? NaN) - NOON) / 1000,
      exact: into.exact.get(row),
    }));
    clearBatch(into);
    return told;
  }

  return {
    conditioning,
    wait: (ms: number) => void (now += ms),
    /** Rows `[tag, value]` read now, or with a status, or with a source time in seconds after noon. */
    read: (
      ...rows: readonly (readonly [number, number | bigint | string, StatusCode?, number?])[]
    ): Told[] => {
      clearBatch(raw);
      for (const [tag, value, status = Status.Good, at = now / 1000] of rows) {
        const row = raw.length++;
        raw.tag[row] = tag;
        raw.value[row] = typeof value === "string" ? NaN : Number(value);
        raw.status[row] = status;
        raw.sourceTime[row] = NOON + at * 1000;
        raw.receivedTime[row] = NOON + now;
        if (typeof value !== "number") raw.exact.set(row, value);
      }
      conditioning.accept(raw, now, into);
      return drain();
    },
    sweep: (): Told[] => {
      conditioning.sweep(NOON + now, now, into);
      return drain();
    },
    confirm: () => conditioning.confirm([...changes.keys()], now),
    status: (tag = 0) => conditioning.reading(tag).status,
  };
}

const values = (told: readonly Told[]): number[] => told.map(({ value }) => value);

describe("report by exception", () => {
  it("the first reading is always reported, a bad one too", () => {
    const { read } = rig({ deadband: 5 }, { deadband: 5 });
    expect(read([0, 1], [1, NaN, Status.BadNoCommunication])).toHaveLength(2);
  });

  it("a change up to the deadband is kept back, and measured against the last value reported", () => {
    const { read, wait } = rig({ deadband: 1 });
    const told = [10, 10.5, 11, 10, 9, 11.1, 11.1, 10.2, 10].map((value) => {
      wait(1000);
      return values(read([0, value]));
    });
    expect(told).toEqual([[10], [], [], [], [], [11.1], [], [], [10]]);
  });

  it("slow drift is reported each time it has left the band", () => {
    const { read, wait } = rig({ deadband: 1, maxSilenceMs: 1e9 });
    const told = Array.from({ length: 400 }, (_, i) => {
      wait(1000);
      return values(read([0, 10 + i / 8]));
    });
    expect(told.flat()).toEqual(Array.from({ length: 45 }, (_, i) => 10 + (i * 9) / 8));
  });

  it("without a deadband every change is reported", () => {
    const { read, wait } = rig({ deadband: 0 });
    const told = [1, 1, 1 + Number.EPSILON, 1].map((value) => {
      wait(1000);
      return read([0, value]).length;
    });
    expect(told).toEqual([1, 0, 1, 1]);
  });

  it.each<[string, Partial<Tag>, (number | string | bigint)[]]>([
    ["bits", { type: "bool", range: null, deadband: 5 }, [0, 1, 0]],
    ["states", { type: "uint16", range: null, deadband: 5, values: { 1: "run", 2: "flush" } }, [1, 2, 1]],
    ["texts", { type: "string", range: null, deadband: 5 }, ["a", "b", "a"]],
    [
      "64-bit integers that one number stands for",
      { type: "int64", range: null },
      [2n ** 60n, 2n ** 60n + 1n, 2n ** 60n],
    ],
  ])("every change of %s is reported, and no repetition", (_, tag, changing) => {
    const { read, wait } = rig(tag);
    for (const value of changing) {
      wait(1000);
      expect(read([0, value])).toHaveLength(1);
      wait(1000);
      expect(read([0, value])).toHaveLength(0);
    }
  });

  it("every change of status is reported, out of bad as well as into it", () => {
    const { read, wait } = rig({ deadband: 5 });
    const told = [0, 0, Status.BadNoCommunication, Status.BadNoCommunication, Status.BadBusy, 0, 0].map(
      (status) => {
        wait(1000);
        return read([0, 10, status]).length;
      },
    );
    expect(told).toEqual([1, 0, 1, 0, 1, 1, 0]);
  });

  it("an unchanged value is reported again after its longest silence, with the time of its latest reading", () => {
    const { read, wait, sweep } = rig({ deadband: 5, maxSilenceMs: 60_000 });
    const told: Told[] = [];
    for (let second = 0; second <= 180; second++) {
      told.push(...read([0, 10]), ...sweep());
      wait(1000);
    }
    expect(told.map(({ at }) => at)).toEqual([0, 60, 120, 180]);
  });

  it("a batch without room for the readings is refused before anything is lost", () => {
    const { conditioning } = rig({});
    const batch = createBatch(2);
    batch.length = 2;
    expect(() => conditioning.accept(batch, 0, createBatch(1))).toThrow(RangeError);
  });

  it("what was told last is never further from the latest value than the deadband", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (readings, deadband) => {
          const { read, wait } = rig({ deadband });
          let told = NaN;
          for (const value of readings) {
            wait(1000);
            told = read([0, value])[0]?.value ?? told;
            expect(Math.abs(told - value)).toBeLessThanOrEqual(deadband);
          }
        },
      ),
      { seed: 20_240_601, numRuns: 200 },
    );
  });
});

describe("freshness", () => {
  it("ten minutes of an unchanged value that a live subscription confirms stay good, and end with it", () => {
    const { read, wait, confirm, sweep, status } = rig({ deadband: 1, maxSilenceMs: 60_000 });
    read([0, 10, Status.Good, -30]);
    for (let second = 1; second <= 600; second++) {
      wait(1000);
      confirm();
      for (const told of sweep()) expect(told).toMatchObject({ value: 10, status: Status.Good, at: -30 });
      expect(status()).toBe(Status.Good);
    }
    wait(10_001);
    expect(sweep()).toMatchObject([{ value: 10, status: Status.UncertainStale, at: 610.001 }]);
  });

  it.each([
    [100, 10_000, 30_000],
    [1000, 10_000, 30_000],
    [10_000, 30_000, 100_000],
  ])("with a period of %i ms a tag is stale after %i ms and bad after %i ms", (periodMs, staleMs, badMs) => {
    const { conditioning, read, wait, sweep, status } = rig({ periodMs, maxSilenceMs: 1e9 });
    read([0, 10]);
    wait(staleMs);
    expect([sweep(), status()]).toEqual([[], Status.Good]);
    wait(1);
    expect(sweep()).toMatchObject([{ value: 10, status: Status.UncertainStale, at: (staleMs + 1) / 1000 }]);
    expect(conditioning.reading(0)).toMatchObject({ value: 10, sourceTime: NOON, receivedTime: NOON });
    wait(badMs - staleMs - 1);
    expect(sweep()).toEqual([]);
    wait(1);
    expect(sweep()).toMatchObject([{ value: NaN, status: Status.BadStale, at: (badMs + 1) / 1000 }]);
    expect(conditioning.reading(0)).toMatchObject({ value: null, sourceTime: NOON });
    expect(sweep()).toEqual([]);
  });

  it("a tag waits for its first reading, untold, and a bad one stays bad for its own reason", () => {
    const { read, wait, sweep, status, confirm } = rig({});
    expect([sweep(), status()]).toEqual([[], Status.BadWaitingForInitialData]);
    confirm();
    wait(1e6);
    expect([sweep(), status()]).toEqual([[], Status.BadWaitingForInitialData]);
    read([0, NaN, Status.BadDeviceFailure]);
    wait(59_000);
    expect([sweep(), status()]).toEqual([[], Status.BadDeviceFailure]);
  });

  it("a confirmation makes a stale value good again, and says so under its own time", () => {
    const { conditioning, read, wait, confirm, sweep } = rig({});
    read([0, 10]);
    wait(20_000);
    sweep();
    wait(1000);
    confirm();
    expect(sweep()).toMatchObject([{ value: 10, status: Status.Good, at: 21 }]);
    expect(conditioning.reading(0).sourceTime).toBe(NOON);
  });

  it("a value that returns unchanged from an outage ends it in a database that sorts by time", () => {
    const { read, wait, sweep } = rig({});
    read([0, 10, Status.Good, -60]);
    wait(5000);
    read([0, NaN, Status.BadNoCommunication]);
    wait(5000);
    expect(read([0, 10, Status.Good, -60])).toMatchObject([{ value: 10, at: -60 }]);
    expect(sweep()).toMatchObject([{ value: 10, status: Status.Good, at: 10 }]);
    expect(sweep()).toEqual([]);
  });

  it("a change of status never takes the time of a reading that a device ahead of us has stamped", () => {
    const { read, wait, sweep } = rig({});
    read([0, 10, Status.Good, 60]);
    wait(11_000);
    expect(sweep()).toMatchObject([{ status: Status.UncertainStale, at: 60.001 }]);
  });

  it("an overtaken reading is passed on, stays out of the image, and the newest is told once more", () => {
    const { conditioning, read, wait, sweep } = rig({ deadband: 50 });
    wait(5000);
    read([0, 10, Status.Good, 4]);
    expect(read([0, 11, Status.Good, 3])).toMatchObject([{ value: 11, at: 3 }]);
    expect(conditioning.reading(0).value).toBe(10);
    expect(sweep()).toMatchObject([{ value: 10, at: 4 }]);
    expect(sweep()).toEqual([]);
  });

  it("what a sweep finds no room for comes with the next", () => {
    const tags = Array.from({ length: 5 }, () => ({ maxSilenceMs: 1e9 }));
    const { conditioning, read, wait } = rig(...tags);
    read([0, 1], [1, 1], [2, 1], [3, 1], [4, 1]);
    wait(20_000);
    const small = createBatch(2);
    const told: number[] = [];
    for (let i = 0; i < 4; i++) {
      clearBatch(small);
      conditioning.sweep(NOON + 20_000, 20_000, small);
      told.push(...small.tag.subarray(0, small.length));
    }
    expect(told).toEqual([0, 1, 2, 3, 4]);
  });

  it("texts, bits and 64-bit integers come out of the image as they are", () => {
    const { conditioning, read, sweep, wait } = rig(
      { type: "string", range: null },
      { type: "bool", range: null },
      { type: "uint64", range: null },
    );
    read([0, "LOT-7"], [1, 1], [2, 2n ** 63n]);
    expect([0, 1, 2].map((tag) => conditioning.reading(tag).value)).toEqual(["LOT-7", true, 2n ** 63n]);
    wait(20_000);
    expect(sweep().map(({ exact }) => exact)).toEqual(["LOT-7", undefined, 2n ** 63n]);
    expect(() => conditioning.reading(3)).toThrow(RangeError);
  });
});

describe("whatever a device sends", () => {
  const anything = fc.record({
    tag: fc.integer({ min: 0, max: 3 }),
    value: fc.oneof(
      fc.double(),
      fc.double({ min: -3, max: 103, noNaN: true }),
      fc.integer({ min: -40_000, max: 70_000 }),
    ),
    status: fc.constantFrom(0, 0, 0, 0x40900000, 0x80310000, 0x00960000),
    ago: fc.oneof(fc.integer({ min: -2000, max: 400_000 }), fc.constant(0), fc.double()),
    wait: fc.constantFrom(0, 1, 1000, 12_000, 40_000),
  });
  const tags: Partial<Tag>[] = [
    {},
    { range: null, scaling: { scale: 1e200, offset: 0, loopRaw: null } },
    { type: "int16", scaling: { scale: 1, offset: 0, loopRaw: { low: 0, high: 27648 } } },
    { range: null, rolloverCounts: 65_536, stuckAfterMs: 1000 },
  ];

  it("no number that is not finite leaves without being bad, no bad one with a value, and every time is a date", () => {
    const check = (batch: ReadingBatch): void => {
      for (let row = 0; row < batch.length; row++) {
        const status = batch.status[row] ?? 0;
        expect(Number.isFinite(batch.value[row])).toBe(!isBad(status));
        expect(Number.isFinite(batch.sourceTime[row])).toBe(true);
      }
    };
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (rows) => {
        const conditioning = createConditioning(tags.map((change, index) => tagOf(index, change)));
        const raw = createBatch(1);
        const into = createBatch(1000);
        let now = 0;
        for (const { tag, value, status, ago, wait } of rows) {
          now += wait;
          raw.length = 1;
          raw.tag[0] = tag;
          raw.value[0] = value;
          raw.status[0] = status;
          raw.receivedTime[0] = NOON + now;
          raw.sourceTime[0] = NOON + now - ago;
          conditioning.accept(raw, now, into);
          check(raw);
          conditioning.sweep(NOON + now, now, into);
        }
        check(into);
      }),
      { seed: 20_240_601, numRuns: 300 },
    );
  });

  it("times of one tag rise strictly while the clocks do, and different readings never share one", () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 3 }), value: fc.integer({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 0, max: 5000 }), (steps, lag) => {
        const { conditioning } = rig({});
        const raw = createBatch(1);
        const into = createBatch(200);
        let now = 0;
        for (const { wait, value } of steps) {
          now += wait;
          raw.length = 1;
          raw.value[0] = value;
          raw.status[0] = 0;
          raw.receivedTime[0] = NOON + now;
          raw.sourceTime[0] = NOON + now - lag;
          conditioning.accept(raw, now, into);
        }
        for (let row = 1; row < into.length; row++)
          expect(into.sourceTime[row]).toBeGreaterThan(into.sourceTime[row - 1] ?? NaN);
      }),
      { seed: 20_240_601, numRuns: 300 },
    );
  });

  it("nothing that is confirmed in time is ever stale", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 200 }), (waits) => {
        const { read, wait, confirm, sweep, status } = rig({ periodMs: 1000 });
        read([0, 10]);
        for (const ms of waits) {
          wait(ms);
          confirm();
          sweep();
          expect(severity(status())).toBe(0);
        }
      }),
      { seed: 20_240_601, numRuns: 200 },
    );
  });
});
