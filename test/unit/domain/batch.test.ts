import { describe, expect, it } from "vitest";
import {
  capacityOf,
  clearBatch,
  copyRow,
  createBatch,
  readingAt,
  sliceBatch,
  valueOf,
} from "../../../src/domain/batch.ts";
import { Status } from "../../../src/domain/status.ts";
import { batchOf, valuesOf } from "../../support/batches.ts";
import { tagOf } from "../../support/tags.ts";

describe("batches of readings", () => {
  it("rows are copied with everything they have, to the end of the other batch", () => {
    const from = batchOf([3, 1.5, 1000], [4, NaN, 2000]);
    from.status[1] = Status.BadBusy;
    from.exact.set(0, 7n);
    const to = createBatch(3);
    copyRow(from, 1, to);
    copyRow(from, 0, to);
    expect(to.length).toBe(2);
    expect([...to.tag.subarray(0, 2)]).toEqual([4, 3]);
    expect(valuesOf(to)).toEqual([NaN, 1.5]);
    expect([...to.status.subarray(0, 2)]).toEqual([Status.BadBusy, Status.Good]);
    expect([...to.sourceTime.subarray(0, 2)]).toEqual([2000, 1000]);
    expect([...to.receivedTime.subarray(0, 2)]).toEqual([2000, 1000]);
    expect([...to.exact]).toEqual([[1, 7n]]);
  });

  it("a cleared batch is empty and keeps its room", () => {
    const batch = batchOf([0, 1, 1000], [0, 2, 2000]);
    batch.exact.set(1, "text");
    clearBatch(batch);
    expect([batch.length, batch.exact.size, capacityOf(batch)]).toEqual([0, 0, 2]);
  });

  it("a slice has the rows asked for, with exact values renumbered", () => {
    const batch = batchOf([0, 1, 1], [1, 2, 2], [2, 3, 3], [3, 4, 4]);
    for (const row of [0, 1, 2, 3]) batch.exact.set(row, BigInt(row));
    const slice = sliceBatch(batch, 1, 3);
    expect(valuesOf(slice)).toEqual([2, 3]);
    expect([...slice.exact]).toEqual([
      [0, 1n],
      [1, 2n],
    ]);
  });

  it.each([
    ["a number", tagOf(0), 16.4, undefined, Status.Good, 16.4],
    ["a bit", tagOf(0, { type: "bool" }), 1, undefined, Status.Good, true],
    ["a bit that is off", tagOf(0, { type: "bool" }), 0, undefined, Status.UncertainStale, false],
    ["a 64-bit integer", tagOf(0, { type: "uint64" }), 2 ** 63, 2n ** 63n, Status.Good, 2n ** 63n],
    ["a text", tagOf(0, { type: "string" }), NaN, "LOT-7", Status.Good, "LOT-7"],
    ["a bad reading", tagOf(0, { type: "string" }), NaN, "LOT-7", Status.BadStale, null],
  ])("%s is shown as people know it", (_, tag, number, exact, status, shown) => {
    expect(valueOf(tag, number, exact, status)).toBe(shown);
  });

  it("a row beyond the batch or of an unknown tag is a bug", () => {
    const tags = [tagOf(0)];
    const batch = batchOf([0, 5, 1000]);
    expect(readingAt(batch, 0, tags)).toEqual({
      tag: tags[0],
      value: 5,
      status: 0,
      sourceTime: 1000,
      receivedTime: 1000,
    });
    expect(() => readingAt(batch, 1, tags)).toThrow(RangeError);
    expect(() => readingAt(batchOf([9, 5, 1000]), 0, tags)).toThrow(RangeError);
  });
});
