import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { loadPlant } from "../../src/config/load.ts";
import type { AlarmView } from "../../src/domain/alarm.ts";
import type { Equipment } from "../../src/domain/equipment.ts";
import { Status } from "../../src/domain/status.ts";
import { axeFaults, openPage, openStretch, takeScreenshot, useBrowser } from "../support/browser.ts";
import { deviceHealthOf, memoryView } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { memoryHistory } from "../support/metric-bench.ts";
import { root } from "../support/plant.ts";
import { plantTags } from "../support/plant-tags.ts";
import { tagOf } from "../support/tags.ts";
import { until } from "../support/until.ts";

const built = useBrowser();

async function live(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('.page[data-link="live"] h1').waitFor();
}

function equipmentOf(id: string, tags: readonly string[], changes: Partial<Equipment> = {}): Equipment {
  return { id, title: id, area: "mill", kind: "mill", running: null, tags, to: [], at: null, ...changes };
}

/** An alarm of no sensible name, value or limit. */
function oddAlarm(id: string): AlarmView {
  const outline = {
    id,
    title: "A".repeat(300),
    area: "mill",
    on: "HUGE",
    type: "H",
    unit: "t/h",
    priority: 1 as const,
    group: id,
    consequence: "C".repeat(300),
    response: "R".repeat(300),
    timeToRespondMs: null,
  };
  const standing = {
    since: Date.now(),
    activeSince: NaN,
    until: null,
    by: "B".repeat(300),
    reason: "W".repeat(300),
  };
  const judged = { firstOut: null, value: 1e308, status: Status.Good, limit: -0, setting: null, outline };
  return { alarm: id, state: "UNACK", ...standing, ...judged };
}

describe("what a device can send", () => {
  const long = "N".repeat(300);
  const odd = [
    tagOf(0, { id: "HUGE", area: "mill", range: { low: 0, high: 1e308 } }),
    tagOf(1, { id: "INFINITE", area: "mill" }),
    tagOf(2, { id: "NOTHING", area: "mill" }),
    tagOf(3, { id: long, title: "T".repeat(300), area: "mill" }),
    tagOf(4, { id: "__proto__", area: "mill", type: "bool", unit: null, range: null }),
    tagOf(5, { id: "COUNT", area: "mill", type: "uint64", unit: null, range: null }),
    tagOf(6, { id: "FLAT", area: "mill", range: { low: 5, high: 5 } }),
    tagOf(7, {
      id: "XSS",
      title: "<img src=x onerror=alert(1)>",
      area: "<b>",
      type: "string",
      unit: null,
      range: null,
    }),
  ];
  const values = [1e308, Infinity, NaN, -0, true, 18446744073709551615n, NaN, "<script>alert(1)</script>"];

  it("never breaks a page", async () => {
    const history = memoryHistory();
    const now = Date.now();
    for (const { index } of odd.slice(0, 4))
      history.add(index, [
        { time: now - 60_000, value: -1e308 },
        { time: now - 30_000, value: 1e308 },
        { time: now - 10_000, value: NaN, status: Status.BadSensorFailure },
      ]);
    const view = memoryView(odd, {
      title: "<b>Puma</b> ".repeat(30),
      equipment: [
        equipmentOf("E1", ["HUGE", long], { title: "E".repeat(300), running: "__proto__", to: ["E2"] }),
        equipmentOf("E2", ["INFINITE", "NOTHING", "COUNT", "FLAT"]),
      ],
      overview: {
        areas: { mill: ["HUGE", "INFINITE", long] },
        counters: { COUNT: { shift: 1, day: null } },
        assays: [],
        figures: {},
      },
    });
    view.history = history;
    view.alarms = { ...view.alarms, all: () => [oddAlarm(long)] };
    view.health.devices = [
      deviceHealthOf(long, { title: "D".repeat(300), lastError: "E".repeat(300), latencyP50Ms: 1e308 }),
    ];
    odd.forEach(({ id }, index) => view.set(id, { value: values[index] ?? null, sourceTime: now }));
    view.set("NOTHING", { value: null, status: Status.BadSensorFailure, sourceTime: NaN });
    const server = await serveView(view, built.webDir);
    const { page, complaints, close } = await openPage(built.browser, {
      viewport: { width: 1280, height: 800 },
    });
    const faults: string[] = [];
    for (const path of [
      "/",
      "/area/mill",
      "/area/%3Cb%3E",
      "/area/nowhere",
      "/equipment/E1",
      "/equipment/E2",
      "/equipment/none",
      "/tag/HUGE",
      "/tag/NOTHING",
      "/tag/__proto__",
      "/tag/none",
      `/tag/${long}`,
      "/tags",
      "/alarms",
      `/alarms?alarm=${long}`,
      "/devices",
      "/trends?tags=HUGE,INFINITE,NOTHING,COUNT,FLAT,__proto__",
      "/report",
      "/assays",
      "/lots",
    ]) {
      await live(page, server.url + path);
      await page.waitForFunction(() => document.querySelector("main")?.getAnimations().length === 0);
      const text = await page.locator("body").innerText();
      const broken = /NaN|undefined|Infinity|\[object|null/.exec(text)?.[0];
      if (broken !== undefined) faults.push(`${path}: ${broken}`);
      expect(await page.locator("img, b, main script").count()).toBe(0);
      for (const width of [640, 1024, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
        if (scrolled > width) faults.push(`${path.slice(0, 40)} at ${width} is ${scrolled} wide`);
      }
    }
    expect([faults, complaints]).toEqual([[], []]);
    await close();
    await server.close();
  });
});

describe("another plant", () => {
  it("without metallurgy, equipment or alarms has a sensible overview, circuit and faceplate from its YAML alone", async () => {
    const plant = loadPlant(join(root, "devices", "plants", "one-meter.yaml"), {});
    const view = memoryView(plant.tags, { ...plant, http: { host: "127.0.0.1", port: 0, auth: "none" } });
    for (const { id, range } of plant.tags) view.set(id, { value: range?.low ?? 5, sourceTime: Date.now() });
    view.history = memoryHistory();
    const server = await serveView(view, built.webDir);
    const { page, complaints, close } = await openPage(built.browser, {
      viewport: { width: 1024, height: 768 },
    });
    await live(page, server.url);
    expect(await page.locator('.area-tile[data-area="workshop"] [data-indicator]').count()).toBe(3);
    expect(await axeFaults(page)).toEqual([]);
    await takeScreenshot(page, "one-meter");
    await page.keyboard.press("1");
    await page.locator("h1", { hasText: "workshop" }).waitFor();
    expect(await page.locator(".mimic-frame").count()).toBe(0);
    await page.locator('[data-indicator="kW"]').click();
    await until(() => page.url().endsWith("/trends?tags=kW"));
    await live(page, `${server.url}/tag/kW`);
    expect(complaints).toEqual([]);
    await close();
    await server.close();
  });
});

describe("a device that goes away", () => {
  it("leaves what its counter had counted, hatched and with its age", async () => {
    const now = Date.now();
    const tags = [tagOf(0, { id: "COUNT", area: "mill", unit: "t", range: null })];
    const counters = { COUNT: { shift: 50, day: 100 } };
    const view = memoryView(tags, { overview: { areas: {}, counters, assays: [], figures: {} } });
    const history = memoryHistory();
    history.add(0, [
      { time: now - 5_000, value: 10 },
      { time: now - 1_000, value: 25 },
    ]);
    view.history = history;
    view.set("COUNT", { value: 25, sourceTime: now - 1_000 });
    const server = await serveView(view, built.webDir);
    const { page, complaints, close } = await openPage(built.browser, {
      viewport: { width: 1280, height: 800 },
    });
    await live(page, server.url);
    const shift = page.locator('[data-counter="COUNT"] .so-far .value').first();
    await until(async () => (await shift.innerText()).startsWith("15"));
    expect(await page.locator(".counter-age").count()).toBe(0);
    view.set("COUNT", { value: null, status: Status.BadNoCommunication, sourceTime: Date.now() });
    await page.locator(".counter-age", { hasText: /hace \d+ s/ }).waitFor();
    expect(await shift.innerText()).toMatch(/^15/);
    const image = await shift.locator("span").evaluate((span) => getComputedStyle(span).backgroundImage);
    expect(image).toContain("repeating-linear-gradient");
    expect(await axeFaults(page)).toEqual([]);
    await takeScreenshot(page, "counter-away");
    expect(complaints).toEqual([]);
    await close();
    await server.close();
  });
});

describe("a gateway that goes away", () => {
  it("is announced on every page, and nothing on it looks live", async () => {
    const tags = plantTags();
    const view = memoryView(
      tags.map(({ tag }) => tag),
      { equipment: [equipmentOf("M1", ["JT-211"], { area: "grinding", running: "XS-261" })] },
    );
    view.history = memoryHistory();
    for (const { tag, typical } of tags) view.set(tag.id, { value: typical, sourceTime: Date.now() });
    const server = await serveView(view, built.webDir);
    const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
    for (const path of ["/", "/area/grinding", "/equipment/M1", "/tag/JT-211"]) {
      const stretch = await openStretch(server.port);
      await live(page, stretch.url + path);
      await page.locator(".value span").first().waitFor();
      const colours = (): Promise<string[]> =>
        page.$$eval("main .value, main .value span", (values) => [
          ...new Set(values.map((value) => getComputedStyle(value).color)),
        ]);
      const isRunning = await page.locator("svg.running").count();
      const [liveColour] = await page.$$eval("main .value", ([value]) => [
        value === undefined ? "" : getComputedStyle(value).color,
      ]);
      stretch.fallSilent();
      await page.getByRole("alert").waitFor();
      const shown = await page.$$eval("main .value span", (values) => [
        ...new Set(values.map((value) => getComputedStyle(value).color)),
      ]);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown).not.toContain(liveColour);
      expect((await colours()).length).toBeGreaterThan(0);
      if (isRunning > 0) expect(await page.locator("svg.running").count()).toBe(0);
      stretch.recover();
      await page.locator('.page[data-link="live"]').waitFor({ timeout: 20_000 });
      stretch.close();
    }
    await close();
    await server.close();
  });
});
