import { describe, expect, it } from "vitest";
import type { Page } from "playwright-core";
import type { Plant } from "../../src/config/plant.ts";
import { alarmPlant, alarmTag } from "../support/alarm-plant.ts";
import { scripts } from "../support/attacks.ts";
import { openPage, useBrowser } from "../support/browser.ts";
import { runPlant } from "../support/plant.ts";
import { until } from "../support/until.ts";

const built = useBrowser();
const TEXTS = scripts("pwned()");

/** Everything that a person or a device names, named by somebody who means harm. */
function poisoned(plant: Plant): Plant {
  const text = (index: number): string => TEXTS[index % TEXTS.length] ?? "";
  const tags = plant.tags.map((tag, index) => ({
    ...tag,
    title: text(index),
    unit: index % 3 === 0 ? text(index) : tag.unit,
    area: index % 5 === 0 ? text(index) : tag.area,
  }));
  const alarms = plant.alarms?.map((alarm, index) => ({
    ...alarm,
    title: text(index),
    consequence: text(index + 1),
    response: text(index + 2),
    group: index % 4 === 0 ? text(index) : null,
  }));
  const equipment = TEXTS.slice(0, 40).map((title, index) => ({
    id: `E${index}`,
    title,
    area: "grinding",
    kind: "mill" as const,
    running: null,
    tags: [alarmTag(index)],
    to: [`E${index + 1}`],
    at: null,
  }));
  return {
    ...plant,
    title: text(7),
    tags,
    ...(alarms && { alarms }),
    equipment: equipment.slice(0, 39).concat({ ...equipment[39]!, to: [] }),
  };
}

interface Trap {
  readonly page: Page;
  /** What was executed. */
  readonly sprung: string[];
  readonly complaints: string[];
  readonly origins: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

async function setTrap(): Promise<Trap> {
  const { page, complaints, origins, close } = await openPage(built.browser, {
    viewport: { width: 1280, height: 800 },
  });
  const sprung: string[] = [];
  await page.exposeFunction("pwned", () => void sprung.push(page.url()));
  page.on("dialog", (dialog) => {
    sprung.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, sprung, complaints, origins, close };
}

/** Elements that no page of ours has, and addresses that run. */
function foreignElements(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ours =
      "main iframe, main object, main embed, main img, main base, main meta, main link, main marquee, main dialog[open] script, main script, main style";
    const running = Array.from(document.querySelectorAll("[href], [src], [action], [data]")).filter(
      (element) =>
        ["href", "src", "action", "data"].some((name) =>
          /^\s*(?:javascript|vbscript|data:text)/i.test(element.getAttribute(name) ?? ""),
        ),
    );
    const handlers = Array.from(document.querySelectorAll("*")).filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("on")),
    );
    return [...document.querySelectorAll(ours), ...running, ...handlers].map(({ outerHTML }) =>
      outerHTML.slice(0, 200),
    );
  });
}

describe("texts that are programs", () => {
  it("are run by a page that takes them for markup: this trap can spring", async () => {
    const { page, sprung, close } = await setTrap();
    await page.setContent("<body></body>");
    await page.evaluate(
      (texts) => {
        for (const text of texts) document.body.appendChild(document.createElement("div")).innerHTML = text;
      },
      TEXTS.slice(0, 24),
    );
    await until(() => sprung.length >= 5);
    await close();
  });

  it("stay texts on every page, in tags, units, areas, alarms, equipment, notes and reports", async () => {
    expect(new Set(TEXTS).size).toBeGreaterThanOrEqual(200);
    const field = alarmPlant(TEXTS.length, 1_000);
    field.set(TEXTS.keys(), 95);
    await using running = await runPlant(
      field.plant,
      poisoned,
      { source: field.source, refreshMs: 1 },
      undefined,
      { webDir: built.webDir },
    );
    const { httpUrl, view } = running.gateway;
    await until(
      () => view.alarms.all().filter(({ state }) => state === "UNACK").length === TEXTS.length,
      30_000,
    );
    const from = new Date(Date.now() - 3_600_000).toISOString();
    let noted = 0;
    for (const text of TEXTS) {
      const body = JSON.stringify({ from, topic: "note", area: "grinding", text });
      const answer = await fetch(`${httpUrl}/api/v1/notes`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      if (answer.ok) noted++;
    }
    expect(noted).toBeGreaterThan(150); // control characters and beginnings of formulas are refused
    const reports = (await (await fetch(`${httpUrl}/api/v1/reports`)).json()) as readonly { key: string }[];
    const key = reports[0]?.key ?? "";
    const { page, sprung, complaints, origins, close } = await setTrap();
    const addresses = [
      "/",
      "/alarms",
      "/alarms/history",
      "/tags",
      `/tag/${alarmTag(3)}`,
      "/area/grinding",
      `/area/${encodeURIComponent(TEXTS[5] ?? "")}`,
      "/equipment/E3",
      `/trends?tags=${[0, 1, 2, 3].map(alarmTag).join()}`,

      `/report/${key}`,
    ];
    for (const address of addresses) {
      await page.goto(httpUrl + address);
      await page.locator('.page[data-link="live"] h1').first().waitFor();
      if (address !== "/alarms/history") await page.locator("main", { hasText: "pwned()" }).waitFor();
      expect([address, await foreignElements(page)]).toEqual([address, []]);
      const told = complaints.filter((complaint) => !complaint.startsWith("Failed to load resource"));
      expect([address, told]).toEqual([address, []]);
    }
    await page.goto(`${httpUrl}/api/v1/reports/shift/${key}?format=html`);
    expect(await page.locator("body").innerText()).toContain("pwned()");
    expect(await foreignElements(page)).toEqual([]);
    await close();
    expect(sprung).toEqual([]);
    expect([...origins]).toEqual([httpUrl]);
  });
});
