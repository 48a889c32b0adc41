import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { abortWith, whenAborted } from "../../../src/domain/aborted.ts";

describe("waits under one signal", () => {
  it("are all told once when it is given, except those that were taken back", () => {
    const stop = new AbortController();
    const told: string[] = [];
    whenAborted(stop.signal, () => told.push("first"));
    const forget = whenAborted(stop.signal, () => told.push("second"));
    whenAborted(stop.signal, () => told.push("third"));
    forget();
    stop.abort();
    stop.abort();
    expect(told).toEqual(["first", "third"]);
  });

  it("are told one by one, also when it is the same that is to be done", () => {
    const stop = new AbortController();
    let times = 0;
    const count = (): void => void times++;
    const forget = whenAborted(stop.signal, count);
    whenAborted(stop.signal, count);
    forget();
    stop.abort();
    expect(times).toBe(1);
  });

  it("leave one listener at it, however many they are", () => {
    const { signal } = new AbortController();
    for (let wait = 0; wait < 1000; wait++) whenAborted(signal, () => undefined)();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
  });

  it("are told nothing by a signal that was given before", () => {
    let times = 0;
    whenAborted(AbortSignal.abort(), () => void times++);
    expect(times).toBe(0);
  });
});

describe("a controller that follows a signal", () => {
  it("is aborted with it and for its reason, also by one that was given before", () => {
    const stop = new AbortController();
    const follower = new AbortController();
    abortWith(follower, stop.signal);
    expect(follower.signal.aborted).toBe(false);
    stop.abort(new Error("closing"));
    expect(follower.signal.reason).toEqual(new Error("closing"));
    const late = new AbortController();
    abortWith(late, stop.signal);
    expect(late.signal.reason).toEqual(new Error("closing"));
  });

  it("is left alone when that is taken back", () => {
    const stop = new AbortController();
    const follower = new AbortController();
    abortWith(follower, stop.signal)();
    stop.abort();
    expect(follower.signal.aborted).toBe(false);
  });
});
