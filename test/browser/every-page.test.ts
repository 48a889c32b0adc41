import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openControl } from "../../simulators/control.ts";
import type { Control } from "../../simulators/control.ts";
import { loadConfiguration } from "../../src/config/load.ts";
import { SIMULATORS_PATH } from "../../src/domain/page-paths.ts";
import type { PagePath } from "../../src/domain/page-paths.ts";
import type { Reading } from "../../src/domain/batch.ts";
import { severity } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { createSimulatorDesk } from "../../src/gateway/simulator-channel.ts";
import { faultsInBothThemes, openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { PageLanguage } from "../support/browser.ts";
import { foreignTexts } from "../support/fonts.ts";
import { root, runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { cutTexts, shownLines } from "../support/stretched-text.ts";
import { until } from "../support/until.ts";

const built = useBrowser();
let dir: string;
let puma: RunningPlant;
let control: Control;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-every-page-"));
  const socket = join(dir, "control.sock");
  const file = join(root, "devices", "plants", "puma.yaml");
  const started = loadConfiguration(file);
  const origin = { started, read: () => started };
  const more = { webDir: built.webDir, simulators: createSimulatorDesk(socket), origin };
  puma = await runPlant(file, undefined, {}, systemClock, more);
  control = await openControl(puma.simulated, socket);
  await until(() => severity(readingOf("FT-207").status) === 0, 60_000);
  await fillBooks();
});
afterAll(async () => {
  await control.close();
  await puma[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

function readingOf(id: string): Reading {
  const { view } = puma.gateway;
  return view.reading(view.plant.tags.find((tag) => tag.id === id)?.index ?? -1);
}

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(puma.gateway.httpUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** Something of everything that people enter and do, so that no page is empty. */
async function fillBooks(): Promise<void> {
  const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
  const cut = { cut_from: ago(10), cut_to: ago(4), unit: "g/t" };
  await post("/api/v1/assays", [
    { sample: "S-1", point: "AY-901", value: 12.35, batch: "B-7", ...cut },
    { sample: "S-2", point: "AY-901", kind: "duplicate", value: 12.9, batch: "B-7", ...cut },
    { sample: "Q-1", point: "", kind: "standard", material: "CRM-5", value: 5.6, batch: "B-7", ...cut },
    { sample: "Q-2", point: "", kind: "blank", value: 0.01, batch: "B-7", ...cut },
  ]);
  await post("/api/v1/lots", { ref: "L-1", at: ago(8), vein: "Puma", wetT: 32.5, moisturePercent: 3.5 });
  await post("/api/v1/downtime", {
    from: ago(3),
    to: ago(2),
    equipment: "ML-203",
    code: "breakdown",
    note: "perno",
  });
  await post("/api/v1/notes", {
    from: ago(1),
    topic: "bypass",
    area: "grinding",
    equipment: "ML-203",
    text: "puenteado",
  });
  await post("/api/v1/alarms/AT-401A.L/shelve", { minutes: 60, reason: "sonda en limpieza" });
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

async function walk(language: PageLanguage, report: string): Promise<string[]> {
  const faults: string[] = [];
  const { page, complaints, close } = await openPage(built.browser, { viewport: USUAL, language });
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  await page.goto(puma.gateway.httpUrl);
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

it.each(["es-PE", "en"] as const)(
  "every page is without fault for everybody in %s, in both themes, and cuts no text that is a third longer",
  async (language) => {
    const shifts = (await (await fetch(`${puma.gateway.httpUrl}/api/v1/reports`)).json()) as {
      key: string;
    }[];
    expect(await walk(language, `/report/${shifts[0]?.key ?? ""}`)).toEqual([]);
  },
);

// After the walk, because the plant is not well any more.
it("a fault from the page strikes as a real one does, and is cleared there", async () => {
  const reading = () => readingOf("FT-207");
  await until(() => severity(reading().status) === 0, 60_000);
  const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${puma.gateway.httpUrl}/simulators`);
  await page.getByLabel("Falla", { exact: true }).selectOption("dead");
  await page.getByLabel("En qué").selectOption("device P2");
  await page.getByRole("button", { name: "Provocar" }).click();
  await page.getByRole("button", { name: "Quitar muerto P2" }).waitFor();
  await until(() => reading().value === null, 60_000);
  await page.getByRole("button", { name: "Quitar muerto P2" }).click();
  await page.getByText("Ninguna falla en curso.").waitFor();
  await until(() => severity(reading().status) === 0, 60_000);
  await close();
});

it("a setpoint from the page is what the plant runs by, and one beyond its range is refused", async () => {
  const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${puma.gateway.httpUrl}/simulators`);
  const row = page.locator('[data-row="FIC-201.SP"]');
  await row.getByLabel("Nuevo valor de FIC-201.SP").fill("3.62");
  await row.getByRole("button", { name: "Poner" }).click();
  await row.getByText("3.62 t/h").waitFor();
  await until(() => Math.abs(Number(readingOf("FIC-201.SP").value) - 3.62) < 1e-3, 60_000);
  await row.getByLabel("Nuevo valor de FIC-201.SP").fill("80");
  await row.getByRole("button", { name: "Poner" }).click();
  // The browser says so at the field, and nothing was sent.
  expect(await row.locator("input:invalid").count()).toBe(1);
  expect(await row.innerText()).toContain("3.62 t/h");
  await close();
});

it("a gateway of a plant has neither the page nor a way to it", async () => {
  await using plain = await runPlant(
    join(root, "devices", "plants", "one-meter.yaml"),
    undefined,
    {},
    systemClock,
    { webDir: built.webDir },
  );
  expect((await fetch(`${plain.gateway.httpUrl}/simulators`)).status).toBe(404);
  const { page, close } = await openPage(built.browser);
  await page.goto(plain.gateway.httpUrl);
  await page.locator('.page[data-link="live"] a[href="/tags"]').first().waitFor();
  expect(await page.locator('a[href="/simulators"]').count()).toBe(0);
  await close();
});
