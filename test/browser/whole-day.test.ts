import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { FaultRequest } from "../../simulators/faults/catalogue.ts";
import type { Plant } from "../../src/config/plant.ts";
import { acceleratedClock, systemClock } from "../../src/domain/system-clock.ts";
import type { Clock } from "../../src/domain/time.ts";
import { openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import { GROWTH_BYTES_MAX, useOf } from "../support/page-meter.ts";
import type { PageUse } from "../support/page-meter.ts";
import { root, runPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";

/** A day of the plant in 16 minutes. */
const SPEED = 90;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The first hours fill what is kept of the last ones: sparklines, figures, lists. */
const WARM_UP = 2 * HOUR;
const BETWEEN_LOOKS = 15 * MINUTE;

/** Everything is read once a second of the machine, which is as often as people see values change. */
const PERIOD_MS = 1_000;

/** What goes wrong in the day, so that alarms come and go, and values turn old and bad. */
const TROUBLE: readonly FaultRequest[] = [
  { fault: "lime-feeder-trip", at: "1h", for: "3h" },
  { fault: "dead", connection: "utilities", at: "5h", for: "30min" },
  { fault: "feed-loss", at: "7h", for: "1h" },
  { fault: "dead", connection: "grinding", at: "10h", for: "20min" },
  { fault: "lime-feeder-trip", at: "13h", for: "3h" },
  { fault: "dead", connection: "utilities", at: "17h", for: "30min" },
  { fault: "feed-loss", at: "19h", for: "1h" },
  { fault: "dead", connection: "grinding", at: "22h", for: "20min" },
];

const built = useBrowser();

/** Neither polls nor waits for an answer sooner than the machine can. */
function unhurried(plant: Plant): Plant {
  const periodMs = PERIOD_MS * SPEED;
  const connections = plant.connections.map((one) => ({ ...one, timeoutMs: one.timeoutMs * SPEED }));
  const tags = plant.tags.map((tag) => {
    const { source } = tag;
    const own = source.protocol === "opcua" ? { ...source, samplingMs: PERIOD_MS } : source;
    return { ...tag, source: own, periodMs: Math.max(tag.periodMs, periodMs) };
  });
  return { ...plant, connections, tags };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** By how much the second half of the looks has more of it than the first. */
function growth(uses: readonly PageUse[], of: keyof PageUse): number {
  const half = Math.floor(uses.length / 2);
  const values = uses.map((use) => use[of]);
  return median(values.slice(half)) - median(values.slice(0, half));
}

/** Looks at the page every quarter of an hour of the plant, until a day is over. */
async function watch(page: Page, clock: Clock, begun: number): Promise<PageUse[]> {
  const uses: PageUse[] = [];
  for (let at = begun + WARM_UP; at <= begun + DAY; at += BETWEEN_LOOKS) {
    await pause(Math.max(0, at - clock.now()) / SPEED);
    const use = await useOf(page);
    uses.push(use);
    const { heapBytes, nodes, detached, listeners } = use;
    const hours = ((at - begun) / HOUR).toFixed(2);
    console.log(
      `${hours} h: ${(heapBytes / 1e6).toFixed(2)} MB, ${nodes} nodes, ${detached} detached, ${listeners} listeners`,
    );
  }
  return uses;
}

describe.runIf(process.env["PUMA_SOAK"] !== undefined)("the overview on a screen that nobody touches", () => {
  it(
    "holds no more in the second half of a day of the plant, with its shifts, its midnight and its alarms, than in the first",
    { timeout: 40 * MINUTE },
    async () => {
      const clock = acceleratedClock(SPEED, systemClock.now());
      const begun = clock.now();
      const file = join(root, "devices", "plants", "puma.yaml");
      await using running = await runPlant(file, unhurried, { clock }, clock, {
        webDir: built.webDir,
        speed: SPEED,
      });
      const { alarms } = running.gateway.view;
      const { page, complaints, close } = await openPage(built.browser, {
        viewport: { width: 1920, height: 1080 },
      });
      await page.goto(running.gateway.httpUrl);
      await page.locator('.page[data-link="live"] .area-tile .spark-line').first().waitFor();
      const date = (): Promise<string> => page.locator(".clock .quiet").innerText();
      const firstDay = await date();
      for (const request of TROUBLE) running.simulated.inject(request);

      const uses = await watch(page, clock, begun);

      await takeScreenshot(page, "whole-day", true);
      const calls = alarms.history(begun, clock.now(), null, 10_000).filter(({ cause }) => cause === "alarm");
      const [heapBytes, nodes, detached, listeners] = (
        ["heapBytes", "nodes", "detached", "listeners"] as const
      ).map((of) => growth(uses, of));
      console.log(
        `${calls.length} alarms; second half against first: ${((heapBytes ?? NaN) / 1e6).toFixed(2)} MB, ` +
          `${nodes} nodes, ${detached} detached, ${listeners} listeners`,
      );
      await until(async () => (await date()) !== firstDay);
      expect(calls.length).toBeGreaterThan(20);
      expect(heapBytes).toBeLessThanOrEqual(GROWTH_BYTES_MAX);
      expect(nodes).toBeLessThanOrEqual(200);
      expect(detached).toBeLessThanOrEqual(5);
      expect(listeners).toBeLessThanOrEqual(20);
      expect(complaints).toEqual([]);
      await close();
    },
  );
});
