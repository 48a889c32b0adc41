import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { alarmName, alarmPlant, alarmTag } from "../support/alarm-plant.ts";
import { axeFaults, faultsInAllVariants, openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { cutTexts } from "../support/stretched-text.ts";
import { until } from "../support/until.ts";

const ALARMS = 210;

const built = useBrowser();
let running: RunningPlant;
let watched: WatchedPage;
let page: Page;
const field = alarmPlant(ALARMS, 250);

beforeEach(async () => {
  field.set(Array(ALARMS).keys(), 50);
  running = await runPlant(field.plant, undefined, { source: field.source, refreshMs: 1 }, undefined, {
    webDir: built.webDir,
  });
  await until(() => running.gateway.view.isReady(), 20_000);
  watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  page = watched.page;
});
afterEach(async () => {
  await watched.close();
  await running[Symbol.asyncDispose]();
});

async function open(path: string, on = page): Promise<void> {
  await on.goto(running.gateway.httpUrl + path);
  await on.locator('.page[data-link="live"] h1').waitFor();
}

const rowOf = (index: number) => page.locator(`tr[data-alarm="${alarmName(index)}"]`);
const stateOf = (index: number) => running.gateway.view.alarms.view(alarmName(index))?.state;
const isIn = (index: number, state: string) => until(() => stateOf(index) === state, 10_000);

async function confirm(action: string, fill: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.getByRole("button", { name: action, exact: true }).click();
  for (const [label, value] of Object.entries(fill))
    await page.getByRole("dialog").getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Confirmar" }).click();
}

describe("the list of alarms", () => {
  it("tells each priority by shape, number, words and colour, and what the chosen one means", async () => {
    await open("/alarms");
    await page.getByText("No hay alarmas activas.").waitFor();
    field.set([0, 1, 4], 95);
    await rowOf(4).waitFor();
    await until(async () => (await page.locator(".alarm-row").count()) === 3);
    expect(
      await page
        .locator(".alarm-row")
        .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["alarm"])),
    ).toEqual([0, 1, 4].map(alarmName));
    const shapes = await page
      .locator(".alarm-row .priority-mark")
      .evaluateAll((marks) => marks.map((mark) => `${mark.firstElementChild?.tagName} ${mark.textContent}`));
    expect(shapes).toEqual(["rect 1", "path 2", "path 3"]);
    expect(await rowOf(0).innerText()).toMatch(
      /prioridad 1[\s\S]*LT-1000\.H[\s\S]*activa, sin reconocer[\s\S]*95\.0 %[\s\S]*90\.0[\s\S]*Chancado/,
    );
    await rowOf(0).getByRole("button").click();
    const detail = page.getByRole("region", { name: "Alarma elegida" });
    expect(await detail.innerText()).toMatch(/El tanque rebosa[\s\S]*Abrir la descarga[\s\S]*5 min/);
    await detail.locator("canvas").waitFor();
    expect(await detail.getByRole("link").getAttribute("href")).toBe(`/trends?tags=${alarmTag(0)}`);
    await takeScreenshot(page, "alarms-chosen");
    await page.getByLabel("Prioridad", { exact: true }).selectOption("1");
    expect(await page.locator(".alarm-row").count()).toBe(1);
    expect(await page.locator(".alarm-count").innerText()).toBe("1 de 3 activas");
    expect(watched.complaints).toEqual([]);
  });

  it("walks an alarm through its states: acknowledged with a note, gone, shelved, latched and reset", async () => {
    field.set([1, 2], 95);
    await isIn(1, "UNACK");
    await open(`/alarms?alarm=${alarmName(1)}`);
    await confirm("Reconocer", { Nota: "voy a ver" });
    await isIn(1, "ACK");
    await page.getByText("activa, reconocida por local engineer: voy a ver").waitFor();
    field.set([1], 50);
    await isIn(1, "NORM");
    await rowOf(1).waitFor({ state: "detached" });

    await rowOf(2).getByRole("button").click();
    await confirm("Reconocer");
    await isIn(2, "ACK");
    field.set([2], 50);
    await isIn(2, "LATCH_ACK");
    await confirm("Reponer");
    await isIn(2, "NORM");

    field.set([5], 95);
    await rowOf(5).getByRole("button").click();
    await confirm("Aplazar", { Minutos: "15", Motivo: "sensor en prueba" });
    await isIn(5, "SHELVED");
    await page.getByRole("link", { name: "Aplazadas" }).click();
    await page.getByText("sensor en prueba").waitFor();
    await confirm("Reactivar");
    await isIn(5, "UNACK");
    await page.getByRole("link", { name: "Historial" }).click();
    await page
      .locator(`tr:has-text("${alarmName(5)}"):has-text("sensor en prueba")`)
      .first()
      .waitFor();
    const past = await page.locator("tbody").innerText();
    for (const word of ["repuesta", "aplazada", "reconocida", "voy a ver", "95.0 %"])
      expect(past).toContain(word);
  });

  it("sets a limit for a reason, shows that it differs, and goes back", async () => {
    field.set([6], 95);
    await isIn(6, "UNACK");
    await open(`/alarms?alarm=${alarmName(6)}`);
    await confirm("Cambiar límite", { "Límite nuevo": "200", Motivo: "mal" });
    await page.getByRole("alert").filter({ hasText: "nunca pasa de 200" }).waitFor();
    await page.getByRole("dialog").getByLabel("Límite nuevo").fill("97");
    await page.getByRole("button", { name: "Confirmar" }).click();
    await isIn(6, "RTNUN");
    await page.getByText("Difiere del archivo de planta: 90 · local engineer: mal").waitFor();
    await confirm("Volver al límite de planta", { Motivo: "era mejor" });
    await isIn(6, "UNACK");
    expect(running.gateway.view.alarms.adjustments(null, 10).map(({ reason }) => reason)).toEqual([
      "era mejor",
      "mal",
    ]);
  });
});

describe("the horn", () => {
  it("sounds until it is silenced here, and again when something else calls", async () => {
    // A page that nobody has touched yet.
    await page.addInitScript(() =>
      Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: false } }),
    );
    await open("/alarms");
    field.set([0], 95);
    const horn = page.locator('[data-sounding="1"]');
    await horn.waitFor();
    await page.getByRole("button", { name: "Activar sonido" }).click();
    await page.getByRole("button", { name: "Activar sonido" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Silenciar" }).click();
    await page.getByText("Silenciada por local engineer").waitFor();
    const other = await openPage(built.browser);
    await open("/", other.page);
    await other.page.locator('[data-sounding="1"]').waitFor();
    await other.close();
    field.set([7], 95);
    await page.locator('[data-sounding="3"]').waitFor();
    expect(stateOf(0)).toBe("UNACK");
    expect(watched.complaints.filter((text) => !text.includes("AudioContext"))).toEqual([]);
  });
});

describe("a flood", () => {
  it("of 200 alarms keeps the page at hand, the gravest on top and the count right, and is told by the figures", async () => {
    await open("/alarms");
    for (let wave = 0; wave < 10; wave++) {
      field.set(
        Array.from({ length: 20 }, (_, index) => 20 * wave + index),
        95,
      );
      await isIn(20 * wave + 19, "UNACK");
    }
    await page.locator(".alarm-count", { hasText: "200 activas" }).waitFor();
    await page.getByText(/Avalancha: 200 alarmas en 10 minutos/).waitFor();
    const gravest = page.locator("details[open] .alarm-row").first();
    await gravest.waitFor();
    expect((await gravest.boundingBox())!.y).toBeLessThan(800 - 40);
    expect(await page.locator("details[open] .alarm-row").count()).toBe(10);
    await takeScreenshot(page, "alarms-flood", true);
    const delay = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const begin = performance.now();
          document.querySelector<HTMLElement>("details:not([open]) summary")?.click();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begin)));
        }),
    );
    // 200 ms is the aim on a machine of its own; here several share two cores.
    expect(delay).toBeLessThan(1_000);
    const closed = page.locator("details:not([open]) summary");
    expect(await closed.locator(".alarm-group-gravest").count()).toBe(await closed.count());
    const groups = await page.locator("details summary").allInnerTexts();
    const counted = groups.map((text) => Number(/alarmas: (\d+),/.exec(text)?.[1] ?? 0));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(200);
    await page.getByRole("link", { name: "Desempeño" }).click();
    await page.getByRole("row", { name: /Máximo en 10 min/ }).waitFor();
    await takeScreenshot(page, "alarms-performance", true);
    await sameFigures();
  });
});

/** The figures of the page, worked out again from the CSV that it offers. */
async function sameFigures(): Promise<void> {
  const href = await page.getByRole("link", { name: "CSV de este tiempo" }).getAttribute("href");
  const text = await (await fetch(running.gateway.httpUrl + href!)).text();
  const rows = text
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(","));
  const calls = rows.filter(([, , , , , , from, to]) => to === "UNACK" && from !== "UNACK");
  const search = new URL(`http://x${href}`).searchParams;
  const [from, to] = [Date.parse(search.get("from")!), Date.parse(search.get("to")!)];
  const bins = Array.from({ length: Math.ceil((to - from) / 600_000) }, () => 0);
  for (const [utc] of calls) bins[Math.floor((Date.parse(utc!) - from) / 600_000)]!++;
  const shown = async (name: RegExp): Promise<string> =>
    (await page.getByRole("row", { name }).locator("td").first().innerText()).trim();
  const percent = (share: number): string =>
    `${(100 * share).toFixed(Number.isInteger(100 * share) ? 0 : 2)} %`;
  expect(await shown(/Máximo en 10 min/)).toBe(String(Math.max(...bins)));
  expect(await shown(/cada 10 min, promedio/)).toBe((calls.length / bins.length).toFixed(2));
  expect(await shown(/Tramos de 10 min/)).toBe(percent(bins.filter((one) => one > 10).length / bins.length));
  const judged = calls.filter((row) => row[4] !== "4");
  for (const priority of ["1", "2"])
    expect(await shown(new RegExp(`De prioridad ${priority}`))).toBe(
      percent(judged.filter((row) => row[4] === priority).length / judged.length),
    );
}

describe("every part of the alarms", () => {
  it.each([
    ["active", "/alarms", ".alarm-row"],
    ["suppressed", "/alarms/suppressed", ".panel"],
    ["history", "/alarms/history", "tbody tr"],
    ["performance", "/alarms/performance", "tbody tr"],
  ])("%s is without fault for everybody, in both languages and themes", async (name, path, ready) => {
    field.set([0, 1, 4, 8, 9], 95);
    await isIn(9, "UNACK");
    await shelve(1);
    const address = running.gateway.httpUrl + path + (name === "active" ? `?alarm=${alarmName(0)}` : "");
    expect(await faultsInAllVariants(built.browser, address, ready, `alarms-${name}`)).toEqual([]);
  });

  it("fits a tablet and a wall, cuts no title however long, and its dialog has a name for everything", async () => {
    field.set([0, 1, 4, 8, 9], 95);
    await isIn(9, "UNACK");
    for (const [width, height] of [
      [1024, 768],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await open(`/alarms?alarm=${alarmName(0)}`);
      await rowOf(9).waitFor();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      expect(await cutTexts(page)).toEqual([]);
      await takeScreenshot(page, `alarms-${width}`);
    }
    await page.getByRole("button", { name: "Aplazar" }).click();
    expect(await axeFaults(page)).toEqual([]);
  });
});

async function shelve(index: number): Promise<void> {
  const response = await fetch(`${running.gateway.httpUrl}/api/v1/alarms/${alarmName(index)}/shelve`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ minutes: 30, reason: "sensor en prueba" }),
  });
  expect(response.status).toBe(200);
}
