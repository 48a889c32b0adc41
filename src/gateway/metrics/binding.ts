import type { AssayPoint, ErrorConfig, InputConfig, Take } from "../../config/metallurgy.ts";
import type { MetricPeriod } from "../../domain/metric.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Moving } from "../../metallurgy/moving.ts";
import type { Recipe } from "./recipe.ts";

/** Where a value comes from and how it becomes one of the wanted unit: value × factor + offset. */
export type Source = { readonly id: string; readonly factor: number; readonly offset: number } & (
  | {
      readonly from: "tag";
      readonly tag: Tag;
      readonly take: Exclude<Take, "auto">;
      readonly error: ErrorConfig;
      /** Whose systematic error it is: tags of one instrument share it. */
      readonly errorOf: string;
    }
  | {
      readonly from: "metric";
      readonly metric: string;
      readonly use: "value" | "total" | "start";
      /** Its value is what added up over the time that was seen. */
      readonly addsUp: boolean;
    }
  | { readonly from: "assay"; readonly point: AssayPoint }
  | { readonly from: "calendar" }
  | { readonly from: "entry"; readonly entry: string; readonly words: readonly string[] }
  | {
      readonly from: "constant";
      readonly value: number;
      readonly u: number;
      /** Null: of the number itself, wherever the same input has it. */
      readonly errorOf: string | null;
    }
);

/** One input of a formula with its sources, the best first. */
export interface BoundInput {
  readonly name: string;
  /** Of its sources; a slope is in this per hour. */
  readonly unit: string;
  readonly sources: readonly Source[];
  /** Taken as a statistic of its last while; null: as it is. */
  readonly moving: Moving | null;
  readonly band: InputConfig["band"];
}

/** One result of one metric of the plant file. */
export interface BoundMetric {
  /** `ph-lt1.mean` */
  readonly id: string;
  /** `ph-lt1` */
  readonly base: string;
  readonly title: string;
  /** M-number or expression. */
  readonly kind: string;
  readonly recipe: Recipe;
  readonly unit: string;
  /** Unit of what a rate adds up to, and the factor from unit × h; null for what is no rate. */
  readonly total: { readonly unit: string; readonly factor: number } | null;
  readonly area: string;
  /** Those that are published. */
  readonly periods: readonly MetricPeriod[];
  readonly inputs: readonly BoundInput[];
}

/** Whether a figure is what rates or hours added up to while they were seen. A counter goes on while nobody looks. */
export function addsUpOverTime({ recipe, inputs }: Pick<BoundMetric, "recipe" | "inputs">): boolean {
  if (recipe.by === "reading" || recipe.over !== "sum") return false;
  return inputs.some(({ sources }) =>
    sources.some((source) => {
      if (source.from === "metric") return source.use === "total" || source.addsUp;
      return source.from === "tag" && (source.take === "total" || source.take === "hours");
    }),
  );
}

export function sourcesOfMetric({ inputs }: BoundMetric): readonly Source[] {
  return inputs.flatMap(({ sources }) => sources);
}
