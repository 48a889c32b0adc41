import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openControl } from "../../simulators/control.ts";
import type { Control } from "../../simulators/control.ts";
import { severity } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { createSimulatorDesk } from "../../src/gateway/simulator-channel.ts";
import { buildPage, faultsInAllVariants, launchChromium, openPage } from "../support/browser.ts";
import { root, runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";

let browser: Browser;
let webDir: string;
let dir: string;
let puma: RunningPlant;
let control: Control;

beforeAll(async () => {
  webDir = await buildPage();
  browser = await launchChromium();
  dir = await mkdtemp(join(tmpdir(), "puma-simulators-page-"));
  const socket = join(dir, "control.sock");
  const more = { webDir, simulators: createSimulatorDesk(socket) };
  puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), undefined, {}, systemClock, more);
  control = await openControl(puma.simulated, socket);
}, 120_000);
afterAll(async () => {
  await control.close();
  await puma[Symbol.asyncDispose]();
  await browser.close();
  await rm(dir, { recursive: true });
  await rm(webDir, { recursive: true });
}, 60_000);

it("a fault from the page strikes as a real one does, and is cleared there", async () => {
  const tag = puma.gateway.view.plant.tags.find(({ id }) => id === "FT-207");
  const reading = () => puma.gateway.view.reading(tag?.index ?? -1);
  await until(() => severity(reading().status) === 0, 60_000);
  const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${puma.gateway.httpUrl}/simulators`);
  await page.getByLabel("Falla", { exact: true }).selectOption("dead");
  await page.getByLabel("En qué").selectOption("device P2");
  await page.getByRole("button", { name: "Provocar" }).click();
  await page.getByRole("button", { name: "Quitar dead P2" }).waitFor();
  await until(() => reading().value === null, 60_000);
  await page.getByRole("button", { name: "Quitar dead P2" }).click();
  await page.getByText("Ninguna falla en curso.").waitFor();
  await until(() => severity(reading().status) === 0, 60_000);
  await close();
});

it("the page can be read by everybody in both languages and themes", async () => {
  const url = `${puma.gateway.httpUrl}/simulators`;
  expect(await faultsInAllVariants(browser, url, ".simulator-form", "simulators")).toEqual([]);
});

it("a gateway of a plant has neither the page nor a way to it", async () => {
  await using plain = await runPlant(
    join(root, "devices", "plants", "one-meter.yaml"),
    undefined,
    {},
    systemClock,
    { webDir },
  );
  expect((await fetch(`${plain.gateway.httpUrl}/simulators`)).status).toBe(404);
  const { page, close } = await openPage(browser);
  await page.goto(plain.gateway.httpUrl);
  await page.locator('.page[data-link="live"] a[href="/tags"]').first().waitFor();
  expect(await page.locator('a[href="/simulators"]').count()).toBe(0);
  await close();
});
