import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PAGE_PATHS } from "../../src/domain/page-paths.ts";
import type { AlarmView } from "../../src/domain/alarm.ts";
import { Status } from "../../src/domain/status.ts";
import { axeFaults, openPage, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { EMPTY_HISTORY } from "../support/history.ts";
import { memoryView } from "../support/http-view.ts";
import type { MemoryView } from "../support/http-view.ts";
import { serveView } from "../support/http-server.ts";
import { plantTags } from "../support/plant-tags.ts";
import { until } from "../support/until.ts";
import type { HttpServer } from "../support/http-server.ts";

const LIVE = '.page[data-link="live"]';

const built = useBrowser();
let view: MemoryView;
let server: HttpServer;
let standing: readonly AlarmView[];
let watched: WatchedPage;
let page: Page;

beforeEach(async () => {
  const tags = plantTags();
  view = memoryView(
    tags.map(({ tag }) => tag),
    { title: "Planta modular Puma" },
  );
  standing = [];
  view.history = EMPTY_HISTORY;
  view.alarms = {
    ...view.alarms,
    all: () => standing,
    view: (id) => standing.find(({ alarm }) => alarm === id) ?? null,
  };
  for (const { tag, typical } of tags) view.set(tag.id, { value: typical, sourceTime: Date.now() });
  server = await serveView(view, built.webDir);
  watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  page = watched.page;
});
afterEach(async () => {
  await watched.close();
  await server.close();
});

async function open(path = "/"): Promise<void> {
  await page.goto(server.url + path);
  await page.locator(`${LIVE} h1`).waitFor();
}

function heading(): Promise<string> {
  return page.locator("h1").innerText();
}

/** An alarm as the desk shows it. */
function alarmOf(id: string, priority: 1 | 2 | 3 | 4, state: AlarmView["state"]): AlarmView {
  return {
    alarm: id,
    state,
    since: 1,
    activeSince: 1,
    until: null,
    by: null,
    reason: null,
    firstOut: null,
    value: 1,
    status: Status.Good,
    limit: null,
    setting: null,
    outline: {
      id,
      title: id,
      area: "leach",
      on: "AT-411",
      type: "low",
      unit: "1",
      priority,
      group: null,
      consequence: "",
      response: "",
      timeToRespondMs: null,
    },
  };
}

describe("the addresses of the page", () => {
  it("are those that the gateway knows, and no others", async () => {
    const answers = await Promise.all(
      [...PAGE_PATHS, "/nonsense", "/tags/x"].map(async (path) => {
        const response = await fetch(server.url + path.replace(/:\w+/g, "x"));
        return [path, response.status, response.headers.get("content-type")?.split(";")[0]];
      }),
    );
    expect(answers).toEqual([
      ...PAGE_PATHS.map((path) => [path, 200, "text/html"]),
      ["/nonsense", 404, "application/json"],
      ["/tags/x", 404, "application/json"],
    ]);
  });

  it("change without loading the document anew, with back and forward, title and focus", async () => {
    await open();
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    await page.getByRole("navigation", { name: "Páginas" }).getByRole("link", { name: "Señales" }).click();
    await page.locator("h1", { hasText: "Señales" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/tags");
    expect(await page.title()).toBe("Señales · Planta modular Puma");
    await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"));
    await page.goBack();
    await page.locator("h1", { hasText: "Vista general" }).waitFor();
    await page.goForward();
    await page.locator("h1", { hasText: "Señales" }).waitFor();
    expect(await page.locator("body[data-same-page]").count()).toBe(1);
    expect(watched.complaints).toEqual([]);
    expect([...watched.origins]).toEqual([server.url]);
  });
});

describe("the keyboard", () => {
  it("leads to every page from anywhere, and ? lists the keys", async () => {
    await open("/tags");
    await page.keyboard.press("0");
    await page.locator("h1", { hasText: "Vista general" }).waitFor();
    await page.keyboard.press("t");
    await page.locator("h1", { hasText: "Señales" }).waitFor();
    await page.getByRole("searchbox").focus();
    await page.keyboard.type("0?");
    expect(await page.getByRole("searchbox").inputValue()).toBe("0?");
    expect(await heading()).toBe("Señales");
    await page.locator("h1").focus();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Teclas" });
    await help.waitFor();
    expect(await help.innerText()).toMatch(/0\s+Vista general/);
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
  });

  it("can be left alone: single keys are switched off, and stay so", async () => {
    await open("/tags");
    await page.getByRole("button", { name: "Teclas" }).click();
    await page.getByLabel("Usar las teclas").uncheck();
    await page.getByRole("button", { name: "Cerrar" }).click();
    await page.reload();
    await page.locator(`${LIVE} h1`).waitFor();
    await page.keyboard.press("0");
    await page.getByRole("button", { name: "EN", exact: true }).click();
    await page.locator("h1", { hasText: "Tags" }).waitFor();
  });

  it("shows where it is: Tab goes from the skip link through the navigation, and each stop has an outline", async () => {
    await open();
    for (let stop = 0; stop < 14; stop++) {
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) return "nothing is focused";
        const { outlineStyle, outlineWidth } = getComputedStyle(focused);
        return `${outlineStyle} ${outlineWidth}`;
      });
      expect(outline).toBe("solid 2px");
    }
  });
});

describe("a browser whose clock is wrong", () => {
  it.each([
    ["an hour ahead", 3_600_000, "El reloj de este equipo adelanta 1 h al de la planta"],
    ["an hour behind", -3_600_000, "El reloj de este equipo atrasa 1 h respecto al de la planta"],
  ])("by %s is told so, and shows the plant's times", async (_, aheadMs, sentence) => {
    await page.addInitScript((ahead) => {
      const right = Date.now;
      Date.now = () => right() + ahead;
    }, aheadMs);
    await open("/tags");
    await page.getByRole("status").filter({ hasText: sentence }).waitFor();
    const shown = async (): Promise<number> => {
      const [hours = 0, minutes = 0] = (await page.locator(".clock time").innerText()).split(":").map(Number);
      return 60 * hours + minutes;
    };
    const apart = Math.abs((await shown()) - limaMinute());
    expect(Math.min(apart, 24 * 60 - apart)).toBeLessThanOrEqual(2);
    // An age counts from the plant's own time: nothing is an hour old.
    expect(await page.locator('tr[data-tag="FT-221"] .age').innerText()).toMatch(/^(\d+ s|[1-9] min)$/);
    expect(await axeFaults(page)).toEqual([]);
  });

  it("by less than people see is told nothing", async () => {
    await open();
    expect(await page.locator(".banner").count()).toBe(0);
  });
});

/** Of the day, in Lima, where the clock is five hours behind UTC. */
function limaMinute(): number {
  const now = new Date(Date.now() - 5 * 3_600_000);
  return 60 * now.getUTCHours() + now.getUTCMinutes();
}

describe("the header", () => {
  it("counts standing alarms by priority, by shape and number, and follows them", async () => {
    standing = [
      alarmOf("a", 1, "UNACK"),
      alarmOf("b", 1, "ACK"),
      alarmOf("c", 3, "ACK"),
      alarmOf("d", 2, "SHELVED"),
    ];
    await open();
    const counts = page.getByRole("list", { name: "Alarmas activas por prioridad" });
    await counts.locator("li.standing").first().waitFor();
    expect(await counts.locator("li.standing").allInnerTexts()).toEqual([
      expect.stringMatching(/2\s*prioridad 1: 2, sin reconocer 1/),
      expect.stringMatching(/1\s*prioridad 3: 1, sin reconocer 0/),
    ]);
    expect(await counts.locator("svg").allTextContents()).toEqual(["1", "3"]);
    expect(await counts.locator("svg.filled").count()).toBe(1);
    standing = [alarmOf("a", 1, "NORM"), alarmOf("b", 1, "NORM"), alarmOf("c", 3, "NORM")];
    server.alarm(["a", "b", "c"]);
    await until(async () => (await counts.locator("svg").count()) === 0);
  });
});

describe("every page", () => {
  it("has no text that is cut off in the header and the navigation, on any screen", async () => {
    for (const [width, height] of [
      [640, 400],
      [768, 1024],
      [1024, 768],
      [1280, 800],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      await page.setViewportSize({ width, height });
      await open();
      const faults = await page.evaluate(() => {
        const found: string[] = [];
        if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
        for (const one of document.querySelectorAll(".top :not(.visually-hidden), .nav-text"))
          if (one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1) found.push(one.className);
        return found;
      });
      expect({ width, faults }).toEqual({ width, faults: [] });
    }
  });
});
