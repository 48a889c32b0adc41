import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AFTER } from "../support/gold-gateway.ts";
import { faultsInAllVariants, openPage, takeScreenshot, useBrowser } from "../support/browser.ts";
import type { WatchedPage } from "../support/browser.ts";
import type { LaboratoryGateway } from "../support/laboratory.ts";
import { until } from "../support/until.ts";
import { startWorkedBalance } from "../support/worked-balance.ts";

const OF_THE_SHIFT = "/balance?period=shift&at=2026-11-22T15:00:00-05:00";

const built = useBrowser();
let now = AFTER;
let lab: LaboratoryGateway;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  lab = await startWorkedBalance(() => now, built.webDir);
  await measured();
});
afterAll(() => lab[Symbol.asyncDispose]());

beforeEach(async () => {
  watched = await openPage(built.browser, { viewport: { width: 1280, height: 800 } });
  page = watched.page;
  await page.goto(lab.gateway.httpUrl + OF_THE_SHIFT);
  await page.getByText("2026-11-22, día").waitFor();
});
afterEach(() => watched.close());

/** Once every number of the shift and of the one after it is there. */
async function measured(): Promise<void> {
  interface Body {
    readonly streams?: readonly { readonly raw: number | null }[];
  }
  const streams = async (at: string) =>
    ((await lab.get(`/api/v1/balance?period=shift&at=${at}`)).body as Body).streams ?? [];
  await until(async () => {
    const all = await streams("2026-11-22T20:00:00Z");
    return all.length === 15 && all.filter(({ raw }) => raw === null).length === 2;
  }, 30_000);
  await until(async () => (await streams("2026-11-23T05:00:00Z")).length > 0, 30_000);
}

const closure = (name: string): Locator => page.locator(`[data-closure="${name}"]`);

/** The bands of a diagram as they are drawn: width of the line, px of the drawing, by stream. */
async function widthsOf(of: "solids" | "water" | "gold"): Promise<Readonly<Record<string, number>>> {
  const pairs = await page.$$eval(`.sankey svg[data-of="${of}"] .band`, (bands) =>
    bands.map((band): [string, number] => [
      (band as SVGElement).dataset["stream"] ?? "",
      parseFloat(getComputedStyle(band.querySelector(".flow") ?? band).strokeWidth),
    ]),
  );
  return Object.fromEntries(pairs);
}

/** Lines of text of the drawings that run into each other. */
function collisions(): Promise<string[]> {
  return page.$$eval(".sankey svg", (drawings) =>
    drawings.flatMap((drawing) => {
      const lines = [...drawing.querySelectorAll<SVGElement>("tspan, .bar text")].map((line) => ({
        text: line.textContent,
        box: line.getBoundingClientRect(),
      }));
      return lines.flatMap(({ text, box }, index) =>
        lines
          .slice(index + 1)
          .filter(
            ({ box: other }) =>
              Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
              Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 3,
          )
          .map((other) => `${text} / ${other.text}`),
      );
    }),
  );
}

describe("the balance", () => {
  // Worked by hand: water of the mills 166 m3 out of 164 in; solids 101.9 t in, 0.241 + 101.2 t out; gold 1258.465 g in, 453.08 + 54.142 + 702 + 1.25 g out, and U from
  // the uncertainties of tonnes and grades.
  it("closes over the plant and over each node as it does on paper", async () => {
    const rows = await page.$$eval("[data-closure]", (all) =>
      all.map((row) => [
        (row as HTMLElement).dataset["closure"],
        ...Array.from(row.querySelectorAll("td.number"), (cell) => cell.textContent),
      ]),
    );
    expect(rows).toEqual([
      ["plant solids", "-0.45 %", "± 4.40 %"],
      ["plant water", "–", ""],
      ["plant gold", "-3.81 %", "± 9.64 %"],
      ["N0 water", "–", ""],
      ["N1 solids", "-2.02 %", "± 4.39 %"],
      ["N1 water", "1.22 %", "± 2.75 %"],
      ["N1 gold", "-3.77 %", "± 10.34 %"],
      ["N2 solids", "1.61 %", "± 5.73 %"],
      ["N2 gold", "-0.07 %", "± 8.18 %"],
      ["N4 water", "–", ""],
    ]);
    expect(await page.locator("[data-closure]").getByText("cierra dentro de ± U").count()).toBe(7);
    expect(await closure("N4 water").innerText()).toContain("falta medir: Stream B");
  });

  it("draws every stream as wide as its reconciled mass, however thin", async () => {
    // The reconciled masses of the worked example; gold is tonnes times grade.
    const masses = {
      solids: { F: 101.326, K: 0.24388, L: 101.082, T: 101.082 },
      // 164 and 166 m3 differ by 2, shared 4 : 1 as their variances.
      water: { M: 165.6, W: 165.6, O: 120, H: 45.6, B: 45.6 },
      gold: { F: 1226.01, K: 463.9, L: 762.11, T: 54.254, C: 706.601, S: 1.25085 },
    } as const;
    for (const substance of ["solids", "water", "gold"] as const) {
      const widths = await widthsOf(substance);
      expect(Object.keys(widths).toSorted()).toEqual(Object.keys(masses[substance]).toSorted());
      const all = Object.entries(masses[substance]);
      const [first, most] = all[0] as [string, number];
      const scale = (widths[first] ?? NaN) / most;
      for (const [stream, mass] of all)
        expect((widths[stream] ?? NaN) / (mass * scale), `${substance} ${stream}`).toBeCloseTo(1, 3);
    }
    const feed = page.locator('svg[data-of="gold"] [data-stream="F"]');
    expect(await feed.textContent()).toContain("1,226 ± 103 g · ensayado");
  });

  it("draws water that is used again as what comes back: over the nodes, from the last to the first", async () => {
    const drawing = page.locator('svg[data-of="water"]');
    expect(
      await drawing
        .locator(".back")
        .evaluateAll((all) => all.map((band) => (band as SVGElement).dataset["stream"])),
    ).toEqual(["O"]);
    const box = async (band: string) => (await drawing.locator(`${band} .flow`).boundingBox())!;
    const [back, through] = [await box(".back"), await box('[data-stream="W"]')];
    expect(back.y + back.height).toBeLessThanOrEqual(through.y + through.height);
    expect(back.y).toBeLessThan(through.y);
    expect(back.width).toBeGreaterThan(through.width);
    expect(await drawing.textContent()).toContain("120.0 ± 2.0 m³ · medido");
    expect(await drawing.locator('[data-stream="B"]').textContent()).toContain("m³ · calculado");
  });

  it("shows raw beside reconciled, with what it was changed by and how it is known", async () => {
    expect(await page.locator('[data-row="K solids"]').locator("td").allInnerTexts()).toEqual([
      "Sólidos secos, t",
      "0.241 ± 0.024",
      expect.stringMatching(/^0\.244 ± /),
      "+0.003",
      expect.stringMatching(/^\d\.\d\d$/),
      "medido (concentrate)",
    ]);
    await page.getByText(/Las mediciones concuerdan: χ² 2\.25/).waitFor();
  });

  it("shows a sample that is missing as missing, and nowhere as zero", async () => {
    await page.getByRole("link", { name: "Siguiente ›" }).click();
    await page.getByText("2026-11-22, noche").waitFor();
    expect(await closure("plant gold").innerText()).toMatch(/–[\s\S]*falta medir: Stream F, /);
    const feed = page.locator('svg[data-of="gold"] [data-stream="F"]');
    expect(await feed.getAttribute("class")).toContain("missing");
    expect(await feed.getAttribute("data-mass")).toBe("");
    expect(await feed.textContent()).toContain("– · falta");
    const row = await page.locator('[data-row="F gold"]').innerText();
    expect(row).toMatch(/g\/t\s+–\s+–\s+falta \(AY-F\)/);
    expect(row).not.toMatch(/\b0\b/);
    expect(await page.locator(".sankey").allInnerTexts()).not.toContainEqual(expect.stringMatching(/\b0 g/));
  });

  it("draws no text over another, where all is known and where hardly anything is", async () => {
    expect(await collisions()).toEqual([]);
    await takeScreenshot(page, "balance-known", true);
    await page.getByRole("link", { name: "Siguiente ›" }).click();
    await page.getByText("2026-11-22, noche").waitFor();
    expect(await collisions()).toEqual([]);
    await takeScreenshot(page, "balance-missing", true);
  });

  it("can be read by everybody in both languages and themes", async () => {
    expect(
      await faultsInAllVariants(built.browser, lab.gateway.httpUrl + OF_THE_SHIFT, ".sankey", "balance"),
    ).toEqual([]);
  });
});

// Last, because what was signed stays signed.
describe("the figures of a period", () => {
  it("are signed there; what comes after that waits for a reason, and the versions stand side by side", async () => {
    await page.getByLabel("Observación").fill("revisado con el jefe de guardia");
    await page.getByRole("button", { name: "Firmar" }).click();
    await page.getByText(/Cifras firmadas: \d/).waitFor();
    now += 60_000;
    const recount = { ref: "C-2", at: "2026-11-22 18:30", component: "carbon", goldG: 690, uG: 14 };
    expect((await lab.post("/api/v1/stocktakes", recount)).body).toMatchObject({ added: 1 });
    await until(async () => ((await lab.get("/api/v1/restatements")).body as unknown as object[]).length > 0);
    await page.reload();
    await page.getByText("Cifras que difieren de lo firmado: 1").waitFor();
    const figure = page.locator('[data-row="carbon"]');
    expect(await figure.innerText()).toMatch(/702 ± 28 g[\s\S]*702 ± 28 g · final/);
    await page.getByLabel("Motivo").fill("se contó de nuevo");
    await page.getByRole("button", { name: "Corregir" }).click();
    await page.getByText("Cifras corregidas: 1").waitFor();
    await figure.getByText("corregida").waitFor();
    expect(await figure.innerText()).toMatch(/702 ± 28 g\s+690 ± 28 g · corregida\s+-1\.71 %/);
    expect(await figure.innerText()).toContain("se contó de nuevo");
    await page.getByRole("button", { name: "Versiones de carbon" }).click();
    const versions = page.getByRole("table", { name: "Versiones de carbon" }).locator("tbody tr");
    expect((await versions.allInnerTexts()).map((text) => text.split(/\s*\t\s*/).slice(1, 3))).toEqual([
      ["702 ± 28 g", "provisional"],
      ["702 ± 28 g", "final"],
      ["690 ± 28 g", "corregida"],
    ]);
    await takeScreenshot(page, "balance-versions", true);
    expect(watched.complaints).toEqual([]);
  });
});
