import type { Browser, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { SIMULATORS_PATH } from "../../src/domain/page-paths.ts";
import type { PagePath } from "../../src/domain/page-paths.ts";
import { faultsInBothThemes, openPage, takeScreenshot, useBrowser } from "./browser.ts";
import type { PageLanguage } from "./browser.ts";
import { foreignTexts } from "./fonts.ts";
import { cutTexts, shownLines } from "./stretched-text.ts";
import { usePuma } from "./watched-puma.ts";

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** Something of everything that people enter and do, so that no page is empty. */
async function fillBooks(httpUrl: string): Promise<void> {
  const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const cut = { cut_from: ago(10), cut_to: ago(4), unit: "g/t" };
  await post(`${httpUrl}/api/v1/assays`, [
    { sample: "S-1", point: "AY-901", value: 12.35, batch: "B-7", ...cut },
    { sample: "S-2", point: "AY-901", kind: "duplicate", value: 12.9, batch: "B-7", ...cut },
    { sample: "Q-1", point: "", kind: "standard", material: "CRM-5", value: 5.6, batch: "B-7", ...cut },
    { sample: "Q-2", point: "", kind: "blank", value: 0.01, batch: "B-7", ...cut },
  ]);
  await post(`${httpUrl}/api/v1/lots`, {
    ref: "L-1",
    at: ago(8),
    vein: "Puma",
    wetT: 32.5,
    moisturePercent: 3.5,
  });
  await post(`${httpUrl}/api/v1/downtime`, {
    from: ago(3),
    to: ago(2),
    equipment: "ML-203",
    code: "breakdown",
    note: "perno",
  });
  await post(`${httpUrl}/api/v1/notes`, {
    from: ago(1),
    topic: "bypass",
    area: "grinding",
    equipment: "ML-203",
    text: "puenteado",
  });
  await post(`${httpUrl}/api/v1/alarms/AT-401A.L/shelve`, { minutes: 60, reason: "sonda en limpieza" });
}

/** An address of each page, and what is there once it is drawn. A page that is missing here does not compile. */
const PLACES: Readonly<Record<PagePath, readonly [address: string, ready: string]>> = {
  "/": ["/", ".area-tile .spark-line"],
  "/alarms": ["/alarms", ".panel"],
  "/alarms/shelved": ["/alarms/shelved", "tbody tr"],
  "/alarms/suppressed": ["/alarms/suppressed", "tbody tr"],
  "/alarms/history": ["/alarms/history", "tbody tr"],
  "/alarms/performance": ["/alarms/performance", "tbody tr"],
  "/area/:area": ["/area/leach", ".mimic-item"],
  "/equipment/:id": ["/equipment/ML-203", ".chart canvas"],
  "/tag/:tag": ["/tag/AT-401A", ".chart canvas"],
  "/tags": ["/tags", ".tags"],
  "/trends": ["/trends?tags=FT-207,DT-207,WIT-201,XS-203", "tbody tr:nth-child(4)"],
  "/balance": ["/balance?period=shift", ".panel"],
  "/assays": ["/assays", ".control circle"],
  "/lots": ["/lots", "tbody tr"],
  "/records/:kind": ["/records/downtime", "tbody tr"],
  "/report": ["/report", "tbody tr"],
  "/report/:date/:shift": ["/report/now", ".paper h1"],
  "/devices": ["/devices", "tbody tr"],
  "/configuration": ["/configuration", "tbody tr"],
  "/login": ["/login", "h1"],
  "/users": ["/users", "h1"],
  [SIMULATORS_PATH]: ["/simulators", "[data-row]"],
};

/** Words that no Spanish text has. */
const ENGLISH = /\b(the|of|and|is|in|not|with|from|since|to|by|at)\b/u;
const BROKEN = /NaN|undefined|Infinity|\[object|\bnull\b/u;

/** Goes to another page within the document. */
async function goTo(page: Page, address: string, ready: string): Promise<void> {
  await page.evaluate((href) => {
    history.pushState(null, "", href);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);
  await page.locator(`main ${ready}`).first().waitFor();
}

const WIDE = { width: 1920, height: 1080 };
const USUAL = { width: 1280, height: 800 };

async function walk(
  browser: Browser,
  httpUrl: string,
  language: PageLanguage,
  report: string,
): Promise<string[]> {
  const faults: string[] = [];
  const { page, complaints, close } = await openPage(browser, { viewport: USUAL, language });
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  await page.goto(httpUrl);
  await page.locator('.page[data-link="live"] h1').waitFor();
  for (const [path, [address, ready]] of Object.entries(PLACES)) {
    await goTo(page, address === "/report/now" ? report : address, ready);
    const name = `every-${path === "/" ? "overview" : path.slice(1).replaceAll(/\W+/g, "-")}-${language}`;
    const note = (found: readonly string[]) => faults.push(...found.map((one) => `${name}: ${one}`));
    const lines = await shownLines(page);
    note(lines.filter((line) => BROKEN.test(line)));
    // What a line says of its trouble stands there in its own words, and a busy machine brings some about.
    if (language === "es-PE" && path !== "/devices") note(lines.filter((line) => ENGLISH.test(line)));
    faults.push(...(await faultsInBothThemes(page, name)));
    await page.setViewportSize(WIDE);
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await takeScreenshot(page, `${name}-${colorScheme}-wide`);
    }
    await page.setViewportSize(USUAL);
    note(await cutTexts(page));
    note(await foreignTexts(page));
  }
  // A plant that has just begun has no figures to balance yet, and a busy machine may lose the link for a moment.
  faults.push(...complaints.filter((text) => !/404|WebSocket/u.test(text)));
  await close();
  return faults;
}

/** Declares the test that goes to every page in a language: one file for each, so that they run beside each other. */
export function walksEveryPage(language: PageLanguage): void {
  const built = useBrowser();
  const puma = usePuma(built.webDir);
  beforeAll(() => fillBooks(puma.httpUrl));
  it(`every page is without fault for everybody in ${language}, in both themes, and cuts no text that is a third longer`, async () => {
    const shifts = (await (await fetch(`${puma.httpUrl}/api/v1/reports`)).json()) as { key: string }[];
    const report = `/report/${shifts[0]?.key ?? ""}`;
    expect(await walk(built.browser, puma.httpUrl, language, report)).toEqual([]);
  });
}
