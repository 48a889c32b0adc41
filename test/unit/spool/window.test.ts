import { describe, expect, it } from "vitest";
import { createBatch } from "../../../src/domain/batch.ts";
import { createWindow } from "../../../src/store/spool/window.ts";
import type { Entry } from "../../../src/store/spool/window.ts";

const ROWS = 100;

/** The entry of so many hundreds of readings behind the first. */
function entry(place: number, isSynced = true): Entry {
  const batch = createBatch(ROWS);
  batch.length = ROWS;
  return { from: place * ROWS, to: (place + 1) * ROWS, batch, at: place, isSynced };
}

describe("the newest readings in memory", () => {
  it("are let go of as soon as they are on disk and no output waits for them", () => {
    let awaitedFrom = 0;
    const window = createWindow(1_000, (_from, to) => to > awaitedFrom);
    for (let place = 0; place < 5; place++) window.push(entry(place));
    window.trim();
    expect(window.find(0)?.from).toBe(0);
    awaitedFrom = 250;
    window.trim();
    expect([window.find(199), window.after(0)]).toEqual([null, 200]);
    expect(window.find(200)?.from).toBe(200);
  });

  it("are no more than the bound while an output is away", () => {
    const window = createWindow(3 * ROWS, () => true);
    for (let place = 0; place < 5; place++) window.push(entry(place));
    window.trim();
    expect(window.after(0)).toBe(200);
  });

  it("stay for as long as the disk has not taken them, however many they are", () => {
    const window = createWindow(ROWS, () => false);
    for (let place = 0; place < 5; place++) window.push(entry(place, false));
    window.trim();
    expect(window.after(0)).toBe(0);
  });
});
