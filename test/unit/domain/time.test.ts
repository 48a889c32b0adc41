import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import { sleep, within } from "../../../src/domain/time.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

describe("sleep", () => {
  it("ends after its time and not before", async () => {
    const clock = virtualClock();
    const ends: number[] = [];
    const asleep = [3000, 1000, 2000].map(async (ms) => {
      await sleep(clock, ms);
      ends.push(clock.monotonic());
    });
    await clock.advance(999);
    expect(ends).toEqual([]);
    await clock.advance(2001);
    expect(ends).toEqual([1000, 2000, 3000]);
    await Promise.all(asleep);
  });

  it("is ended by its signal with the signal's reason, and leaves no timer behind", async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    const asleep = sleep(clock, 1000, stop.signal);
    expect(clock.pending()).toBe(1);
    stop.abort(new Error("closing"));
    await expect(asleep).rejects.toThrow("closing");
    expect(clock.pending()).toBe(0);
  });

  it("does not begin when the signal has already been given", async () => {
    const clock = virtualClock();
    await expect(sleep(clock, 1000, AbortSignal.abort(new Error("closed")))).rejects.toThrow("closed");
    expect(clock.pending()).toBe(0);
  });

  it("a signal given after the end changes nothing", async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    const asleep = sleep(clock, 1000, stop.signal);
    await clock.advance(1000);
    await asleep;
    stop.abort();
    expect(clock.now()).toBe(Date.UTC(2026, 10, 22, 12, 0, 1));
  });
});

describe("a deadline", () => {
  const late = (): Error => new Error("late");

  it("gives what comes of the work, and leaves no timer behind and one listener for all of them", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    expect(await within(clock, 1000, Promise.resolve(3), late, signal)).toBe(3);
    const refused = Promise.reject(new Error("refused"));
    await expect(within(clock, 1000, refused, late, signal)).rejects.toThrow("refused");
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });

  it("ends work that does not end, and what comes of it later concerns nobody", async () => {
    const clock = virtualClock();
    const { signal } = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const ended = expect(within(clock, 1000, promise, late, signal)).rejects.toThrow("late");
    await clock.advance(1000);
    await ended;
    reject(new Error("too late to matter"));
  });

  it("is ended by its signal with the signal's reason, also by one that was given before", async () => {
    const clock = virtualClock();
    const stop = new AbortController();
    const { promise } = Promise.withResolvers<never>();
    const waiting = within(clock, 1000, promise, late, stop.signal);
    stop.abort(new Error("closing"));
    await expect(waiting).rejects.toThrow("closing");
    await expect(within(clock, 1000, promise, late, stop.signal)).rejects.toThrow("closing");
    expect(clock.pending()).toBe(0);
  });
});

describe("the machine's clock", () => {
  it("fires what was scheduled and not what was cancelled", async () => {
    const fired: string[] = [];
    const cancel = systemClock.schedule(1, () => fired.push("cancelled"));
    cancel();
    await sleep(systemClock, 5);
    await new Promise<void>((resolve) => {
      systemClock.schedule(1, () => {
        fired.push("kept");
        resolve();
      });
    });
    expect(fired).toEqual(["kept"]);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it("two fast clocks with one start and speed agree, and begin at their start", async () => {
    const start = Date.now();
    const clocks = [acceleratedClock(20, start), acceleratedClock(20, start)] as const;
    expect(clocks[0].now()).toBeGreaterThanOrEqual(start);
    await sleep(clocks[0], 200);
    expect(clocks[0].now() - start).toBeGreaterThanOrEqual(100);
    expect(Math.abs(clocks[0].now() - clocks[1].now())).toBeLessThan(20 * 50);
  });
});
