import type { TallyReport } from "./tally.ts";
import type { Punctuality } from "./measure.ts";

/** What one window of one subject gave. */
export interface Measurement extends TallyReport, Punctuality {
  readonly case: string;
  readonly subject: string;
  /** Devices that never answered. */
  readonly silent: number;
  readonly windowMs: number;
  /** Readings that the configuration asks for: the silent devices' not counted. */
  readonly asked: number;
  /** Readings in the devices' answers. */
  readonly served: number;
  readonly cpuMs: number;
  readonly residentBytesMax: number;
  readonly startMs: number;
  readonly loopDelayP99Ms: number | null;
}

/** A subject that gave no measurement. */
export interface Failure {
  readonly case: string;
  readonly subject: string;
  readonly failure: string;
}

export type Row = Measurement | Failure;

/** CPU seconds, user and system, that a million delivered readings cost; NaN when nothing was delivered. */
export function cpuSecondsPerMillion(row: Measurement): number {
  return row.delivered === 0 ? NaN : (row.cpuMs * 1000) / row.delivered;
}

const explanations = [
  ["asked/s", "readings a second that the configuration asks of answering devices: devices x 500 / period"],
  ["served/s", "readings a second in the devices' answers"],
  ["deliv/s", "new readings a second that arrived at the sink"],
  ["lack%", "readings served in the window that had not arrived when no more of them came, of those served"],
  ["CPU/M", "CPU seconds, user and system, of the subject's process tree per million delivered readings"],
  ["xC xNode", "CPU/M over that of the C and of the Node yardstick in the same case of this run"],
  ["p50 p99", "from the device's answer to the sink, ms; devices, broker and sink share the processors"],
  ["RSS", "resident memory of the process tree, largest sample since the start, MB"],
  ["start", "from the start of the process to the first reading at the sink, ms"],
  ["loop99", "99th percentile of the event loop's delay, as the subject tells it, ms"],
  ["missed", "polls of answering devices that never began"],
  [
    "late99",
    "how late polls of answering devices began, 99th percentile, ms; in () what silent devices added",
  ],
] as const;

const headings = ["case", "subject", "silent", ...explanations.flatMap(([names]) => names.split(" "))];

/** The whole table with the meaning of every column below it. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    "failure" in row ? [row.case, row.subject, row.failure] : cells(row, rows),
  );
  const widths = headings.map((heading, column) =>
    Math.max(
      heading.length,
      ...lines.filter((line) => line.length > 3).map((line) => line[column]?.length ?? 0),
    ),
  );
  const text = [headings, ...lines].map((line) =>
    line
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  "),
  );
  return [...text, "", ...explanations.map(([name, meaning]) => `${name.padEnd(9)} ${meaning}`)].join("\n");
}

function cells(row: Measurement, rows: readonly Row[]): string[] {
  const seconds = row.windowMs / 1000;
  return [
    row.case,
    row.subject,
    String(row.silent),
    ...[row.asked, row.served, row.delivered].map((count) => (count / seconds).toFixed(0)),
    number(100 * (1 - row.arrivedOfWindow / row.served), 1),
    number(cpuSecondsPerMillion(row), 2),
    number(ratioTo(row, "c", rows), 1),
    number(ratioTo(row, "node", rows), 1),
    number(row.latencyP50Ms, 1),
    number(row.latencyP99Ms, 1),
    (row.residentBytesMax / 1e6).toFixed(0),
    row.startMs.toFixed(0),
    number(row.loopDelayP99Ms ?? NaN, 1),
    String(row.missed),
    number(row.lateP99Ms, 1) + added(row, rows),
  ];
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}

/** CPU/M over the yardstick's in the same case and window; NaN when the yardstick did not run. */
export function ratioTo(row: Measurement, yardstick: string, rows: readonly Row[]): number {
  const base = sibling(row, rows, yardstick, row.silent);
  return base === undefined ? NaN : cpuSecondsPerMillion(row) / cpuSecondsPerMillion(base);
}

function added(row: Measurement, rows: readonly Row[]): string {
  const healthy = sibling(row, rows, row.subject, 0);
  if (row.silent === 0 || healthy === undefined) return "";
  return ` (${(row.lateP99Ms - healthy.lateP99Ms).toFixed(1)})`;
}

function sibling(
  row: Measurement,
  rows: readonly Row[],
  subject: string,
  silent: number,
): Measurement | undefined {
  return rows.find(
    (other): other is Measurement =>
      !("failure" in other) &&
      other.case === row.case &&
      other.subject === subject &&
      other.silent === silent,
  );
}
