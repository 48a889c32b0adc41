import { countBefore } from "../../../domain/search.ts";
import { isBad, severity } from "../../../domain/status.ts";
import type { Value } from "../../api.ts";
import { decimalsFor } from "../../format.ts";
import type { TagCell } from "../../store.ts";

/** A stretch of time, ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A line of a chart: what was read of one tag. */
export interface Pen {
  readonly tag: string;
  readonly title: string;
  readonly unit: string | null;
  readonly range: readonly [low: number, high: number] | null;
  readonly states: Readonly<Record<string, string>> | null;
  /** Bits and states hold until they change. */
  readonly isStepped: boolean;
  /** Source times, in order. */
  readonly times: readonly number[];
  /** Null where the reading was bad, and in holes. */
  readonly values: readonly (number | null)[];
  readonly statuses: readonly number[];
  /** Points stand for their neighbours: the smallest and the largest of each stretch. */
  readonly isReduced: boolean;
}

/** "No data exists for the requested time range": a hole between readings. OPC 10000-4. */
const BAD_NO_DATA = 0x809b_0000;

/** As a chart draws it: bits are 0 and 1, texts are nothing. */
export function numberOf(value: Value): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  const number = typeof value === "string" && value !== "" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
}

export function emptyPen({ about }: Pick<TagCell, "about">): Pen {
  const { tag, title, unit, range, states = null } = about;
  const isStepped = states !== null || typeof about.value === "boolean";
  return {
    tag,
    title,
    unit,
    range,
    states,
    isStepped,
    times: [],
    values: [],
    statuses: [],
    isReduced: false,
  };
}

export interface Seen {
  readonly time: number;
  readonly value: number | null;
  readonly status: number;
}

/** What a pen shows at a time: its last point by then. Null before the first and in a hole. */
export function penAt({ times, values, statuses }: Pen, time: number): Seen | null {
  const place = countBefore(times, (one) => one <= time) - 1;
  const status = statuses[place];
  if (status === undefined || status === BAD_NO_DATA) return null;
  return { time: times[place] as number, value: values[place] as number | null, status };
}

export function decimalsOf(pen: Pen): number {
  const { unit, range, values, isStepped } = pen;
  const isWhole = isStepped || values.every((value) => value === null || Number.isInteger(value));
  return isStepped ? 0 : decimalsFor({ unit, range }, isWhole && range === null ? 1 : 0.5);
}

/** A stretch in which a pen was not good. */
export interface Doubt extends Span {
  readonly isBad: boolean;
}

/** Where a pen was bad or uncertain: each such point until the next. Holes are no readings, and so not doubtful. */
export function doubtsOf({ times, statuses }: Pen): Doubt[] {
  const doubts: Doubt[] = [];
  for (const [place, status] of statuses.entries()) {
    if (severity(status) === 0 || status === BAD_NO_DATA) continue;
    const from = times[place] as number;
    const to = times[place + 1] ?? from;
    const last = doubts.at(-1);
    if (last !== undefined && last.to === from && last.isBad === isBad(status))
      doubts[doubts.length - 1] = { ...last, to };
    else doubts.push({ from, to, isBad: isBad(status) });
  }
  return doubts;
}
