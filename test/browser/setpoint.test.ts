import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { severity } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { axeFaults, openPage, PAGE_VARIANTS, takeScreenshot, useBrowser } from "../support/browser.ts";
import { root, runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";

const chromium = useBrowser();
let puma: RunningPlant;

beforeAll(async () => {
  const file = join(root, "devices", "plants", "puma.yaml");
  puma = await runPlant(file, undefined, {}, systemClock, { webDir: chromium.webDir });
  for (const tag of ["FIC-201.SP", "FIC-602.SP", "XS-602P"]) await until(() => isGood(tag), 60_000);
}, 300_000);
afterAll(() => puma[Symbol.asyncDispose](), 60_000);

function readingOf(tag: string) {
  const { view } = puma.gateway;
  return view.reading(view.plant.tags.findIndex(({ id }) => id === tag));
}

function isGood(tag: string): boolean {
  return severity(readingOf(tag).status) === 0;
}

async function wish(page: Page, tag: string, value: string): Promise<void> {
  await page.goto(`${puma.gateway.httpUrl}/tag/${tag}`);
  await page.getByRole("button", { name: "Cambiar…" }).click();
  await page.getByLabel("Valor nuevo").fill(value);
  await page.getByLabel("Motivo").fill("pulpa espesa");
  await page.getByRole("button", { name: "Revisar" }).click();
}

it("a setpoint is changed on its faceplate: range and reason, old and new, confirmed, and read back from the device", async () => {
  const { page, complaints, close } = await openPage(chromium.browser, {
    viewport: { width: 1280, height: 800 },
  });
  await wish(page, "FIC-201.SP", "4.6");
  const change = page.locator(".setpoint-change");
  await change.waitFor();
  expect(await change.textContent()).toMatch(/Ahora 4\.35\d* t\/h\s*Nuevo 4\.6\d* t\/h/);
  expect(puma.simulated.setpoint("FIC-201.SP")).toBeCloseTo(4.352, 2);
  await page.getByRole("button", { name: "Escribir en el equipo" }).click();
  await page.locator('[data-outcome="confirmed"]').waitFor();
  expect(puma.simulated.setpoint("FIC-201.SP")).toBeCloseTo(4.6, 5);
  expect(complaints).toEqual([]);
  await close();
});

it("what cannot be is said before anything is written", async () => {
  const { page, close } = await openPage(chromium.browser);
  await wish(page, "FIC-201.SP", "4,6");
  await page.getByText("Escriba un número, con punto decimal.").waitFor();
  await page.getByLabel("Valor nuevo").fill("6.5");
  await page.getByRole("button", { name: "Revisar" }).click();
  await page.getByText("No se escribe: El valor está fuera de lo permitido.").waitFor();
  await close();
});

it("what the device does not show within two periods is told as not confirmed", async () => {
  const { page, close } = await openPage(chromium.browser);
  const fault = puma.simulated.inject({ fault: "frozen", tag: "FIC-602.SP" });
  await wish(page, "FIC-602.SP", "20");
  await page.getByRole("button", { name: "Escribir en el equipo" }).click();
  await page.locator('[data-outcome="not-confirmed"]').waitFor();
  await page.getByText("Sin confirmar").waitFor();
  await takeScreenshot(page, "setpoint-not-confirmed");
  await fault.clear();
  await close();
});

it("a tag that nobody may write has no such control", async () => {
  const { page, close } = await openPage(chromium.browser);
  await page.goto(`${puma.gateway.httpUrl}/tag/FT-207`);
  await page.locator('.page[data-link="live"] .chart canvas').waitFor();
  expect(await page.getByRole("button", { name: "Cambiar…" }).count()).toBe(0);
  await close();
});

it("the dialog can be read by everybody in both languages and themes", async () => {
  await until(() => isGood("FIC-602.SP") && isGood("XS-602P"), 60_000);
  const faults: string[] = [];
  for (const variant of PAGE_VARIANTS) {
    const { page, complaints, close } = await openPage(chromium.browser, {
      viewport: { width: 1280, height: 800 },
      ...variant,
    });
    await page.goto(`${puma.gateway.httpUrl}/tag/FIC-602.SP`);
    const isSpanish = variant.language === "es-PE";
    await page.locator(".setpoint dl").waitFor();
    const title = `setpoint-${variant.colorScheme}-${variant.language}`;
    await takeScreenshot(page, `${title}-page`);
    await page.getByRole("button", { name: isSpanish ? "Cambiar…" : "Change…" }).click();
    await page.locator("#setpoint-value").fill("25");
    await page.locator("#setpoint-reason").fill("CN");
    if (variant.colorScheme === "dark") faults.push(...(await axeFaults(page)));
    await page.locator(".setpoint-form button").click();
    await page.locator(".setpoint-change").waitFor();
    if (variant.colorScheme === "light") faults.push(...(await axeFaults(page)));
    faults.push(...complaints);
    await takeScreenshot(page, title);
    await close();
  }
  expect(faults).toEqual([]);
});
