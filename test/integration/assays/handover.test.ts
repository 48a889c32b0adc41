import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJournal } from "../../../src/store/journal/journal.ts";
import { clockAt, metallurgyOf, startLaboratory } from "../../support/laboratory.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";
import { metricOf, recordOf } from "../../support/records.ts";

const SHIFT = [Date.parse("2026-11-22T12:00:00Z"), Date.parse("2026-11-23T00:00:00Z")] as const;
const REPORT = "/api/v1/reports/shift/2026-11-22/day";

interface ReportBody {
  readonly [section: string]: unknown;
  readonly notes: readonly { readonly text: string }[];
  readonly handover: {
    readonly isLocked: boolean;
    readonly document: number | null;
    readonly changed: readonly string[];
    readonly corrections: readonly {
      readonly number: number;
      readonly by: string;
      readonly reason: string;
    }[];
  };
}

let now: number;
let lab: LaboratoryGateway;

beforeEach(async () => {
  now = SHIFT[1] + 60_000;
  const metallurgy = metallurgyOf({
    metrics: [metricOf("feed-tonnes", "M-04", { wet: 52, moisture: 3.5 })],
    plan: { "feed-tonnes": { shift: 50.4, day: 100.8, better: "higher" } },
  });
  lab = await startLaboratory(
    clockAt(() => now),
    { metallurgy, alarms: [] },
  );
  append(recordOf("feed-tonnes", "shift", SHIFT, { value: 48.2 }));
});
afterEach(() => lab[Symbol.asyncDispose]());

function append(record: ReturnType<typeof recordOf>): void {
  const journal = openJournal(lab.dataDir);
  journal.versions.append(record);
  journal.close();
}

async function report(query = ""): Promise<ReportBody> {
  return (await lab.get(`${REPORT}${query}`)).body as unknown as ReportBody;
}

const note = (text: string, changes: object = {}) =>
  lab.post("/api/v1/notes", { from: "2026-11-22 08:15", topic: "note", area: "grinding", text, ...changes });
const sign = (part: string, name: string, changes: object = {}) =>
  lab.post(`${REPORT}/handover`, { part, name, ...changes });

async function handOver(): Promise<void> {
  expect((await sign("out", "Rosa Quispe")).status).toBe(200);
  const { document } = (await report()).handover;
  expect((await sign("in", "Luis Mamani", { document, note: "leído" })).status).toBe(200);
}

describe("the shift log", () => {
  it("keeps every note with who and when, however many are written at the same moment, and the same one once", async () => {
    await note("BM1 vibrates");
    await note("Bin at 40 %");
    expect((await note("BM1 vibrates")).body).toMatchObject({ added: 0, unchanged: 1 });
    expect((await report()).notes).toMatchObject([
      { text: expect.any(String) as string, by: "local engineer", from: "2026-11-22T13:15:00.000Z" },
      { area: "grinding" },
    ]);
  });

  it("carries what is open from shift to shift until somebody ends it, and leaves the shifts before as they were", async () => {
    const bypass = {
      from: "2026-11-22 09:00",
      topic: "bypass",
      equipment: "LSH-205",
      text: "Switch is stuck",
    };
    expect((await note("", bypass)).status).toBe(200);
    now += 12 * 3_600_000;
    const next = "/api/v1/reports/shift/2026-11-22/night";
    expect((await lab.get(next)).body).toMatchObject({
      notes: [],
      open: [{ topic: "bypass", equipment: "LSH-205", to: null }],
    });
    await handOver();
    const [{ ref = "" } = {}] = (await report())["open"] as { ref?: string }[];
    await note("", { ...bypass, ref, to: "2026-11-23 03:00", reason: "switch replaced" });
    expect((await lab.get(next)).body).toMatchObject({ open: [] });
    expect(await report()).toMatchObject({
      open: [{ text: "Switch is stuck", to: null }],
      handover: { corrections: [] },
    });
  });

  it("refuses a note without a text, and tells the field", async () => {
    expect(await note("")).toMatchObject({
      status: 400,
      body: { faults: [{ column: "text", sentence: "it is empty" }] },
    });
  });
});

describe("the handover of a shift", () => {
  it("waits for the end of the shift, for who hands over, and for another person who has read what was signed", async () => {
    now = SHIFT[1] - 1;
    expect(await sign("out", "Rosa Quispe")).toMatchObject({
      status: 409,
      body: { message: "The shift is not over yet." },
    });
    now = SHIFT[1] + 1;
    expect((await sign("in", "Luis Mamani", { document: 1 })).body.message).toBe(
      "Who hands over signs first.",
    );
    expect((await sign("out", " ")).body.message).toBe("Without accounts a signature needs a name.");
    await sign("out", "Rosa Quispe");
    const { document } = (await report()).handover;
    expect((await sign("in", "Rosa Quispe", { document })).body.message).toBe(
      "Who takes over is another person than who handed over.",
    );
    await note("Pump 2 leaks");
    await sign("out", "Rosa Quispe");
    expect((await sign("in", "Luis Mamani", { document })).body.message).toBe(
      "The report was signed anew since it was read; read it again.",
    );
    const again = (await report()).handover.document;
    expect((await sign("in", "Luis Mamani", { document: again })).status).toBe(200);
    expect((await sign("out", "Ana")).body.message).toBe("The shift has been handed over already.");
    expect(
      (await lab.post("/api/v1/reports/shift/2026-11-22/x/handover", { part: "out", name: "A" })).status,
    ).toBe(404);
  });

  it("locks the report: new figures show beside it, and come into it by a numbered correction with a reason", async () => {
    await handOver();
    append(recordOf("feed-tonnes", "shift", SHIFT, { value: 49.9, cause: "late readings" }));
    expect(await report()).toMatchObject({
      figures: [{ value: 48.2, version: 1, plan: { value: 50.4, better: "higher" } }],
      handover: {
        isLocked: true,
        changed: ["figures"],
        out: { by: "Rosa Quispe" },
        in: { by: "Luis Mamani", note: "leído" },
      },
    });
    expect(await report("?as=now")).toMatchObject({ figures: [{ value: 49.9, version: 2 }] });
    const correct = (body: object) => lab.post(`${REPORT}/corrections`, body);
    expect((await correct({ reason: "the scale was read late", name: "Ana Rojas" })).status).toBe(200);
    expect(await report()).toMatchObject({
      figures: [{ value: 49.9, version: 2 }],
      handover: {
        changed: [],
        corrections: [{ number: 1, by: "Ana Rojas", reason: "the scale was read late" }],
      },
    });
    expect(await correct({ reason: "once more", name: "Ana Rojas" })).toMatchObject({
      status: 409,
      body: { message: "Nothing has changed since it was signed." },
    });
  });

  it("numbers what people enter afterwards as a correction by itself, with who and why", async () => {
    await handOver();
    await lab.post("/api/v1/downtime", {
      from: "2026-11-22 10:00",
      to: "2026-11-22 10:30",
      equipment: "BM1",
      code: "breakdown",
    });
    await note("Found later: liner bolt", { reason: "was forgotten" });
    expect(await report()).toMatchObject({
      downtime: [{ body: { equipment: "BM1" } }],
      notes: [{ text: "Found later: liner bolt" }],
      handover: {
        isLocked: true,
        corrections: [
          { number: 1, by: "local engineer", reason: "downtime entered afterwards" },
          { number: 2, reason: "was forgotten" },
        ],
      },
    });
    await lab.restart();
    expect((await report()).handover.corrections).toHaveLength(2);
    expect(
      (await lab.get("/api/v1/reports?from=2026-11-22T12:00:00Z&to=2026-11-23T00:00:00Z")).body,
    ).toMatchObject([
      { key: "2026-11-22/day", out: { by: "Rosa Quispe" }, in: { by: "Luis Mamani" }, corrections: 2 },
    ]);
  });

  it("stands on paper with its signatures and corrections", async () => {
    await note("liner <bolt>");
    await handOver();
    const html = await (await fetch(`${lab.gateway.httpUrl}${REPORT}?format=html`)).text();
    for (const text of [
      "liner &lt;bolt&gt;",
      "Rosa Quispe",
      "Luis Mamani",
      "Guardia entregada y recibida",
      "Resultados contra el plan",
      "-4.4 %",
      "▼ no cumplido",
    ])
      expect(html).toContain(text);
    expect(await (await fetch(`${lab.gateway.httpUrl}${REPORT}?format=html&language=en`)).text()).toContain(
      "Handed over and taken over",
    );
  });
});
