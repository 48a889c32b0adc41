import { afterAll, beforeAll, expect, it } from "vitest";
import type { Browser, Page } from "playwright-core";
import { SIMULATORS_PATH } from "../../src/domain/page-paths.ts";
import type { PagePath } from "../../src/domain/page-paths.ts";
import { axeFaults, openPage, signIn, takeScreenshot, useBrowser } from "./browser.ts";
import type { PageLanguage, WatchedPage } from "./browser.ts";
import { foreignTexts } from "./fonts.ts";
import { AFTER, SHIFT } from "./gold-gateway.ts";
import type { LaboratoryGateway } from "./laboratory.ts";
import { compareWithReferences, PATIENCE } from "./references.ts";
import type { Comparison, Extent } from "./references.ts";
import { serveStillPlant, STILL_NOW } from "./still-plant.ts";
import type { StillPlant } from "./still-plant.ts";
import { cutTexts, shownLines } from "./stretched-text.ts";
import { startWorkedBalance } from "./worked-balance.ts";

/** Where a page is to be seen. */
interface Place {
  readonly address: string;
  /** Is there once the page is drawn. */
  readonly ready: string;
  /** Else the plant that stands still. */
  readonly at?: "guarded" | "balance";
  /** Shown with the frame around it. */
  readonly isWhole?: true;
}

/** Each page. One that is missing here does not compile. */
const PLACES: Readonly<Record<PagePath, Place>> = {
  "/": { address: "/", ready: ".area-tile .spark-line", isWhole: true },
  "/alarms": { address: "/alarms", ready: ".alarm-row" },
  "/alarms/shelved": { address: "/alarms/shelved", ready: "tbody tr" },
  "/alarms/suppressed": { address: "/alarms/suppressed", ready: "tbody tr" },
  "/alarms/history": { address: "/alarms/history", ready: "tbody tr:nth-child(9)" },
  "/alarms/performance": { address: "/alarms/performance", ready: "tbody tr" },
  "/area/:area": { address: "/area/leach", ready: ".mimic-item" },
  "/equipment/:id": { address: "/equipment/ML-203", ready: ".chart canvas" },
  "/tag/:tag": { address: "/tag/AT-401A", ready: ".chart canvas" },
  "/tags": { address: "/tags", ready: ".tags" },
  "/trends": { address: "/trends?tags=FT-207,DT-207,WIT-201,XS-203", ready: "tbody tr:nth-child(4)" },
  "/assays": { address: "/assays", ready: ".control circle" },
  "/lots": { address: "/lots", ready: "tbody tr:nth-child(2)" },
  "/records/:kind": { address: "/records/downtime", ready: "tbody tr:nth-child(2)" },
  "/report": { address: "/report", ready: "tbody tr" },
  "/devices": { address: "/devices", ready: ".spool-bar" },
  "/configuration": { address: "/configuration", ready: "tbody tr:nth-child(2)" },
  [SIMULATORS_PATH]: { address: "/simulators", ready: "[data-row]" },
  "/balance": {
    address: "/balance?period=shift&at=2026-11-22T15:00:00-05:00",
    ready: ".sankey svg",
    at: "balance",
  },
  "/report/:date/:shift": { address: `/report/${SHIFT.key}`, ready: ".paper h1", at: "balance" },
  "/login": { address: "/login", ready: "#present-password", at: "guarded" },
  "/users": { address: "/users", ready: "tbody tr:nth-child(4)", at: "guarded", isWhole: true },
};

/** What there is to be seen besides. */
const MORE: Readonly<Record<string, Place>> = {
  grinding: { address: "/area/grinding", ready: ".mimic-item" },
  faceplate: { address: "/alarms?alarm=AT-401A.LL", ready: ".alarm-detail" },
};

/** Words that no Spanish text has. */
const ENGLISH = /\b(the|of|and|is|in|not|with|from|since|to|by|at)\b/u;
const BROKEN = /NaN|undefined|Infinity|\[object|\bnull\b/u;

const WIDE = { width: 1920, height: 1080 };
const USUAL = { width: 1280, height: 800 };

/** Where each part of the control room is served, and its time, which stands still. */
interface Still {
  readonly plant: StillPlant;
  readonly balance: LaboratoryGateway;
}

const originOf = ({ plant, balance }: Still, { at }: Place): string => {
  if (at === "guarded") return plant.guardedUrl;
  return at === "balance" ? balance.gateway.httpUrl : plant.url;
};

/** A page at a moment that does not pass. */
async function openStill(browser: Browser, language: PageLanguage): Promise<WatchedPage> {
  const watched = await openPage(browser, {
    viewport: USUAL,
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
    colorScheme: "light",
    timezoneId: "America/Lima",
    // What else the browser says of itself is another with each of its versions.
    userAgent: "Chromium",
    language,
  });
  const { page } = watched;
  await page.clock.setFixedTime(STILL_NOW);
  // The page's clock counts on by it from what the gateway last said.
  await page.addInitScript(() => {
    performance.now = () => 0;
  });
  // All that the gateway says of the machine that it runs on.
  await page.route("**/api/v1/gateway", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as object;
    await route.fulfill({
      response,
      json: { ...answer, memoryBytes: 212_000_000, runtime: "24.0.0", liveClients: 1 },
    });
  });
  return watched;
}

/** Goes to another page, within the document where that is possible. */
async function goTo(page: Page, still: Still, place: Place): Promise<void> {
  const origin = originOf(still, place);
  if (!page.url().startsWith(`${origin}/`) || (await page.locator(".page").count()) === 0) {
    await page.clock.setFixedTime(place.at === "balance" ? AFTER : STILL_NOW);
    await page.goto(origin);
    if (place.at === "guarded") await signIn(page, "jorge");
    await page.locator('.page[data-link="live"] h1').waitFor();
  }
  await page.evaluate((href) => {
    history.pushState(null, "", href);
    dispatchEvent(new PopStateEvent("popstate"));
  }, place.address);
  await page.locator(`main ${place.ready}`).first().waitFor();
}

interface Look {
  readonly page: Page;
  readonly language: PageLanguage;
  readonly comparison: Comparison;
}

/** Everything that is wrong with the page that is shown: for somebody who sees it in either theme, hears it, or reads it in a language
 *  whose words are longer. */
async function faultsOf(
  { page, language, comparison }: Look,
  name: string,
  extent: Extent,
): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const difference = await comparison.differenceOf(`${name}-${language}-${colorScheme}`, extent);
    if (difference !== null) faults.push(difference);
    const found = await axeFaults(page, { coloursOnly: colorScheme === "dark" });
    faults.push(...found.map((fault) => `${colorScheme}: ${fault}`));
  }
  const lines = await shownLines(page);
  faults.push(...lines.filter((line) => BROKEN.test(line)));
  if (language === "es-PE") faults.push(...lines.filter((line) => ENGLISH.test(line)));
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(WIDE);
  await takeScreenshot(page, `${name}-${language}-wide`);
  await page.setViewportSize(USUAL);
  faults.push(...(await cutTexts(page)), ...(await foreignTexts(page)));
  return faults.map((fault) => `${name}: ${fault}`);
}

/** Names pictures by where they were taken: `tag-AT-401A`. */
function nameOf({ address }: Place): string {
  const { pathname } = new URL(address, "http://gateway");
  return pathname === "/" ? "overview" : pathname.slice(1).replaceAll(/\W+/g, "-");
}

/** In the order of the walk, so that the document stays as long as it can. */
const STOPS: readonly (readonly [name: string, place: Place])[] = [
  ...Object.values(PLACES).map((place) => [nameOf(place), place] as const),
  ...Object.entries(MORE),
].toSorted(([, one], [, other]) => (one.at ?? "").localeCompare(other.at ?? ""));

async function walk(browser: Browser, still: Still, language: PageLanguage): Promise<string[]> {
  const { page, complaints, close } = await openStill(browser, language);
  const look: Look = { page, language, comparison: compareWithReferences(page) };
  const faults: string[] = [];
  await page.goto(still.plant.guardedUrl);
  await page.locator("#sign-in-name").waitFor();
  faults.push(...(await faultsOf(look, "entrance", "whole")));
  for (const [name, place] of STOPS) {
    await goTo(page, still, place);
    faults.push(...(await faultsOf(look, name, place.isWhole === true ? "whole" : "within its frame")));
  }
  // The browser itself says of an answer that somebody has to sign in first.
  faults.push(...complaints.filter((text) => !/401/u.test(text)));
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await close();
  return faults;
}

/** Declares the test that goes to every page in a language: one file for each, so that they run beside each other. */
export function walksEveryPage(language: PageLanguage): void {
  const built = useBrowser();
  let still: Still;
  beforeAll(async () => {
    const balance = await startWorkedBalance(() => AFTER, built.webDir);
    still = { plant: await serveStillPlant(built.webDir), balance };
  });
  afterAll(async () => {
    await still.plant[Symbol.asyncDispose]();
    await still.balance[Symbol.asyncDispose]();
  });
  it(
    `every page is without fault for everybody in ${language}, in both themes to the pixel as before, and cuts no text that is a third longer`,
    PATIENCE,
    async () => {
      expect(await walk(built.browser, still, language)).toEqual([]);
    },
  );
}
