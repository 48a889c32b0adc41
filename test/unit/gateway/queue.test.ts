import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryQueue } from "../../../src/gateway/queue.ts";
import { batchOf, valuesOf } from "../../support/batches.ts";

const never = new AbortController().signal;

describe("memory queue of an output", () => {
  it("gives the oldest readings first and joins small batches up to the size of a write", () => {
    const queue = createMemoryQueue(100, 3);
    queue.append(batchOf([0, 1, 1], [0, 2, 2]));
    queue.append(batchOf([0, 3, 3]));
    queue.append(batchOf([0, 4, 4]));
    expect(valuesOf(queue.peek())).toEqual([1, 2, 3]);
    expect(valuesOf(queue.peek()), "the same until acknowledged").toEqual([1, 2, 3]);
    queue.acknowledge(0);
    expect(valuesOf(queue.peek())).toEqual([4]);
  });

  it("splits a batch larger than a write and keeps exact values beside their rows", () => {
    const queue = createMemoryQueue(100, 2);
    const batch = batchOf([0, 1, 1], [0, 2, 2], [0, 3, 3]);
    batch.exact.set(2, 9007199254740993n);
    queue.append(batch);
    expect(valuesOf(queue.peek())).toEqual([1, 2]);
    queue.acknowledge(0);
    expect(queue.peek()?.exact.get(0)).toBe(9007199254740993n);
  });

  it("drops the oldest waiting batch when full, never the one being written, and counts it", () => {
    const queue = createMemoryQueue(4, 2);
    queue.append(batchOf([0, 1, 1], [0, 2, 2]));
    queue.peek();
    queue.append(batchOf([0, 3, 3], [0, 4, 4]));
    queue.append(batchOf([0, 5, 5], [0, 6, 6]));
    expect(queue.counts()).toMatchObject({ accepted: 6, droppedFull: 2, pending: 4 });
    expect(valuesOf(queue.peek())).toEqual([1, 2]);
    queue.acknowledge(0);
    expect(valuesOf(queue.peek())).toEqual([5, 6]);
  });

  it("wakes a waiting reader on append, and lets it go on abort", async () => {
    const queue = createMemoryQueue(10, 10);
    const waiting = queue.available(never);
    queue.append(batchOf([0, 1, 1]));
    await waiting;
    const other = createMemoryQueue(10, 10);
    const stop = new AbortController();
    const aborted = other.available(stop.signal);
    stop.abort(new Error("stopped"));
    await expect(aborted).rejects.toThrow("stopped");
  });

  it("tells the received time of the oldest reading that waits", () => {
    const queue = createMemoryQueue(10, 1);
    expect(queue.counts().oldest).toBeNull();
    queue.append(batchOf([0, 1, 70], [0, 1, 80]));
    expect(queue.counts().oldest).toBe(70);
  });

  it("accounts for every reading after any sequence of operations: accepted = delivered + pending + quarantined + dropped", () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant("append" as const), rows: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ kind: fc.constant("write" as const), rejected: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant("peek" as const) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const queue = createMemoryQueue(20, 5);
        let time = 0;
        for (const step of operations) {
          if (step.kind === "append") {
            queue.append(batchOf(...Array.from({ length: step.rows }, () => [0, ++time, time] as const)));
          } else {
            const batch = queue.peek();
            if (step.kind === "write" && batch !== null)
              queue.acknowledge(Math.min(step.rejected, batch.length));
          }
          const { accepted, delivered, pending, quarantined, droppedFull } = queue.counts();
          expect(accepted).toBe(delivered + pending + quarantined + droppedFull);
          expect(accepted).toBe(time);
          expect(pending).toBeLessThanOrEqual(20 + 5);
        }
      }),
      { seed: 7 },
    );
  });
});
