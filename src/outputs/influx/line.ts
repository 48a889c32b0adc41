import type { AlarmEvent } from "../../domain/alarm.ts";
import type { ReadingBatch } from "../../domain/batch.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import type { Gap } from "../../domain/ports.ts";
import { isBad, severity } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import { Arena } from "../arena.ts";
import { ByteWriter } from "../byte-writer.ts";
import { keepsFloat32 } from "../../domain/number.ts";
import { readingTime } from "../reading-time.ts";

/** Lines of some rows. Valid until the next encoding. */
export interface Lines {
  readonly bytes: Buffer;
  /** Line i is `bytes[starts[i] … starts[i + 1] − 1]`, its line feed included; it carries row `firstRow + i`. */
  readonly starts: Uint32Array;
  readonly count: number;
  readonly firstRow: number;
}

const VALUE = "value=";
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const LINE_BYTES = 120; // to start with

/** Readings as line protocol: one line per row,
 *  `reading,plant=…,area=…,device=…,tag=… value=…,quality=…i,status=…i <ms>`.
 *  The type of a field never changes: `value` is a float, `count`, `quality` and `status` are integers, `text` is a string. */
export class LineEncoder {
  readonly #plant: string;
  readonly #tags: readonly Tag[];
  readonly #arena = new Arena();
  /** By tag: measurement and tags, escaped, the space behind them, and `value=`. */
  readonly #heads: (Buffer | undefined)[];
  readonly #isFloat32: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #writer: ByteWriter;
  #status: StatusCode = -1;
  /** A comma, the fields of `#status` and the space behind them. */
  #statusFields: Buffer = Buffer.alloc(0);
  #time: EpochMs = NaN;
  /** `#time` and the line feed. */
  #timeBytes: Buffer = Buffer.alloc(0);

  constructor(plant: string, tags: readonly Tag[], linesMax: number) {
    this.#plant = plant;
    this.#tags = tags;
    this.#heads = Array.from({ length: tags.length });
    this.#isFloat32 = new Uint8Array(tags.length);
    this.#starts = new Uint32Array(linesMax + 1);
    this.#writer = new ByteWriter(Math.min(linesMax, 1000) * LINE_BYTES);
  }

  encode(batch: ReadingBatch, from: number, to: number): Lines {
    const writer = this.#writer;
    writer.length = 0;
    for (let row = from; row < to; row++) {
      this.#starts[row - from] = writer.length;
      this.#line(batch, row);
    }
    this.#starts[to - from] = writer.length;
    return { bytes: writer.bytes, starts: this.#starts, count: to - from, firstRow: from };
  }

  #line(batch: ReadingBatch, row: number): void {
    const writer = this.#writer;
    const tag = batch.tag[row] as number;
    const status = batch.status[row] as number;
    writer.append(this.#heads[tag] ?? this.#headOf(tag));
    const hasFields = this.#value(batch, row);
    writer.append(hasFields ? this.#fieldsOf(status) : this.#fieldsOf(status).subarray(1));
    writer.append(this.#timeOf(batch, row));
  }

  /** The value's fields behind `value=`, which goes again for a number that is none; false when there are none. */
  #value(batch: ReadingBatch, row: number): boolean {
    const writer = this.#writer;
    const number = batch.value[row] as number;
    const isNothing = isBad(batch.status[row] as number);
    const exact = isNothing || batch.exact.size === 0 ? undefined : batch.exact.get(row);
    const isNumber = !isNothing && Number.isFinite(number);
    if (isNumber) writer.number(number, this.#isFloat32[batch.tag[row] as number] === 1);
    else writer.length -= VALUE.length;
    if (exact !== undefined) writer.utf8(`${isNumber ? "," : ""}${exactField(exact)}`);
    return isNumber || exact !== undefined;
  }

  #fieldsOf(status: StatusCode): Buffer {
    if (status !== this.#status) {
      this.#status = status;
      this.#statusFields = Buffer.from(`,quality=${severity(status)}i,status=${status}i `);
    }
    return this.#statusFields;
  }

  /** Rows that were read together share their time. */
  #timeOf(batch: ReadingBatch, row: number): Buffer {
    const time = readingTime(batch, row);
    if (time !== this.#time) {
      this.#time = time;
      this.#timeBytes = Buffer.from(`${time}\n`);
    }
    return this.#timeBytes;
  }

  #headOf(index: number): Buffer {
    const tag = this.#tags[index];
    if (tag === undefined) throw new RangeError(`A batch names tag ${index}, which the plant does not have.`);
    const head = this.#arena.keep(Buffer.from(`${seriesOf(this.#plant, tag)} ${VALUE}`));
    this.#heads[index] = head;
    this.#isFloat32[index] = keepsFloat32(tag) ? 1 : 0;
    return head;
  }
}

/** A note of lost readings: how many, between which received times, and why. */
export function gapLine(plant: string, output: string, { from, to, count, reason }: Gap): string {
  const tags = `plant=${escapeTagValue(plant)},output=${escapeTagValue(output)},reason=${escapeTagValue(reason)}`;
  return `gap,${tags} count=${count}i,from=${Math.round(from)}i,to=${Math.round(to)}i ${Math.round(to)}\n`;
}

/** A figure at the start of its period, where a later version of it takes its place. */
export function figureLine(
  plant: string,
  { metric, area, period, from, version, value, u, status, coverage }: PublishedFigure,
): string {
  const tags = [
    ["plant", plant],
    ["area", area],
    ["metric", metric],
    ["period", period],
  ] as const;
  const present = tags
    .filter(([, text]) => text !== "")
    .map(([key, text]) => `${key}=${escapeTagValue(text)}`);
  const number = (key: string, field: number | null): string => (field === null ? "" : `${key}=${field},`);
  const fields = `${number("value", value)}${number("sd", u)}coverage=${coverage}`;
  const state = `quality=${severity(status)}i,status=${status}i,version=${version}i`;
  return `metric,${present.join(",")} ${fields},${state} ${Math.round(from)}\n`;
}

/** A transition of an alarm at its time. */
export function alarmLine(
  plant: string,
  { alarm, priority, at, cause, to, value, limit, standing }: AlarmEvent,
): string {
  const tags = `plant=${escapeTagValue(plant)},alarm=${escapeTagValue(alarm)},priority=${priority}`;
  const number = (key: string, field: number | null): string => (field === null ? "" : `,${key}=${field}`);
  const person = standing.by === null ? "" : `,by=${quoteText(standing.by)}`;
  const fields = `state="${to}"${number("value", value)}${number("limit", limit)},cause="${cause}"${person}`;
  return `alarm,${tags} ${fields} ${Math.round(at)}\n`;
}

function exactField(exact: bigint | string): string {
  if (typeof exact === "string") return `text=${quoteText(exact)}`;
  return exact >= INT64_MIN && exact <= INT64_MAX ? `count=${exact}i` : `text="${exact}"`;
}

function seriesOf(plant: string, tag: Tag): string {
  const tags = [
    ["plant", plant],
    ["area", tag.area],
    ["device", tag.device],
    ["tag", tag.id],
  ] as const;
  const present = tags.filter(([, value]) => value !== ""); // an empty tag value is a syntax error
  return ["reading", ...present.map(([key, value]) => `${key}=${escapeTagValue(value)}`)].join(",");
}

/** A tag value. Line protocol has no escape for a line feed, nor for a backslash before one of its own
 *  escapes, so that control characters and backslashes become "_". */
function escapeTagValue(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  return value.replace(/[\u0000-\u001f\u007f\\]/gu, "_").replace(/[,= ]/gu, "\\$&");
}

/** A string field in its quotes. Control characters become spaces: a line feed would split the line for servers that
 *  read line by line. */
function quoteText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  return `"${text.replace(/[\u0000-\u001f\u007f]/gu, " ").replace(/["\\]/gu, "\\$&")}"`;
}
