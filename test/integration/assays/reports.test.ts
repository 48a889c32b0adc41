import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Status } from "../../../src/domain/status.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import { clockAt, metallurgyOf, startLaboratory } from "../../support/laboratory.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";
import { root } from "../../support/plant.ts";
import { inputOf, metricOf, recordOf } from "../../support/records.ts";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const DAY_SHIFT = [Date.parse("2026-11-22T12:00:00Z"), Date.parse("2026-11-23T00:00:00Z")] as const;
const NIGHT_SHIFT = [DAY_SHIFT[1], Date.parse("2026-11-23T12:00:00Z")] as const;
const DAY = [DAY_SHIFT[0], NIGHT_SHIFT[1]] as const;

const out = { poured: 0, inventoryStart: 100, inventoryEnd: 120, tails: 25, dry: 50, goldInFeed: 600 };
const metallurgy = metallurgyOf({
  metrics: [
    metricOf("feed-tonnes", "M-04", { wet: 52, moisture: 3.5 }),
    metricOf("gold-in-feed", "M-41", { dry: 50, grade: 12 }),
    metricOf("accounting", "M-46", out),
  ],
  flowsheet: {
    nodes: [{ id: "N1", title: "Plant", area: "grinding" }],
    streams: [
      {
        id: "F",
        title: "Feed",
        from: null,
        to: "N1",
        solids: "feed-tonnes",
        gold: "AY-901",
        water: null,
        carries: ["solids", "gold"],
      },
    ],
  },
});

/** Figures of a day and its shifts. */
function fill(dataDir: string): void {
  const journal = openJournal(dataDir);
  const head = (value: number) => ({ inputs: [inputOf("goldInFeed", value)], unit: "%" });
  for (const record of [
    recordOf("feed-tonnes", "shift", DAY_SHIFT, { value: 40 }),
    recordOf("feed-tonnes", "shift", NIGHT_SHIFT, { value: 60 }),
    recordOf("accounting.headTails", "shift", DAY_SHIFT, { value: 95, u: 0.5, ...head(400) }),
    recordOf("accounting.headTails", "shift", NIGHT_SHIFT, { value: 90, u: 0.6, ...head(1200) }),
    recordOf("gold-in-feed", "shift", DAY_SHIFT, {
      value: null,
      u: null,
      unit: "g",
      status: Status.BadNoCommunication,
      reason: "MISSING",
      state: "PRELIMINARY",
    }),
    recordOf("feed-tonnes", "day", DAY, {
      value: 100.25,
      u: 0.6,
      status: Status.UncertainSubstitute,
      coverage: 0.93,
    }),
    recordOf("feed-tonnes", "day", DAY, { value: 101.5, u: 0.6, cause: "late readings" }),
    recordOf("gold-in-feed", "day", DAY, { value: 1234.5678, u: 21.3, unit: "g" }),
  ])
    journal.versions.append(record);
  journal.close();
}

let lab: LaboratoryGateway;

beforeAll(async () => {
  lab = await startLaboratory(
    clockAt(() => NOW),
    { metallurgy, title: "Planta <modular> Puma" },
  );
  fill(lab.dataDir);
  await lab.post("/api/v1/lots", [
    { ref: "L-1", at: "2026-11-22 06:00", vein: "Puma", wetT: 50, moisturePercent: 0 },
    { ref: "L-2", at: "2026-11-22 08:00", vein: "Norte", wetT: 100, moisturePercent: 5 },
  ]);
  await lab.post("/api/v1/downtime", {
    from: "2026-11-22 18:00",
    to: "2026-11-22 20:30",
    equipment: "BM1",
    code: "breakdown",
    note: "liner <bolt>",
  });
  await lab.post("/api/v1/pours", { ref: "B-7", at: "2026-11-22 10:00", doreG: 5000, fineness: 0.82 });
  const cut = { cut_from: "2026-11-22 07:00", cut_to: "2026-11-22 19:00" };
  await lab.post("/api/v1/assays", [
    { sample: "S1", point: "AY-901", ...cut, value: ">10", unit: "g/t" },
    { sample: "S2", point: "AY-903", ...cut, value: 0.5, unit: "g/t" },
  ]);
});
afterAll(() => lab[Symbol.asyncDispose]());

describe("a report", () => {
  it("of a shift has its figures, downtime, lots by first in first out with their recovery, and what the laboratory owes", async () => {
    const { status, body } = await lab.get("/api/v1/reports/shift/2026-11-22/day");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: "shift",
      key: "2026-11-22/day",
      from: "2026-11-22T12:00:00.000Z",
      to: "2026-11-23T00:00:00.000Z",
      isOver: true,
      state: "PRELIMINARY",
      signature: null,
      figures: [
        {
          metric: "feed-tonnes",
          value: 40,
          u: 0.5,
          unit: "t",
          quality: "good",
          coverage: 1,
          state: "PROVISIONAL",
          version: 1,
        },
        { metric: "gold-in-feed", value: null, quality: "bad", reason: "MISSING", state: "PRELIMINARY" },
        { metric: "accounting.headTails", value: 95, unit: "%" },
      ],
      downtime: [{ body: { equipment: "BM1", code: "breakdown" } }],
      pours: [{ ref: "B-7" }],
      deliveries: [{ ref: "L-2" }],
      lots: [{ lot: "L-1", vein: "Puma", dryT: 40, goldG: 400, recoveryPercent: 95, u: 0.5 }],
    });
    const { pending } = body as unknown as { pending: { point: string; why: string }[] };
    expect(pending.map(({ point, why }) => `${point} ${why}`)).toEqual([
      "AY-901 over-limit",
      "AY-904 missing",
      "AY-950 missing",
    ]);
  });

  it("of a day shows the last versions, and each lot with the recovery of the shifts that milled it", async () => {
    const { body } = await lab.get("/api/v1/reports/day/2026-11-22");
    expect(body).toMatchObject({
      state: "PROVISIONAL",
      figures: [
        { metric: "feed-tonnes", value: 101.5, version: 2, cause: "late readings" },
        { metric: "gold-in-feed", value: 1234.5678 },
      ],
      lots: [
        {
          lot: "L-1",
          dryT: 50,
          goldG: 400 + 200,
          recoveryPercent: expect.closeTo((400 * 95 + 200 * 90) / 600, 9) as number,
        },
        { lot: "L-2", dryT: 50, goldG: 1000, recoveryPercent: 90, u: expect.closeTo(0.6, 9) as number },
      ],
    });
  });

  it("is there for a period that is not over or of which nothing is known, and not for one that does not exist", async () => {
    expect((await lab.get("/api/v1/reports/day/2026-11-24")).body).toMatchObject({
      isOver: false,
      state: null,
      figures: [],
      pending: [],
    });
    expect((await lab.get("/api/v1/reports/shift/2026-11-22/evening")).status).toBe(404);
    expect((await lab.get("/api/v1/reports/day/2026-02-30")).status).toBe(404);
    expect((await lab.get("/api/v1/reports/day/x")).body.message).toBe("There is no day x.");
  });

  it("comes as CSV with u and U, and as HTML in Spanish and English in which no text becomes markup", async () => {
    const path = `${lab.gateway.httpUrl}/api/v1/reports/day/2026-11-22`;
    const csv = await fetch(`${path}?format=csv`);
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="test-2026-11-22.csv"');
    const lines = (await csv.text()).split("\r\n");
    const period =
      "2026-11-22T12:00:00.000Z,2026-11-22 07:00:00.000,2026-11-23T12:00:00.000Z,2026-11-23 07:00:00.000";
    expect(lines.slice(0, 2)).toEqual([
      "period,section,id,title,area,from_utc,from_local,to_utc,to_local,value,u,U,unit,quality,coverage,state,version,by,text",
      `2026-11-22,figure,feed-tonnes,Title of feed-tonnes,grinding,${period},101.5,0.6,1.2,t,good,1,PROVISIONAL,2,,`,
    ]);
    expect(new Set(lines.map((line) => line.split(",").length))).toEqual(new Set([19, 1]));
    const ofSection = (section: string) => lines.filter((line) => line.split(",")[1] === section);
    expect(ofSection("downtime")).toEqual([
      expect.stringMatching(/,BM1,,2026-11-22T23:00.*,2\.5,,,h,,,breakdown,1,local engineer,liner <bolt>$/),
    ]);
    expect(ofSection("delivery").map((line) => line.split(",").slice(9, 13).join())).toEqual([
      "100,,,t",
      "5,,,%",
      ",,,g/t",
    ]);
    expect(ofSection("pour")[1]).toMatch(/,B-7,doré,.*,0\.82,,,1,.*fineness$/);
    expect(ofSection("assay").map((line) => line.split(",")[2])).toEqual(["AY-901", "AY-903"]);
    expect(ofSection("alarm calls")).toHaveLength(4);
    const page = await fetch(`${path}?format=html`);
    expect(page.headers.get("content-security-policy")).not.toContain("script-src 'unsafe");
    const html = await page.text();
    for (const text of [
      "Reporte del día de producción 2026-11-22",
      "Planta &lt;modular&gt; Puma",
      "101.5",
      "1.2",
      "1,235",
      "PROVISIONAL",
      "liner &lt;bolt&gt;",
      "avería",
      "Superintendente de planta",
    ])
      expect(html).toContain(text);
    expect(html).not.toContain("<modular>");
    expect(await (await fetch(`${path}?format=html&language=en`)).text()).toContain(
      "Production day report 2026-11-22",
    );
  });
});

describe("puma report", () => {
  const run = promisify(execFile);
  let dir: string;
  let file: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-report-"));
    file = join(dir, "plant.yaml");
    await cp(join(root, "devices", "plants", "one-meter.yaml"), file);
    await cp(join(root, "devices", "profiles"), join(dir, "profiles"), { recursive: true });
    const metrics =
      "metrics: { feed-tonnes: { title: Dry feed, kind: M-04, area: utilities, inputs: { wet: 52, moisture: 3.5 } } }\n";
    const text = (await readFile(file, "utf8")).replace("timeZone: UTC", "timeZone: America/Lima");
    await writeFile(file, `${text}\n${metrics}`);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const puma = (...words: string[]) =>
    run(process.execPath, [join(root, "src", "puma.mjs"), "report", file, ...words], {
      encoding: "utf8",
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  it("says where it found no journal, and reads one whether a gateway runs or not", async () => {
    expect(await puma("day", "2026-11-22")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no journal in") as string,
    });
    fill(join(dir, "data"));
    const words = ["day", "2026-11-22"];
    const running = openJournal(join(dir, "data"));
    const [table, json, csv, html] = [
      await puma(...words),
      await puma(...words, "--json"),
      await puma(...words, "--csv"),
      await puma(...words, "--html"),
    ];
    running.close();
    expect(table.stdout).toMatch(/Dry feed +101\.5 +1\.2 +t +good +100% +PROVISIONAL +2/);
    expect((JSON.parse(json.stdout) as { figures: object[] }).figures).toMatchObject([
      { metric: "feed-tonnes", value: 101.5 },
    ]);
    expect(csv.stdout).toContain("2026-11-22,figure,feed-tonnes,Dry feed,utilities,2026-11-22T12:00");
    expect(html.stdout).toMatch(/^<!doctype html>/);
  });

  it.each([
    [["day", "yesterday"], 1, 'There is no day "yesterday": write it like 2026-11-22.'],
    [["shift", "2026-11-22/x"], 1, 'There is no shift "2026-11-22/x"'],
    [["month", "2026-11"], 78, '"month" is not one of shift, day.'],
    [["day", "2026-11-22", "--json", "--csv"], 78, "Choose one of --json, --csv and --html."],
    [["day", "2026-11-22", "--language", "fr"], 78, "--language takes es-PE or en"],
  ])("refuses %j", async (words, code, sentence) => {
    expect(await puma(...words)).toMatchObject({ code, stderr: expect.stringContaining(sentence) as string });
  });
});
