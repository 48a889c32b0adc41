import type { Metallurgy } from "../../config/metallurgy.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import type { ReportLot } from "../../domain/report.ts";
import type { EpochMs } from "../../domain/time.ts";
import { lotRecoveries, trackLots } from "../../metallurgy/ore-lots.ts";
import type { LotRecovery, LotShare, StretchResult } from "../../metallurgy/ore-lots.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Ore that was delivered longer ago has been milled, ms. */
const REACH_MS = 90 * 86_400_000;

type Books = Pick<Journal, "versions" | "entries">;

/** What was milled of which lot within from ≤ t < to, and with what recovery: those of its shifts. */
export function lotsMilled(metallurgy: Metallurgy, journal: Books, from: EpochMs, to: EpochMs): ReportLot[] {
  const feed = metallurgy.flowsheet.streams.find((stream) => stream.from === null && stream.solids !== null);
  if (feed === undefined || feed.solids === null) return [];
  const entries = journal.entries.within("lot", to - REACH_MS, to);
  const veins = new Map(entries.map(({ ref, body }) => [ref, body?.vein ?? null]));
  const deliveries = entries.flatMap(({ ref, from: at, body }) =>
    body === null ? [] : [{ lot: ref, at, dryT: body.wetT * (1 - body.moisturePercent / 100) }],
  );
  const shifts = journal.versions
    .between(feed.solids, "shift", to - REACH_MS, to, false)
    .map((record) => ({ record, dryT: tonnesOf(record) }))
    .filter(({ dryT }) => dryT > 0);
  const milled = shifts.map(({ record, dryT }) => ({ from: record.from, to: record.to, dryT }));
  const track = trackLots(deliveries, milled, 0);
  const own = shifts
    .map(({ record, dryT }, i) => ({ record, dryT, shares: track.milled[i] ?? [] }))
    .filter(({ record }) => record.from >= from && record.from < to);
  const recoveries = lotRecoveries(
    own.map(({ shares }) => shares),
    own.map(({ record, dryT }) => resultOf(metallurgy, journal, record.from, dryT)),
  );
  return reported(
    own.flatMap(({ shares }) => shares),
    recoveries,
    veins,
  );
}

function tonnesOf({ unit, value, total, totalUnit }: MetricRecord): number {
  if (unit === "t") return value ?? 0;
  return totalUnit === "t" ? (total ?? 0) : 0;
}

/** Recovery by head and tails of a shift, and its head grade; null while one of them is not known. */
function resultOf(
  { metrics }: Metallurgy,
  { versions }: Books,
  from: EpochMs,
  dryT: number,
): StretchResult | null {
  const accounting = metrics.find(({ kind }) => kind === "M-46");
  if (accounting === undefined) return null;
  const record = versions.latest(`${accounting.id}.headTails`, "shift", from);
  const gold = record?.inputs.find(({ name }) => name === "goldInFeed")?.value ?? null;
  if (record === null || record.value === null || gold === null) return null;
  return { recoveryPercent: record.value, u: record.u ?? 0, headGPerT: gold / dryT };
}

function reported(
  shares: readonly LotShare[],
  recoveries: readonly LotRecovery[],
  veins: ReadonlyMap<string, string | null>,
): ReportLot[] {
  const tonnes = new Map<string | null, number>();
  for (const { lot, dryT } of shares) tonnes.set(lot, (tonnes.get(lot) ?? 0) + dryT);
  return Array.from(tonnes, ([lot, dryT]) => {
    const found = recoveries.find((one) => one.lot === lot);
    const vein = lot === null ? null : (veins.get(lot) ?? null);
    const { goldG = null, recoveryPercent = null, u = null } = found ?? {};
    return { lot, vein, dryT, goldG, recoveryPercent, u };
  });
}
