import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Plant } from "../../src/config/plant.ts";
import type { AlarmPriority, AlarmState } from "../../src/domain/alarm.ts";
import { alarmName, alarmPlant, alarmTag } from "../support/alarm-plant.ts";
import { openPage, signIn, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { addAccounts, CHEAP } from "../support/people.ts";
import { differingShare, distance, EYES, mainColour, pictureOf, strongPixels } from "../support/pictures.ts";
import type { Picture } from "../support/pictures.ts";
import { runPlant } from "../support/plant.ts";
import type { RunningPlant } from "../support/plant.ts";
import { shiftedClock } from "../support/shifted-clock.ts";
import { until } from "../support/until.ts";

const ALARMS = 8;
/** It stays until somebody resets it. */
const LATCHING = 5;
const PRIORITIES: readonly AlarmPriority[] = [1, 2, 3, 4];

const clock = shiftedClock();

const built = useBrowser();
const field = alarmPlant(ALARMS, 250);
let running: RunningPlant;
/** Who looks on: two operators and an engineer, each at a browser of their own. */
let ana: WatchedPage;
let luis: WatchedPage;
let eva: WatchedPage;

/** All in one area, one of each priority first. */
function withAccounts(plant: Plant): Plant {
  const area = "crushing";
  return {
    ...plant,
    http: { ...plant.http, auth: "accounts" },
    tags: plant.tags.map((tag) => ({ ...tag, area, range: { low: 0, high: 100 } })),
    alarms: (plant.alarms ?? []).map((alarm, index) =>
      Object.assign(alarm, {
        area,
        group: null,
        priority: PRIORITIES[index] ?? 3,
        latch: index === LATCHING,
      }),
    ),
  };
}

async function enter(browser: Browser, name: string): Promise<WatchedPage> {
  const watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  await watched.page.goto(running.gateway.httpUrl);
  await signIn(watched.page, name);
  await watched.page.locator('.page[data-link="live"] h1').waitFor();
  return watched;
}

beforeAll(async () => {
  field.set(Array(ALARMS).keys(), 50);
  const source = { source: field.source, refreshMs: 1 };
  running = await runPlant(field.plant, withAccounts, source, clock, {
    webDir: built.webDir,
    passwordCost: CHEAP,
  });
  const roles = { jefe: "admin", ana: "operator", luis: "operator", eva: "engineer" } as const;
  await addAccounts(running.gateway.view.people!, roles);
  await until(() => running.gateway.view.isReady(), 20_000);
  [ana, luis, eva] = [
    await enter(built.browser, "ana"),
    await enter(built.browser, "luis"),
    await enter(built.browser, "eva"),
  ];
}, 120_000);
afterAll(async () => {
  for (const one of [ana, luis, eva]) await one?.close();
  await running[Symbol.asyncDispose]();
}, 60_000);

const isIn = (index: number, state: AlarmState) =>
  until(() => running.gateway.view.alarms.view(alarmName(index))?.state === state, 20_000);

/** All quiet, as before the first alarm. */
beforeEach(async () => {
  field.set(Array(ALARMS).keys(), 50);
  for (let index = 0; index < ALARMS; index++) {
    await until(() => {
      const { alarms } = running.gateway.view;
      const state = alarms.view(alarmName(index))?.state;
      const action = state === "LATCH_ACK" ? "reset" : "acknowledge";
      if (state !== "NORM")
        alarms.act(alarmName(index), { action, by: "tester", reason: null, forMs: null, second: null });
      return state === "NORM";
    }, 20_000);
  }
});

async function choose(page: Page, index: number): Promise<void> {
  await page.goto(`${running.gateway.httpUrl}/alarms?alarm=${alarmName(index)}`);
  await page.locator('.page[data-link="live"] h1').waitFor();
  await page.getByRole("region", { name: "Alarma elegida" }).waitFor();
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function confirm(
  page: Page,
  action: string,
  fill: Readonly<Record<string, string>> = {},
): Promise<void> {
  await button(page, action).click();
  for (const [label, value] of Object.entries(fill))
    await page.getByRole("dialog").getByLabel(label).fill(value);
  await button(page, "Confirmar").click();
}

/** What the journal has of an alarm since `from`, oldest first. */
function stepsOf(index: number, from: number): string[] {
  const events = running.gateway.view.alarms.history(from, clock.now() + 1, alarmName(index), 100);
  return events.toReversed().map(({ cause, standing: { by } }) => (by === null ? cause : `${cause} ${by}`));
}

describe("one alarm of each priority", () => {
  it.each(["light", "dark"] as const)(
    "changes exactly what it is on, with shape, number and text, told apart without colour, in the %s theme",
    async (colorScheme) => {
      const { page } = ana;
      await page.emulateMedia({ colorScheme });
      await page.goto(`${running.gateway.httpUrl}/area/crushing`);
      await page.locator(`.measurements [data-indicator="${alarmTag(7)}"]`).waitFor();
      await page.mouse.move(0, 0);
      const looks = (): Promise<Record<string, string>> =>
        page.$$eval(".measurements [data-indicator]", (all) =>
          Object.fromEntries(
            all.map((one) => [
              (one as HTMLElement).dataset["indicator"],
              `${one.className} ${one.querySelectorAll(".priority-mark").length}`,
            ]),
          ),
        );
      const before = await looks();
      expect(Object.keys(before)).toHaveLength(ALARMS);
      await until(async () => strongPixels(await pictureOf(page)).length === 0, 20_000);
      field.set([0, 1, 2, 3], 95);
      for (const index of [0, 1, 2, 3]) await isIn(index, "UNACK");
      await page.locator(".measurements .priority-mark").nth(3).waitFor();
      const after = await looks();
      const changed = Object.keys(after).filter((tag) => after[tag] !== before[tag]);
      expect(changed.toSorted()).toEqual([0, 1, 2, 3].map(alarmTag));

      // Strong colour is within what the alarms are on and where alarms are told of, and nowhere else.
      const places = await page.$$eval(
        [0, 1, 2, 3].map((index) => `[data-indicator="LT-${1000 + index}"]`).join(", ") +
          ", .alarm-counts, .horn, .alarm-line, .chains, .rail",
        (all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect),
      );
      const astray = strongPixels(await pictureOf(page)).filter(
        ([x, y]) =>
          !places.some(
            ({ left, right, top, bottom }) =>
              x >= left - 2 && x <= right + 2 && y >= top - 2 && y <= bottom + 2,
          ),
      );
      await takeScreenshot(page, `alarm-each-${colorScheme}`);
      expect(astray).toEqual([]);
      await page.goto(`${running.gateway.httpUrl}/alarms`);
      await until(async () => (await page.locator(".alarm-row").count()) === 4);
      const words = await page.locator(".alarm-row").allInnerTexts();
      for (const [index, word] of ["prioridad 1", "prioridad 2", "prioridad 3", "diagnóstico"].entries())
        expect(words[index]).toContain(word);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const marks: Picture[] = [];
      for (const mark of await page.locator(".alarm-row .priority-mark").all())
        marks.push(await pictureOf(page, mark));
      const table: string[] = [];
      for (const [name, eyes] of Object.entries(EYES))
        for (const [first, second] of [
          [0, 1],
          [0, 2],
          [0, 3],
          [1, 2],
          [1, 3],
          [2, 3],
        ] as const) {
          const [one, other] = [marks[first] as Picture, marks[second] as Picture];
          const share = differingShare(one, other, eyes, 20);
          const colours = distance(mainColour(one), mainColour(other), eyes);
          table.push(
            `${name} ${first + 1}-${second + 1}: ${(100 * share).toFixed(0)} % of pixels, colours ${colours.toFixed(0)}`,
          );
          // Shape and number do it where colour does not: a tenth of a mark is clearly another.
          expect(share, `${name} ${first + 1}-${second + 1}`).toBeGreaterThan(0.1);
        }
      console.log(`${colorScheme}: ${table.join("; ")}`);
      await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    },
  );
});

describe("an alarm at the page of an operator", () => {
  it("that has gone before anybody looked stays until it is acknowledged", async () => {
    const from = clock.now();
    field.set([4], 95);
    await isIn(4, "UNACK");
    field.set([4], 50);
    await isIn(4, "RTNUN");
    await choose(ana.page, 4);
    await ana.page
      .locator(`tr[data-alarm="${alarmName(4)}"]`, { hasText: "ya normal, sin reconocer" })
      .waitFor();
    await confirm(ana.page, "Reconocer", { Nota: "ya pasó" });
    await isIn(4, "NORM");
    await ana.page.locator(`tr[data-alarm="${alarmName(4)}"]`).waitFor({ state: "detached" });
    expect(stepsOf(4, from)).toEqual(["alarm", "return", "acknowledge ana"]);
  });

  it("that latches is held after it has gone, acknowledged or not, until somebody resets it", async () => {
    const from = clock.now();
    field.set([LATCHING], 95);
    await isIn(LATCHING, "UNACK");
    field.set([LATCHING], 50);
    await isIn(LATCHING, "LATCH_UN");
    await choose(ana.page, LATCHING);
    await ana.page.locator(".alarm-row", { hasText: "retenida, sin reconocer" }).waitFor();
    await confirm(ana.page, "Reconocer");
    await isIn(LATCHING, "LATCH_ACK");
    await confirm(ana.page, "Reponer");
    await isIn(LATCHING, "NORM");
    expect(stepsOf(LATCHING, from)).toEqual(["alarm", "return", "acknowledge ana", "reset ana"]);
  });

  it("that is shelved for a quarter of an hour comes back by itself then, since it is still there", async () => {
    const from = clock.now();
    field.set([6], 95);
    await isIn(6, "UNACK");
    await choose(ana.page, 6);
    await confirm(ana.page, "Aplazar", { Minutos: "15", Motivo: "sensor en prueba" });
    await isIn(6, "SHELVED");
    await ana.page.locator(`tr[data-alarm="${alarmName(6)}"]`).waitFor({ state: "detached" });
    clock.aheadMs += 14 * 60_000;
    await ana.page.getByRole("link", { name: "Aplazadas" }).click();
    await ana.page.getByText("sensor en prueba").waitFor();
    expect(running.gateway.view.alarms.view(alarmName(6))?.state).toBe("SHELVED");
    clock.aheadMs += 60_000;
    await isIn(6, "UNACK");
    await ana.page.getByRole("link", { name: "Activas" }).click();
    await ana.page
      .locator(`tr[data-alarm="${alarmName(6)}"]`, { hasText: "activa, sin reconocer" })
      .waitFor();
    expect(stepsOf(6, from)).toEqual(["alarm", "shelve ana", "shelving-expired"]);
  });

  it("is taken out of service by an engineer only, and brought back", async () => {
    const from = clock.now();
    field.set([7], 95);
    await isIn(7, "UNACK");
    await choose(ana.page, 7);
    await button(ana.page, "Reconocer").waitFor();
    expect(await button(ana.page, "Fuera de servicio").count()).toBe(0);
    await choose(eva.page, 7);
    await confirm(eva.page, "Fuera de servicio", { Motivo: "calibración" });
    await isIn(7, "OOS");
    await ana.page.locator(`tr[data-alarm="${alarmName(7)}"]`).waitFor({ state: "detached" });
    await eva.page.getByRole("link", { name: "Suprimidas" }).click();
    await eva.page.getByText("calibración").waitFor();
    await confirm(eva.page, "Volver a servicio");
    await isIn(7, "UNACK");
    expect(stepsOf(7, from)).toEqual(["alarm", "out-of-service eva", "return-to-service eva"]);
  });

  it("that two acknowledge at once is one's, and the other sees whose", async () => {
    const from = clock.now();
    field.set([4], 95);
    await isIn(4, "UNACK");
    for (const { page } of [ana, luis]) {
      await choose(page, 4);
      await button(page, "Reconocer").click();
    }
    await Promise.all([ana, luis].map(({ page }) => button(page, "Confirmar").click()));
    await isIn(4, "ACK");
    const winner = running.gateway.view.alarms.view(alarmName(4))?.by;
    const [own, other] = winner === "ana" ? [ana, luis] : [luis, ana];
    await other.page
      .getByRole("alert")
      .filter({ hasText: `Ya la reconoció ${winner}.` })
      .waitFor();
    await own.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(stepsOf(4, from)).toEqual(["alarm", `acknowledge ${winner}`]);
    await other.page.getByRole("dialog").getByRole("button", { name: "Cerrar" }).click();
  });

  it("has every step in the history that everybody can read, and nothing was complained of", async () => {
    // The page asks once; on a busy machine it is opened again.
    await until(async () => {
      await ana.page.goto(`${running.gateway.httpUrl}/alarms/history`);
      const isThere = ana.page.locator("tbody tr").first().waitFor({ timeout: 10_000 });
      return isThere.then(
        () => true,
        () => false,
      );
    }, 30_000);
    const past = await ana.page.locator("tbody").innerText();
    for (const word of [
      "ya pasó",
      "repuesta",
      "venció el aplazamiento",
      "calibración",
      "de nuevo en servicio",
      "eva",
      "luis|ana",
    ])
      expect(past).toMatch(new RegExp(word));
    // The browser itself says of each answer of 401 and 409 that it was one.
    for (const { complaints } of [ana, luis, eva])
      expect(complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
  });
});
