import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Status } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { axeFaults, faultsInAllVariants, openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import { batchFrom } from "../support/history.ts";
import { clockAt, startLaboratory } from "../support/laboratory.ts";
import type { LaboratoryGateway } from "../support/laboratory.ts";
import { tagOf } from "../support/tags.ts";
import { until } from "../support/until.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const UNITS = ["m3/h", "t/m3", "kPa", "%"];

/** Twelve flows, densities, pressures and levels, read once a second. */
const TAGS: readonly Tag[] = Array.from({ length: 12 }, (_, index) =>
  tagOf(index, { unit: UNITS[Math.floor(index / 3)] as string, range: { low: 0, high: 100 } }),
);
const ids = TAGS.map(({ id }) => id);
const ALL = `/trends?tags=${ids.join(",")}`;

/** Of one second, eight hours before the end. */
const SPIKE = { tag: "FT-100", at: NOW - 20 * HOUR, value: 99 };
const HOLE = { tag: "FT-101", from: NOW - 5 * HOUR, to: NOW - 4 * HOUR };
const BAD = { tag: "FT-102", from: NOW - 3 * HOUR, to: NOW - 2 * HOUR };

const built = useBrowser();
let lab: LaboratoryGateway;
let watched: WatchedPage;
let page: Page;

function rowsOf({ id, index }: Tag) {
  const begin = index < 3 ? NOW - 24 * HOUR : NOW - 8 * HOUR;
  return Array.from({ length: (NOW - begin) / SECOND }, (_, second) => {
    const time = begin + second * SECOND;
    const isSpike = id === SPIKE.tag && time === SPIKE.at;
    const isBad = id === BAD.tag && time >= BAD.from && time < BAD.to;
    const value = 20 + 4 * index + 5 * Math.sin(time / 9e5 + index);
    const status = isBad ? Status.BadSensorFailure : Status.Good;
    return { time, value: isSpike ? SPIKE.value : isBad ? NaN : value, status };
  }).filter(({ time }) => id !== HOLE.tag || time < HOLE.from || time >= HOLE.to);
}

beforeAll(async () => {
  lab = await startLaboratory(
    clockAt(() => NOW),
    { tags: TAGS, title: "Planta modular Puma" },
    built.webDir,
  );
  for (const tag of TAGS) lab.gateway.historian.append(batchFrom(tag.index, rowsOf(tag)));
  await lab.gateway.historian.sync();
}, 120_000);
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

beforeEach(async () => {
  watched = await openPage(built.browser, {
    viewport: { width: 1280, height: 800 },
    timezoneId: "Asia/Tokyo",
  });
  page = watched.page;
});
afterEach(() => watched.close());

async function open(path: string): Promise<void> {
  await page.goto(lab.gateway.httpUrl + path);
  await page.locator(".trend-frame canvas").waitFor();
}

const rowOf = (tag: string) => page.locator(`tr[data-row="${tag}"]`);

/** Eight hours of everything, at rest. */
const FIXED = `${ALL}&from=${new Date(NOW - 8 * HOUR).toISOString()}&to=${new Date(NOW).toISOString()}`;

/** The twelve curves asked for, answered and drawn, against a canvas that only draws as many points. */
const DRAWING_RATIO_MAX = 30;
/** Of the frames of a page that nobody touches. */
const FRAMES_SHARE_MIN = 0.4;

/** From a click on a link within the page until all pens are drawn. */
function drawnWithinMs(path: string): Promise<number> {
  return page.evaluate(async (href) => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = href;
    const begin = performance.now();
    link.click();
    link.remove();
    const isDrawn = (): boolean =>
      document.querySelectorAll(".trend-frame ~ * tbody tr, tbody tr").length === 12;
    while (!isDrawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - begin;
  }, path);
}

/** The same number of points as twelve plain lines. */
function bareDrawingMs(): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1000, 500];
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const begin = performance.now();
    for (let pen = 0; pen < 12; pen++) {
      context.beginPath();
      for (let at = 0; at < 28_800; at++) context.lineTo(at / 28.8, 250 + 20 * pen * Math.sin(at / 900));
      context.stroke();
    }
    context.getImageData(0, 0, 1, 1);
    return performance.now() - begin;
  });
}

function framesPerSecond(): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let count = 0;
        const begin = performance.now();
        const next = (): void => {
          count++;
          if (performance.now() - begin < 1_000) requestAnimationFrame(next);
          else resolve((1_000 * count) / (performance.now() - begin));
        };
        requestAnimationFrame(next);
      }),
  );
}

/** Moves the curves by hand for as long as that takes. */
async function panUntil(done: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  void done.then(() => over.abort());
  const box = (await page.locator(".u-over").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; !over.signal.aborted; step++) await page.mouse.move(x + (step % 200), y);
  await page.mouse.up();
}

describe("trends", () => {
  it("draw 8 h of 12 pens at 1 Hz on three axes, in plant time whatever the browser's", async () => {
    await open(FIXED);
    await until(async () => (await page.locator("tbody tr").count()) === 12, 20_000);
    expect(await page.locator(".page-head").innerText()).toMatch(/23.*nov.*23:00:00|24.*nov.*07:00:00/);
    expect(await page.locator(".chart-zone").innerText()).toBe("America/Lima (UTC-5)");
    // Four units on three axes: the last one is shared.
    expect(await rowOf("FT-111").innerText()).toContain("% del rango");
    await takeScreenshot(page, "trends-12-pens");
    const drawn = await page.locator(".trend-frame canvas").evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
      const seen = new Set<string>();
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
      return [...seen];
    });
    for (const rgb of ["11,60,111", "15,107,98", "75,90,18", "107,68,35", "74,74,74", "116,56,107"])
      expect(drawn).toContain(rgb);
    expect(watched.complaints).toEqual([]);
  });

  it("show at the cursors what the CSV has, and what lies between them", async () => {
    const [from, to] = [NOW - 120 * SECOND, NOW - 20 * SECOND];
    await open(
      `/trends?tags=FT-100,FT-101&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`,
    );
    await until(async () => (await page.locator("tbody tr").count()) === 2, 20_000);
    await page.locator(".trend-frame").focus();
    for (let step = 0; step < 40; step++) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("b");
    for (let step = 0; step < 40; step++) await page.keyboard.press("ArrowRight");
    const cells = await rowOf("FT-100").locator("td").allInnerTexts();
    const [a, b, delta] = cells.slice(1, 4).map(Number) as [number, number, number];
    const csv = await (
      await fetch(`${lab.gateway.httpUrl}${await page.getByText("CSV de lo mostrado").getAttribute("href")}`)
    ).text();
    const rows = csv
      .split("\r\n")
      .map((line) => line.split(","))
      .filter(([, , tag]) => tag === "FT-100");
    const at = (time: number): number =>
      Number(rows.findLast(([utc]) => Date.parse(utc as string) <= time)?.[3]);
    expect(a).toBeCloseTo(at(NOW - 90 * SECOND), 1);
    expect(b).toBeCloseTo(at(NOW - 50 * SECOND), 1);
    expect(delta).toBeCloseTo(b - a, 1);
  });

  it("keep a spike of one second in a day, and join neither holes nor bad readings", async () => {
    await open(
      `/trends?tags=FT-100,FT-101,FT-102&from=${new Date(NOW - 24 * HOUR).toISOString()}&to=${new Date(NOW).toISOString()}`,
    );
    await until(async () => (await page.locator("tbody tr").count()) === 3, 20_000);
    await page.getByText("Cada tramo muestra su mínimo y su máximo.").waitFor();
    /** Whether a colour is there from `y` on down, as shares of the plot. */
    const pixels = (x: number, y: number, high: number, rgb: string): Promise<boolean> =>
      page.locator(".trend-frame canvas").evaluate(
        (canvas, [atX, atY, share, wanted]) => {
          const element = canvas as HTMLCanvasElement;
          const plot = element.parentElement!.querySelector(".u-over")!.getBoundingClientRect();
          const own = element.getBoundingClientRect();
          const ratio = element.width / own.width;
          const [left, top] = [
            plot.left - own.left + atX * plot.width,
            plot.top - own.top + atY * plot.height,
          ];
          const { data } = element
            .getContext("2d")!
            .getImageData(
              Math.round((left - 2) * ratio),
              Math.round(top * ratio),
              5,
              Math.round(share * plot.height * ratio),
            );
          for (let byte = 0; byte < data.length; byte += 4)
            if (`${data[byte]},${data[byte + 1]},${data[byte + 2]}` === wanted) return true;
          return false;
        },
        [x, y, high, rgb] as const,
      );
    // The spike of the first pen stands alone near the top, four hours after the beginning.
    expect(await pixels(4 / 24, 0.15, 0.2, "11,60,111")).toBe(true);
    expect(await pixels(18.5 / 24, 0, 1, "15,107,98")).toBe(true);
    expect(await pixels(19.5 / 24, 0, 1, "15,107,98")).toBe(false);
    expect(await pixels(21.5 / 24, 0, 0.97, "75,90,18")).toBe(false);
    await takeScreenshot(page, "trends-24-h");
    await page.locator(".trend-frame").focus();
    const box = (await page.locator(".u-over").boundingBox())!;
    await page.mouse.click(box.x + (19.5 / 24) * box.width, box.y + box.height / 2);
    expect(await rowOf("FT-101").innerText()).toContain("sin dato");
    await page.mouse.click(box.x + (21.5 / 24) * box.width, box.y + box.height / 2);
    expect(await rowOf("FT-102").innerText()).toContain("mala");
    // What this test itself reads out of the canvas is told to be slow.
    expect(watched.complaints.filter((text) => !text.includes("willReadFrequently"))).toEqual([]);
  });

  it("move and zoom with hand and keys, and stay in the address", async () => {
    await open(FIXED);
    await until(async () => (await page.locator("tbody tr").count()) === 12, 20_000);
    const box = (await page.locator(".u-over").boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 30; step++) await page.mouse.move(x + 4 * step, y);
    await page.mouse.up();
    const spanOf = (): number[] =>
      ["from", "to"].map((name) => Date.parse(new URL(page.url()).searchParams.get(name) ?? ""));
    await until(() => spanOf()[1]! < NOW);
    const [from, to] = spanOf() as [number, number];
    expect(to - from).toBeCloseTo(8 * HOUR, -2);
    await page.locator(".trend-frame").focus();
    await page.keyboard.press("+");
    await until(() => Math.abs(spanOf()[1]! - spanOf()[0]! - 4 * HOUR) < SECOND);
    await page.keyboard.press("Shift+ArrowRight");
    await page.reload();
    await until(async () => (await page.locator("tbody tr").count()) === 12, 20_000);
    expect(spanOf()[1]! - spanOf()[0]!).toBeCloseTo(4 * HOUR, -2);
  });

  it("draw 345,600 readings in a small multiple of what a bare canvas takes, and follow the hand smoothly", async () => {
    await open("/trends");
    const shares: number[] = [];
    const draws: number[] = [];
    // A machine that is busy with other things has quieter moments too.
    await until(async () => {
      const [drawMs, bareMs] = [await drawnWithinMs(FIXED), await bareDrawingMs()];
      draws.push(drawMs / bareMs);
      const idle = await framesPerSecond();
      const frames = framesPerSecond();
      await panUntil(frames);
      shares.push((await frames) / idle);
      console.log(
        `345,600 readings drawn in ${drawMs.toFixed(0)} ms, a bare canvas takes ${bareMs.toFixed(0)} ms; ` +
          `${(await frames).toFixed(0)} frames/s while moved, ${idle.toFixed(0)} idle`,
      );
      await open("/trends");
      return Math.min(...draws) < DRAWING_RATIO_MAX && Math.max(...shares) >= FRAMES_SHARE_MIN;
    }, 30_000);
  });

  it("do not call a history empty that was not told, and ask for it again", async () => {
    let asked = 0;
    const busy = {
      statusCode: 503,
      error: "Service Unavailable",
      message: "The history cannot be read now.",
    };
    await page.route("**/tags/FT-100/history*", (route) =>
      asked++ === 0 ? route.fulfill({ status: 503, json: busy }) : route.continue(),
    );
    await page.goto(`${lab.gateway.httpUrl}/tag/FT-100`);
    await until(() => asked > 1, 20_000);
    await page.locator(".chart canvas").waitFor();
    expect(await page.getByText("No hay historia que mostrar.").count()).toBe(0);
  });

  it("keep sets of pens, take others in, and say what is wrong", async () => {
    await open("/trends?tags=FT-100");
    await page.getByLabel("Agregar señal").fill("FT-999");
    await page.getByRole("button", { name: "Agregar", exact: true }).click();
    await page.getByText("No hay señal FT-999.").waitFor();
    await page.getByLabel("Agregar señal").fill("FT-103");
    await page.getByRole("button", { name: "Agregar", exact: true }).click();
    await rowOf("FT-103").waitFor();
    await page.getByLabel("Nombre del grupo").fill("Ciclón");
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("button", { name: "Quitar FT-103" }).click();
    await rowOf("FT-103").waitFor({ state: "detached" });
    await page.reload();
    await page.getByRole("button", { name: "Ciclón", exact: true }).click();
    await rowOf("FT-103").waitFor();
    expect(new URL(page.url()).searchParams.get("tags")).toBe("FT-100,FT-103");
    expect(await axeFaults(page)).toEqual([]);
  });

  it("are without fault for everybody, in both languages and themes", async () => {
    expect(
      await faultsInAllVariants(
        built.browser,
        lab.gateway.httpUrl + FIXED,
        "tbody tr:nth-child(12)",
        "trends",
      ),
    ).toEqual([]);
  });
});
