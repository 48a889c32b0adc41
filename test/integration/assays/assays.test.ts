import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { assaysCsv, assaysJson } from "../../../simulators/laboratory/assay.ts";
import { createLaboratory, reportedBy, visit } from "../../../simulators/laboratory/laboratory.ts";
import { createPlantModel } from "../../../simulators/plant/model.ts";
import { clockAt, metallurgyOf, pointOf, startLaboratory } from "../../support/laboratory.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";

const NOON = Date.parse("2026-11-24T12:00:00Z");
const HEAD = "sample,point,kind,version,cut_from,cut_to,reported,method,value,unit,reason";
let now = NOON;
let lab: LaboratoryGateway;

const start = async (): Promise<void> => {
  now = NOON;
  lab = await startLaboratory(clockAt(() => now));
};
const end = (): Promise<void> => Promise.resolve(lab[Symbol.asyncDispose]());

const record = (changes: object = {}) => ({
  sample: "S1",
  point: "AY-901",
  cut_from: "2026-11-22T07:00:00-05:00",
  cut_to: "2026-11-22T19:00:00-05:00",
  reported: "2026-11-23T06:00:00-05:00",
  method: "FA-AAS",
  value: 8.4,
  unit: "g/t",
  ...changes,
});

describe("results of the laboratory", () => {
  beforeEach(start);
  afterEach(end);

  it("are kept with who told them and when, belong to the time of the cut, and survive a restart", async () => {
    expect(await lab.post("/api/v1/assays", record())).toEqual({
      status: 200,
      body: { received: 1, added: 1, unchanged: 0, superseded: 0, heldBatches: [] },
    });
    await lab.restart();
    expect(await lab.assays("?point=AY-901")).toEqual([
      {
        point: "AY-901",
        sample: "S1",
        kind: "sample",
        version: 1,
        revision: 1,
        cutFrom: "2026-11-22T12:00:00.000Z",
        cutTo: "2026-11-23T00:00:00.000Z",
        unit: "g/t",
        value: 8.4,
        u: expect.closeTo(0.252, 6) as number,
        asReported: "8.4",
        method: "FA-AAS",
        batch: "FA-AAS@2026-11-23T00:00Z",
        material: null,
        state: "accepted",
        reportedAt: "2026-11-23T11:00:00.000Z",
        receivedAt: "2026-11-24T12:00:00.000Z",
        by: "local engineer",
        reason: null,
      },
    ]);
    const by = (from: string, to: string) => lab.assays(`?from=${from}&to=${to}`);
    expect(await by("2026-11-22T00:00:00Z", "2026-11-22T12:00:00Z")).toEqual([]);
    expect(await by("2026-11-22T23:59:00Z", "2026-11-24T00:00:00Z")).toHaveLength(1);
    expect(await by("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")).toEqual([]);
  });

  it("below the detection limit count as half of it, with an uncertainty of their own", async () => {
    await lab.post("/api/v1/assays", [
      record({ sample: "T1", point: "AY-903", value: "<0.005" }),
      record({ sample: "T2", point: "AY-904", value: "< 5", unit: "ug/L" }),
    ]);
    const [solids, solution] = (await lab.assays()).sort((a, b) => (a.sample < b.sample ? -1 : 1));
    expect(solids).toMatchObject({ value: 0.0025, asReported: "<0.005", state: "accepted" });
    expect(solids?.u).toBeCloseTo(0.005 / Math.sqrt(12), 12);
    expect(solution?.value).toBeCloseTo(0.0025, 12);
  });

  it("above the limit of the method wait for the re-assay, which needs no reason", async () => {
    await lab.post("/api/v1/assays", record({ value: ">10" }));
    expect(await lab.assays()).toMatchObject([{ state: "over-limit", value: null, asReported: ">10" }]);
    const again = await lab.post("/api/v1/assays", record({ value: 12.41, method: "FA-GRAV" }));
    expect(again.body).toMatchObject({ added: 1 });
    expect(await lab.assays()).toMatchObject([{ state: "accepted", value: 12.41, version: 2, revision: 2 }]);
    expect(await lab.assays("?versions=all")).toHaveLength(2);
  });

  it("are corrected by a new version with a reason, and never overwritten", async () => {
    await lab.post("/api/v1/assays", record());
    const silent = await lab.post("/api/v1/assays", record({ value: 8.9 }));
    expect(silent.status).toBe(400);
    expect(silent.body.message).toMatch(
      /^Row 1, sample: S1 of AY-901 is known with 8.4 g\/t, cut 2026-11-22T12:00Z to .*Nothing was taken\.$/,
    );
    now += 3_600_000;
    const reason = "weighing error";
    expect((await lab.post("/api/v1/assays", record({ value: 8.9, reason }))).body.added).toBe(1);
    expect((await lab.post("/api/v1/assays", record())).body).toMatchObject({ added: 0, unchanged: 1 });
    expect(await lab.assays("?versions=all")).toMatchObject([
      { version: 1, value: 8.4, reason: null },
      { version: 2, value: 8.9, reason, receivedAt: "2026-11-24T13:00:00.000Z" },
    ]);
    await lab.post("/api/v1/assays", record({ value: "withdrawn", reason: "wrong bag" }));
    expect(await lab.assays()).toMatchObject([{ state: "withdrawn", value: null, version: 3 }]);
  });

  it("end with the one that the laboratory counts highest, in whatever order they come", async () => {
    const second = record({ version: 2, value: 8.9 });
    expect((await lab.post("/api/v1/assays", [second, record({ version: 1 })])).body.added).toBe(2);
    await lab.post("/api/v1/assays", record({ sample: "S2", version: 3, value: 9 }));
    expect(
      (await lab.post("/api/v1/assays", record({ sample: "S2", version: 2, value: 1 }))).body,
    ).toMatchObject({ added: 0, superseded: 1 });
    expect((await lab.assays()).map(({ sample, value, revision }) => [sample, value, revision])).toEqual([
      ["S1", 8.9, 2],
      ["S2", 9, 3],
    ]);
    expect((await lab.post("/api/v1/assays", record({ version: 2, value: 1 }))).body.message).toMatch(
      /version 2 of S1 of AY-901 is known with 8\.9/,
    );
  });

  it("of the simulated laboratory are taken as it delivers them, once, whether as CSV or as JSON", async () => {
    const model = createPlantModel();
    const simulated = createLaboratory(3, NOON, 7 * 3600);
    while (model.timeS < 3600 * 72) {
      model.step(Math.min(simulated.nextS, 3600 * 72) - model.timeS);
      visit(simulated, model);
    }
    now = NOON + 72 * 3_600_000;
    const reported = reportedBy(simulated, now);
    const tags = new Map(reported.map(({ tag, unit }) => [tag, unit]));
    tags.delete("");
    await lab[Symbol.asyncDispose]();
    const points = [...tags].map(([id, unit]) => pointOf(id, unit));
    lab = await startLaboratory(
      clockAt(() => now),
      { metallurgy: metallurgyOf({ assays: points }) },
    );
    const { body } = await lab.postCsv("/api/v1/assays.csv", assaysCsv(reported));
    expect(body).toMatchObject({ received: reported.length, added: reported.length, heldBatches: [] });
    const again = await lab.postCsv("/api/v1/assays.csv", assaysCsv(reported));
    expect(again.body).toMatchObject({ added: 0, unchanged: reported.length });
    const json = await lab.post("/api/v1/assays", JSON.parse(assaysJson(reported)));
    expect(json.body).toMatchObject({ added: 0, unchanged: reported.length });
    const heads = await lab.assays("?point=AY-901");
    const grades = heads.filter(({ state, kind }) => state === "accepted" && kind === "sample");
    for (const { value } of grades) expect(Math.abs((value ?? 0) / 12 - 1)).toBeLessThan(0.15);
    expect(grades.length).toBeGreaterThan(2);
  });
});

describe("standards and blanks", () => {
  beforeEach(start);
  afterEach(end);

  const control = (changes: object) =>
    record({ sample: "C1", point: "", kind: "standard", value: 5.1, ...changes });
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await lab.assays()).map(({ sample, state }) => [sample, state]));

  it("hold their batch back beyond 3 sd, until a person releases it with a reason", async () => {
    await lab.post("/api/v1/assays", record());
    const answer = await lab.post("/api/v1/assays", control({ value: 5.6 }));
    expect(answer.body).toMatchObject({ added: 1, heldBatches: ["FA-AAS@2026-11-23T00:00Z"] });
    expect(await states()).toEqual({ S1: "held", C1: "held" });
    expect((await lab.get("/api/v1/assays/controls")).body).toMatchObject([
      {
        sample: "C1",
        z: expect.closeTo(3.667, 3) as number,
        failure: "3.7 sd from the certified 5.05",
        material: "OREAS-5",
      },
    ]);
    await lab.post("/api/v1/assays", record({ sample: "S2" }));
    expect(await states()).toMatchObject({ S2: "held" });

    const path = `/api/v1/assays/batches/${encodeURIComponent("FA-AAS@2026-11-23T00:00Z")}/release`;
    expect((await lab.post(path, {})).status).toBe(400);
    expect((await lab.post(path, { reason: "   " })).status).toBe(400);
    expect(await lab.post(path, { reason: "standard mixed up" })).toEqual({
      status: 200,
      body: { released: 3 },
    });
    expect(await states()).toEqual({ S1: "accepted", S2: "accepted", C1: "accepted" });
    expect(
      (await lab.assays("?point=AY-901&versions=all")).map(({ version, by, reason }) => [
        version,
        by,
        reason,
      ]),
    ).toContainEqual([3, "local engineer", "standard mixed up"]);
    expect((await lab.post(path, { reason: "again" })).status).toBe(404);
    await lab.post("/api/v1/assays", record({ sample: "S3" }));
    expect(await states()).toMatchObject({ S3: "accepted", C1: "accepted" });
  });

  it("hold at the second beyond 2 sd in a row, in the order of the cuts and not of the arrival", async () => {
    const cut = (day: number) => ({
      cut_from: `2026-11-${day}T00:00:00Z`,
      cut_to: `2026-11-${day}T00:00:00Z`,
      reported: null,
    });
    await lab.post("/api/v1/assays", control({ sample: "C3", value: 5.4, ...cut(22) }));
    await lab.post("/api/v1/assays", control({ sample: "C1", value: 4.7, ...cut(20) }));
    expect(await states()).toEqual({ C1: "accepted", C3: "held" });
    await lab.post("/api/v1/assays", control({ sample: "C5", value: 5.4, ...cut(24) }));
    await lab.post("/api/v1/assays", control({ sample: "C6", value: 5.4, method: "FA-GRAV", ...cut(24) }));
    expect(await states()).toMatchObject({ C5: "held", C6: "accepted" });
  });

  it("hold at a blank above its limit, and not at one below the detection limit", async () => {
    await lab.post("/api/v1/assays", [record(), control({ sample: "B1", kind: "blank", value: "<0.05" })]);
    expect(await states()).toEqual({ S1: "accepted", B1: "accepted" });
    await lab.post("/api/v1/assays", control({ sample: "B2", kind: "blank", value: 0.03 }));
    expect(await states()).toEqual({ S1: "held", B1: "accepted", B2: "held" });
  });
});

describe("what is wrong", () => {
  beforeAll(start);
  afterAll(end);

  it.each([
    [{ point: "AY-91" }, "Row 2, point: the plant has no sampling point AY-91; did you mean `AY-901`?"],
    [{ unit: "mg/L" }, "Row 2, unit: AY-901 is in g/t, not in mg/L."],
    [{ value: 201 }, "Row 2, value: 201 is outside the range of AY-901, 0 to 200 g/t."],
    [{ cut_to: "2026-11-25T00:00:00Z" }, "Row 2, cut_to: the sample was cut in the future."],
    [{ cut_to: "2026-11-22T00:00:00Z" }, "Row 2, cut_to: it ends before it begins."],
    [{ cut_from: "2026-09-22T00:00:00Z" }, "Row 2, cut_to: no sample is cut for more than 35 days."],
    [
      { reported: "2026-11-22T20:00:00Z" },
      "Row 2, reported: the result was reported before the sample was cut.",
    ],
    [{ reported: "2026-11-26T20:00:00Z" }, "Row 2, reported: the result was reported in the future."],
    [{ value: "NaN" }, 'Row 2, value: "NaN" is no number.'],
    [{ value: null }, "Row 2, value: it is empty."],
    [{ value: 9 }, "Row 2, sample: S1 of AY-901 is known with 8.4 g/t"],
    [{ kind: "standard", material: "X" }, "Row 2, point: a standard belongs to no sampling point"],
    [{ kind: "blank", point: "", unit: "furlong" }, "Row 2, unit: furlong is no unit"],
  ])("is told by row and column, and nothing is taken: %j", async (changes, message) => {
    const { status, body } = await lab.post("/api/v1/assays", [
      record(),
      record({ ...changes }),
      record({ sample: "S9" }),
    ]);
    expect(status).toBe(400);
    expect(body.message).toContain(message);
    expect(body.faults?.[0]).toMatchObject({ row: 2 });
    expect(await lab.assays("?versions=all")).toEqual([]);
  });

  it("is counted in a CSV from its head, and no line of it is taken", async () => {
    const lines = [
      HEAD,
      "S1,AY-901,sample,1,22/11/2026 07:00,22/11/2026 19:00,,FA-AAS,8.4,g/t,",
      "S2,AY-901,sample,1,22/11/2026 19:00,23/11/2026 07:00,,FA-AAS,-8.4,g/t,",
    ];
    const { status, body } = await lab.postCsv("/api/v1/assays.csv", lines.join("\r\n"));
    expect([status, body.faults]).toEqual([
      400,
      [
        {
          row: 3,
          column: "value",
          code: "negative",
          params: { text: "-8.4" },
          sentence: '"-8.4" is negative',
        },
      ],
    ]);
    expect(await lab.assays()).toEqual([]);
    expect((await lab.postCsv("/api/v1/assays.csv", lines.slice(0, 2).join("\r\n"))).body.added).toBe(1);
    expect(await lab.assays()).toMatchObject([{ cutFrom: "2026-11-22T12:00:00.000Z" }]);
  });

  it("is a body of more than a megabyte, another form of content, and a page of another site", async () => {
    expect((await lab.postCsv("/api/v1/assays.csv", "x".repeat(1_100_000))).status).toBe(413);
    const send = (headers: Record<string, string>, body = "sample\n1"): Promise<number> =>
      fetch(`${lab.gateway.httpUrl}/api/v1/assays.csv`, { method: "POST", headers, body }).then(
        ({ status }) => status,
      );
    expect(await send({ "content-type": "text/plain" })).toBe(415);
    expect(await send({ "content-type": "application/json" }, "{}")).toBe(415);
    expect(await send({ "content-type": "text/csv", origin: "http://evil.example" })).toBe(403);
    expect(await send({ "content-type": "text/csv", "x-forwarded-for": "10.0.0.1" })).toBe(401);
  });
});
