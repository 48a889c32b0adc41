import { afterAll, beforeAll, expect, test } from "vitest";
import { AFTER, from, sampleOf, SHIFT, startGoldGateway } from "../../support/gold-gateway.ts";
import type { Answer, LaboratoryGateway } from "../../support/laboratory.ts";
import { expectAllNear } from "../../support/near.ts";
import { constantOf } from "../../support/records.ts";
import { until } from "../../support/until.ts";

/** The shift of the worked example: 50.1 dry tonnes, and what the laboratory says of feed and tails, later and again. */
const PLANT = {
  belts: [{ tag: "WIT-201", tonnes: 50.1, u: 0.5 }],
  points: { "AY-901": 0.36, "AY-903": 0.02 },
  metrics: [
    { id: "tonnes", kind: "M-04", inputs: { wet: from("WIT-201"), moisture: constantOf(0) } },
    { id: "gold-in", kind: "M-41", inputs: { dry: from("tonnes"), grade: from("AY-901") } },
    {
      id: "tails",
      kind: "M-45",
      inputs: { dry: from("tonnes"), grade: from("AY-903"), water: constantOf(0), solution: constantOf(0) },
    },
    {
      id: "recovery",
      kind: "M-46",
      inputs: {
        inventoryStart: constantOf(0),
        inventoryEnd: constantOf(0),
        tails: from("tails"),
        dry: from("tonnes"),
        goldInFeed: from("gold-in"),
      },
    },
  ],
};

const PERIOD = { period: "shift", key: SHIFT.key };
const BEFORE = { cut_from: "2026-11-21T07:00:00-05:00", cut_to: "2026-11-21T19:00:00-05:00" };

interface Version {
  readonly version: number;
  readonly value: number | null;
  readonly state: string;
  readonly cause: string;
  readonly by: string | null;
  readonly quality: string;
}

let now = AFTER;
let lab: LaboratoryGateway;

beforeAll(async () => {
  lab = await startGoldGateway(PLANT, () => now);
});
afterAll(() => lab[Symbol.asyncDispose]());

async function versions(metric: string): Promise<readonly Version[]> {
  const range = `from=${SHIFT.from}&to=${SHIFT.to}`;
  const { status, body } = await lab.get(`/api/v1/metrics/${metric}?period=shift&versions=all&${range}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as Version[];
}

/** Waits for a last version of this state and value. */
async function last(metric: string, state: string, value: number): Promise<Version> {
  return until(async () => {
    const found = (await versions(metric)).at(-1);
    const isNear = Math.abs((found?.value ?? NaN) / value - 1) < 1e-6;
    return found !== undefined && found.state === state && isNear && found;
  }, 30_000);
}

const assay = async (...samples: object[]): Promise<void> => {
  now += 60_000;
  const { status, body } = await lab.post("/api/v1/assays", samples);
  expect([status, body.added], JSON.stringify(body)).toEqual([200, samples.length]);
};
const sign = (body: object = PERIOD): Promise<Answer> => lab.post("/api/v1/signatures", body);
const restate = (body: object): Promise<Answer> => lab.post("/api/v1/restatements", body);
const waiting = async (): Promise<readonly { readonly metric: string; readonly cause: string }[]> =>
  (await lab.get("/api/v1/restatements")).body as unknown as { metric: string; cause: string }[];

test("a shift whose samples are missing cannot be signed, and what it lacks is said", async () => {
  await assay(sampleOf("AY-901", 12, { ...BEFORE, sample: "S0" }), sampleOf("AY-903", 0.52));
  const first = await last("gold-in", "PRELIMINARY", 601.2);
  expect(first.quality).toBe("uncertain");
  await last("recovery.headTails", "PRELIMINARY", 95.6667);
  expect(
    await until(async () => {
      const { status, body } = await sign();
      return body.message?.startsWith("Samples are missing") === true && { status, message: body.message };
    }, 30_000),
  ).toEqual({
    status: 409,
    message: expect.stringMatching(/these figures are preliminary: .*gold-in.*recovery\.headTails/) as string,
  });
});

test("with the sample it is provisional, and a person's signature makes it final", async () => {
  await assay(sampleOf("AY-901", 13.4));
  await last("gold-in", "PROVISIONAL", 671.34);
  await last("recovery.headTails", "PROVISIONAL", 96.1194);
  const signed = await until(async () => {
    const { status, body } = await sign({ ...PERIOD, note: "checked with the shift boss" });
    return status === 200 && (body as { readonly signed?: number }).signed;
  }, 30_000);
  expect(signed).toBeGreaterThanOrEqual(4);
  expect((await versions("gold-in")).at(-1)).toMatchObject({
    state: "FINAL",
    by: "local engineer",
    cause: "signed: checked with the shift boss",
  });
  expect(await sign()).toMatchObject({
    status: 409,
    body: { message: `The shift ${SHIFT.key} is signed already.` },
  });
});

test("a second sample after that waits for somebody to say why, over a restart too, and changes nothing until then", async () => {
  await assay(sampleOf("AY-903", 0.64, { sample: "duplicate" }));
  const held = await until(async () => {
    const found = await waiting();
    return found.some(({ metric }) => metric === "tails") && found;
  }, 30_000);
  expect(held).toContainEqual({ metric: "tails", ...PERIOD, cause: "assay AY-903" });
  await lab.restart();
  await until(async () => (await waiting()).some(({ metric }) => metric === "tails"), 30_000);
  expect((await versions("tails")).at(-1)).toMatchObject({ state: "FINAL" });
  expect((await versions("recovery.headTails")).at(-1)?.value).toBeCloseTo(96.1194, 4);
});

test("a reason makes it restated, with who said so, and every version stays as it was", async () => {
  expect((await restate({ ...PERIOD, reason: "  " })).status).toBe(400);
  const { status, body } = await restate({ ...PERIOD, reason: "tails re-assayed in duplicate" });
  expect([status, (body as { readonly restated?: number }).restated]).toEqual([200, expect.any(Number)]);
  const restated = await last("recovery.headTails", "RESTATED", 95.6716);
  expect(restated).toMatchObject({ by: "local engineer" });
  expect(restated.cause).toContain("tails re-assayed in duplicate");
  await last("tails", "RESTATED", 29.058);
  const all = await versions("recovery.headTails");
  const values = [...new Set(all.flatMap(({ value }) => value ?? []))];
  expectAllNear(values, [95.6667, 96.1194, 95.6716], 1e-4);
  expect(all.map(({ version }) => version)).toEqual(all.map((_, index) => index + 1));
  expect(all.map(({ state }) => state).slice(-3)).toEqual(["PROVISIONAL", "FINAL", "RESTATED"]);
  await until(async () => (await waiting()).length === 0, 30_000);
});

test("a correction of a sample that says why itself restates what was signed at once", async () => {
  await assay(sampleOf("AY-901", 13.5, { reason: "weighing error" }));
  expect(await last("gold-in", "RESTATED", 676.35)).toMatchObject({
    by: "local engineer",
    cause: "assay AY-901: weighing error",
  });
  expect(await waiting()).toEqual([]);
});

test.each([
  [{ period: "shift", key: "2026-11-22/noon" }, 409, "There is no shift 2026-11-22/noon."],
  [{ period: "shift", key: "2026-11-30/day" }, 409, "The shift 2026-11-30/day is not over."],
  [{ period: "decade", key: "2026-11-22" }, 400, "period"],
  [{ period: "shift" }, 400, "key"],
])("signing %j is refused with %i and why", async (body, wanted, sentence) => {
  const { status, body: answer } = await sign(body);
  expect([status, answer.message]).toEqual([wanted, expect.stringContaining(sentence)]);
});
