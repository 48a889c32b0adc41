import type { Conditioning } from "../../conditioning/conditioning.ts";
import { exactly } from "../../domain/figure.ts";
import type { Figure } from "../../domain/figure.ts";
import type { PublishedFigure } from "../../domain/metric.ts";
import { isBad, Status, worse } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { EpochMs } from "../../domain/time.ts";
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
}

const UNKNOWN = Status.BadWaitingForInitialData;

interface Cell {
  readonly metric: BoundMetric;
  readonly slots: readonly Slot[];
  /** What the formula is given: the same object every time. */
  readonly x: Record<string, number>;
  value: number;
  status: StatusCode;
  toldValue: number;
  toldStatus: StatusCode;
  toldAt: number;
}

export interface Instants {
  /** Computes every figure of the present from the process image. Makes no objects but for those of the formulas. */
  step(): void;
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
    publishedOf(cell, uncertaintyOf(cell, fixed), now);
  return {
    step() {
      for (let i = 0; i < cells.length; i++) compute(cells[i] as Cell);
    },
    news: (now) => published.filter((cell) => isNews(cell, now)).map((cell) => told(cell, now)),
    latest(metric, now) {
      const cell = published.find((one) => one.metric.id === metric);
      return cell === undefined ? null : told(cell, now);
    },
  };
}

function compute(cell: Cell): void {
  const { slots, x } = cell;
  const { recipe } = cell.metric;
  let status: StatusCode = Status.Good;
  for (let i = 0; i < slots.length; i++) {
    const { name, value, status: statusOf, factor, offset } = slots[i] as Slot;
    x[name] = value() * factor + offset;
    status = worse(status, statusOf());
  }
  const result = isBad(status) || recipe.by !== "reading" ? NaN : recipe.formula.of(x as never);
  const isKnown = typeof result === "number" && Number.isFinite(result);
  cell.value = isKnown ? result : NaN;
  cell.status = isKnown || isBad(status) ? status : Status.BadOutOfRange;
}

function slotOf(
  input: BoundInput,
  image: Pick<Conditioning, "valueOf" | "statusOf">,
  cells: ReadonlyMap<string, Cell>,
  fixed: (input: BoundInput) => Figure | null,
): Slot {
  const { name } = input;
  const [source] = input.sources;
  if (source?.from === "tag") {
    const { factor, offset } = source;
    const { index } = source.tag;
    return { name, factor, offset, value: () => image.valueOf(index), status: () => image.statusOf(index) };
  }
  if (source?.from === "metric") {
    const { factor, offset } = source;
    const cell = cells.get(source.metric);
    return { name, factor, offset, value: () => cell?.value ?? NaN, status: () => cell?.status ?? UNKNOWN };
  }
  // A sample in the input's own unit; until it is there, what an instrument shows.
  const tag = tagOf(input);
  const value = (): number =>
    fixed(input)?.value ?? (tag === null ? NaN : image.valueOf(tag.tag.index) * tag.factor + tag.offset);
  const status = (): StatusCode =>
    fixed(input)?.status ?? (tag === null ? UNKNOWN : image.statusOf(tag.tag.index));
  return { name, factor: 1, offset: 0, value, status };
}

type TagSource = Extract<Source, { from: "tag" }>;

function tagOf({ sources }: BoundInput): TagSource | null {
  return sources.find((source): source is TagSource => source.from === "tag") ?? null;
}

function cellOf(metric: BoundMetric, slots: readonly Slot[]): Cell {
  const nothing = { value: NaN, status: UNKNOWN, toldValue: NaN, toldStatus: -1, toldAt: -Infinity };
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

/** Of the formula at the readings of now, each with the whole error of its instrument. */
function uncertaintyOf(cell: Cell, fixed: (input: BoundInput) => Figure | null): number | null {
  const { recipe, inputs } = cell.metric;
  if (recipe.by !== "reading" || Number.isNaN(cell.value)) return null;
  const figures = inputs.map((input): readonly [string, Figure] => {
    const value = cell.x[input.name] ?? NaN;
    const known = fixed(input);
    if (known !== null) return [input.name, known];
    const source = tagOf(input);
    if (source === null) return [input.name, exactly(value, input.unit)];
    const own = (value - source.offset) / source.factor;
    const { systematic, random } = errorsOf(source.error, own);
    const spread = { systematic: systematic * source.factor, random: random * source.factor };
    const of = { systematic: source.errorOf, random: `${source.id}@now` };
    return [input.name, withErrors(value, input.unit, spread, of, Status.Good)];
  });
  return recipe.formula(Object.fromEntries(figures)).u;
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
