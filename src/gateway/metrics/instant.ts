import type { Conditioning } from "../../conditioning/conditioning.ts";
import { exactly, unknown } from "../../domain/figure.ts";
import type { Figure } from "../../domain/figure.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import { quantity } from "../../domain/quantity.ts";
import { isBad, Status, worse } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
import { MovingWindow } from "../../metallurgy/moving.ts";
import type { Moving } from "../../metallurgy/moving.ts";
import type { BoundInput, BoundMetric, Source } from "./binding.ts";
import { errorsOf, withErrors } from "./figures.ts";

/** A smaller step of a figure than this share of it is no news. */
const CHANGE_MIN = 0.001;

/** An unchanged figure is told again after this long, ms. */
const SILENCE_MS = 60_000;

/** One input of a formula at every moment. */
interface Slot {
  readonly name: string;
  readonly value: () => number;
  readonly status: () => StatusCode;
  readonly factor: number;
  readonly offset: number;
  /** Its last while, of which a statistic is taken; null: it is taken as it is. */
  readonly past: Past | null;
}

/** What was held up to now. */
interface Past {
  readonly take: Moving["take"];
  readonly window: MovingWindow;
  value: number;
  status: StatusCode;
  at: EpochMs;
}

const UNKNOWN = Status.BadWaitingForInitialData;

interface Cell {
  readonly metric: BoundMetric;
  readonly slots: readonly Slot[];
  /** What the formula is given: the same object every time. */
  readonly x: Record<string, number>;
  /** Since when the verdict is so, for one that counts only once it has stood. */
  risenAt: EpochMs;
  value: number;
  status: StatusCode;
  toldValue: number;
  toldStatus: StatusCode;
  toldAt: number;
}

export interface Instants {
  /** Computes every figure of the present from the process image. Makes no objects but for those of the formulas. */
  step(now: EpochMs): void;
  /** Figures that have changed since they were told, or have not been told for long. */
  news(now: EpochMs): readonly PublishedFigure[];
  latest(metric: string, now: EpochMs): PublishedFigure | null;
}

/** `fixed` gives what an input is that no instrument shows: an assay, a constant; null while there is none. */
export function createInstants(
  metrics: readonly BoundMetric[],
  image: Pick<Conditioning, "valueOf" | "statusOf">,
  fixed: (input: BoundInput) => Figure | null,
): Instants {
  const cells: Cell[] = [];
  const byId = new Map<string, Cell>();
  for (const metric of metrics) {
    if (metric.recipe.by !== "reading") continue;
    const cell = cellOf(
      metric,
      metric.inputs.map((input) => slotOf(input, image, byId, fixed)),
    );
    cells.push(cell);
    byId.set(metric.id, cell);
  }

  const published = cells.filter(({ metric }) => metric.periods.includes("instant"));
  const told = (cell: Cell, now: EpochMs): PublishedFigure =>
    publishedOf(cell, Number.isNaN(cell.value) ? null : figureOfCell(cell, byId, fixed).u, now);
  return {
    step(now) {
      for (let i = 0; i < cells.length; i++) compute(cells[i] as Cell, now);
    },
    news: (now) => published.filter((cell) => isNews(cell, now)).map((cell) => told(cell, now)),
    latest(metric, now) {
      const cell = published.find((one) => one.metric.id === metric);
      return cell === undefined ? null : told(cell, now);
    },
  };
}

function compute(cell: Cell, now: EpochMs): void {
  const { slots, x } = cell;
  const { recipe } = cell.metric;
  let status: StatusCode = Status.Good;
  for (let i = 0; i < slots.length; i++) status = worse(status, takeSlot(slots[i] as Slot, x, now));
  const result = isBad(status) || recipe.by !== "reading" ? NaN : recipe.formula.of(x as never);
  const isKnown = typeof result === "number" && Number.isFinite(result);
  cell.value = isKnown ? stood(cell, result, now) : NaN;
  cell.status = isKnown || isBad(status) ? status : Status.BadOutOfRange;
}

/** Sets an input to what it is now, and says how well that is known. */
function takeSlot(slot: Slot, x: Cell["x"], now: EpochMs): StatusCode {
  const reading = slot.value() * slot.factor + slot.offset;
  const status = slot.status();
  const taken = slot.past === null ? reading : follow(slot.past, reading, status, now);
  x[slot.name] = taken;
  return Number.isNaN(taken) && !isBad(status) ? UNKNOWN : status;
}

/** Takes what was held until now into the past, and its statistic; NaN while too little is known. */
function follow(past: Past, reading: number, status: StatusCode, now: EpochMs): number {
  if (now > past.at && !isBad(past.status) && !Number.isNaN(past.value))
    past.window.hold(past.value, past.at, now);
  past.value = reading;
  past.status = status;
  past.at = now;
  const result = past.window.read(past.take, now);
  return typeof result === "number" ? result : NaN;
}

function stood(cell: Cell, result: number, now: EpochMs): number {
  const { recipe } = cell.metric;
  if (recipe.by !== "reading" || recipe.standsMs === 0) return result;
  cell.risenAt = result === 1 ? Math.min(cell.risenAt, now) : Infinity;
  return result === 1 ? Number(now >= cell.risenAt + recipe.standsMs) : result;
}

function slotOf(
  input: BoundInput,
  image: Pick<Conditioning, "valueOf" | "statusOf">,
  cells: ReadonlyMap<string, Cell>,
  fixed: (input: BoundInput) => Figure | null,
): Slot {
  const { name, moving } = input;
  const past =
    moving === null
      ? null
      : { take: moving.take, window: new MovingWindow(moving.spanMs), value: NaN, status: UNKNOWN, at: 0 };
  const [source] = input.sources;
  if (source?.from === "tag") {
    const { factor, offset } = source;
    const { index } = source.tag;
    const read = { value: () => image.valueOf(index), status: () => image.statusOf(index) };
    return { name, factor, offset, past, ...read };
  }
  if (source?.from === "metric" && source.use !== "start") {
    const { factor, offset } = source;
    const cell = cells.get(source.metric);
    const read = { value: () => cell?.value ?? NaN, status: () => cell?.status ?? UNKNOWN };
    return { name, factor, offset, past, ...read };
  }
  // A sample in the input's own unit; until it is there, what an instrument shows.
  const tag = tagOf(input);
  const value = (): number =>
    fixed(input)?.value ?? (tag === null ? NaN : image.valueOf(tag.tag.index) * tag.factor + tag.offset);
  const status = (): StatusCode =>
    fixed(input)?.status ?? (tag === null ? UNKNOWN : image.statusOf(tag.tag.index));
  return { name, factor: 1, offset: 0, past, value, status };
}

type TagSource = Extract<Source, { from: "tag" }>;

function tagOf({ sources }: BoundInput): TagSource | null {
  return sources.find((source): source is TagSource => source.from === "tag") ?? null;
}

function cellOf(metric: BoundMetric, slots: readonly Slot[]): Cell {
  const untold = { toldValue: NaN, toldStatus: -1, toldAt: -Infinity };
  const nothing = { risenAt: Infinity, value: NaN, status: UNKNOWN, ...untold };
  return { metric, slots, x: {}, ...nothing };
}

function isNews(cell: Cell, now: EpochMs): boolean {
  const { value, status, toldValue, toldStatus, toldAt } = cell;
  const isChanged =
    status !== toldStatus ||
    Number.isNaN(value) !== Number.isNaN(toldValue) ||
    Math.abs(value - toldValue) > CHANGE_MIN * Math.abs(toldValue);
  if (!isChanged && now - toldAt < SILENCE_MS) return false;
  cell.toldValue = value;
  cell.toldStatus = status;
  cell.toldAt = now;
  return true;
}

/** The formula at the readings of now, each with the whole error of its instrument. */
function figureOfCell(
  cell: Cell,
  cells: ReadonlyMap<string, Cell>,
  fixed: (input: BoundInput) => Figure | null,
): Figure {
  const { recipe, inputs } = cell.metric;
  if (recipe.by !== "reading") return unknown("MISSING");
  const figures = inputs.map((input): readonly [string, Figure] => {
    const value = cell.x[input.name] ?? NaN;
    const [source] = input.sources;
    if (input.moving !== null || source === undefined) return [input.name, exactly(value, input.unit)];
    const of = source.from === "metric" ? (cells.get(source.metric) ?? null) : null;
    const figure = of === null ? figureOfReading(input, value, fixed) : figureOfCell(of, cells, fixed);
    return [input.name, of === null ? figure : scaled(figure, source.factor, value)];
  });
  return recipe.formula(Object.fromEntries(figures));
}

function figureOfReading(
  input: BoundInput,
  value: number,
  fixed: (input: BoundInput) => Figure | null,
): Figure {
  const known = fixed(input);
  if (known !== null) return known;
  const source = tagOf(input);
  if (source === null) return exactly(value, input.unit);
  const own = (value - source.offset) / source.factor;
  const { systematic, random } = errorsOf(source.error, own);
  const spread = { systematic: systematic * source.factor, random: random * source.factor };
  const of = { systematic: source.errorOf, random: `${source.id}@now` };
  return withErrors(value, input.unit, spread, of, Status.Good);
}

/** In another unit, in which it is the given value. */
function scaled(figure: Figure, factor: number, value: number): Figure {
  if (figure.value === null) return figure;
  const parts: Record<string, number> = {};
  for (const [source, part] of Object.entries(figure.parts)) parts[source] = part * factor;
  return { ...figure, value: quantity(value, ""), u: figure.u * Math.abs(factor), parts };
}

function publishedOf({ metric, value, status }: Cell, u: number | null, now: EpochMs): PublishedFigure {
  const { id, area, unit } = metric;
  const isKnown = !Number.isNaN(value) && !isBad(status);
  return {
    metric: id,
    area,
    period: "instant",
    from: now,
    to: now,
    version: 0,
    unit,
    value: isKnown ? value : null,
    u: isKnown ? u : null,
    status,
    coverage: isKnown ? 1 : 0,
  };
}
