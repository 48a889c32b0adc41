import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { faultsInAllVariants, openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { SHIFT } from "../support/gold-gateway.ts";
import { batchFrom } from "../support/history.ts";
import { clockAt, startLaboratory } from "../support/laboratory.ts";
import type { LaboratoryGateway } from "../support/laboratory.ts";
import { course } from "../support/metric-bench.ts";
import { pumaWithoutDevices } from "../support/still-plant.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const HOUR = 3_600_000;
const MOISTURE_PERCENT = 3.4;

const built = useBrowser();
let now = SHIFT.from + 3 * HOUR;
let lab: LaboratoryGateway;
let watched: WatchedPage;
let page: Page;

/** The Puma plant without its devices: its readings stand in the history. */
async function startPuma(): Promise<LaboratoryGateway> {
  const changes = pumaWithoutDevices();
  const started = await startLaboratory(
    clockAt(() => now),
    changes,
    built.webDir,
  );
  const indexOf = (id: string): number => changes.tags.find((tag) => tag.id === id)?.index ?? -1;
  // The counter of the belt, which runs faster and slower.
  const counted = (time: number): number => {
    const hours = (time - SHIFT.from) / HOUR;
    return Math.round(100 * (7_300 + 4.4 * hours + 0.6 * Math.sin(hours))) / 100;
  };
  const rows = course(SHIFT.from - HOUR, SHIFT.to + HOUR, 30_000, counted);
  started.gateway.historian.append(batchFrom(indexOf("WQT-201"), rows));
  await started.gateway.historian.sync();
  started.gateway.reopen(SHIFT.from);
  return started;
}

const added = async (path: string, record: object): Promise<void> => {
  const { body } = await lab.post(path, record);
  expect(body, JSON.stringify(body)).toMatchObject({ added: 1 });
};

beforeAll(async () => {
  lab = await startPuma();
  const reason = "sonda en limpieza";
  expect((await lab.post("/api/v1/alarms/AT-401A.L/shelve", { minutes: 60, reason })).status).toBe(200);
  now += 2 * HOUR;
  await until(async () => {
    const { state } = (await lab.get("/api/v1/alarms/AT-401A.L")).body as { readonly state?: string };
    return state !== "SHELVED";
  }, 30_000);
  await added("/api/v1/notes", {
    from: "2026-11-22 09:10",
    topic: "bypass",
    area: "grinding",
    equipment: "LSH-205",
    text: "Interruptor de nivel puenteado",
  });
  now = SHIFT.to + HOUR;
  await added("/api/v1/downtime", {
    from: "2026-11-22 10:00",
    to: "2026-11-22 11:30",
    equipment: "CV-202",
    code: "breakdown",
    note: "faja cortada",
  });
  await added("/api/v1/assays", {
    sample: "H-1",
    point: "AY-950",
    cut_from: "2026-11-22 07:00",
    cut_to: "2026-11-22 19:00",
    value: MOISTURE_PERCENT,
    unit: "%",
  });
  await until(async () => {
    const { figures = [] } = (await lab.get(`/api/v1/reports/shift/${SHIFT.key}`)).body as {
      readonly figures?: readonly { readonly metric: string; readonly state: string }[];
    };
    return figures.some(({ metric, state }) => metric === "feed-tonnes" && state === "PROVISIONAL");
  }, 60_000);
});
afterAll(() => lab[Symbol.asyncDispose]());

beforeEach(async () => {
  watched = await openPage(built.browser, {
    viewport: { width: 1280, height: 800 },
    timezoneId: "Asia/Tokyo",
  });
  page = watched.page;
  await page.goto(`${lab.gateway.httpUrl}/report/${SHIFT.key}`);
  await paper().getByText("Toneladas secas molidas").first().waitFor();
});
afterEach(async () => {
  expect(watched.complaints).toEqual([]);
  await watched.close();
});

const paper = (): Locator => page.locator(".paper");

/** What the counter went forward in the shift, as the historian has it, t. */
async function countedT(): Promise<number> {
  const query = `from=${SHIFT.from}&to=${SHIFT.to + 1}&max=2000`;
  const { v } = (await lab.get(`/api/v1/tags/WQT-201/history?${query}`)).body as unknown as { v: number[] };
  return (v.at(-1) ?? NaN) - (v[0] ?? NaN);
}

test("the totals of a shift equal the historian's to the last digit that is shown", async () => {
  const row = paper().locator("tr", { hasText: "Toneladas secas molidas" }).first();
  const shown = (await row.locator("td").nth(1).innerText()).trim();
  const dryT = (await countedT()) * (1 - MOISTURE_PERCENT / 100);
  const decimals = shown.split(".")[1]?.length ?? 0;
  expect(dryT).toBeGreaterThan(50);
  expect(shown).toBe(dryT.toFixed(decimals));
});

test("a report carries bypasses, alarms that were put aside and downtime, with who, when and why", async () => {
  const rows = async (text: string): Promise<string> =>
    (await paper().locator("tr", { hasText: text }).first().innerText()).replaceAll(/\s+/g, " ");
  expect(await rows("puenteado")).toMatch(
    /Bypass 22\/11\/\d+, 09:10 – sigue Molienda, LSH-205 .* ingeniero local/,
  );
  expect(await rows("AT-401A.L")).toMatch(
    /aplazada 22\/11\/\d+, 10:00 .*12:00 ingeniero local: sonda en limpieza/,
  );
  expect(await rows("faja cortada")).toMatch(/CV-202 .*10:00.*11:30 1\.50 avería faja cortada/);
  const text = await paper().innerText();
  expect(text).not.toMatch(/NaN|undefined|null|\bday\b|\bnight\b/);
  await takeScreenshot(page, "report", true);
});

test("two signatures lock a report, and what comes after that is a numbered correction", async () => {
  await page.getByLabel("Nombre", { exact: true }).fill("Rosa Quispe");
  await page.getByRole("button", { name: "Entregar guardia" }).click();
  await page.getByText(/Entregó Rosa Quispe/).waitFor();
  await page.getByLabel("Nombre", { exact: true }).fill("Luis Mamani");
  await page.getByRole("button", { name: "Recibir guardia" }).click();
  // The browser says that the box is not ticked; nothing was sent.
  expect(await page.getByText(/Recibió/).count()).toBe(0);
  await page.getByLabel("He leído este reporte").check();
  await page.getByRole("button", { name: "Recibir guardia" }).click();
  await page.getByText("Cerrado: entregado y recibido.").waitFor();
  await paper().getByText("Guardia entregada y recibida: el reporte está cerrado.").waitFor();

  await page.getByLabel("Texto").fill("Se halló después: perno del forro");
  await page.getByLabel("Motivo").fill("quedó sin anotar");
  await page.getByRole("button", { name: "Anotar" }).click();
  await page
    .getByText(/Corrección 1, ingeniero local, .*: quedó sin anotar/)
    .first()
    .waitFor();
  await paper().getByText("Se halló después: perno del forro").waitFor();

  now += 60_000;
  await added("/api/v1/assays", {
    sample: "H-1",
    point: "AY-950",
    cut_from: "2026-11-22 07:00",
    cut_to: "2026-11-22 19:00",
    value: 3.9,
    unit: "%",
    reason: "balanza sin tarar",
  });
  const changed = page.getByText(/Ha cambiado desde la firma: .*cifras/);
  await until(async () => {
    await page.reload();
    await paper().getByText("Toneladas secas molidas").first().waitFor();
    return (await changed.count()) > 0;
  }, 60_000);
  const dry = paper().locator("tr", { hasText: "Toneladas secas molidas" }).first().locator("td").nth(1);
  const signed = await dry.innerText();
  await page.getByRole("button", { name: "Ver como está ahora" }).click();
  await until(async () => Number(await dry.innerText()) < Number(signed));
  await page.getByRole("button", { name: "Ver lo firmado" }).click();
  await until(async () => (await dry.innerText()) === signed);
  await page.getByLabel("Nombre", { exact: true }).fill("Ana Rojas");
  await page.locator("#correction-text").fill("humedad corregida");
  await page.getByRole("button", { name: "Emitir corrección" }).click();
  await page
    .getByText(/Corrección 2, Ana Rojas, .*: humedad corregida/)
    .first()
    .waitFor();
  await until(async () => Number(await dry.innerText()) < Number(signed));
});

test("printed it is A4 of two to four pages, black on white from the dark page too, with text that can be selected", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  const dir = await mkdtemp(join(tmpdir(), "puma-pdf-"));
  const file = join(dir, "report.pdf");
  await page.pdf({ path: file, preferCSSPageSize: true });
  const { stdout: about } = await run("pdfinfo", [file]);
  const { stdout: text } = await run("pdftotext", ["-layout", file, "-"]);
  await rm(dir, { recursive: true });
  expect(about).toMatch(/Page size: .*\(A4\)/);
  const pages = Number(/Pages:\s+(\d+)/.exec(about)?.[1]);
  expect(pages).toBeGreaterThanOrEqual(2);
  expect(pages).toBeLessThanOrEqual(4);
  for (const words of [
    "Reporte de guardia 2026-11-22, día",
    "Toneladas secas molidas",
    "Condiciones abiertas",
    "avería",
    "perno del forro",
    "Rosa Quispe",
    "Corrección 2",
  ])
    expect(text).toContain(words);
  // What surrounds the report on the screen stays there.
  expect(text).not.toContain("Imprimir");
});

test("the list of shifts says who handed over, who took over and what was corrected", async () => {
  await page.getByRole("link", { name: "Todas las guardias" }).click();
  const row = page.locator(`[data-row="${SHIFT.key}"]`);
  await row.waitFor();
  expect(await row.innerText()).toMatch(/2026-11-22, día[\s\S]*Rosa Quispe[\s\S]*Luis Mamani[\s\S]*2$/);
});

test("a report that was signed can be read by everybody in both languages and themes", async () => {
  const address = `${lab.gateway.httpUrl}/report/${SHIFT.key}`;
  expect(await faultsInAllVariants(built.browser, address, ".paper h1", "report-signed")).toEqual([]);
});
