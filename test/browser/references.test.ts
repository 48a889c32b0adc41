import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, useBrowser } from "../support/browser.ts";
import type { PageLanguage } from "../support/browser.ts";
import { AFTER } from "../support/gold-gateway.ts";
import type { LaboratoryGateway } from "../support/laboratory.ts";
import { differenceFromReference } from "../support/references.ts";
import { serveStillPlant, STILL_NOW } from "../support/still-plant.ts";
import { startWorkedBalance } from "../support/worked-balance.ts";

const VARIANTS = [
  ["es-PE", "light"],
  ["en", "dark"],
] as const;

const built = useBrowser();
let plant: Awaited<ReturnType<typeof serveStillPlant>>;
let balance: LaboratoryGateway;

beforeAll(async () => {
  plant = await serveStillPlant(built.webDir);
  balance = await startWorkedBalance(() => AFTER, built.webDir);
});
afterAll(async () => {
  await plant[Symbol.asyncDispose]();
  await balance[Symbol.asyncDispose]();
});

/** A page at a moment that does not pass. */
async function openStill(language: PageLanguage, colorScheme: "light" | "dark", now: number) {
  const watched = await openPage(built.browser, {
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
    timezoneId: "America/Lima",
    language,
    colorScheme,
  });
  await watched.page.clock.setFixedTime(now);
  // The page's clock counts on by it from what the gateway last said.
  await watched.page.addInitScript(() => {
    performance.now = () => 0;
  });
  return watched;
}

async function differing(page: Page, address: string, ready: string, name: string): Promise<string | null> {
  await page.goto(address);
  await page.locator('.page[data-link="live"] h1').waitFor();
  await page.locator(ready).first().waitFor();
  return differenceFromReference(page, name);
}

describe.each(VARIANTS)("in %s, %s, to the pixel as before", (language, theme) => {
  it.each([
    ["overview", "/", ".area-tile .spark-line"],
    ["grinding", "/area/grinding", ".mimic-item"],
    ["alarms", "/alarms?alarm=AT-401A.LL", ".alarm-row"],
  ])("is the page %s", async (name, path, ready) => {
    const { page, complaints, close } = await openStill(language, theme, STILL_NOW);
    expect(await differing(page, plant.url + path, ready, `${name}-${language}-${theme}`)).toBeNull();
    expect(complaints).toEqual([]);
    await close();
  });

  it("is the balance", async () => {
    const { page, complaints, close } = await openStill(language, theme, AFTER);
    const address = `${balance.gateway.httpUrl}/balance?period=shift&at=2026-11-22T15:00:00-05:00`;
    expect(await differing(page, address, ".sankey svg", `balance-${language}-${theme}`)).toBeNull();
    expect(complaints).toEqual([]);
    await close();
  });
});
