import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assay } from "../../../src/domain/assay.ts";
import { createCalendar } from "../../../src/domain/calendar.ts";
import { qualityOf } from "../../../src/domain/status.ts";
import { takeAssay } from "../../../src/gateway/metrics/assay-figure.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { pointOf } from "../../support/laboratory.ts";
import { temporaryFolder } from "../../support/program.ts";

const calendar = createCalendar({
  timeZone: "America/Lima",
  productionDay: "07:00",
  shifts: { day: "07:00", night: "19:00" },
});
const DAY = calendar.find("day", "2026-11-22")!;
const [DAY_SHIFT, NIGHT_SHIFT] = calendar.within("shift", DAY.from, DAY.to);
const folder = temporaryFolder();
let journal: Journal;

beforeAll(() => {
  journal = openJournal(folder.path);
});
afterAll(() => {
  journal.close();
  folder[Symbol.dispose]();
});

const USUAL: Assay = {
  point: "",
  sample: "",
  kind: "sample",
  version: 1,
  revision: 1,
  cutFrom: DAY.from,
  cutTo: DAY.to,
  unit: "g/t",
  value: 10,
  u: 0.3,
  asReported: "10",
  method: null,
  batch: null,
  material: null,
  state: "accepted",
  reportedAt: DAY.to,
  receivedAt: DAY.to,
  by: "test",
  reason: null,
};

/** Results in g/t of a point of its own, with 3 % each. */
function results(point: string, ...assays: Partial<Assay>[]): void {
  for (const [i, changes] of assays.entries())
    journal.assays.append([{ ...USUAL, point, sample: `S${i}`, ...changes }]);
}

function take(id: string, span = DAY) {
  const point = pointOf(id, "g/t");
  return takeAssay({ from: "assay", id, point, factor: 1, offset: 0 }, span, "g/t", {
    assays: journal.assays,
    calendar,
    record: () => null,
  });
}

const dayCut = { cutFrom: DAY_SHIFT!.from, cutTo: DAY_SHIFT!.to };
const nightCut = { cutFrom: NIGHT_SHIFT!.from, cutTo: NIGHT_SHIFT!.to };

describe("the figure of a sampling point", () => {
  it("is the mean of the shifts of a day, each with a draw of its own", () => {
    results("A", { value: 10, ...dayCut }, { value: 14, u: 0.4, ...nightCut });
    const { figure, isPreliminary } = take("A");
    expect(figure.value).toBe(12);
    expect(figure.u).toBeCloseTo(Math.hypot(0.15, 0.2), 12);
    expect(isPreliminary).toBe(false);
  });

  it("takes a sample and its duplicate for one, less certain the more they differ", () => {
    results(
      "B",
      { value: 9.9, ...dayCut },
      { value: 10.1, kind: "duplicate", ...dayCut },
      { value: 16, ...nightCut },
    );
    results(
      "C",
      { value: 8, ...dayCut },
      { value: 12, kind: "duplicate", ...dayCut },
      { value: 16, ...nightCut },
    );
    expect(take("B").figure.value).toBeCloseTo(13, 12);
    expect(take("C").figure.value).toBeCloseTo(13, 12);
    expect(take("C").figure.u! / take("B").figure.u!).toBeGreaterThan(1.4);
    expect(take("B").inputs.map(({ id }) => id)).toEqual(["B/S0", "B/S1", "B/S2"]);
  });

  it("counts nothing that is held, above its method or withdrawn, and the usual value stands in, uncertain", () => {
    const before = { cutFrom: DAY.from - 43_200_000, cutTo: DAY.from };
    results(
      "D",
      { value: 11, ...before },
      { value: 50, state: "held", ...dayCut },
      { value: null, state: "over-limit", ...nightCut },
    );
    const { figure, isPreliminary } = take("D");
    expect([figure.value, qualityOf(figure.status), isPreliminary]).toEqual([11, "uncertain", true]);
    expect(take("nothing").figure).toMatchObject({ value: null, reason: "MISSING" });
  });
});
