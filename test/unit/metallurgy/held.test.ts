import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { severity, Status } from "../../../src/domain/status.ts";
import { deriveColumns } from "../../../src/metallurgy/derived.ts";
import {
  aggregateOf,
  closeWalk,
  coveredBy,
  HeldTally,
  holdFor,
  openWalk,
  tally,
  walk,
} from "../../../src/metallurgy/held.ts";
import { dryRate } from "../../../src/metallurgy/throughput.ts";
import { columnsOf } from "../../support/history.ts";
import type { Row } from "../../support/history.ts";
import { expectNear } from "../../support/near.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOLD = 5 * MINUTE;

const minutes = (rows: readonly (readonly [minute: number, value: number, status?: number])[]): Row[] =>
  rows.map(([minute, value, status = Status.Good]) => ({ time: minute * MINUTE, value, status }));

describe("W-34: a rate held from reading to reading over twelve minutes", () => {
  const rows = minutes([
    [0, 4],
    [2, 4.2],
    [5, 0, Status.BadNoCommunication],
    [9, 4.4],
  ]);
  const window = { from: 0, to: 12 * MINUTE };
  const aggregate = aggregateOf(tally(columnsOf(rows), window, HOLD), window);

  test("counts what was measured and nothing of what was not", () => {
    expectNear(aggregate.total, 0.563333, 1e-5);
    expectNear(aggregate.coverage, 0.666667, 1e-5);
    expectNear(aggregate.mean, 4.225);
    expect(severity(aggregate.status)).toBe(2);
  });

  test("offers the filled total apart, and the extremes", () => {
    expectNear(aggregate.filled, 0.845, 1e-9);
    expect(aggregate).toMatchObject({ min: 4, max: 4.4, coveredMs: 8 * MINUTE });
  });
});

test("a reading holds for ten polls, at most five minutes", () => {
  expect(holdFor(1_000)).toBe(10_000);
  expect(holdFor(60_000)).toBe(300_000);
});

test("the reading before the window counts in it as long as it holds, and none after it does", () => {
  const window = { from: 10 * MINUTE, to: 20 * MINUTE };
  const rows = minutes([
    [7, 6],
    [14, 3],
    [20, 100],
  ]);
  const held = tally(columnsOf(rows), window, HOLD);
  expect(held.coveredMs).toBe(7 * MINUTE);
  expect(held.integral).toBe((2 * 6 + 5 * 3) * MINUTE);
  expect(held.max).toBe(6);
});

test("readings that come in the wrong order, or are no numbers, are passed over", () => {
  const window = { from: 0, to: 10 * MINUTE };
  const state = openWalk(window, HOLD);
  const held = new HeldTally();
  walk(state, columnsOf(minutes([[4, 2]])), held);
  walk(state, columnsOf(minutes([[3, 50]])), held);
  walk(state, columnsOf(minutes([[6, NaN]])), held);
  closeWalk(state, held);
  closeWalk(state, held);
  expect(held.integral).toBe(2 * 2 * MINUTE);
});

test.each([
  [1, 0, Status.Good],
  [0.95, 0.05, Status.Good],
  [0.96, 0.06, Status.UncertainSubstitute],
  [0.94, 0, Status.UncertainSubstitute],
  [0.75, 0, Status.UncertainSubstitute],
  [0.74, 0, Status.BadNoCommunication],
  [0, 0, Status.BadNoCommunication],
])("%d of the window covered, %d of that uncertain", (coverage, uncertain, status) => {
  const coveredMs = coverage * HOUR;
  const tallied = { coveredMs, uncertainMs: uncertain * coveredMs };
  expect(coveredBy(tallied, HOUR)).toEqual({ coverage: expect.closeTo(coverage, 12) as number, status });
});

test("a window of no length is covered by nothing, and an unmeasured one has no mean", () => {
  expect(coveredBy({ coveredMs: 0, uncertainMs: 0 }, 0).coverage).toBe(0);
  const window = { from: 0, to: HOUR };
  expect(aggregateOf(new HeldTally(), window)).toMatchObject({
    total: 0,
    filled: null,
    mean: null,
    min: null,
    max: null,
  });
});

test("uncertain readings count, and make the aggregate uncertain", () => {
  const window = { from: 0, to: 10 * MINUTE };
  const rows = minutes([
    [0, 2],
    [5, 2, Status.UncertainStuck],
  ]);
  const aggregate = aggregateOf(tally(columnsOf(rows), window, HOLD), window);
  expect(aggregate).toMatchObject({ coverage: 1, mean: 2, status: Status.UncertainSubstitute });
});

const history = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 1, max: 10 * MINUTE }),
      value: fc.double({ min: -50, max: 50, noNaN: true }),
      status: fc.constantFrom(Status.Good, Status.Good, Status.UncertainStuck, Status.BadNoCommunication),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let time = 0;
    return steps.map(({ gap, value, status }): Row => {
      time += gap;
      return { time, value, status };
    });
  });

test("totals, cover and doubt of a window are those of its pieces, wherever it is cut", () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      (rows, cuts) => {
        const columns = columnsOf(rows);
        const end = rows.at(-1)!.time + HOLD;
        const edges = [0, ...cuts.map((cut) => Math.round(cut * end)).toSorted((a, b) => a - b), end];
        const whole = tally(columns, { from: 0, to: end }, HOLD);
        const pieces = edges.slice(1).map((to, i) => tally(columns, { from: edges[i]!, to }, HOLD));
        const sum = (of: (piece: HeldTally) => number): number =>
          pieces.reduce((total, piece) => total + of(piece), 0);
        expect(sum(({ coveredMs }) => coveredMs)).toBe(whole.coveredMs);
        expect(sum(({ uncertainMs }) => uncertainMs)).toBe(whole.uncertainMs);
        const size = sum(({ coveredMs }) => coveredMs) * 50 + 1;
        expect(Math.abs(sum(({ integral }) => integral) - whole.integral)).toBeLessThan(1e-13 * size);
      },
    ),
    { numRuns: 300, seed: 40 },
  );
});

test("readings that come page by page give what they give at once", () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 10 }), (rows, pageSize) => {
      const window = { from: 0, to: rows.at(-1)!.time + MINUTE };
      const state = openWalk(window, HOLD);
      const paged = new HeldTally();
      for (let row = 0; row < rows.length; row += pageSize)
        walk(state, columnsOf(rows.slice(row, row + pageSize)), paged);
      closeWalk(state, paged);
      expect(paged).toEqual(tally(columnsOf(rows), window, HOLD));
    }),
    { numRuns: 100, seed: 41 },
  );
});

describe("a formula over the readings of several tags", () => {
  const wet = columnsOf(
    minutes([
      [0, 4],
      [3, 5, Status.UncertainStuck],
      [6, 0, Status.BadSensorFailure],
      [8, 6],
    ]),
  );
  const moisture = columnsOf(
    minutes([
      [1, 0.1],
      [4, 2],
    ]),
  );
  const dry = deriveColumns(
    { wet: { columns: wet, holdMs: HOLD }, moisture: { columns: moisture, holdMs: HOLD } },
    (x) => dryRate.of(x as never),
    0,
  );

  test("has a row where an input changes or ceases to hold, bad where one is missing or the formula refuses", () => {
    const rows = Array.from({ length: dry.length }, (_, row) => [
      dry.time[row]! / MINUTE,
      dry.value[row],
      dry.status[row],
    ]);
    expect(rows).toEqual([
      [0, NaN, Status.BadStale],
      [1, 3.6, Status.Good],
      [3, 4.5, Status.UncertainStuck],
      [4, NaN, Status.BadOutOfRange],
      [6, NaN, Status.BadSensorFailure],
      [8, NaN, Status.BadOutOfRange],
      [9, NaN, Status.BadStale],
      [13, NaN, Status.BadStale],
    ]);
  });

  test("so its tally holds only what was measured of every input", () => {
    const held = tally(dry, { from: 0, to: 15 * MINUTE }, Infinity);
    expect(held.coveredMs).toBe(3 * MINUTE);
    expect(held.integral).toBeCloseTo((2 * 3.6 + 1 * 4.5) * MINUTE, 6);
  });

  test("a constant holds throughout, and a formula of constants alone has the same value all the time", () => {
    const inputs = { wet: { columns: wet, holdMs: HOLD }, moisture: { constant: 0.5 } };
    const halved = deriveColumns(inputs, (x) => dryRate.of(x as never), 0);
    expect(halved.value[0]).toBe(2);
    const one = deriveColumns({ moisture: { constant: 0.5 } }, () => 1, 7 * MINUTE);
    expect([[...one.time], [...one.value]]).toEqual([[7 * MINUTE], [1]]);
  });

  test("a reading that is no number although its status is good is a broken sensor", () => {
    const odd = columnsOf(minutes([[0, NaN]]));
    const derived = deriveColumns({ wet: { columns: odd, holdMs: HOLD } }, (x) => x["wet"]!, 0);
    expect(derived.status[0]).toBe(Status.BadSensorFailure);
  });
});
