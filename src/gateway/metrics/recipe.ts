import type { Take } from "../../config/metallurgy.ts";
import type { Figure } from "../../domain/figure.ts";
import type { Course } from "../../metallurgy/courses.ts";
import { sumOf } from "../../metallurgy/formula.ts";
import type { Formula, Units } from "../../metallurgy/formula.ts";
import type { Moving } from "../../metallurgy/moving.ts";

/** How the figure of a longer period comes about. `sum`: from the figures of its shifts, because each has its own
 *  assays. `last`: that of its last shift, for what is a state and no flow. `highest`: that of its worst shift. `again`: by
 *  the formula, over the whole. */
export type Over = "sum" | "last" | "highest" | "again";

/** One result of a kind. */
export type Recipe =
  /** The formula on every reading, then the mean over time; a rate also gets a total. */
  | {
      readonly by: "reading";
      readonly formula: Formula;
      /** Inputs that are taken as a statistic of their last while, with the unit of what that is made of. */
      readonly moving: Readonly<Record<string, { readonly unit: string; readonly moving: Moving }>>;
      /** A verdict counts once it has stood for so long, ms. */
      readonly standsMs: number;
    }
  /** The formula on what its inputs come to over the period. */
  | {
      readonly by: "period";
      readonly formula: Formula;
      readonly over: Over;
      /** A sum that is no more than what its tags added up to, and stays what was seen of it. */
      readonly isPlain: boolean;
    }
  /** The single input `of`, taken in a certain way. */
  | {
      readonly by: "statistic";
      readonly take: Take | "inBand";
      readonly unit: string | null;
      readonly over: Over;
    }
  /** One number of a reconciled balance, of all that was measured. */
  | {
      readonly by: "balance";
      readonly inputs: Units;
      readonly unit: string;
      readonly over: "again";
      readonly reconcile: (figures: Readonly<Record<string, Figure>>) => Figure;
    }
  /** What the readings of the period come to as a whole. */
  | { readonly by: "course"; readonly course: Course; readonly over: Over }
  /** What stands from shift to shift, and is changed by the samples of each: the formula's input `before` is that of the
   *  last shift, and in the first one `start`. */
  | { readonly by: "state"; readonly formula: Formula; readonly start: number; readonly over: "last" }
  /** All inputs, however many, as one. */
  | {
      readonly by: "several";
      readonly unit: string;
      readonly of: (figures: readonly Figure[]) => Figure;
      readonly over: Over;
    };

/** A formula of the plant file: what M-numbers stand for. */
export interface Kind {
  readonly title: string;
  /** By suffix; a kind with one result has no suffix. */
  readonly results: Readonly<Record<string, Recipe>>;
  /** Inputs that may be left out. */
  readonly defaults?: Readonly<Record<string, number | string>>;
}

/** Formulas of any inputs and units meet in one table; the engine checks names and units when it binds them. */
export const any = (formula: unknown): Formula => formula as Formula;
export const reading = (
  formula: unknown,
  {
    moving = {},
    standsMs = 0,
  }: Partial<Pick<Extract<Recipe, { by: "reading" }>, "moving" | "standsMs">> = {},
): Recipe => ({ by: "reading", formula: any(formula), moving, standsMs });
export const period = (formula: unknown, over: Over = "again"): Recipe => ({
  by: "period",
  formula: any(formula),
  over,
  isPlain: false,
});
export const plainSum = (formula: unknown): Recipe => ({
  by: "period",
  formula: any(formula),
  over: "sum",
  isPlain: true,
});
export const course = (of: Course, over: Over): Recipe => ({ by: "course", course: of, over });
export const sum = (unit: string, over: Over): Recipe => ({
  by: "several",
  unit,
  of: (figures) => sumOf(unit, figures),
  over,
});
export const slope = (unit: string, spanMs: number) => ({ unit, moving: { take: "slope", spanMs } }) as const;
export const mean = (unit: string, spanMs: number) => ({ unit, moving: { take: "mean", spanMs } }) as const;
export const statistic = (
  take: Take | "inBand",
  unit: string | null = null,
  over: Over = "again",
): Recipe => ({
  by: "statistic",
  take,
  unit,
  over,
});
export const one = (title: string, recipe: Recipe, defaults: Kind["defaults"] = {}): Kind => ({
  title,
  results: { "": recipe },
  defaults,
});
