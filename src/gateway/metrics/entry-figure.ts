import type { Entry } from "../../domain/entry.ts";
import { exactly, unknown } from "../../domain/figure.ts";
import type { Figure, Parts } from "../../domain/figure.ts";
import { quantity } from "../../domain/quantity.ts";
import { Status } from "../../domain/status.ts";
import { passingSize } from "../../metallurgy/classification.ts";
import { DEFAULT_ERRORS } from "../../metallurgy/uncertainty.ts";
import type { Entries } from "../../store/journal/entries.ts";
import type { Source } from "./binding.ts";
import { inputOf } from "./figures.ts";
import type { Taken } from "./figures.ts";
import type { Span } from "./tallies.ts";

const HOUR_MS = 3_600_000;

/** How long a stocktake or a screen analysis stands for what comes after it. */
const LAST_MS = 40 * 24 * HOUR_MS;

/** Standard uncertainty of a screen size from a sieve analysis, as a share. */
const SCREEN_U = 0.03;

type EntrySource = Extract<Source, { from: "entry" }>;

interface Entered {
  readonly value: number;
  readonly parts: Parts;
}

type Reader = (entries: Pick<Entries, "within">, span: Span, words: readonly string[]) => Entered | null;

/** What people entered comes to over a span. Nothing poured is 0 g, and nobody's downtime 0 h; without a stocktake or a
 *  screen analysis nothing is known. */
export function takeEntry(
  source: EntrySource,
  span: Span,
  unit: string,
  entries: Pick<Entries, "within">,
): Taken {
  const entered = READERS[source.entry]?.(entries, span, source.words) ?? null;
  const figure =
    entered === null ? unknown("MISSING", Status.BadNoCommunication) : figureOf(entered, source, unit);
  const inputs = [inputOf(source.id, "entry", unit, figure)];
  return { figure, whole: figure, inputs, coverage: 1, isPreliminary: false };
}

function figureOf({ value, parts }: Entered, { factor, offset }: EntrySource, unit: string): Figure {
  const scaled = Object.fromEntries(Object.entries(parts).map(([source, part]) => [source, part * factor]));
  const u = Math.hypot(...Object.values(scaled));
  return { value: quantity(value * factor + offset, unit), u, status: Status.Good, parts: scaled };
}

const READERS: Readonly<Record<string, Reader>> = {
  pour(entries, span) {
    let value = 0;
    const parts: Record<string, number> = {};
    for (const { ref, body } of startingIn(entries.within("pour", span.from, span.to), span)) {
      if (body === null) continue;
      const gold = body.doreG * body.fineness;
      value += gold;
      parts["dore"] = (parts["dore"] ?? 0) + gold * DEFAULT_ERRORS.doreMass.systematic.relative;
      parts[`fineness@${ref}`] = gold * DEFAULT_ERRORS.doreFineness.random.relative;
    }
    return { value, parts };
  },
  stocktake(entries, span, [component]) {
    const last = entries
      .within("stocktake", span.to - LAST_MS, span.to)
      .findLast(({ body }) => body?.component === component);
    if (last?.body === undefined || last.body === null) return null;
    return { value: last.body.goldG, parts: { [`stocktake@${last.ref}`]: last.body.uG } };
  },
  downtime(entries, span, [equipment, code]) {
    let hours = 0;
    for (const { from, to, body } of entries.within("downtime", span.from, span.to)) {
      if (body === null || (equipment !== undefined && body.equipment !== equipment)) continue;
      const counts = code === undefined ? body.code !== "standby" : body.code === code;
      if (counts) hours += (Math.min(to, span.to) - Math.max(from, span.from)) / HOUR_MS;
    }
    return { value: hours, parts: {} };
  },
  lot(entries, span) {
    let value = 0;
    for (const { body } of startingIn(entries.within("lot", span.from, span.to), span))
      if (body !== null) value += body.wetT * (1 - body.moisturePercent / 100);
    return { value, parts: {} };
  },
  screen(entries, span, [point, percent = "80"]) {
    const last = entries
      .within("screen", span.to - LAST_MS, span.to)
      .findLast(({ body }) => body?.point === point);
    if (last?.body === undefined || last.body === null) return null;
    const screens = last.body.screens.map(({ sizeUm, passingPercent }) => ({
      size: exactly(sizeUm, "um"),
      passing: exactly(passingPercent, "%"),
    }));
    const { value } = passingSize(screens, Number(percent));
    return value === null ? null : { value, parts: { [`screen@${last.ref}`]: SCREEN_U * value } };
  },
};

/** What happens at a moment belongs to the span of that moment. */
function startingIn<E extends Entry>(entries: readonly E[], { from, to }: Span): readonly E[] {
  return entries.filter((entry) => entry.from >= from && entry.from < to);
}
