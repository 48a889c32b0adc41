import { expect, test } from "vitest";
import { appendRow, createQueue, drain } from "../../../src/drivers/opcua/queue.ts";
import type { RowQueue } from "../../../src/drivers/opcua/queue.ts";

function append(queue: RowQueue, value: number): void {
  const row = appendRow(queue);
  queue.filling.value[row] = value;
  queue.filling.exact.set(row, BigInt(value));
}

function drained(queue: RowQueue): readonly (readonly [number, unknown])[] {
  const batch = drain(queue);
  return [...batch.value.subarray(0, batch.length)].map((value, row) => [value, batch.exact.get(row)]);
}

test("a drain hands over every row since the last one, and the next fills fresh rows", () => {
  const queue = createQueue(4);
  append(queue, 1);
  append(queue, 2);
  expect(drained(queue)).toEqual([
    [1, 1n],
    [2, 2n],
  ]);
  expect(drained(queue)).toEqual([]);
  append(queue, 3);
  expect(drained(queue)).toEqual([[3, 3n]]);
});

test("a drained batch is left alone until the next drain", () => {
  const queue = createQueue(4);
  append(queue, 1);
  const batch = drain(queue);
  append(queue, 2);
  expect(batch.length).toBe(1);
  expect(batch.value[0]).toBe(1);
});

test("a full queue drops its oldest quarter, counts it and keeps exact values with their rows", () => {
  const queue = createQueue(8);
  for (let value = 0; value < 9; value++) append(queue, value);
  expect(queue.dropped).toBe(2);
  expect(drained(queue)).toEqual([2, 3, 4, 5, 6, 7, 8].map((value) => [value, BigInt(value)]));
  for (let value = 0; value < 1_000; value++) append(queue, value);
  expect(queue.dropped + drain(queue).length).toBe(1_002);
});

test("a fresh row has no value until one is written", () => {
  const queue = createQueue(2);
  append(queue, 5);
  drain(queue);
  drain(queue);
  expect(queue.filling.value[appendRow(queue)]).toBeNaN();
});
