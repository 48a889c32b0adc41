import { afterAll, beforeAll, expect, test } from "vitest";
import { AFTER, sampleOf, SHIFT } from "../../support/gold-gateway.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";
import { expectAllNear, expectNear } from "../../support/near.ts";
import { until } from "../../support/until.ts";
import { startWorkedBalance } from "../../support/worked-balance.ts";

interface StreamBody extends Readonly<Record<"raw" | "rawSd" | "reconciled" | "sd" | "z", number | null>> {
  readonly stream: string;
  readonly of: string;
  readonly unit: string;
  readonly title: string;
}

interface BalanceBody {
  readonly key: string;
  readonly refused: string | null;
  readonly resolved: boolean;
  readonly streams: readonly StreamBody[];
  readonly nodes: readonly { readonly node: string; readonly of: string; readonly z: number | null }[];
  readonly test: { readonly statistic: number; readonly freedom: number; readonly rejected: boolean } | null;
  readonly suspects: readonly {
    readonly stream: string;
    readonly of: string;
    readonly z: number;
    readonly alternatives: readonly object[];
  }[];
}

/** Of the water, which is balanced beside the ore: 164 in and 166 out differ by 2, with variances of 4 and 1. */
const OF_WATER = { freedom: 1, statistic: 4 / 5 };

type Ten = [number, number, number, number, number, number, number, number, number, number];

let lab: LaboratoryGateway;

beforeAll(async () => {
  lab = await startWorkedBalance(() => AFTER);
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Once everything is computed and measured. */
const balance = async (query: string): Promise<BalanceBody> =>
  until(async () => {
    const { status, body } = await lab.get(`/api/v1/balance?${query}`);
    const found = body as unknown as BalanceBody;
    const ore = status === 200 ? found.streams.filter(({ of }) => of !== "water") : [];
    return ore.length === 10 && ore.every(({ raw }) => raw !== null) && found;
  }, 30_000);

/** Once the newest period that has figures is the wanted one. */
const newest = async (query: string, key: string): Promise<BalanceBody> =>
  until(async () => {
    const found = (await lab.get(`/api/v1/balance?${query}`)).body as unknown as BalanceBody;
    return found.key === key && found;
  }, 30_000);

const NAMES = ["F t", "K t", "L t", "T t", "F g/t", "K g/t", "L g/t", "T g/t", "C g", "S g"];
const AT = "period=shift&at=2026-11-22T15:00:00-05:00";

/** In the order of NAMES. */
const pick = ({ streams }: BalanceBody, field: "raw" | "rawSd" | "reconciled" | "z"): (number | null)[] =>
  NAMES.map((name) => streams.find((one) => `${one.stream} ${one.unit}` === name)?.[field] ?? null);

test("a balance shows what was measured beside what closes it, as it was worked by hand", async () => {
  const body = await balance(AT);
  expect(body).toMatchObject({ key: SHIFT.key, refused: null, resolved: true, suspects: [] });
  expectAllNear(pick(body, "raw"), [101.9, 0.241, 99.6, 101.2, 12.35, 1880, 7.61, 0.535, 702, 1.25], 1e-9);
  expectAllNear(pick(body, "rawSd"), [1.02, 0.012, 2, 2, 0.49, 94, 0.23, 0.027, 14, 0.19], 1e-9);
  const x = pick(body, "reconciled");
  const wanted = [101.326, 0.24388, 101.082, 101.082, 12.0997, 1902.17, 7.5395, 0.53673, 706.601, 1.25085];
  expectAllNear(x, wanted, 2e-4);
  expect(body.test).toMatchObject({ freedom: 4 + OF_WATER.freedom, rejected: false });
  expectNear(body.test?.statistic, 1.4498 + OF_WATER.statistic, 2e-4);
  const [F, K, L, T, f, k, l, t, carbon, lost] = x as unknown as Ten;
  expect(F).toBeCloseTo(K + L, 9);
  expect(L).toBeCloseTo(T, 9);
  expect(F * f).toBeCloseTo(K * k + L * l, 7);
  expect(L * l).toBeCloseTo(T * t + carbon + lost, 7);
});

test("gold alone is in g, a grade in g/t, and every stream has its title", async () => {
  const streams = (await balance(AT)).streams.filter(({ of }) => of !== "water");
  expect(streams.map(({ stream: id, unit }) => `${id} ${unit}`).toSorted()).toEqual(NAMES.toSorted());
  expect(new Set(streams.map(({ title }) => title))).toEqual(
    new Set(["F", "K", "L", "T", "C", "S"].map((id) => `Stream ${id}`)),
  );
});

test("without a time it is that of the last shift that is over, and a sample that is missing is no measurement", async () => {
  // The shift of the assays may be computed, and the ones after it not yet.
  await newest("period=shift", "2026-11-22/night");
  const day = await newest("period=day", "2026-11-22");
  expectAllNear(pick(day, "raw").slice(0, 4), [203.8, 0.482, 199.2, 202.4], 1e-9);
  expect(pick(day, "raw").slice(4, 8)).toEqual([null, null, null, null]);
});

test("a wrong assay is named with its distance, what its error would look like is too, and the raw number stays", async () => {
  const reason = "wrong bag";
  const wrong = await lab.post("/api/v1/assays", sampleOf("AY-L", 9.1, { reason }));
  expect(wrong.body).toMatchObject({ added: 1 });
  const body = await until(async () => {
    const found = await balance(AT);
    return pick(found, "raw")[6] === 9.1 && found;
  }, 30_000);
  expect(body.test).toMatchObject({ rejected: true, freedom: 4 + OF_WATER.freedom });
  expectNear(body.test?.statistic, 35.1257 + OF_WATER.statistic, 2e-4);
  const z = pick(body, "z");
  expectAllNear([z[6], z[7], z[8], z[9], z[0]], [5.81357, 5.53761, 5.53761, 5.53761, 2.33644], 2e-4);
  expect(body).toMatchObject({ resolved: true, suspects: [{ stream: "L", of: "gold" }] });
  expectNear(body.suspects[0]?.z, 5.81357, 2e-4);
  const grade = pick(body, "reconciled")[6] ?? 0;
  expect(Math.abs(grade - 7.54)).toBeLessThan(0.3);
});

test.each([
  ["period=decade", 400, /period/],
  ["period=hour", 400, /period/],
  ["at=yesterday", 400, /^at=yesterday is no time: write 2026-11-22T12:00:00Z/],
  ["at=2026-11-22T12:00:00", 400, /^at=2026-11-22T12:00:00 is no time/],
  ["period=shift&period=day", 400, /period/],
  ["at=1&at=2", 400, /at/],
  ["at=2031-01-01", 404, /^There are no figures of that period/],
  ["at=2020-01-01", 404, /^There are no figures of that period/],
] as const)("%s is answered with %i and why", async (query, wanted, sentence) => {
  const { status, body } = await lab.get(`/api/v1/balance?${query}`);
  expect([status, body.message]).toEqual([wanted, expect.stringMatching(sentence)]);
});
