import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Entry } from "../../../src/domain/entry.ts";
import { clockAt, startLaboratory } from "../../support/laboratory.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";

const NOON = Date.parse("2026-11-24T12:00:00Z");
let now = NOON;
let lab: LaboratoryGateway;
let count = 0;
/** Refs of this test's own: the gateway keeps what the tests before told it. */
let own = "";

beforeAll(async () => {
  lab = await startLaboratory(clockAt(() => now));
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(() => {
  now = NOON;
  own = `T${++count}`;
});

const entries = async (path: string): Promise<Entry[]> =>
  ((await lab.get(`/api/v1/${path}`)).body as unknown as Entry[]).filter(({ ref }) => ref.startsWith(own));

const lot = (changes: object = {}) => ({
  lot: own,
  at: "2026-11-22 09:30",
  vein: "Veta Puma",
  method: "shrinkage",
  wetT: 32.5,
  moisturePercent: 3.5,
  gradeGPerT: 14.2,
  ...changes,
});

describe("what people enter", () => {
  it("is kept with who and when, and survives a restart", async () => {
    expect((await lab.post("/api/v1/lots", lot())).body).toEqual({ received: 1, added: 1, unchanged: 0 });
    await lab.restart();
    expect(await entries("lots")).toEqual([
      {
        kind: "lot",
        ref: own,
        version: 1,
        from: "2026-11-22T14:30:00.000Z",
        to: "2026-11-22T14:30:00.000Z",
        body: { vein: "Veta Puma", method: "shrinkage", wetT: 32.5, moisturePercent: 3.5, gradeGPerT: 14.2 },
        by: "local engineer",
        at: "2026-11-24T12:00:00.000Z",
        reason: null,
      },
    ]);
  });

  it("is corrected and taken back with a reason, and every version stays", async () => {
    await lab.post("/api/v1/lots", lot());
    expect((await lab.post("/api/v1/lots", lot())).body).toMatchObject({ unchanged: 1 });
    expect((await lab.post("/api/v1/lots", lot({ wetT: 33 }))).body.faults).toEqual([
      {
        row: 1,
        column: "reason",
        code: "record-known-otherwise",
        params: { ref: own, version: 1 },
        sentence: `${own} is known with other content (version 1); a correction needs a reason`,
      },
    ]);
    now += 60_000;
    await lab.post("/api/v1/lots", lot({ wetT: 33, reason: "weighbridge ticket read wrong" }));
    await lab.post("/api/v1/lots", {
      ref: own,
      at: "2026-11-22 09:30",
      withdrawn: true,
      reason: "went to another plant",
    });
    expect(await entries("lots")).toMatchObject([
      { version: 3, body: null, reason: "went to another plant" },
      { version: 2, body: { wetT: 33 }, at: "2026-11-24T12:01:00.000Z" },
      { version: 1, body: { wetT: 32.5 } },
    ]);
  });

  it.each([
    [
      "pours",
      { bar: "x", at: "2026-11-23T10:00:00-05:00", doreG: 5120.4, fineness: 0.8231 },
      { doreG: 5120.4, fineness: 0.8231 },
    ],
    [
      "leach-batches",
      {
        batch: "x",
        from: "2026-11-22 08:00",
        to: "2026-11-23 08:00",
        concentrateKg: 180,
        concentrateGPerT: 1916,
        residueKg: 178,
        residueGPerT: 57,
      },
      { residueGPerT: 57 },
    ],
    [
      "screens",
      {
        sample: "x",
        from: "2026-11-22 07:00",
        to: "2026-11-22 19:00",
        point: "AY-952",
        screens: "212: 98.5; 150:92 106:80",
      },
      {
        screens: [
          { sizeUm: 212, passingPercent: 98.5 },
          { sizeUm: 150, passingPercent: 92 },
          { sizeUm: 106, passingPercent: 80 },
        ],
      },
    ],
    [
      "screens",
      {
        sample: "x",
        from: "2026-11-22 07:00",
        point: "AY-952",
        screens: [
          { sizeUm: 150, passingPercent: 92 },
          { sizeUm: 106, passingPercent: 80 },
        ],
      },
      { point: "AY-952" },
    ],
  ])("%s are taken: %#", async (path, record, body) => {
    const named = Object.fromEntries(
      Object.entries(record).map(([key, value]) => [key, value === "x" ? own : value]),
    );
    expect(await lab.post(`/api/v1/${path}`, named)).toMatchObject({ status: 200, body: { added: 1 } });
    expect(await entries(path)).toMatchObject([{ ref: own, body }]);
  });

  it("needs no number where what and when say enough", async () => {
    await lab.post("/api/v1/stocktakes", { at: "2026-11-22 07:00", component: own, goldG: 18_400, uG: 600 });
    await lab.post("/api/v1/downtime", {
      from: "2026-11-22 10:00",
      to: "2026-11-22 11:30",
      equipment: own,
      code: "breakdown",
    });
    expect(await entries("stocktakes")).toMatchObject([
      { ref: `${own}@2026-11-22T12:00:00Z`, body: { goldG: 18_400, uG: 600 } },
    ]);
    expect(await entries("downtime")).toMatchObject([
      { ref: `${own}@2026-11-22T15:00:00Z`, body: { equipment: own, code: "breakdown", note: "" } },
    ]);
  });

  it("comes as CSV in Spanish too", async () => {
    const csv = `lote;fecha;veta;toneladas húmedas;humedad;ley\r\n${own}a;22/11/2026 9:30 a. m.;Veta Puma;32.5;3.5;\r\n${own}b;22/11/2026 14:00;Veta Norte;28.1;4;11.5\r\n`;
    expect(await lab.postCsv("/api/v1/lots.csv", csv)).toMatchObject({ status: 200, body: { added: 2 } });
    expect(await entries("lots")).toMatchObject([
      { ref: `${own}b`, from: "2026-11-22T19:00:00.000Z", body: { gradeGPerT: 11.5, method: null } },
      { ref: `${own}a`, body: { vein: "Veta Puma", gradeGPerT: null } },
    ]);
  });

  it("may not be told twice: downtime of one machine does not overlap", async () => {
    const down = (from: string, to: string, changes: object = {}) =>
      lab.post("/api/v1/downtime", { from, to, equipment: own, code: "planned", ...changes });
    await down("2026-11-22 10:00", "2026-11-22 12:00");
    expect((await down("2026-11-22 11:00", "2026-11-22 13:00")).body.faults).toMatchObject([
      { column: "from", sentence: `it overlaps with ${own}@2026-11-22T15:00:00Z of the same equipment` },
    ]);
    expect((await down("2026-11-22 12:00", "2026-11-22 13:00")).status).toBe(200);
    expect((await down("2026-11-22 10:00", "2026-11-22 11:30", { reason: "ended sooner" })).status).toBe(200);
  });
});

describe("what is wrong in it", () => {
  it.each([
    ["lots", { wetT: -1 }, "wet_t", '"-1" is negative'],
    ["lots", { wetT: "32,5" }, "wet_t", '"32,5" has a decimal comma; write a point'],
    ["lots", { wetT: 6_000 }, "wet_t", "6000 is outside 0.01 to 5000 t"],
    ["lots", { moisturePercent: 45 }, "moisture_percent", "45 is outside 0 to 30 %"],
    ["lots", { vein: "" }, "vein", "it is empty"],
    ["lots", { vein: "=1+1" }, "vein", '"=1+1" begins like the formula of a spreadsheet'],
    ["lots", { at: "2026-11-25 09:30" }, "at", "it lies in the future"],
    ["lots", { at: "soon" }, "at", '"soon" is no time'],
    ["lots", { colour: "red" }, "colour", "there is no such column"],
    ["lots", { withdrawn: true, reason: "x" }, "ref", "to be withdrawn"],
    ["pours", { fineness: 823 }, "fineness", "823 is outside 0 to 1"],
    ["pours", { doreG: "NaN" }, "dore_g", '"NaN" is no number'],
    [
      "leach-batches",
      { residueGPerT: 2_000 },
      "residue_g_per_t",
      "the residue holds more gold than the concentrate",
    ],
    ["leach-batches", { to: "2026-11-21 08:00" }, "to", "it ends before it begins"],
    ["leach-batches", { from: "2026-10-01 08:00" }, "to", "it lasts longer than 35 days"],
    ["downtime", { code: "lunch" }, "code", '"lunch" is none of planned, breakdown, standby'],
    ["downtime", { to: "2026-11-22 10:00" }, "to", "a downtime lasts for some time"],
    ["screens", { screens: "150:92" }, "screens", "it needs 2 to 30 screens"],
    ["screens", { screens: "106:80 150:92" }, "screens", "screens go from coarse to fine"],
    ["screens", { screens: "150:92 106:x" }, "screens", "every screen needs a size in um"],
  ])(
    "%s with %j is told by row and column, and nothing is taken",
    async (path, changes, column, sentence) => {
      const usual: Record<string, object> = {
        lots: lot(),
        pours: { bar: own, at: "2026-11-23 10:00", doreG: 5120.4, fineness: 0.8231 },
        "leach-batches": {
          batch: own,
          from: "2026-11-22 08:00",
          to: "2026-11-23 08:00",
          concentrateKg: 180,
          concentrateGPerT: 1916,
          residueKg: 178,
          residueGPerT: 57,
        },
        downtime: { from: "2026-11-22 10:00", to: "2026-11-22 12:00", equipment: own, code: "planned" },
        screens: {
          sample: own,
          from: "2026-11-22 07:00",
          to: "2026-11-22 19:00",
          point: "AY-952",
          screens: "150:92 106:80",
        },
      };
      const { status, body } = await lab.post(`/api/v1/${path}`, [
        usual[path],
        { ...usual[path], lot: undefined, ...(path === "lots" ? { lot: `${own}x` } : {}), ...changes },
      ]);
      expect(status).toBe(400);
      expect(body.faults).toMatchObject([
        { row: 2, column, sentence: expect.stringContaining(sentence) as string },
      ]);
      expect(await entries(path)).toEqual([]);
    },
  );
});
