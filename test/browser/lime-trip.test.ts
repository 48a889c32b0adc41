import { join } from "node:path";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { readSteadyState } from "../../simulators/instruments/steady-state-table.ts";
import { SIGNAL } from "../../simulators/plant/signal-list.ts";
import type { SignalId } from "../../simulators/plant/signal-list.ts";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import { loadPlant } from "../../src/config/load.ts";
import type { Plant } from "../../src/config/plant.ts";
import { openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";
import { instrumentSpecs } from "../../simulators/instruments/instrument-specs.ts";
import { root, runPlant } from "../support/plant.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../support/simulated-plant.ts";
import { until } from "../support/until.ts";

const START = Date.UTC(2026, 10, 22, 12);
const TRIP_MINUTE = 2;

/** Minutes after the trip for the first tank alone; the mills hold lime for 17 to 20 minutes more. */
const HOLD_UP = 18.5;
const EXPECTED: readonly (readonly [alarm: string, minute: number])[] = [
  ["AT-401A.L", 27 + HOLD_UP],
  ["AT-491.H", 29 + HOLD_UP],
  ["XS-602P.OFF", 45 + HOLD_UP],
  ["AT-401A.LL", 45 + HOLD_UP],
  ["AT-491.HH", 59 + HOLD_UP],
];

const built = useBrowser();
const puma = loadPlant(join(root, "devices", "plants", "puma.yaml"));

/** What the alarms of pH, hydrogen cyanide and the interlock look at, behind Modbus, which can go on the virtual clock. */
function limePlant(): Plant {
  const alarms = (puma.alarms ?? []).filter(({ id }) => EXPECTED.some(([alarm]) => alarm === id));
  const ids = new Set(alarms.map(({ on }) => on.id));
  const tags = puma.tags
    .filter(({ id }) => ids.has(id))
    .map(({ id, title, area, unit, range, type }, index) =>
      modbusTag({
        id,
        title,
        area,
        unit,
        range,
        device: "P1",
        type: type === "bool" ? "bool" : "float32",
        source: type === "bool" ? { table: "discrete", address: index } : { address: 2 * index },
      }),
    );
  return { ...plantOf([tcpConnection("line")], [deviceOf("P1", "line", 1)], tags), alarms };
}

/** The process model as what the instruments show; the lime feeder trips two minutes after the beginning. */
function limeSource() {
  const model = createPlantModel({
    seed: 4,
    hasBatches: false,
    instruments: instrumentSpecs(puma.tags, readSteadyState()),
  });
  return {
    valueAt({ id, type }: { readonly id: string; readonly type: string }, time: number): number | boolean {
      while (model.timeS < (time - START) / 1_000) {
        if (model.timeS === TRIP_MINUTE * 60) model.upset("lime-feeder-trip");
        model.step(1);
      }
      const value = model.readings[SIGNAL[id as SignalId]] as number;
      return type === "bool" ? value !== 0 : value;
    },
  };
}

const shownOn = (page: Page): Promise<string[]> =>
  page
    .locator(".alarm-row")
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset["alarm"] ?? ""));

/** How long the plant runs between two looks at the page, minutes. */
const STEPS = [42, ...Array.from({ length: 12 }, () => 4)];

test("a lime trip is seen in the control room: pH low, HCN high, the interlock, pH very low, HCN very high, each at its minute, is acknowledged there, and stands in the report of the shift", async () => {
  const clock = virtualClock(START);
  const options = { clock, source: limeSource(), refreshMs: 1_000 };
  await using running = await runPlant(limePlant(), undefined, options, clock, { webDir: built.webDir });
  const { alarms } = running.gateway.view;
  const calling = (): string[] =>
    alarms.all().flatMap(({ alarm, state }) => (state === "UNACK" ? [alarm] : []));
  const { page, close } = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  await page.goto(`${running.gateway.httpUrl}/alarms`);
  const seen = new Set<string>();
  for (const minutes of STEPS) {
    await running.simulated.advance(`${minutes}min`);
    // The gateway's heart beats on the plant's clock, which stands still between the looks.
    await until(async () => {
      await running.simulated.advance("1s");
      const shown = await shownOn(page);
      return calling().every((alarm) => shown.includes(alarm));
    }, 60_000);
    for (const alarm of await shownOn(page)) seen.add(alarm);
  }
  const calls = alarms.history(START, clock.now() + 1, null, 1_000).filter(({ cause }) => cause === "alarm");
  const minuteOf = (alarm: string): number =>
    ((calls.findLast((call) => call.alarm === alarm)?.at ?? Infinity) - START) / 60_000 - TRIP_MINUTE;
  for (const [alarm, minute] of EXPECTED)
    expect(Math.abs(minuteOf(alarm) - minute), `${alarm} at ${minuteOf(alarm)}`).toBeLessThan(3);
  expect(EXPECTED.map(([alarm]) => alarm).filter((alarm) => !seen.has(alarm))).toEqual([]);
  // Not before: the page has shown them in the order in which they came.
  const order = [...seen];
  expect(order[0]).toBe("AT-401A.L");
  expect(order.at(-1)).toBe("AT-491.HH");
  await takeScreenshot(page, "alarms-lime-trip");
  await page.getByRole("button", { name: "Reconocer esta página" }).click();
  await until(() => calling().length === 0, 60_000);
  const noted = alarms.history(START, clock.now() + 1, null, 1_000);
  expect(noted.filter(({ cause }) => cause === "acknowledge").length).toBeGreaterThanOrEqual(4);
  // Whoever takes over reads it: the grave ones with who took note of them, in their order, and what still stands.
  await page.goto(`${running.gateway.httpUrl}/report/2026-11-22/day`);
  const tableAfter = (title: string) => page.locator(`.paper h2:has-text("${title}") + table tbody tr`);
  await tableAfter("Alarmas de prioridad 1 y 2").first().waitFor();
  const grave = await tableAfter("Alarmas de prioridad 1 y 2").allInnerTexts();
  expect(grave.map((row) => /A[TX]\S+\.\w+/u.exec(row)?.[0]).slice(0, 4)).toEqual([
    "AT-401A.L",
    "AT-491.H",
    "AT-401A.LL",
    "AT-491.HH",
  ]);
  for (const row of grave.slice(0, 4)) expect(row).toContain("local engineer");
  expect((await tableAfter("Alarmas activas al final").allInnerTexts()).join()).toContain("XS-602P.OFF");
  await takeScreenshot(page, "report-lime-trip", true);
  await close();
}, 240_000);
