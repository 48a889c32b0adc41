import { say } from "../../domain/said.ts";
import type { Period, PeriodKind } from "../../domain/calendar.ts";
import type { MetricRecord } from "../../domain/metric.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { FigureView, Refused } from "../../http/figure-view.ts";
import type { Journal } from "../../store/journal/journal.ts";
import type { BoundMetric } from "./binding.ts";
import type { Engine } from "./engine.ts";
import type { LiveFigures } from "./live-figures.ts";
import { outlinesOf } from "./outlines.ts";
import { publish } from "./work-bench.ts";

export interface FigureViewOptions {
  readonly metrics: readonly BoundMetric[];
  readonly engine: Engine;
  readonly journal: Journal;
  readonly live: LiveFigures;
  readonly now: () => EpochMs;
  /** There is work on the list. */
  readonly wake: () => void;
  readonly outputs: () => readonly string[];
  readonly balance: FigureView["balance"];
}

/** What people see of figures, and what they do with them: sign and restate. */
export function createFigureView(options: FigureViewOptions): FigureView {
  const { metrics, engine, journal, live, now } = options;
  const { calendar } = engine.graph;
  const outlines = outlinesOf(metrics);
  return {
    outlines: () => outlines,
    latest(metric, period) {
      if (period === "instant") return live.instant(metric);
      return period === "rolling" ? live.rolling(metric) : newest(options, metric, period);
    },
    between: (metric, period, from, to, all) => journal.versions.between(metric, period, from, to, all),
    balance: options.balance,
    held: () =>
      engine.held().map(({ metric, period, from, cause }) => {
        const { key } = calendar.periodAt(period, from);
        return { metric, period, key, cause };
      }),
    sign(kind, key, by, note) {
      const period = calendar.find(kind, key);
      if (period === null) return noSuch(kind, key);
      const records = journal.versions.ofPeriod(kind, period.from);
      const refused = refusalToSign(options, period, records);
      if (refused !== null) return refused;
      return sign(options, period, records, by, note, now());
    },
    restate(kind, key, by, reason) {
      const period = calendar.find(kind, key);
      if (period === null) return noSuch(kind, key);
      const held = engine.held().filter((one) => one.period === kind && one.from === period.from);
      const changed = new Set(held.map(({ metric }) => metric));
      engine.change({ ...period, metrics: changed, touches: () => false, cause: "restated", by, reason });
      options.wake();
      return { restated: held.length };
    },
    counts: () => ({
      computed: engine.counts.computed,
      versionsAdded: engine.counts.added,
      pending: journal.work.count(),
      held: engine.held().length,
      unpublished: Object.fromEntries(
        options.outputs().map((output) => [output, journal.outbox.pending(output)]),
      ),
    }),
  };
}

function newest(
  { engine, journal }: FigureViewOptions,
  metric: string,
  kind: PeriodKind,
): MetricRecord | null {
  const { calendar, computedTo } = engine.graph;
  const to = computedTo(kind);
  return to === -Infinity
    ? null
    : journal.versions.latest(metric, kind, calendar.periodAt(kind, to - 1).from);
}

function noSuch(kind: PeriodKind, key: string): Refused {
  return { refused: say("no-period", { period: kind, key }) };
}

function refusalToSign(
  { engine, journal, metrics }: FigureViewOptions,
  { kind, key, from, to }: Period,
  records: readonly MetricRecord[],
): Refused | null {
  if (to > engine.graph.computedTo(kind)) return { refused: say("period-not-over", { period: kind, key }) };
  if (journal.signature(kind, from) !== null) return { refused: say("period-signed", { period: kind, key }) };
  if (journal.work.ofPeriod(kind, from).length > 0)
    return { refused: say("period-in-work", { period: kind, key }) };
  const published = new Set(metrics.filter(({ periods }) => periods.includes(kind)).map(({ id }) => id));
  const open = records.filter(({ metric, state }) => published.has(metric) && state === "PRELIMINARY");
  if (open.length > 0)
    return { refused: say("samples-missing", { figures: open.map(({ metric }) => metric).join(", ") }) };
  return records.length === 0 ? { refused: say("period-without-figures", { period: kind, key }) } : null;
}

function sign(
  { journal, metrics }: FigureViewOptions,
  { kind, from, to }: Period,
  records: readonly MetricRecord[],
  by: string,
  note: string,
  at: EpochMs,
): { readonly signed: number } {
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  const final = records.filter(({ state }) => state === "PROVISIONAL");
  journal.durably(() => {
    journal.sign({ period: kind, from, to, by, note, at });
    for (const record of final) {
      const metric = byId.get(record.metric);
      const cause = note === "" ? "signed" : `signed: ${note}`;
      if (metric !== undefined)
        publish(journal, metric, { ...record, state: "FINAL", cause, by, computedAt: at });
    }
  });
  return { signed: final.length };
}
