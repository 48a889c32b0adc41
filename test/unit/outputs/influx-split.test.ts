import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lines } from "../../../src/outputs/influx/line.ts";
import type { Verdict } from "../../../src/outputs/influx/reply.ts";
import { writeLines } from "../../../src/outputs/influx/split.ts";

type Answer = Exclude<Verdict, { kind: "no-database" }>;

/** `count` lines of four bytes that hold their own number. */
function numbered(count: number): Lines {
  const bytes = Buffer.alloc(count * 4);
  for (let line = 0; line < count; line++) bytes.writeUInt32BE(line, line * 4);
  const starts = Uint32Array.from({ length: count + 1 }, (_, line) => line * 4);
  return { bytes, starts, count, firstRow: 0 };
}

function numbersOf(bytes: Uint8Array): number[] {
  const view = Buffer.from(bytes);
  return Array.from({ length: view.length / 4 }, (_, index) => view.readUInt32BE(index * 4));
}

/** A server that refuses `bad` lines; `style` is how much it says about them. */
function server(
  bad: ReadonlySet<number>,
  style: "counts" | "names" | "stores nothing",
): {
  stored: Set<number>;
  requests: number;
  post: (bytes: Uint8Array) => Promise<Answer>;
} {
  const state = {
    stored: new Set<number>(),
    requests: 0,
    post: (bytes: Uint8Array): Promise<Answer> => {
      state.requests++;
      const lines = numbersOf(bytes);
      const refused = lines.filter((line) => bad.has(line));
      if (refused.length === 0 || style !== "stores nothing")
        for (const line of lines) if (!bad.has(line)) state.stored.add(line);
      if (refused.length === 0) return Promise.resolve({ kind: "stored" });
      const named =
        style === "names" ? refused.map((line) => ({ line: lines.indexOf(line), reason: "bad" })) : null;
      return Promise.resolve({
        kind: "bad-lines",
        reason: "bad",
        refused: style === "counts" ? refused.length : null,
        named,
      });
    },
  };
  return state;
}

describe.each(["counts", "names", "stores nothing"] as const)(
  "with a server that %s the bad lines",
  (style) => {
    test("every good line is stored and exactly the bad ones are refused", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 200 }),
          fc.uniqueArray(fc.nat({ max: 199 })),
          async (count, picks) => {
            const bad = new Set(picks.filter((line) => line < count));
            const sink = server(bad, style);
            const refused = await writeLines(numbered(count), sink.post);
            expect(refused.map(({ line }) => line)).toEqual([...bad].sort((a, b) => a - b));
            expect(sink.stored.size).toBe(count - bad.size);
          },
        ),
        { numRuns: 200 },
      );
    });

    test("one bad line among 5,000 takes at most 27 requests", async () => {
      for (const place of [0, 1, 2499, 2500, 4998, 4999]) {
        const sink = server(new Set([place]), style);
        expect(await writeLines(numbered(5000), sink.post)).toEqual([{ line: place, reason: "bad" }]);
        expect(sink.requests).toBeLessThanOrEqual(27);
      }
    });
  },
);

test("a batch that is bad throughout is refused at once by a server that counts", async () => {
  const sink = server(new Set(Array.from({ length: 5000 }, (_, line) => line)), "counts");
  expect(await writeLines(numbered(5000), sink.post)).toHaveLength(5000);
  expect(sink.requests).toBe(1);
});

test("a request that is too large is halved until it fits; a line too large by itself is refused", async () => {
  const stored: number[] = [];
  const refused = await writeLines(numbered(100), (bytes) => {
    const lines = numbersOf(bytes);
    if (lines.length > 9 || lines.includes(42)) return Promise.resolve({ kind: "too-large" });
    stored.push(...lines);
    return Promise.resolve({ kind: "stored" });
  });
  expect(refused.map(({ line }) => line)).toEqual([42]);
  expect(stored).toEqual(Array.from({ length: 100 }, (_, line) => line).filter((line) => line !== 42));
});
