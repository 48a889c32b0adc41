import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { openPage, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { memoryView } from "../support/http-view.ts";
import type { MemoryView } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { memoryHistory } from "../support/metric-bench.ts";
import { plantTags } from "../support/plant-tags.ts";
import { GROWTH_BYTES_MAX, useOf } from "../support/page-meter.ts";
import { until } from "../support/until.ts";
import type { HttpServer } from "../support/http-server.ts";

const IS_SOAK = process.env["PUMA_SOAK"] !== undefined;
/** One is a second of the plant: every value changes. They follow each other as fast as the page is told. A whole day of a whole
 *  plant is the test `whole-day`. */
const SECONDS = IS_SOAK ? 600 : 10;
const WARM_UP_SECONDS = 6;

const tags = plantTags();
const built = useBrowser();
let view: MemoryView;
let server: HttpServer;
let watched: WatchedPage;
let page: Page;

/** All tags with values that differ from those a second before. */
function nextSecond(second: number): ReadingBatch {
  const batch = createBatch(tags.length);
  const now = Date.now();
  for (const { tag, typical } of tags) {
    const value = typeof typical === "number" ? typical * (1 + (second % 10) / 20) : typical;
    view.set(tag.id, { value, sourceTime: now, receivedTime: now });
    const row = batch.length++;
    batch.tag[row] = tag.index;
    batch.value[row] = second;
    batch.receivedTime[row] = now;
  }
  return batch;
}

/** Of every tag that the page shows, its newest value has come when this one's has. */
const LAST = tags.findLast(({ typical }) => typeof typical === "number" && typical > 1)?.tag.id ?? "";
const LAST_ROW = `tr[data-tag="${LAST}"]`;

beforeAll(async () => {
  view = memoryView(
    tags.map(({ tag }) => tag),
    { title: "Planta modular Puma" },
  );
  view.history = memoryHistory();
  nextSecond(0);
  server = await serveView(view, built.webDir);
  watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  page = watched.page;
});
afterAll(async () => {
  await watched.close();
  await server.close();
});

const shown = (place: string): Promise<string> => page.locator(`${place} .value`).last().innerText();

/** Lets so many seconds of the plant pass, each shown before the next. */
async function pass(place: string, from: number, seconds: number): Promise<void> {
  for (let second = from + 1; second <= from + seconds; second++) {
    const before = await shown(place);
    server.publish(nextSecond(second));
    await until(async () => (await shown(place)) !== before, 20_000);
  }
}

describe("a page that is left open", () => {
  it.each([
    ["the overview", "/", ".area-tile:first-child [data-indicator]"],
    ["the list of tags", "/tags", LAST_ROW],
  ])(
    `as %s for ${SECONDS} seconds of changing values holds no more than at first`,
    async (_, address, place) => {
      await page.goto(server.url + address);
      await page.locator(`.page[data-link="live"] ${place}`).first().waitFor();
      await pass(place, 0, WARM_UP_SECONDS);
      const before = await useOf(page);
      await pass(place, WARM_UP_SECONDS, SECONDS);
      const after = await useOf(page);
      console.log(
        `${SECONDS} s of ${tags.length} values: ${((after.heapBytes - before.heapBytes) / 1e3).toFixed(0)} kB more heap, ` +
          `${after.nodes - before.nodes} nodes, ${after.listeners - before.listeners} listeners`,
      );
      expect(after.heapBytes - before.heapBytes).toBeLessThanOrEqual(GROWTH_BYTES_MAX);
      expect(after.nodes - before.nodes).toBeLessThanOrEqual(200);
      expect(after.listeners - before.listeners).toBeLessThanOrEqual(20);
    },
    60_000 + 1_000 * SECONDS,
  );

  it("and walked through again and again, holds no more either", async () => {
    const walk = async (): Promise<void> => {
      for (const key of ["0", "a", "g", "d", "t"]) {
        const before = await page.locator("h1").innerText();
        await page.keyboard.press(key);
        await until(async () => (await page.locator("h1").innerText()) !== before, 20_000);
      }
    };
    for (let round = 0; round < 2; round++) await walk();
    const before = await useOf(page);
    for (let round = 0; round < (IS_SOAK ? 200 : 3); round++) await walk();
    const after = await useOf(page);
    console.log(
      `walked: ${((after.heapBytes - before.heapBytes) / 1e3).toFixed(0)} kB more heap, ${after.nodes - before.nodes} nodes`,
    );
    expect(after.heapBytes - before.heapBytes).toBeLessThanOrEqual(GROWTH_BYTES_MAX);
    // What waits to be collected by the browser itself moves by a few pages' worth.
    expect(after.nodes - before.nodes).toBeLessThanOrEqual(5_000);
    expect(watched.complaints).toEqual([]);
  });
});

describe("values that all change once a second", () => {
  it("are in view within a second of their reading, and hold the page up for no more than a tenth", async () => {
    await page.locator(LAST_ROW).waitFor();
    await page.evaluate(() => {
      const found: number[] = [];
      Object.assign(globalThis, { longTasks: found });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) found.push(duration);
      }).observe({ entryTypes: ["longtask"] });
    });
    const lates: number[] = [];
    const longest: number[] = [];
    for (let second = 1; second <= 8; second++) {
      const before = await shown(LAST_ROW);
      const begin = performance.now();
      server.publish(nextSecond(10_000 + 7 * second));
      await until(async () => (await shown(LAST_ROW)) !== before, 20_000);
      lates.push(performance.now() - begin);
      longest.push(
        await page.evaluate(() =>
          Math.max(0, ...(globalThis as unknown as { longTasks: number[] }).longTasks.splice(0)),
        ),
      );
    }
    const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
    console.log(
      `shown after ${sorted(lates)
        .map((ms) => ms.toFixed(0))
        .join(", ")} ms; longest tasks ${sorted(longest)
        .map((ms) => ms.toFixed(0))
        .join(", ")} ms`,
    );
    // A busy machine holds up any page: the quieter half of the seconds counts.
    expect(sorted(lates)[3]).toBeLessThanOrEqual(1_000);
    expect(sorted(longest)[3]).toBeLessThanOrEqual(100);
  });
});
