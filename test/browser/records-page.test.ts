import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { clockAt, startLaboratory } from "../support/laboratory.ts";
import type { LaboratoryGateway } from "../support/laboratory.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");

const built = useBrowser();
let work: string;
let lab: LaboratoryGateway;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "puma-records-"));
});
afterAll(async () => {
  await rm(work, { recursive: true });
});

beforeEach(async () => {
  lab = await startLaboratory(
    clockAt(() => NOW),
    { title: "Planta modular Puma" },
    built.webDir,
  );
  watched = await openPage(built.browser, {
    viewport: { width: 1280, height: 800 },
    timezoneId: "Asia/Tokyo",
  });
  page = watched.page;
  await page.goto(`${lab.gateway.httpUrl}/lots`);
  await page.getByRole("heading", { name: "Registros: Lote de mineral" }).waitFor();
});
afterEach(async () => {
  await watched.close();
  await lab[Symbol.asyncDispose]();
});

async function fillLot(wetT: string): Promise<void> {
  await page.getByLabel("Número").fill("L-118");
  await page.getByLabel("Fecha y hora").fill("2026-11-22 09:30");
  await page.getByLabel("Veta u origen").fill("Veta Puma");
  await page.getByLabel("Masa húmeda").fill(wetT);
  await page.getByLabel("Humedad").fill("3.5");
}

describe("the page of records", () => {
  it("takes a lot in plant time, says what is wrong at its field, and lists what was entered", async () => {
    await fillLot("32,5");
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("«32,5» tiene coma decimal; escriba punto");
    expect(await page.getByLabel("Masa húmeda").getAttribute("aria-invalid")).toBe("true");
    await takeScreenshot(page, "records-refused", true);

    await page.getByLabel("Masa húmeda").fill("32.5");
    await page.getByRole("button", { name: "Guardar", exact: true }).click();
    await page.getByText("Guardado: 1").waitFor();
    expect(await page.locator("tbody tr").innerText()).toMatch(
      /L-118[\s\S]*09:30[\s\S]*Veta Puma[\s\S]*32\.5 t[\s\S]*local engineer/,
    );
    expect((await lab.get("/api/v1/lots")).body).toMatchObject([
      { from: "2026-11-22T14:30:00.000Z", body: { wetT: 32.5, gradeGPerT: null } },
    ]);
  });

  it("corrects with a reason, and takes back, by keyboard alone", async () => {
    await lab.post("/api/v1/lots", {
      ref: "L-118",
      at: "2026-11-22 09:30",
      vein: "Veta Puma",
      wetT: 32.5,
      moisturePercent: 3.5,
    });
    await page.reload();
    await page.getByRole("button", { name: "Corregir L-118" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Corrección de L-118, versión 1").waitFor();
    expect(await page.getByLabel("Fecha y hora").inputValue()).toBe("2026-11-22 09:30");
    await page.getByLabel("Masa húmeda").fill("33");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Motivo de la corrección").fill("boleta mal leída");
    await page.keyboard.press("Enter");
    await page.getByText("Guardado: 1").waitFor();
    expect((await lab.get("/api/v1/lots")).body).toMatchObject([
      { version: 2, body: { wetT: 33 }, reason: "boleta mal leída" },
      { version: 1 },
    ]);
    await page.getByRole("button", { name: "Corregir L-118" }).click();
    await page.getByLabel("Motivo de la corrección").fill("otra planta");
    await page.getByRole("button", { name: "Anular" }).click();
    await page.getByText("anulado").first().waitFor();
    await takeScreenshot(page, "records-versions", true);
  });

  it("takes assays, sieve analyses and files, in English too", async () => {
    await page.getByRole("button", { name: "EN", exact: true }).click();
    await page.getByRole("main").getByRole("link", { name: "Assay", exact: true }).click();
    await page.getByLabel("Sampling point").selectOption("AY-903");
    await page.getByLabel("Sample", { exact: true }).fill("S1");
    await page.getByLabel("Cut from").fill("2026-11-22T07:00");
    await page.getByLabel("Cut to").fill("2026-11-22T19:00");
    await page.getByLabel("Result").fill("<0.005");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved: 1").waitFor();
    expect(await lab.assays()).toMatchObject([
      { point: "AY-903", value: 0.0025, cutFrom: "2026-11-22T12:00:00.000Z" },
    ]);

    await page.getByRole("link", { name: "Sieve analysis" }).click();
    await page.getByLabel("Number").fill("M-1");
    await page.getByLabel("From").fill("2026-11-22T07:00");
    await page.getByLabel("Sampling point").fill("AY-952");
    await page.getByLabel("Screens").fill("212:98.5 150:92 106:80");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved: 1").waitFor();

    await page.getByRole("link", { name: "Downtime" }).click();
    const file = join(work, "paradas.csv");
    await writeFile(
      file,
      "equipo;desde;hasta;código\r\nBM1;22/11/2026 10:00;22/11/2026 11:30;breakdown\r\nBM1;22/11/2026 11:00;22/11/2026 12:00;planned\r\n",
    );
    await page.getByLabel("Import a CSV file").setInputFiles(file);
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toMatch(/Row 3, From:\s+it overlaps with BM1@/);
    await takeScreenshot(page, "records-downtime-en", true);
    expect(watched.complaints.filter((text) => !text.includes("400 (Bad Request)"))).toEqual([]);
    expect([...watched.origins]).toEqual([new URL(lab.gateway.httpUrl).origin]);
  });

  it("takes the laboratory's file whole or not at all: what is wrong is told by row and column", async () => {
    const head = "muestra;punto;corte desde;corte hasta;valor;unidad\r\n";
    const cut = "22/11/2026 07:00;22/11/2026 19:00";
    const importFile = async (name: string, rows: string): Promise<void> => {
      const file = join(work, name);
      await writeFile(file, head + rows);
      await page.getByLabel("Importar un archivo CSV").setInputFiles(file);
    };
    await page.goto(`${lab.gateway.httpUrl}/assays`);
    await importFile("malo.csv", `S1;AY-901;${cut};8.4;g/t\r\nS3;AY-903;${cut};0,5;g/t\r\n`);
    const refused = page.getByRole("alert");
    await refused.getByText(/Fila 3, Resultado: «0,5» tiene coma decimal; escriba punto/).waitFor();
    await importFile("peor.csv", `S1;AY-901;${cut};8.4;g/t\r\nS2;AY-999;${cut};0.5;g/t\r\n`);
    await refused
      .getByText(/Fila 3, Punto de muestreo: la planta no tiene el punto de muestreo AY-999/)
      .waitFor();
    expect(await lab.assays()).toEqual([]);
    await page.getByText("Nada en las últimas semanas.").waitFor();
    await takeScreenshot(page, "assays-refused", true);

    await importFile("bueno.csv", `S1;AY-901;${cut};8.4;g/t\r\nS2;AY-903;${cut};<0.005;g/t\r\n`);
    await page.getByText("Guardado: 2").waitFor();
    expect((await lab.assays()).map(({ sample, value }) => [sample, value])).toEqual([
      ["S1", 8.4],
      ["S2", 0.0025],
    ]);
    await importFile("otra-vez.csv", `S1;AY-901;${cut};8.4;g/t\r\n`);
    await page.getByText("Ya se conocía: nada ha cambiado.").waitFor();
    await page.getByLabel("Punto", { exact: true }).selectOption("AY-903");
    expect(await page.locator(".record-list tbody tr").count()).toBe(1);
    expect(watched.complaints.filter((text) => !text.includes("400 (Bad Request)"))).toEqual([]);
  });

  it("holds back a batch whose standard failed, and lets it go for a reason", async () => {
    const cut = { cut_from: "2026-11-22 07:00", cut_to: "2026-11-22 19:00", unit: "g/t", batch: "B-7" };
    await lab.post("/api/v1/assays", [
      { sample: "S1", point: "AY-901", value: 8.4, ...cut },
      { sample: "Q1", point: "", kind: "standard", material: "OREAS-5", value: 6, ...cut },
    ]);
    await page.goto(`${lab.gateway.httpUrl}/assays`);
    const held = page.getByRole("table", { name: "Lotes analíticos retenidos" });
    await held.waitFor();
    expect(await held.innerText()).toMatch(/B-7\s+2\s+.*Q1: 6\.3/);
    expect(await page.locator(".control .point.bad").count()).toBe(1);
    await page.getByLabel("Motivo para liberar B-7").fill("patrón mal rotulado");
    await page.getByRole("button", { name: "Liberar" }).click();
    await page.getByText("Ningún lote está retenido.").waitFor();
    expect(await lab.assays("?point=AY-901")).toMatchObject([
      { state: "accepted", reason: "patrón mal rotulado", by: "local engineer" },
    ]);
  });

  it("has a name for every control, and fits a tablet in the dark", async () => {
    for (const kind of [
      "Ensaye",
      "Lote de mineral",
      "Fundición",
      "Inventario",
      "Lixiviación intensiva",
      "Parada",
      "Análisis de malla",
      "Nota de guardia",
    ]) {
      await page.getByRole("main").getByRole("link", { name: kind, exact: true }).click();
      const nameless = await page.$$eval("form input, form select, form button", (controls) =>
        controls
          .filter((one) => ((one as HTMLInputElement).labels?.length ?? 0) === 0 && one.textContent === "")
          .map((one) => one.outerHTML),
      );
      expect(nameless, kind).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 768, height: 1024 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await takeScreenshot(page, "records-tablet", true);
  });
});
