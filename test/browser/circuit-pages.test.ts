import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { PageOptions } from "../support/browser.ts";
import { pictureOf, strongPixels } from "../support/pictures.ts";
import { root, runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";

const AREAS = [
  "crushing",
  "grinding",
  "gravity",
  "leach",
  "elution",
  "reagents",
  "detox",
  "tailings",
  "utilities",
];
const SIZES = [
  [640, 400],
  [1024, 768],
  [1280, 800],
  [1920, 1080],
  [3840, 2160],
] as const;

const built = useBrowser();
let puma: RunningPlant;
let url: string;

beforeAll(async () => {
  puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), undefined, { seed: 1 }, undefined, {
    webDir: built.webDir,
  });
  url = puma.gateway.httpUrl;
  const isWell = (): boolean =>
    puma.gateway.view.isReady() &&
    puma.gateway.view.plant.tags.every(({ index }) => puma.gateway.view.reading(index).status === 0) &&
    puma.gateway.view.alarms.all().every(({ state }) => state === "NORM" || state === "SUPPR");
  await until(isWell, 100_000);
}, 120_000);
afterAll(async () => {
  await puma[Symbol.asyncDispose]();
});

async function open(path: string, options: PageOptions = {}) {
  const watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 }, ...options });
  await watched.page.goto(url + path);
  await watched.page.locator('.page[data-link="live"] h1').waitFor();
  return watched;
}

async function isReady(page: Page, path: string): Promise<void> {
  const ready =
    path === "/" ? ".area-tile .spark-line" : path.startsWith("/area/") ? ".mimic-item" : "main .panel";
  await page.locator(ready).first().waitFor();
}

describe("the first load", () => {
  it("is useful with less than 400 kB, from this gateway only, and complains about nothing", async () => {
    const watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
    const devtools = await watched.page.context().newCDPSession(watched.page);
    await devtools.send("Network.enable");
    let bytes = 0;
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await watched.page.goto(url);
    await isReady(watched.page, "/");
    await watched.page.getByRole("region", { name: "Indicadores" }).waitFor();
    expect(bytes).toBeLessThan(400_000);
    expect(watched.complaints).toEqual([]);
    expect([...watched.origins]).toEqual([url]);
    await watched.close();
  });

  it("is drawn once its font is there, which the browser keeps and whose licence is beside it", async () => {
    const { page, close } = await openPage(built.browser);
    const { promise: letThrough, resolve } = Promise.withResolvers<void>();
    await page.route("**/*.woff2", async (route) => {
      await letThrough;
      await route.continue();
    });
    await page.addInitScript(() => {
      const kept = globalThis as unknown as { hadFont?: boolean };
      new MutationObserver(() => {
        if (document.querySelector(".page") !== null)
          kept.hadFont ??= document.fonts.check("13px IBM Plex Sans");
      }).observe(document, { childList: true, subtree: true });
    });
    // The page waits for its font for a second at most, which is not to pass here.
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1_000);
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => document.fonts.status === "loading");
    expect(await page.locator(".page").count()).toBe(0);
    const answered = page.waitForResponse(/\.woff2$/u);
    resolve();
    const { "cache-control": kept, "content-type": type } = (await answered).headers();
    expect([kept, type]).toEqual([expect.stringContaining("immutable"), "font/woff2"]);
    await page.clock.resume();
    await page.locator(".page h1").waitFor();
    expect(await page.evaluate(() => (globalThis as unknown as { hadFont?: boolean }).hadFont)).toBe(true);
    const licences = await (await fetch(`${url}/licences.txt`)).text();
    expect(licences).toMatch(/ibm-plex-sans.*OFL[^]*SIL OPEN FONT LICENSE[^]*ibm-plex-mono/u);
    expect(licences).toMatch(/^## preact /mu);
    await close();
  });

  it("comes without its font too, if that does not", async () => {
    const { page, close } = await openPage(built.browser);
    await page.route("**/*.woff2", (route) => route.abort());
    await page.goto(url);
    await isReady(page, "/");
    await close();
  });
});

describe("the overview", () => {
  it("shows every area with its values, what was made so far, figures, assays and devices", async () => {
    const { page, close } = await open("/");
    await isReady(page, "/");
    const areas = await page.$$eval(".area-tile", (tiles) =>
      tiles.map((tile) => tile.getAttribute("data-area")),
    );
    expect(areas).toEqual(AREAS);
    const rate = page.locator('[data-indicator="WIT-201"]');
    expect(await rate.innerText()).toMatch(/WIT-201\s+\S.*\s+\d\.\d\d\s+t\/h/);
    expect(
      await rate.locator(".moving-band, .moving-limit, .moving-setpoint, .moving-pin").count(),
    ).toBeGreaterThan(3);
    await page.locator('[data-figure="feed-dry"] .value', { hasText: /\d\.\d/ }).waitFor();
    expect(await page.locator('[data-counter="WQT-201"]').innerText()).toMatch(
      /Guardia[\s\S]*plan 51\.8 t[\s\S]*Día/,
    );
    expect(await page.locator("[data-assay]").count()).toBe(3);
    expect(await page.locator(".device").count()).toBe(8);
    await close();
  });
});

describe("a circuit", () => {
  it.each(AREAS)("%s is drawn from the plant file, with its values beside the equipment", async (area) => {
    const { page, complaints, close } = await open(`/area/${area}`);
    await isReady(page, `/area/${area}`);
    const drawn = await page.$$eval(".mimic-item", (items) =>
      items.map((item) => item.getAttribute("data-equipment")),
    );
    const named = (puma.gateway.view.plant.equipment ?? []).filter((one) => one.area === area);
    expect(new Set(drawn)).toEqual(new Set(named.map(({ id }) => id)));
    expect(drawn).toHaveLength(named.length);
    const cut = await page.$$eval(
      ".mimic-item",
      (items) =>
        items.filter(
          (item) => item.scrollHeight > item.clientHeight + 1 || item.scrollWidth > item.clientWidth + 1,
        ).length,
    );
    expect(cut).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  it("shows what runs and what stands still by shape and word", async () => {
    const { page, close } = await open("/area/grinding");
    const mill = page.locator('[data-equipment="ML-203"]');
    await mill.locator("svg.running").waitFor();
    expect(await mill.innerText()).toContain("en marcha");
    await close();
  });
});

describe("a plant that runs as it should", () => {
  it.each(["light", "dark"] as const)(
    "shows no colour but that of live values, in the %s theme",
    async (colorScheme) => {
      const { page, close } = await open("/", { colorScheme });
      for (const path of ["/", ...AREAS.map((area) => `/area/${area}`)]) {
        await page.goto(url + path);
        await page.locator('.page[data-link="live"] h1').waitFor();
        await isReady(page, path);
        await page.mouse.move(0, 0);
        // On a machine that is busy with other things a reading may be late for a moment, and is marked then.
        const coloured = async (): Promise<number> => strongPixels(await pictureOf(page)).length;
        await until(async () => (await coloured()) === 0, 30_000).catch(async () => {
          await takeScreenshot(page, "coloured");
          expect([path, await coloured()]).toEqual([path, 0]);
        });
      }
      await close();
    },
  );
});

describe("every screen", () => {
  it("shows the pages without scrolling sideways, and everything that can be pressed is large enough", async () => {
    const { page, close } = await open("/");
    for (const path of ["/", "/area/grinding", "/area/leach", "/equipment/ML-203", "/tag/AT-401A"]) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(url + path);
      await page.locator('.page[data-link="live"] h1').waitFor();
      await isReady(page, path);
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        const found = await page.evaluate(() => {
          const faults = document.documentElement.scrollWidth > innerWidth ? ["scrolls sideways"] : [];
          for (const one of document.querySelectorAll("a, button, input, select")) {
            const { width: w, height: h } = one.getBoundingClientRect();
            if (w > 0 && one.className !== "skip" && (w < 24 || h < 23.5))
              faults.push(`${one.textContent.slice(0, 30)} ${w.toFixed(0)}x${h.toFixed(0)}`);
          }
          return faults;
        });
        // At 200 % a drawing is small; its equipment is in the lists below it, in full size.
        const faults = width === 640 ? found.filter((fault) => fault === "scrolls sideways") : found;
        expect({ path, width, faults }).toEqual({ path, width, faults: [] });
      }
      await page.setViewportSize({ width: 1920, height: 1080 });
      await takeScreenshot(page, `wide${path.replaceAll("/", "-")}`);
    }
    await close();
  });

  it("has the plant's times, whatever the zone of the browser", async () => {
    const times: string[][] = [];
    for (const timezoneId of ["Asia/Tokyo", "America/Lima"]) {
      const { page, close } = await open("/tag/AT-401A", { timezoneId });
      // What is written on the canvas.
      await page.addInitScript(() => {
        const drawn: string[] = [];
        const { prototype } = CanvasRenderingContext2D;
        prototype.fillText = new Proxy(Reflect.get(prototype, "fillText"), {
          apply(write, canvas, [text, ...place]: Parameters<CanvasRenderingContext2D["fillText"]>) {
            drawn.push(text);
            Reflect.apply(write, canvas, [text, ...place]);
          },
        });
        Object.assign(globalThis, { drawn });
      });
      await page.reload();
      await page.locator(".chart canvas").waitFor();
      const readAxis = async (): Promise<string[]> =>
        (await page.evaluate(() => (globalThis as unknown as { drawn: string[] }).drawn)).filter((text) =>
          /^\d\d:\d\d$/.test(text),
        );
      await until(async () => new Set(await readAxis()).size > 4);
      const axis = [...new Set(await readAxis())];
      const hour = (await page.locator(".clock time").innerText()).slice(0, 2);
      times.push(axis.filter((text) => text !== axis[0] && text !== axis.at(-1)));
      const expected = (new Date().getUTCHours() + 19) % 24;
      expect([expected, (expected + 23) % 24, (expected + 1) % 24]).toContain(Number(hour));
      await close();
    }
    const [tokyo = [], lima = []] = times;
    expect(tokyo.filter((time) => lima.includes(time)).length).toBeGreaterThanOrEqual(4);
  });
});

describe("the keyboard", () => {
  it("leads from the overview over a circuit to its equipment and back", async () => {
    const { page, close } = await open("/");
    await page.keyboard.press("4");
    await page.locator("h1", { hasText: "Lixiviación" }).waitFor();
    await isReady(page, "/area/leach");
    const isAt = (): Promise<boolean> =>
      page.evaluate(() => document.activeElement?.getAttribute("href") === "/equipment/TK-401");
    for (let stop = 0; stop < 60 && !(await isAt()); stop++) await page.keyboard.press("Tab");
    expect(await isAt()).toBe(true);
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: "· TK-401" }).waitFor();
    await page.keyboard.press("0");
    await page.locator("h1", { hasText: "Vista general" }).waitFor();
    await close();
  });
});

describe("the faceplate of equipment", () => {
  it("has its tags, permissives, run hours, trends and alarms", async () => {
    const { page, close } = await open("/equipment/ML-203");
    await page
      .getByText(/\d\.\d h de \d\.\d h conocidas/)
      .first()
      .waitFor();
    expect(await page.locator("[data-indicator]").count()).toBeGreaterThan(5);
    expect(await page.locator('[data-state="XS-203"]').innerText()).toMatch(/sí/);
    expect(await page.locator('[data-row="PT-203C.L"]').innerText()).toMatch(/80 kPa/);
    await page.locator(".chart canvas").first().waitFor();
    await page.locator('[data-indicator="JT-203"]').first().click();
    await until(() => page.url().endsWith("/trends?tags=JT-203"));
    await page.goBack();
    await page.locator('[data-state="XS-203"]').click();
    await page.locator("h1", { hasText: "XS-203" }).waitFor();
    await close();
  });
});

// Last, because the plant is not well any more.
describe("a device that dies", () => {
  it("makes its values old, with their age, and leaves the others as they are", async () => {
    const { page, close } = await open("/area/grinding");
    const weight = page.locator('.measurements [data-indicator="WIT-201"]');
    const flow = page.locator('.measurements [data-indicator="FT-207"]');
    await flow.waitFor();
    // Alone on its connection: one that shares a line is not asked again for half a minute.
    const handle = puma.simulated.inject({ fault: "dead", device: "P2" });
    await flow.locator(".indicator-doubt", { hasText: /hace \d+ s/ }).waitFor();
    expect(await weight.getAttribute("class")).toContain("good");
    expect(await flow.locator(".indicator-doubt svg").count()).toBe(1);
    await takeScreenshot(page, "device-dead");
    await handle.clear();
    await until(async () => (await flow.getAttribute("class"))?.includes("good") === true, 60_000);
    await close();
  });

  it("leaves open what runs of what it told, and counts none of that as standing still", async () => {
    const { page, close } = await open("/");
    const tile = page.locator('[data-area="grinding"]');
    await tile.getByText("4 de 4 en marcha").waitFor();
    const handle = puma.simulated.inject({ fault: "dead", device: "P2" });
    await tile.getByText("4 sin dato de marcha").waitFor();
    expect(await tile.innerText()).not.toContain("de 4 en marcha");
    await handle.clear();
    await tile.getByText("4 de 4 en marcha").waitFor();
    await close();
  });
});
