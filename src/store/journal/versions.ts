import type { PeriodKind } from "../../domain/calendar.ts";
import type { MetricPeriod, MetricRecord, MetricState } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";

/** The figures of closed periods. Versions are only ever added. */
export interface Versions {
  /** Adds a version, unless the last one of the period has the same hash and state. Returns it; null for no news. */
  append(record: Omit<MetricRecord, "version">): MetricRecord | null;
  get(metric: string, period: MetricPeriod, from: EpochMs, version: number): MetricRecord | null;
  latest(metric: string, period: MetricPeriod, from: EpochMs): MetricRecord | null;
  /** Periods that start within from ≤ t < to, in order; their last versions, or all of them. */
  between(
    metric: string,
    period: MetricPeriod,
    from: EpochMs,
    to: EpochMs,
    all: boolean,
  ): readonly MetricRecord[];
  /** Last versions of all metrics of one period. */
  ofPeriod(period: PeriodKind, from: EpochMs): readonly MetricRecord[];
  /** Start of the newest period of which anything is known; null at first. */
  newest(period: PeriodKind): EpochMs | null;
}

const LAST = `version = (SELECT max(version) FROM versions AS later WHERE later.metric = versions.metric
  AND later.period = versions.period AND later.start = versions.start)`;

export function createVersions(database: Database): Versions {
  const latest: Versions["latest"] = (metric, period, from) => {
    const sql =
      "SELECT * FROM versions WHERE metric = ? AND period = ? AND start = ? ORDER BY version DESC LIMIT 1";
    const row = database.one(sql, metric, period, from);
    return row === null ? null : recordOf(row);
  };
  return {
    latest,
    get(metric, period, from, version) {
      const sql = "SELECT * FROM versions WHERE metric = ? AND period = ? AND start = ? AND version = ?";
      const row = database.one(sql, metric, period, from, version);
      return row === null ? null : recordOf(row);
    },
    append: (record) =>
      database.transaction(() => {
        const before = latest(record.metric, record.period, record.from);
        if (before !== null && before.inputHash === record.inputHash && before.state === record.state)
          return null;
        const full: MetricRecord = { ...record, version: (before?.version ?? 0) + 1 };
        insert(database, full);
        return full;
      }),
    between(metric, period, from, to, all) {
      const order = "ORDER BY start, version";
      const where = "metric = ? AND period = ? AND start >= ? AND start < ?";
      const sql = `SELECT * FROM versions WHERE ${where} ${all ? "" : `AND ${LAST}`} ${order}`;
      return database.all(sql, metric, period, from, to).map(recordOf);
    },
    ofPeriod: (period, from) =>
      database
        .all(`SELECT * FROM versions WHERE period = ? AND start = ? AND ${LAST}`, period, from)
        .map(recordOf),
    newest(period) {
      const row = database.one("SELECT max(start) AS start FROM versions WHERE period = ?", period);
      return (row?.["start"] ?? null) as EpochMs | null;
    },
  };
}

function insert(database: Database, record: MetricRecord): void {
  const { metric, period, from, version, to, key, unit, value, u, status, state, inputHash, computedAt } =
    record;
  const { reason, coverage, filled, filledU, total, totalU, totalUnit, cause, by } = record;
  const { formula, inputs, parts } = record;
  const amounts = { coverage, filled, filledU, total, totalU, totalUnit };
  const rest = { reason, ...amounts, cause, by, formula, inputs, parts };
  database.run(
    `INSERT INTO versions (metric, period, start, version, end, name, unit, value, u, status, state, hash, computed, rest)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      metric,
      period,
      from,
      version,
      to,
      key,
      unit,
      value,
      u,
      status,
      state,
      inputHash,
      computedAt,
      JSON.stringify(rest),
    ],
  );
}

type Rest = Pick<
  MetricRecord,
  | "reason"
  | "coverage"
  | "filled"
  | "filledU"
  | "total"
  | "totalU"
  | "totalUnit"
  | "cause"
  | "by"
  | "formula"
  | "inputs"
  | "parts"
>;

/** Older versions do not tell how uncertain `filled` was. */
function restOf(text: string): Rest {
  return Object.assign({ filledU: null }, JSON.parse(text) as Omit<Rest, "filledU">);
}

function recordOf(row: Row): MetricRecord {
  return {
    metric: row["metric"] as string,
    period: row["period"] as MetricPeriod,
    key: row["name"] as string,
    from: row["start"] as number,
    to: row["end"] as number,
    version: row["version"] as number,
    unit: row["unit"] as string,
    value: row["value"] as number | null,
    u: row["u"] as number | null,
    status: row["status"] as number,
    state: row["state"] as MetricState,
    inputHash: row["hash"] as string,
    computedAt: row["computed"] as number,
    ...restOf(row["rest"] as string),
  };
}
