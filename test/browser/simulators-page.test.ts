import { join } from "node:path";
import { expect, it } from "vitest";
import { severity } from "../../src/domain/status.ts";
import { systemClock } from "../../src/domain/system-clock.ts";
import { openPage, useBrowser } from "../support/browser.ts";
import { root, runPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";
import { usePuma } from "../support/watched-puma.ts";

const built = useBrowser();
const puma = usePuma(built.webDir);

it("a fault from the page strikes as a real one does, and is cleared there", async () => {
  const reading = () => puma.readingOf("FT-207");
  await until(() => severity(reading().status) === 0, 60_000);
  const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${puma.httpUrl}/simulators`);
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
  await page.goto(`${puma.httpUrl}/simulators`);
  const row = page.locator('[data-row="FIC-201.SP"]');
  await row.getByLabel("Nuevo valor de FIC-201.SP").fill("3.62");
  await row.getByRole("button", { name: "Poner" }).click();
  await row.getByText("3.62 t/h").waitFor();
  await until(() => Math.abs(Number(puma.readingOf("FIC-201.SP").value) - 3.62) < 1e-3, 60_000);
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
