import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { METRIC_PERIODS } from "../domain/metric.ts";
import { SUBSTANCES } from "../domain/substance.ts";
import { TAKES } from "./metallurgy.ts";
import {
  duration,
  name,
  NAME_PATTERN,
  NAMES_RULE,
  namePatternMessage,
  range,
  sentence,
  text,
  unit,
} from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const mapOf = <T extends Parameters<typeof Type.Record>[1]>(entry: T, errorMessage: Said) =>
  Type.Record(Type.String({ pattern: NAME_PATTERN }), entry, { ...namePatternMessage, errorMessage });

const PERCENT = "^[0-9]{1,3}([.][0-9]{1,6})?%$";
const share = Type.String({ pattern: PERCENT });
const amount = Type.Number({ minimum: 0 });

/** A standard uncertainty. */
const spread = (description: string) =>
  Type.Union([amount, share, Type.Tuple([share, amount])], {
    errorMessage: say("rule-spread"),
    description,
  });

const ERRORS = {
  sd: Type.Optional(spread("Standard uncertainty that is the same at all times: does not average")),
  random: Type.Optional(spread("Standard uncertainty of one reading or sample that averages")),
  correlation: Type.Optional(
    duration({ description: "Autocorrelation time of the random part, 5m when absent" }),
  ),
};

const listOfNames = Type.Array(name(), { minItems: 1, maxItems: 8 });

const InputSchema = Type.Union(
  [
    name(),
    Type.Number(),
    listOfNames,
    Type.Object(
      {
        of: Type.Optional(Type.Union([name(), listOfNames], { errorMessage: NAMES_RULE })),
        take: Type.Enum([...TAKES], {
          default: "auto",
          description: "How it is taken over a period; auto: as the units say",
        }),
        value: Type.Optional(Type.Number({ description: "A constant" })),
        sd: Type.Optional(Type.Number({ minimum: 0, description: "Standard uncertainty of the constant" })),
        errorOf: Type.Optional(
          name({
            description:
              "Whose error the constant has: those of one such name are wrong together. Without it, constants of one input name, value and sd are one number",
          }),
        ),
        unit: Type.Optional(unit({ description: "Of the constant" })),
        band: Type.Optional(range()),
      },
      exact,
    ),
  ],
  {
    errorMessage: say("rule-input"),
  },
);

export const MetricSchema = Type.Object(
  {
    title: sentence(),
    kind: Type.Optional(
      Type.String({
        pattern: "^M-[0-9]{2}[a-z]?$",
        errorMessage: say("rule-kind"),
      }),
    ),
    expression: Type.Optional(
      text({ description: "A formula of your own over the inputs, instead of a kind" }),
    ),
    unit: Type.Optional(unit({ description: "Of the expression's result" })),
    area: name(),
    periods: Type.Array(Type.Enum([...METRIC_PERIODS]), {
      minItems: 1,
      uniqueItems: true,
      default: ["shift", "day", "month"],
      errorMessage: say("rule-list-of-words", { choices: METRIC_PERIODS.join(", ") }),
    }),
    inputs: mapOf(InputSchema, say("rule-inputs")),
  },
  exact,
);

export const MetricsSchema = Type.Optional(mapOf(MetricSchema, say("rule-metrics")));

export const AssaysSchema = Type.Optional(
  mapOf(
    Type.Object(
      {
        title: sentence(),
        unit: unit(),
        stream: Type.Optional(name()),
        every: Type.Enum(["shift", "day", "week", "month", "batch", "survey"], { default: "shift" }),
        range: Type.Optional(range()),
        ...ERRORS,
      },
      exact,
    ),
    say("rule-assays"),
  ),
);

export const InstrumentsSchema = Type.Optional(
  mapOf(
    Type.Object(
      {
        ...ERRORS,
        sameAs: Type.Optional(
          name({ description: "Tag of the same instrument: what is wrong with one is wrong with both" }),
        ),
      },
      exact,
    ),
    say("rule-instruments"),
  ),
);

const endpoint = (description: string) =>
  Type.Union([name(), Type.Null()], { errorMessage: say("rule-end"), description });

export const FlowsheetSchema = Type.Optional(
  Type.Object(
    {
      nodes: mapOf(Type.Object({ title: sentence(), area: name() }, exact), say("rule-nodes")),
      streams: mapOf(
        Type.Object(
          {
            title: Type.Optional(sentence()),
            from: endpoint("Node; null: from outside"),
            to: endpoint("Node; null: out of the plant"),
            solids: Type.Optional(name({ description: "Metric of the dry tonnes" })),
            water: Type.Optional(name({ description: "Metric of the water, m3 or a flow" })),
            gold: Type.Optional(
              name({
                description: "Assay or metric of the grade; metric of the gold where it carries no solids",
              }),
            ),
            carries: Type.Optional(
              Type.Array(Type.Enum([...SUBSTANCES]), {
                minItems: 1,
                uniqueItems: true,
                description:
                  "What it carries, such as gold alone for carbon and bullion; solids and gold, and water where it is measured, when absent",
                errorMessage: say("rule-list-of-words", { choices: SUBSTANCES.join(", ") }),
              }),
            ),
          },
          exact,
        ),
        say("rule-streams"),
      ),
    },
    exact,
  ),
);

export const LaboratorySchema = Type.Optional(
  Type.Object(
    {
      standards: Type.Optional(
        mapOf(Type.Object({ value: amount, sd: amount }, exact), say("rule-standards")),
      ),
      blankMax: Type.Optional(amount),
    },
    exact,
  ),
);

/** What the plant means to reach in a shift and in a day, by the result of a metric such as `accounting.headTails`. */
export const PlanSchema = Type.Optional(
  mapOf(
    Type.Object(
      {
        shift: Type.Optional(amount),
        day: Type.Optional(amount),
        better: Type.Enum(["higher", "lower"], { default: "higher" }),
      },
      exact,
    ),
    say("rule-plan"),
  ),
);

export type MetricEntry = Static<typeof MetricSchema>;
export type InputEntry = Static<typeof InputSchema>;
export type AssaysEntry = Static<typeof AssaysSchema>;
export type InstrumentsEntry = Static<typeof InstrumentsSchema>;
export type FlowsheetEntry = Static<typeof FlowsheetSchema>;
export type LaboratoryEntry = Static<typeof LaboratorySchema>;
export type PlanEntry = Static<typeof PlanSchema>;

/** The sections of a plant file that are about figures. */
export const METALLURGY_SECTIONS = {
  metrics: MetricsSchema,
  flowsheet: FlowsheetSchema,
  assays: AssaysSchema,
  instruments: InstrumentsSchema,
  laboratory: LaboratorySchema,
  plan: PlanSchema,
};

export interface MetallurgyEntry {
  readonly metrics?: Readonly<Record<string, MetricEntry>> | undefined;
  readonly flowsheet?: FlowsheetEntry | undefined;
  readonly assays?: AssaysEntry | undefined;
  readonly instruments?: InstrumentsEntry | undefined;
  readonly laboratory?: LaboratoryEntry | undefined;
  readonly plan?: PlanEntry | undefined;
}
