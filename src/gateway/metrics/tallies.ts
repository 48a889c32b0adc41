import type { Calendar, Period } from "../../domain/calendar.ts";
import type { History } from "../../domain/history.ts";
import type { Tag } from "../../domain/tag.ts";
import type { EpochMs } from "../../domain/time.ts";
import { deriveColumns } from "../../metallurgy/derived.ts";
import type { DerivedInput } from "../../metallurgy/derived.ts";
import type { Formula } from "../../metallurgy/formula.ts";
import type { Columns, Window } from "../../metallurgy/held.ts";
import { movingColumns, standing } from "../../metallurgy/moving.ts";
import type { Moving } from "../../metallurgy/moving.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { holdOf, readColumns } from "./readings.ts";
import { addTallies, NOTHING, tallyCounts, tallyHeld } from "./tally.ts";
import type { Tally } from "./tally.ts";

/** A stretch of time that is computed as one: a period, or the last hour, or a period that is not over. */
export type Span = Window & { readonly kind: Period["kind"] | "open"; readonly key: string };

/** What a formula over readings is made of. */
export type SeriesInput =
  | ({ readonly tag: Tag } & Taking)
  | ({ readonly series: Series } & Taking)
  | { readonly constant: number };

/** How readings are taken: value × factor + offset, or a statistic of the last while of that. */
interface Taking {
  readonly factor: number;
  readonly offset: number;
  readonly moving: Moving | null;
}

/** A formula reading by reading. Its name stands for the formula and all that it is made of, constants too. */
export interface Series {
  readonly name: string;
  readonly formula: Formula;
  readonly inputs: Readonly<Record<string, SeriesInput>>;
  /** A verdict counts once it has stood for so long, ms. */
  readonly standsMs: number;
}

/** Counters are followed from a little before a window on, so that their rate is known in it. */
const LEARNING_MS = 600_000;

/** Readings kept for the next figure of the same window, columns. */
const COLUMNS_KEPT_MAX = 24;

/** What tags and formulas came to. Shifts are read from the history once and kept in the journal; longer periods are the
 *  sums of their shifts. */
export interface TallySource {
  ofTag(tag: Tag, span: Span): Promise<Tally>;
  /** `seriesIn` gives the formula as it was in a shift: each has its own assays. */
  ofSeries(seriesIn: (shift: Span) => Promise<Series | null>, span: Span): Promise<Tally>;
  /** Readings of a window, for what is no sum of its pieces. */
  readingsOf(input: SeriesInput, window: Window): Promise<DerivedInput>;
  /** Writes to the journal what whole shifts came to since the last time, in the caller's transaction: a commit each would
   *  be a wait for the disk each. */
  keep(): void;
  /** Reads the history again instead of trusting what was read a moment ago. */
  forget(): void;
}

export interface TallyContext {
  readonly history: History;
  readonly journal: Pick<Journal, "tallies" | "outages">;
  readonly calendar: Calendar;
  /** Shifts that start before are over and may be kept. */
  readonly closedBefore: () => EpochMs;
}

export function createTallySource(context: TallyContext): TallySource {
  const { journal, calendar } = context;
  const readings = createReadings(context);
  const unwritten = new Map<
    string,
    { readonly name: string; readonly shift: Window; readonly tally: Tally }
  >();

  /** Of a span no longer than a shift, or of the sum of the shifts of a longer one. */
  async function overShifts(span: Span, ofShift: (shift: Span) => Promise<Tally>): Promise<Tally> {
    if (span.kind === "hour" || span.kind === "open") return ofShift(span);
    let sum = NOTHING;
    for (const shift of calendar.within("shift", span.from, span.to)) {
      const part = await ofShift({ ...shift, to: Math.min(shift.to, span.to) });
      sum = sum === NOTHING ? part : addTallies(sum, part);
    }
    return sum;
  }

  /** From the journal, where it is a whole shift that is over. */
  async function kept(name: string, shift: Span, compute: () => Promise<Tally>): Promise<Tally> {
    if (shift.kind !== "shift" || shift.to > context.closedBefore()) return compute();
    const key = `${shift.from} ${name}`;
    const known = unwritten.get(key)?.tally ?? (journal.tallies.get(name, shift.from) as Tally | null);
    if (known !== null) return known;
    const tally = await compute();
    unwritten.set(key, { name, shift, tally });
    return tally;
  }

  async function tallyTag(tag: Tag, { from, to }: Window): Promise<Tally> {
    const window = { from, to };
    if (!isCounter(tag)) return tallyHeld(await readings.ofTag(tag, window), window, holdOf(tag));
    const columns = await readings.ofTag(tag, { from: from - LEARNING_MS, to });
    return tallyCounts(tag, columns, window, holdOf(tag));
  }

  return {
    ofTag: (tag, span) =>
      overShifts(span, (shift) => kept(`tag:${tag.id}`, shift, () => tallyTag(tag, shift))),
    ofSeries: (seriesIn, span) =>
      overShifts(span, async (shift) => {
        const series = await seriesIn(shift);
        if (series === null) return NOTHING;
        return kept(`series:${series.name}`, shift, async () =>
          tallyHeld(await readings.ofSeries(series, shift), shift, Infinity),
        );
      }),
    readingsOf: (input, window) => readings.ofInput(input, window),
    keep() {
      for (const { name, shift, tally } of unwritten.values())
        journal.tallies.put(name, shift.from, shift.to, tally);
      unwritten.clear();
    },
    forget() {
      unwritten.clear();
      readings.forget();
    },
  };
}

interface Readings {
  ofTag(tag: Tag, window: Window): Promise<Columns>;
  ofSeries(series: Series, window: Window): Promise<Columns>;
  ofInput(input: SeriesInput, window: Window): Promise<DerivedInput>;
  forget(): void;
}

/** Readings from the history, kept for a while for the next who asks for the same. */
function createReadings({ history, journal }: TallyContext): Readings {
  const kept = new Map<string, Promise<Columns>>();

  function ofTag(tag: Tag, window: Window): Promise<Columns> {
    const key = `${tag.index} ${window.from} ${window.to}`;
    let found = kept.get(key);
    if (found === undefined) {
      found = readColumns(history, tag, window, journal.outages(window.from, window.to));
      kept.set(key, found);
      const oldest = kept.size > COLUMNS_KEPT_MAX ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    }
    return found;
  }

  /** What stands, or is a statistic of a while, begins so much before the window. */
  async function ofSeries({ formula, inputs, standsMs }: Series, { from, to }: Window): Promise<Columns> {
    const window = { from: from - standsMs, to };
    const derived: Record<string, DerivedInput> = {};
    for (const [name, input] of Object.entries(inputs)) derived[name] = await ofInput(input, window);
    const columns = deriveColumns(derived, (x) => formula.of(x as never), window.from);
    return standsMs === 0 ? columns : standing(columns, standsMs);
  }

  async function ofInput(input: SeriesInput, { from, to }: Window): Promise<DerivedInput> {
    if ("constant" in input) return input;
    const { moving } = input;
    const window = { from: from - (moving?.spanMs ?? 0), to };
    const columns = "tag" in input ? await ofTag(input.tag, window) : await ofSeries(input.series, window);
    const plain = { columns: changed(columns, input), holdMs: "tag" in input ? holdOf(input.tag) : Infinity };
    if (moving === null) return plain;
    return { columns: movingColumns(plain.columns, window, plain.holdMs, moving), holdMs: Infinity };
  }

  return { ofTag, ofSeries, ofInput, forget: () => kept.clear() };
}

function isCounter({ rolloverCounts, unit }: Tag): boolean {
  return rolloverCounts !== null || unit === "kW.h";
}

function changed(columns: Columns, { factor, offset }: { factor: number; offset: number }): Columns {
  if (factor === 1 && offset === 0) return columns;
  return { ...columns, value: columns.value.map((value) => value * factor + offset) };
}
