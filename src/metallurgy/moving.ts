import type { Refusal } from "../domain/figure.ts";
import { Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Columns, HeldVisitor, Window } from "./held.ts";
import { visitHeld } from "./held.ts";

/** A statistic of the last `spanMs` of a reading: its mean, or the slope of the best straight line per hour. */
export interface Moving {
  readonly take: "mean" | "slope";
  readonly spanMs: number;
}

/** A stretch of time of which less is known says nothing. */
const COVERAGE_MIN = 0.75;

const HOUR_MS = 3_600_000;
const UNKNOWN = Status.BadNoCommunication;

/** A value that stands still for long is gone through in this many pieces of the span, so that its window moves on. */
const PIECES = 20;

/** Stretches that may lie behind the window before its sums are made anew, which also ends their rounding errors. */
const BEHIND_MAX = 1024;

/** What was held over the last `spanMs`, stretch by stretch: each counts at its middle, by its length. */
export class MovingWindow {
  readonly #spanMs: number;
  #from: number[] = [];
  #to: number[] = [];
  #value: number[] = [];
  /** The oldest stretch inside. */
  #head = 0;
  #line = new Line(0, 0);

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** Adds a stretch that is over, and forgets what is older than the span. */
  hold(value: number, from: number, to: number): void {
    if (this.#head >= BEHIND_MAX || this.#head === this.#from.length) this.#renew(from, value);
    this.#from.push(from);
    this.#to.push(to);
    this.#value.push(value);
    this.#line.add(value, from, to, 1);
    this.#forget(to - this.#spanMs);
  }

  #forget(before: number): void {
    for (; this.#head < this.#from.length; this.#head++) {
      const from = this.#from[this.#head] as number;
      const to = this.#to[this.#head] as number;
      if (from >= before) return;
      const value = this.#value[this.#head] as number;
      this.#line.add(value, from, to, -1);
      if (to <= before) continue;
      this.#line.add(value, before, to, 1);
      this.#from[this.#head] = before;
      return;
    }
  }

  /** Of the span before a moment. TOO_FEW when less than three quarters of it were measured. */
  read(take: Moving["take"], now: number): number | Refusal {
    this.#forget(now - this.#spanMs);
    if (this.#line.hours * HOUR_MS < COVERAGE_MIN * this.#spanMs) return "TOO_FEW";
    return take === "mean" ? this.#line.mean() : this.#line.slope();
  }

  #renew(origin: number, base: number): void {
    this.#from = this.#from.slice(this.#head);
    this.#to = this.#to.slice(this.#head);
    this.#value = this.#value.slice(this.#head);
    this.#head = 0;
    this.#line = new Line(this.#from[0] ?? origin, this.#value[0] ?? base);
    for (const [i, from] of this.#from.entries())
      this.#line.add(this.#value[i] ?? NaN, from, this.#to[i] ?? NaN, 1);
  }
}

/** Sums of a straight line by least squares, with times and values from a place nearby so that few digits are lost. */
class Line {
  hours = 0;
  readonly #origin: number;
  readonly #base: number;
  #t = 0;
  #v = 0;
  #tt = 0;
  #tv = 0;

  constructor(origin: number, base: number) {
    this.#origin = origin;
    this.#base = base;
  }

  add(value: number, from: number, to: number, sign: 1 | -1): void {
    const hours = (sign * (to - from)) / HOUR_MS;
    const t = ((from + to) / 2 - this.#origin) / HOUR_MS;
    const v = value - this.#base;
    this.hours += hours;
    this.#t += hours * t;
    this.#v += hours * v;
    this.#tt += hours * t * t;
    this.#tv += hours * t * v;
  }

  mean(): number {
    return this.#base + this.#v / this.hours;
  }

  slope(): number | Refusal {
    const spread = this.#tt - (this.#t * this.#t) / this.hours;
    return spread > 0 ? (this.#tv - (this.#t * this.#v) / this.hours) / spread : "TOO_FEW";
  }
}

/** M-58. Slope of the best straight line through what was held in a window, per hour. TOO_FEW below three stretches. */
export function slopePerHour(columns: Columns, window: Window, holdMs: number): number | Refusal {
  const line = new Line(window.from, columns.value[0] ?? 0);
  let stretches = 0;
  visitHeld(columns, window, holdMs, {
    held(value, from, lengthMs) {
      line.add(value, from, from + lengthMs, 1);
      stretches++;
    },
  });
  return stretches < 3 ? "TOO_FEW" : line.slope();
}

/** A statistic of the last stretch of time as readings of its own, at every moment at which the readings are held; bad
 *  while they are not, or too few. */
export function movingColumns(
  columns: Columns,
  window: Window,
  holdMs: number,
  { take, spanMs }: Moving,
): Columns {
  const walker = new MovingWalker(take, spanMs);
  visitHeld(columns, window, holdMs, walker);
  return walker.columns();
}

class MovingWalker implements HeldVisitor {
  readonly #take: Moving["take"];
  readonly #window: MovingWindow;
  readonly #pieceMs: number;
  readonly #rows: [time: number, value: number, status: StatusCode][] = [];
  #end = -Infinity;

  constructor(take: Moving["take"], spanMs: number) {
    this.#take = take;
    this.#window = new MovingWindow(spanMs);
    this.#pieceMs = spanMs / PIECES;
  }

  held(value: number, from: number, lengthMs: number, severityOfValue: number): void {
    if (from > this.#end) this.#ends();
    const status = severityOfValue === 0 ? Status.Good : Status.UncertainSubstitute;
    for (let at = from; at < from + lengthMs; at += this.#pieceMs) {
      const end = Math.min(at + this.#pieceMs, from + lengthMs);
      this.#window.hold(value, at, end);
      const read = this.#window.read(this.#take, end);
      this.#rows.push(typeof read === "number" ? [end, read, status] : [end, NaN, UNKNOWN]);
    }
    this.#end = from + lengthMs;
  }

  columns(): Columns {
    this.#ends();
    return columnsOf(this.#rows);
  }

  /** Where a reading ceases to hold, what was made of it does too. */
  #ends(): void {
    if (this.#end > -Infinity) this.#rows.push([this.#end, NaN, UNKNOWN]);
  }
}

/** A verdict (1 or 0) that counts once it has stood for so long: until then it is 0. What is unknown in between begins anew. */
export function standing(columns: Columns, standsMs: number): Columns {
  const rows: [time: number, verdict: number, status: StatusCode][] = [];
  let risen = Infinity;
  const ripen = (before: number): void => {
    const [last = -Infinity, , status = Status.Good] = rows.at(-1) ?? [];
    const counts = risen + standsMs;
    if (counts > last && counts < before) rows.push([counts, 1, status]);
  };
  for (let row = 0; row < columns.length; row++) {
    const at = columns.time[row] as number;
    const verdict = columns.value[row] as number;
    ripen(at);
    risen = verdict === 1 ? Math.min(risen, at) : Infinity;
    rows.push([at, verdict === 1 ? Number(at >= risen + standsMs) : verdict, columns.status[row] as number]);
  }
  ripen(Infinity);
  return columnsOf(rows);
}

function columnsOf(rows: readonly (readonly [time: number, value: number, status: StatusCode])[]): Columns {
  return {
    length: rows.length,
    time: Float64Array.from(rows, ([time]) => time),
    value: Float64Array.from(rows, ([, value]) => value),
    status: Uint32Array.from(rows, ([, , status]) => status),
  };
}
