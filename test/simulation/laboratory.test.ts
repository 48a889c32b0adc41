import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { assaysCsv, assaysJson } from "../../simulators/laboratory/assay.ts";
import type { Assay } from "../../simulators/laboratory/assay.ts";
import { createDelivery } from "../../simulators/laboratory/delivery.ts";
import { disturb } from "../../simulators/laboratory/faults.ts";
import { createLaboratory, reportedBy, visit } from "../../simulators/laboratory/laboratory.ts";
import { createPlantModel } from "../../simulators/plant/model.ts";

const START = Date.parse("2026-11-22T12:00:00Z");
const HOUR_MS = 3_600_000;

/** The steady plant and its laboratory from 07:00 on, for so many hours. */
function run(hours: number, prepare: (lab: ReturnType<typeof createLaboratory>) => void = () => {}) {
  const model = createPlantModel();
  const lab = createLaboratory(3, START, 7 * 3600);
  prepare(lab);
  while (model.timeS < 3600 * hours) {
    model.step(Math.min(lab.nextS, 3600 * hours) - model.timeS);
    visit(lab, model);
  }
  const now = START + hours * HOUR_MS;
  return { lab, now, reported: reportedBy(lab, now) };
}

const { lab, reported } = run(72);
const of = (tag: string, assays: readonly Assay[] = reported) => assays.filter((assay) => assay.tag === tag);

describe("the laboratory", () => {
  test("cuts at the ends of the shifts and reports hours later, in the order of the reports", () => {
    const heads = of("AY-901");
    expect(new Set(heads.map(({ cutToMs }) => new Date(cutToMs).toISOString().slice(11, 16)))).toEqual(
      new Set(["00:00", "12:00"]),
    );
    for (const assay of reported) expect(assay.reportedMs - assay.cutToMs).toBeGreaterThanOrEqual(HOUR_MS);
    const times = reported.map(({ reportedMs }) => reportedMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  test("assays a head above 10 g/t again with a gravimetric finish", () => {
    const [first] = of("AY-901");
    const again = reported.find(({ sample, version }) => sample === first?.sample && version === 2);
    expect(first).toMatchObject({ value: 10, qualifier: ">", method: "FA-AAS", version: 1 });
    expect(again).toMatchObject({
      qualifier: "",
      method: "FA-GRAV",
      reason: "above the limit of the first method",
    });
    expect(Math.abs((again?.value ?? NaN) / 12 - 1)).toBeLessThan(0.1);
  });

  test("finds what is there, within its error", () => {
    for (const [tag, truth, relative] of [
      ["AY-902", 7.575, 0.15],
      ["AY-903", 0.52, 0.15],
      ["AY-950", 3.5, 0.15],
      ["AY-952", 105.7, 0.1],
      ["AY-956", 4.75, 0.2],
      ["AY-962", 78.5, 0.06],
      ["AY-935", 180, 0.4],
    ] as const)
      for (const { value, version } of of(tag))
        if (version === 1) expect(Math.abs(value / truth - 1), `${tag} ${value}`).toBeLessThan(relative);
  });

  test("samples the 43 tags of its list, doré only when there is any", () => {
    const tags = new Set(lab.bench.reports.map(({ tag }) => tag));
    tags.delete("");
    expect(tags.size).toBe(41);
  });

  test("sends duplicates, standards and blanks along, and a blank is below the limit of detection", () => {
    expect(reported.filter(({ kind }) => kind === "duplicate").length).toBeGreaterThan(3);
    for (const { value } of reported.filter(({ kind }) => kind === "standard"))
      expect(value).toBeCloseTo(5, 0);
    const blanks = reported.filter(({ kind }) => kind === "blank");
    expect(blanks.some(({ qualifier, value }) => qualifier === "<" && value === 0.005)).toBe(true);
  });

  test("takes a result back when it was told to, a day later and with another version", () => {
    const restated = run(72, ({ bench }) => void disturb(bench, "restated-assay", 1.2)).reported;
    const [first, second] = of("AY-903", restated).filter(
      ({ sample }) => sample === of("AY-903", restated)[0]?.sample,
    );
    expect(second).toMatchObject({ version: 2, reason: "corrected by the laboratory" });
    expect(second!.value / first!.value).toBeCloseTo(1.2, 2);
    expect(second!.reportedMs - first!.reportedMs).toBeGreaterThan(20 * HOUR_MS);
  });

  test("is late when it was told to, and then again in time", () => {
    const late = run(40, ({ bench }) => void disturb(bench, "late-assay", 30)).reported;
    expect(of("AY-902", late)).toEqual([]);
    const { bench } = createLaboratory(1, START, 0);
    disturb(bench, "late-assay", undefined)();
    expect(bench.delayH).toBe(0);
  });

  test("weighs the bar of the week", () => {
    const { lab: weekly } = run(8 * 24);
    const bar = weekly.bench.reports.find(({ tag }) => tag === "AY-954");
    const fineness = weekly.bench.reports.find(({ tag }) => tag === "AY-955");
    expect((bar?.value ?? NaN) * (fineness?.value ?? NaN)).toBeGreaterThan(4000);
    expect(fineness?.value).toBeCloseTo(0.82, 1);
  });
});

describe("its system", () => {
  test("writes CSV and JSON that say the same", () => {
    const csv = assaysCsv(reported.slice(0, 5)).trimEnd().split("\n");
    const json = JSON.parse(assaysJson(reported.slice(0, 5))) as Record<string, string | number>[];
    expect(csv[0]).toBe(
      "sample,tag,kind,version,cut_from,cut_to,reported,method,qualifier,value,unit,reason",
    );
    expect(csv.slice(1)).toEqual(json.map((record) => Object.values(record).join(",")));
  });

  test("drops each result once, in files that are complete when they have their name", () => {
    const dir = mkdtempSync(join(tmpdir(), "puma-assays-"));
    const delivery = createDelivery(dir);
    delivery.deliver(reported.slice(0, 4), START);
    delivery.deliver(reported.slice(0, 4), START + 1);
    delivery.deliver(reported.slice(0, 9), START + 2);
    const files = readdirSync(dir).sort();
    expect(files).toHaveLength(4);
    expect(files.every((file) => /\.(csv|json)$/.test(file))).toBe(true);
    const samples = files
      .filter((file) => file.endsWith(".csv"))
      .flatMap((file) => readFileSync(join(dir, file), "utf8").trimEnd().split("\n").slice(1));
    expect(samples).toHaveLength(9);
    rmSync(dir, { recursive: true });
  });
});
