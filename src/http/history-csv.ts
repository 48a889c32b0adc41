import { keepsFloat32 } from "../domain/number.ts";
import { valueOf } from "../domain/batch.ts";
import type { ReadingValue } from "../domain/batch.ts";
import type { History, HistoryColumns } from "../domain/history.ts";
import { qualityOf, reasonOf } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Tag } from "../domain/tag.ts";
import type { EpochMs } from "../domain/time.ts";
import { createZone } from "../domain/zone.ts";
import { AsciiWriter, createStamp } from "./ascii-writer.ts";
import type { Stamp } from "./ascii-writer.ts";
import type { TimeRange } from "./history-range.ts";

/** Readings in one piece of the answer: what a client that reads slowly makes us keep. */
const PIECE_ROWS = 3_600;

/** Excel takes a file for UTF-8 only with this in front. */
const BYTE_ORDER_MARK = "\uFEFF";

const ZULU = 0x5a;
const COMMA = 0x2c;

const HEAD = "time_utc,time_local,tag,value,unit,quality,reason\r\n";

/** Spreadsheets take a cell that begins like this for a formula, which may do anything. */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** Readings as CSV (RFC 4180), one a line, tag by tag in the order of time. It is made piece by piece as the reader asks. */
export async function* historyCsv(
  history: History,
  tags: readonly Tag[],
  { from, to }: TimeRange,
  timeZone: string,
): AsyncGenerator<Buffer> {
  const zone = createZone(timeZone);
  const offsetOf = (time: EpochMs): number => zone.toLocal(time) - time;
  const stamps = { utc: createStamp("T"), local: createStamp(" "), offsetOf };
  yield Buffer.from(BYTE_ORDER_MARK + HEAD);
  for (const tag of tags) {
    for (let next: number | null = from; next !== null;) {
      const page = await history.readRaw(tag.index, next, to, PIECE_ROWS);
      if (page.length > 0) yield linesOf(tag, page, stamps);
      next = page.next;
    }
  }
}

interface Stamps {
  readonly utc: Stamp;
  readonly local: Stamp;
  readonly offsetOf: (time: EpochMs) => number;
}

const writer = new AsciiWriter();

function linesOf(tag: Tag, columns: HistoryColumns, { utc, local, offsetOf }: Stamps): Buffer {
  const name = Buffer.from(`,${textCell(tag.id)},`);
  const unit = `,${textCell(tag.unit ?? "")},`;
  const tailOf = tailsBy((status) =>
    Buffer.from(`${unit}${qualityOf(status)},${reasonOf(status) ?? ""}\r\n`),
  );
  const isPlain = tag.type !== "bool";
  const isFloat32 = keepsFloat32(tag);
  for (let row = 0; row < columns.length; row++) {
    const time = columns.time[row] as number;
    const number = columns.value[row] as number;
    const status = columns.status[row] as number;
    const exact = columns.exact.size === 0 ? undefined : columns.exact.get(row);
    writer.time(utc, time);
    writer.byte(ZULU);
    writer.byte(COMMA);
    writer.time(local, time + offsetOf(time));
    writer.append(name);
    if (isPlain && exact === undefined && Number.isFinite(number)) writer.number(number, isFloat32);
    else writer.text(valueCell(valueOf(tag, number, exact, status)));
    writer.append(tailOf(status));
  }
  return writer.take();
}

/** A tag has few statuses. */
function tailsBy(make: (status: StatusCode) => Buffer): (status: StatusCode) => Buffer {
  const known = new Map<StatusCode, Buffer>();
  return (status) => {
    const before = known.get(status);
    if (before !== undefined) return before;
    const tail = make(status);
    known.set(status, tail);
    return tail;
  };
}

/** Numbers are no texts: "-1.5" stays a number. A bad reading leaves the cell empty. */
export function valueCell(value: ReadingValue): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "string" ? textCell(value) : String(value);
}

export function textCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless;
}
