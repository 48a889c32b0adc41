import { describe, expect, it } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import { Stalled, watchProgress } from "../../../src/gateway/progress.ts";

describe("work that is never to take longer than a minute", () => {
  it("is given up when it does, each at its own time, and the rest goes on", async () => {
    const clock = virtualClock(0);
    const progress = watchProgress(clock, 60_000);
    const told: string[] = [];
    const stuck = (): Promise<never> => new Promise(() => undefined);
    const tell = (name: string, work: Promise<unknown>): void =>
      void progress.of(work).then(
        (result) => told.push(`${name} ${String(result)}`),
        (error: Error) => told.push(`${name} ${error instanceof Stalled} ${error.message}`),
      );
    const { promise: slow, resolve } = Promise.withResolvers<string>();
    tell("first", stuck());
    await clock.advance(30_000);
    tell("slow", slow);
    await clock.advance(20_000);
    tell("third", stuck());
    await clock.advance(9_000);
    expect(told).toEqual([]);
    await clock.advance(1_000);
    expect(told).toEqual([expect.stringContaining("first true")]);
    resolve("done");
    await clock.advance(49_000);
    expect(told.slice(1)).toEqual(["slow done"]);
    await clock.advance(1_000);
    expect(told.slice(2)).toEqual([expect.stringContaining("third true")]);
    expect(progress.stalls()).toBe(2);
    progress.close();
  });

  it("gives what it gives, and fails as it fails", async () => {
    const progress = watchProgress(virtualClock(0), 60_000);
    expect(await progress.of(Promise.resolve(7))).toBe(7);
    await expect(progress.of(Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    expect(progress.stalls()).toBe(0);
    progress.close();
  });
});
