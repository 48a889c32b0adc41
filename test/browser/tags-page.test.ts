import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { Status } from "../../src/domain/status.ts";
import { openPage, openStretch, takeScreenshot, useBrowser } from "../support/browser.ts";
import { deviceHealthOf, memoryView, outputHealthOf } from "../support/http-view.ts";
import type { MemoryView } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { plantTags } from "../support/plant-tags.ts";
import { tagOf } from "../support/tags.ts";
import { until } from "../support/until.ts";
import type { HttpServer } from "../support/http-server.ts";

const CONNECTION_REFUSED = /ERR_CONNECTION_(REFUSED|RESET|CLOSED)|ERR_EMPTY_RESPONSE|WebSocket connection/;

const LIVE = '.page[data-link="live"] .toolbar';

const tags = plantTags();
const built = useBrowser();
let view: MemoryView;
let server: HttpServer;

/** All tags with their typical values, as of now. */
function readEverything(): ReadingBatch {
  const batch = createBatch(tags.length);
  const now = Date.now();
  for (const { tag, typical } of tags) {
    view.set(tag.id, { value: typical, sourceTime: now, receivedTime: now });
    batch.tag[batch.length++] = tag.index;
  }
  return batch;
}

beforeEach(async () => {
  view = memoryView(
    tags.map(({ tag }) => tag),
    { title: "Planta modular Puma" },
  );
  view.health.devices = ["P1", "P2", "W1", "E1", "E2", "E3", "L", "P3"].map((device) =>
    deviceHealthOf(device, { lastAnswer: Date.now() }),
  );
  readEverything();
  server = await serveView(view, built.webDir);
});
afterEach(() => server.close());

async function openLivePage(options: Parameters<typeof openPage>[1] = {}, url = server.url) {
  const watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 }, ...options });
  await watched.page.goto(`${url}/tags`);
  await watched.page.locator(LIVE).waitFor();
  return watched;
}

/** A page whose time stands still unless it is told to pass: what takes the machine longer is none of the page's. */
async function openTimedPage(url: string) {
  const watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  const { page } = watched;
  const now = Date.now();
  await page.clock.install({ time: now });
  await page.clock.pauseAt(now + 1000);
  await page.goto(`${url}/tags`);
  await until(async () => {
    await page.clock.runFor(20);
    return page.locator(LIVE).isVisible();
  }, 60_000);
  return watched;
}

function valueOf(page: Page, id: string): Promise<string> {
  return page.locator(`tr[data-tag="${id}"] .value`).innerText();
}

/** The colours that values are written in, over the whole page. */
function valueColours(page: Page): Promise<string[]> {
  return page.$$eval(".tags .value span", (spans) => [
    ...new Set(spans.map((span) => getComputedStyle(span).color)),
  ]);
}

describe("the list of tags of a plant that runs", () => {
  it("shows every tag once, with value, unit and quality, and complains about nothing", async () => {
    const { page, complaints, origins, close } = await openLivePage();
    const shown = await page.$$eval("tr.tag", (rows) =>
      rows.map((row) => row.getAttribute("data-tag") ?? ""),
    );
    expect(shown.sort()).toEqual(tags.map(({ tag }) => tag.id).sort());
    const row = await page.locator('tr[data-tag="FT-221"]').innerText();
    expect(row).toMatch(/FT-221\s+Process water to mill and sump 1\s+2\.55\s+m³\/h\s+.*buena\s+\d+ s/s);
    expect(await valueOf(page, "XS-151")).toBe("sí");
    expect(await valueOf(page, "XS-302")).toBe("run");
    expect(await page.locator(".device").count()).toBe(8);
    expect(await page.locator("tr[data-row=mqtt]").innerText()).toContain("1,000");
    expect(await page.locator(".summary").innerText()).toMatch(new RegExp(`buenas\\s+${tags.length}`));
    expect(complaints).toEqual([]);
    expect([...origins]).toEqual([server.url]);
    await close();
  });

  it("shows a change within a second, without drawing the rest of the page again", async () => {
    const { page, close } = await openLivePage();
    await page.$eval('tr[data-tag="FT-222"]', (row) => row.setAttribute("data-untouched", "yes"));
    const lates: number[] = [];
    for (const value of [3.33, 4.44, 5.55, 6.66, 7.77]) {
      const start = performance.now();
      server.publish(view.set("FT-221", { value, sourceTime: Date.now() }));
      await until(async () => (await valueOf(page, "FT-221")) === value.toFixed(2));
      lates.push(performance.now() - start);
    }
    // A busy machine holds up any page: the quieter half of the changes counts.
    expect(lates.toSorted((a, b) => a - b)[2]).toBeLessThan(1000);
    expect(await page.locator('tr[data-untouched="yes"]').count()).toBe(1);
    await close();
  });

  it("shows what is wrong by shape and word: stale with its old value, bad without one", async () => {
    const { page, close } = await openLivePage();
    server.publish(
      view.set("LT-401", { value: 88, status: Status.UncertainStale, sourceTime: Date.now() - 125_000 }),
    );
    server.publish(view.set("LT-402", { value: null, status: Status.BadSensorFailure }));
    const stale = page.locator("tr.uncertain");
    await stale.locator(".age", { hasText: "2 min" }).waitFor();
    expect(await stale.innerText()).toMatch(/88\.0\s+%\s+.*antiguo\s+2 min/s);
    expect(await stale.locator("svg.doubtful").count()).toBe(1);
    expect(
      await stale.locator(".value span").evaluate((span) => getComputedStyle(span).backgroundImage),
    ).toContain("repeating-linear-gradient");
    const bad = page.locator("tr.bad");
    expect(await bad.innerText()).toMatch(/- - -\s+%\s+.*falla sensor/s);
    expect(await bad.locator("svg.failed").count()).toBe(1);
    await page.getByText("Solo anormales").click();
    await until(async () => (await page.locator("tr.tag").count()) === 2);
    await close();
  });

  it("finds tags by id, title and area", async () => {
    const { page, close } = await openLivePage();
    await page.getByRole("searchbox").fill("trunnion");
    await until(async () => (await page.locator("tr.tag").count()) === 6);
    await page.getByRole("search").getByRole("link", { name: "Relaves" }).click();
    await page.getByText("Ninguna señal").waitFor();
    await page.getByRole("searchbox").fill("");
    await until(async () => (await page.locator("tr.tag").count()) === 9);
    await close();
  });

  it("shows the plant's clock, not the browser's", async () => {
    const { page, close } = await openLivePage({ timezoneId: "Asia/Tokyo" });
    await page.locator(".clock time").waitFor();
    expect(await page.locator(".clock").innerText()).toContain("America/Lima (UTC-5)");
    const hour = Number((await page.locator(".clock time").innerText()).slice(0, 2));
    const expected = (new Date().getUTCHours() + 19) % 24;
    expect([expected, (expected + 23) % 24, (expected + 1) % 24]).toContain(hour);
    await close();
  });

  it("costs less than a third of a core with every value changing each second", async () => {
    const { page, close } = await openLivePage();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    // Of all threads of the page; how long they had to wait for a core is not their fault.
    const usedSeconds = async (): Promise<number> => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "ProcessTime")?.value ?? NaN;
    };
    const before = await usedSeconds();
    const start = performance.now();
    for (let second = 1; second <= 5; second++) {
      const batch = readEverything();
      for (const { tag, typical } of tags)
        if (typeof typical === "number") view.set(tag.id, { value: typical + second / 1000 });
      server.publish(batch);
      await until(() => performance.now() > start + second * 1000);
    }
    const share = ((await usedSeconds()) - before) / ((performance.now() - start) / 1000);
    expect(share).toBeLessThan(0.33);
    await close();
  });
});

describe("a gateway that goes away", () => {
  it("is announced at once, nothing looks live, and the page recovers by itself", async () => {
    const { page, complaints, close } = await openTimedPage(server.url);
    const liveColours = await valueColours(page);
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    const { port } = server;
    await server.close();
    await page.getByRole("alert").waitFor(); // without any time
    await page.clock.resume();
    expect(await page.getByRole("alert").innerText()).toMatch(
      /Sin conexión con el gateway desde las \d\d:\d\d:\d\d/,
    );
    expect(liveColours).toHaveLength(1);
    expect(await valueColours(page)).not.toContain(liveColours[0]);

    const returned = memoryView(
      tags.map(({ tag }) => tag),
      { title: "Planta modular Puma", http: { host: "127.0.0.1", port, auth: "none" } },
    );
    for (const { tag, typical } of tags) returned.set(tag.id, { value: typical, sourceTime: Date.now() });
    returned.set("FT-221", { value: 4.444 });
    server = await serveView(returned, built.webDir);
    await page.locator('.page[data-link="live"]').waitFor({ timeout: 6000 });
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await valueOf(page, "FT-221")).toBe("4.44");
    server.publish(returned.set("FT-221", { value: 5.555 }));
    await until(async () => (await valueOf(page, "FT-221")) === "5.56");
    expect(await page.locator("body[data-same-page]").count()).toBe(1);
    expect(complaints.filter((complaint) => !CONNECTION_REFUSED.test(complaint))).toEqual([]);
    await close();
  });

  it("is noticed within three seconds although the connection stays open", async () => {
    const stretch = await openStretch(server.port);
    const { page, close } = await openTimedPage(stretch.url);
    stretch.fallSilent();
    await page.clock.runFor(3000);
    await page.getByRole("alert").waitFor();
    stretch.recover();
    await page.clock.resume();
    await page.locator('.page[data-link="live"]').waitFor({ timeout: 10_000 });
    await close();
    stretch.close();
  });
});

describe("what a device can send", () => {
  it("never breaks the page: odd numbers, long names, markup", async () => {
    const odd = [
      tagOf(0, { id: "HUGE", range: null }),
      tagOf(1, { id: "MINUS-ZERO" }),
      tagOf(2, { id: "COUNT", type: "uint64", range: null, unit: null }),
      tagOf(3, { id: "N".repeat(300), title: "T".repeat(300), area: "A".repeat(300) }),
      tagOf(4, { id: "XSS", title: "<img src=x onerror=alert(1)>", type: "string", unit: null, range: null }),
      tagOf(5, { id: "INFINITE" }),
      tagOf(6, { id: "__proto__", values: { 0: "zero" }, unit: null, range: null }),
      tagOf(7, { id: "FLAT", range: { low: 5, high: 5 } }),
    ];
    const values = [
      1e308,
      -0,
      18446744073709551615n,
      1,
      "<script>alert(1)</script>".repeat(20),
      Infinity,
      7,
      NaN,
    ];
    const oddView = memoryView(odd, { title: "<b>Puma</b> ".repeat(30) });
    odd.forEach(({ id }, index) => oddView.set(id, { value: values[index] ?? null, sourceTime: NaN }));
    oddView.health.devices = [
      deviceHealthOf("D".repeat(300), { state: "silent", lastError: "E".repeat(500) }),
    ];
    oddView.health.outputs = [outputHealthOf("O".repeat(100), { endpoint: "x".repeat(300), accepted: 1e15 })];
    const oddServer = await serveView(oddView, built.webDir);
    const { page, complaints, close } = await openLivePage({}, oddServer.url);
    const text = await page.locator("body").innerText();
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
    expect(await valueOf(page, "COUNT")).toBe("18,446,744,073,709,551,615");
    expect(await valueOf(page, "INFINITE")).toBe("- - -");
    expect(await valueOf(page, "MINUS-ZERO")).toBe("0.0");
    expect(await page.locator("img, b, main script").count()).toBe(0);
    for (const width of [1024, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    expect(complaints).toEqual([]);
    await close();
    await oddServer.close();
  });
});

describe.each([
  ["es-PE", "ES", "Molienda", "buena"],
  ["en", "EN", "Grinding", "good"],
])("in %s", (language, button, area, good) => {
  it.each(["light", "dark"] as const)("with the %s theme it fits every screen", async (colorScheme) => {
    const { page, complaints, close } = await openLivePage({ colorScheme });
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.locator(`html[lang="${language}"]`).waitFor();
    for (const [width, height] of [
      [768, 1024],
      [1024, 768],
      [1280, 800],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      await page.setViewportSize({ width, height });
      await takeScreenshot(page, `tags-${width}-${colorScheme}-${language}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    expect(await page.getByRole("region", { name: area }).count()).toBe(1);
    expect(await page.locator("tr.tag .quality").first().innerText()).toContain(good);
    await page.reload();
    await page.locator('.page[data-link="live"]').waitFor();
    await page.locator(`html[lang="${language}"]`).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});

it("a theme that was chosen is remembered and wins over the system's", async () => {
  const { page, close } = await openLivePage({ colorScheme: "light" });
  const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await ground()).toBe("rgb(217, 217, 217)");
  await page.getByRole("button", { name: "Tema: sistema" }).click();
  await page.getByRole("button", { name: "Tema: claro" }).click();
  await page.getByRole("button", { name: "Tema: oscuro" }).waitFor();
  await page.reload();
  expect(await ground()).toBe("rgb(43, 46, 49)");
  await close();
});

it("the browser of the API works under the content security policy", async () => {
  const { page, complaints, origins, close } = await openPage(built.browser);
  await page.goto(`${server.url}/api/docs`);
  await page.getByText("/api/v1/tags/{tag}").first().waitFor();
  expect(complaints).toEqual([]);
  expect([...origins].filter((origin) => origin !== "null")).toEqual([server.url]);
  await close();
});
