import { describe, expect, it } from "vitest";
import { createConditioner } from "../../../src/conditioning/conditioner.ts";
import { clearBatch, createBatch } from "../../../src/domain/batch.ts";
import type { ReadingBatch } from "../../../src/domain/batch.ts";
import { Status } from "../../../src/domain/status.ts";
import type { StatusCode } from "../../../src/domain/status.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { tagOf } from "../../support/tags.ts";

const NOON = Date.UTC(2026, 10, 22, 12);

interface Row {
  readonly tag?: number;
  readonly value?: number;
  readonly status?: StatusCode;
  readonly source?: number;
  readonly received?: number;
  readonly exact?: bigint | string;
}

function rowsOf(...rows: readonly Row[]): ReadingBatch {
  const batch = createBatch(rows.length);
  for (const {
    tag = 0,
    value = NaN,
    status = Status.Good,
    received = NOON,
    source = received,
    exact,
  } of rows) {
    const row = batch.length++;
    batch.tag[row] = tag;
    batch.value[row] = value;
    batch.status[row] = status;
    batch.sourceTime[row] = source;
    batch.receivedTime[row] = received;
    if (exact !== undefined) batch.exact.set(row, exact);
  }
  return batch;
}

/** One row through a fresh conditioner. */
function condition(changes: Partial<Tag>, row: Row) {
  const batch = rowsOf(row);
  createConditioner([tagOf(0, changes)]).apply(batch, 0);
  return { value: batch.value[0], status: batch.status[0], exact: batch.exact.get(0) };
}

const SCALED = { scale: 0.1, offset: 0, loopRaw: null };
const SERVER_UNCERTAIN = 0x40900000;
const SERVER_BAD = 0x80340000;

describe("value and status of one reading", () => {
  it.each<{ what: string; tag?: Partial<Tag>; row: Row; value: number; status: StatusCode }>([
    { what: "a plain value", row: { value: 16.4 }, value: 16.4, status: Status.Good },
    {
      what: "a scaled value",
      tag: { scaling: SCALED },
      row: { value: 164 },
      value: 16.4,
      status: Status.Good,
    },
    { what: "not a number", row: { value: NaN }, value: NaN, status: Status.BadSensorFailure },
    {
      what: "infinity",
      tag: { range: null },
      row: { value: Infinity },
      value: NaN,
      status: Status.BadSensorFailure,
    },
    { what: "minus infinity", row: { value: -Infinity }, value: NaN, status: Status.BadSensorFailure },
    { what: "a little over the range", row: { value: 101 }, value: 101, status: Status.UncertainRangeHigh },
    { what: "far over the range", row: { value: 130 }, value: NaN, status: Status.BadOutOfRange },
    {
      what: "any number of a tag without range",
      tag: { range: null },
      row: { value: 1e9 },
      value: 1e9,
      status: 0,
    },
    {
      what: "a bad row of the driver",
      row: { value: 5, status: SERVER_BAD },
      value: NaN,
      status: SERVER_BAD,
    },
    {
      what: "an uncertain row of the server",
      row: { value: 5, status: SERVER_UNCERTAIN },
      value: 5,
      status: SERVER_UNCERTAIN,
    },
    {
      what: "uncertain and a little out of range",
      row: { value: 101, status: SERVER_UNCERTAIN },
      value: 101,
      status: SERVER_UNCERTAIN,
    },
    {
      what: "uncertain and far out of range",
      row: { value: 130, status: SERVER_UNCERTAIN },
      value: NaN,
      status: Status.BadOutOfRange,
    },
    {
      what: "overridden by a person and in range",
      row: { value: 5, status: Status.GoodLocalOverride },
      value: 5,
      status: Status.GoodLocalOverride,
    },
    { what: "a bit", tag: { type: "bool", range: null }, row: { value: 1 }, value: 1, status: Status.Good },
    {
      what: "a state without a name",
      tag: { type: "uint16", range: null, values: { 0: "idle" } },
      row: { value: 7 },
      value: 7,
      status: Status.UncertainRangeHigh,
    },
    {
      what: "a loop in its measuring range below 4 mA",
      tag: { type: "int16", scaling: { ...SCALED, loopRaw: { low: 0, high: 27648 } } },
      row: { value: -276.48 },
      value: -1,
      status: Status.Good,
    },
    {
      what: "a broken wire",
      tag: { type: "int16", scaling: { ...SCALED, loopRaw: { low: 0, high: 27648 } } },
      row: { value: 32767 },
      value: NaN,
      status: Status.BadSensorFailure,
    },
  ])("$what", ({ tag = {}, row, value, status }) => {
    const conditioned = condition(tag, row);
    if (Number.isNaN(value)) expect(conditioned.value).toBeNaN();
    else expect(conditioned.value).toBeCloseTo(value, 9);
    expect(conditioned.status).toBe(status);
  });

  it("exact 64-bit integers and texts pass through", () => {
    const exact = 9_007_199_254_740_993n;
    const int64: Partial<Tag> = { type: "int64", range: null };
    expect(condition(int64, { value: Number(exact), exact })).toMatchObject({ status: 0, exact });
    const text = condition({ type: "string", range: null }, { exact: "LOT-7" });
    expect(text).toEqual({ value: NaN, status: Status.Good, exact: "LOT-7" });
  });

  it("a scaled 64-bit integer becomes a number", () => {
    const tag: Partial<Tag> = { type: "uint64", range: null, scaling: SCALED };
    expect(condition(tag, { value: 500, exact: 500n })).toEqual({ value: 50, status: 0, exact: undefined });
  });

  it("a bad row keeps no exact value, and a text without its text is bad", () => {
    const text: Partial<Tag> = { type: "string", range: null };
    expect(condition(text, { exact: "old", status: SERVER_BAD }).exact).toBeUndefined();
    expect(condition(text, {}).status).toBe(Status.BadSensorFailure);
  });

  it("a row of no known tag is a bug and ends the process", () => {
    expect(() => condition({}, { tag: 9, value: 1 })).toThrow(RangeError);
  });
});

describe("device clocks", () => {
  const DAY = 86_400_000;
  it.each([
    ["of 1601", Date.UTC(1601, 0, 1), Date.UTC(1601, 0, 1)],
    ["of 2100", Date.UTC(2100, 0, 1), Date.UTC(2100, 0, 1)],
    ["of a clock without a battery", Date.UTC(2000, 0, 1), Date.UTC(2000, 0, 1)],
    ["of tomorrow", NOON + DAY, NOON + DAY],
    ["just over five minutes", NOON + 300_001, NOON + 300_001],
    ["that is no number", NaN, null],
    ["beyond all dates", 1e300, null],
  ])("a time %s is flagged, replaced by ours and remembered", (_, source, remembered) => {
    const conditioner = createConditioner([tagOf(0)]);
    const batch = rowsOf({ value: 5, source });
    conditioner.apply(batch, 0);
    expect([batch.value[0], batch.status[0], batch.sourceTime[0]]).toEqual([5, Status.UncertainClock, NOON]);
    expect(conditioner.deviceTime(0)).toBe(remembered);
    const right = rowsOf({ value: 5, source: NOON + 900, received: NOON + 1000 });
    conditioner.apply(right, 1000);
    expect([right.status[0], right.sourceTime[0]]).toEqual([Status.Good, NOON + 900]);
    expect(conditioner.deviceTime(0)).toBeNull();
  });

  it("up to five minutes are believed", () => {
    const conditioner = createConditioner([tagOf(0)]);
    const batch = rowsOf({ value: 5, source: NOON - 300_000 });
    conditioner.apply(batch, 0);
    expect([batch.status[0], batch.sourceTime[0]]).toEqual([Status.Good, NOON - 300_000]);
  });

  it("the old time of a value that has not changed is believed, again and again", () => {
    const conditioner = createConditioner([tagOf(0)]);
    for (const received of [NOON, NOON + 60_000, NOON + DAY]) {
      const batch = rowsOf({ value: 5, source: NOON - 90 * DAY, received });
      conditioner.apply(batch, received - NOON);
      expect([batch.status[0], batch.sourceTime[0]]).toEqual([Status.Good, NOON - 90 * DAY]);
    }
  });

  it("a change that claims to be older than the reading before it shows that the clock is a day behind", () => {
    const conditioner = createConditioner([tagOf(0)]);
    conditioner.apply(rowsOf({ value: 5, source: NOON - DAY }), 0);
    for (const minute of [1, 2]) {
      const received = NOON + minute * 60_000;
      const batch = rowsOf({ value: 5 + minute, source: received - DAY, received });
      conditioner.apply(batch, minute * 60_000);
      expect([batch.status[0], batch.sourceTime[0]]).toEqual([Status.UncertainClock, received]);
      expect(conditioner.deviceTime(0)).toBe(received - DAY);
    }
  });

  it("a value that changed while the link was away keeps the time of its change", () => {
    const conditioner = createConditioner([tagOf(0)]);
    conditioner.apply(rowsOf({ value: 5, source: NOON }), 0);
    const batch = rowsOf({ value: 6, source: NOON + 3_600_000, received: NOON + 7_200_000 });
    conditioner.apply(batch, 7_200_000);
    expect([batch.status[0], batch.sourceTime[0]]).toEqual([Status.Good, NOON + 3_600_000]);
  });

  it("a wrong clock does not hide a worse or equal finding", () => {
    expect(condition({}, { value: 101, source: NaN }).status).toBe(Status.UncertainRangeHigh);
    expect(condition({}, { value: NaN, source: NaN }).status).toBe(Status.BadSensorFailure);
  });
});

describe("order of source times", () => {
  function timesOf(tags: Partial<Tag>, ...rows: readonly (Row & { readonly at?: number })[]) {
    const conditioner = createConditioner([tagOf(0, tags)]);
    return rows.map((row) => {
      const batch = rowsOf(row);
      const overtaken = conditioner.apply(batch, row.at ?? 0);
      return [(batch.sourceTime[0] ?? NaN) - NOON, overtaken.has(0)];
    });
  }

  it("different readings of one millisecond are a millisecond apart, and what follows them stays behind", () => {
    const source = NOON - 100;
    expect(
      timesOf(
        {},
        { value: 1, source },
        { value: 2, source },
        { value: 3, source },
        { value: 4, source: source + 1 },
      ),
    ).toEqual([
      [-100, false],
      [-99, false],
      [-98, false],
      [-97, false],
    ]);
  });

  it("the same reading twice keeps its time", () => {
    expect(timesOf({}, { value: 1 }, { value: 1 }, { value: 2 })).toEqual([
      [0, false],
      [0, false],
      [1, false],
    ]);
    const text: Partial<Tag> = { type: "string", range: null };
    expect(timesOf(text, { exact: "a" }, { exact: "a" }, { exact: "b" })).toEqual([
      [0, false],
      [0, false],
      [1, false],
    ]);
  });

  it("a reading overtaken by a newer one keeps its time and is told to be late", () => {
    expect(
      timesOf(
        {},
        { value: 1, source: NOON - 50 },
        { value: 2, source: NOON - 5000 },
        { value: 3, source: NOON - 40 },
      ),
    ).toEqual([
      [-50, false],
      [-5000, true],
      [-40, false],
    ]);
  });

  it("a device clock that was set back is followed after ten seconds", () => {
    expect(
      timesOf(
        {},
        { value: 1, source: NOON - 50, at: 0 },
        { value: 2, source: NOON - 60_000, at: 5_000 },
        { value: 3, source: NOON - 54_000, at: 11_000 },
      ),
    ).toEqual([
      [-50, false],
      [-60_000, true],
      [-54_000, false],
    ]);
  });

  it("our own clock set back is no overtaking: hidden up to five seconds, then taken as it is", () => {
    expect(
      timesOf(
        {},
        { value: 1 },
        { value: 2, received: NOON - 3000 },
        { value: 3, received: NOON - 2000 },
        { value: 4, received: NOON - 60_000 },
      ),
    ).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [-60_000, false],
    ]);
  });

  it("a value that returns after an outage is not late, though it is older than the outage", () => {
    expect(
      timesOf(
        {},
        { value: 1, source: NOON - 60_000 },
        { status: Status.BadNoCommunication, received: NOON + 1000, at: 1000 },
        { value: 1, source: NOON - 60_000, received: NOON + 5000, at: 5000 },
      ),
    ).toEqual([
      [-60_000, false],
      [1000, false],
      [-60_000, false],
    ]);
  });

  it("nor is one that its own server had declared bad in between", () => {
    const source = NOON - 60_000;
    expect(
      timesOf(
        {},
        { value: 1, source },
        { status: SERVER_BAD, source: NOON - 3000 },
        { value: 1, source },
      ).map(([, isLate]) => isLate),
    ).toEqual([false, false, false]);
  });
});

describe("stuck instruments", () => {
  const tags = [
    tagOf(0, { stuckAfterMs: 600_000, stuckWhile: "XS-1" }),
    tagOf(1, { id: "XS-1", type: "bool", range: null }),
    tagOf(2, { stuckAfterMs: 600_000 }),
  ];
  const batch = createBatch(2);
  const conditioner = createConditioner(tags);
  let minute = 0;

  /** Reads the instrument and its run bit once a minute; the statuses of the instrument. */
  function read(minutes: number, value: number, run: number, runStatus: StatusCode = 0): StatusCode[] {
    return Array.from({ length: minutes }, () => {
      clearBatch(batch);
      const next = rowsOf(
        { tag: 1, value: run, status: runStatus, received: NOON + minute * 60_000 },
        { tag: 0, value, received: NOON + minute * 60_000 },
      );
      conditioner.apply(next, minute++ * 60_000);
      return next.status[1] ?? NaN;
    });
  }

  it("repetition for more than ten minutes is uncertain while the equipment runs, until the value changes", () => {
    expect(new Set(read(11, 50, 1))).toEqual(new Set([Status.Good]));
    expect(new Set(read(3, 50, 1))).toEqual(new Set([Status.UncertainStuck]));
    expect(read(1, 50.001, 1)).toEqual([Status.Good]);
  });

  it("standing equipment may repeat itself, and so may one of which nothing is known", () => {
    expect(new Set(read(30, 0, 0))).toEqual(new Set([Status.Good]));
    expect(read(1, 0, 1)).toEqual([Status.Good]);
    expect(new Set(read(30, 0, NaN, Status.BadNoCommunication))).toEqual(new Set([Status.Good]));
    expect(new Set(read(10, 0, 1))).toEqual(new Set([Status.Good]));
    expect(read(2, 0, 1).at(-1)).toBe(Status.UncertainStuck);
  });

  it("a bad reading in between starts the count again", () => {
    const statuses: StatusCode[] = [];
    for (let at = 0; at <= 20; at++) {
      const next = rowsOf({
        tag: 2,
        value: 7,
        status: at === 8 ? SERVER_BAD : 0,
        received: NOON + at * 60_000,
      });
      conditioner.apply(next, at * 60_000);
      statuses.push(next.status[0] ?? NaN);
    }
    expect(statuses.filter((status) => status === Status.UncertainStuck)).toHaveLength(1);
  });

  it("a tag behind a deadband of its server repeats itself by design", () => {
    const thinned = createConditioner([
      tagOf(0, {
        stuckAfterMs: 600_000,
        source: {
          protocol: "opcua",
          node: "ns=3;s=LT-401",
          mode: "subscribe",
          samplingMs: 1000,
          queueSize: 1,
          deadband: { kind: "percent", amount: 0.5 },
        },
      }),
    ]);
    for (const at of [0, 3_600_000]) {
      const next = rowsOf({ value: 7, received: NOON + at });
      thinned.apply(next, at);
      expect(next.status[0]).toBe(Status.Good);
    }
  });

  it("a run bit that does not exist is refused", () => {
    expect(() => createConditioner([tagOf(0, { stuckAfterMs: 1, stuckWhile: "XS-9" })])).toThrow(/XS-9/);
  });
});

describe("totalizers", () => {
  it("the total goes on over a rollover, the event is kept, and only an invalid step marks its reading", () => {
    const tag = tagOf(0, {
      type: "uint32",
      range: null,
      rolloverCounts: 10_000_000,
      scaling: { scale: 0.01, offset: 0, loopRaw: null },
    });
    const conditioner = createConditioner([tag]);
    const read = (counts: number, second: number): StatusCode | undefined => {
      const batch = rowsOf({ value: counts, received: NOON + second * 1000 });
      conditioner.apply(batch, second * 1000);
      return batch.status[0];
    };
    const good = [9_999_950, 9_999_985, 12, 47, 3, 38].map(read);
    expect(good).toEqual([0, 0, 0, 0, 0, 0]);
    expect(conditioner.accumulated(0)).toBeCloseTo(1.35, 9);
    expect(read(6_000_000, 6)).toBe(Status.UncertainSubstitute);
    expect(read(6_000_010, 7)).toBe(Status.Good);
    expect(conditioner.accumulated(0)).toBeCloseTo(1.45, 9);
    expect(conditioner.drainEvents().events.map(({ kind }) => kind)).toEqual([
      "rollover",
      "reset",
      "invalid",
    ]);
  });

  it("an overtaken reading moves no counter", () => {
    const conditioner = createConditioner([tagOf(0, { range: null, rolloverCounts: 10_000_000 })]);
    for (const [i, [value, ago]] of [
      [10, 300],
      [20, 100],
      [15, 200],
      [25, 50],
    ].entries())
      conditioner.apply(rowsOf({ value: value ?? 0, source: NOON - (ago ?? 0) }), i);
    expect(conditioner.accumulated(0)).toBe(15);
    expect(conditioner.drainEvents().events).toEqual([]);
  });
});
