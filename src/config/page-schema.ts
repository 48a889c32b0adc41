import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import type { Said } from "../domain/said.ts";
import { METRIC_PERIODS } from "../domain/metric.ts";
import { EQUIPMENT_KINDS } from "../domain/equipment.ts";
import { name, NAME_PATTERN, NAME_RULE, namePatternMessage, sentence } from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const names = (description: string) =>
  Type.Array(name(), {
    maxItems: 100,
    default: [],
    errorMessage: say("rule-list-of", { rule: NAME_RULE }),
    description,
  });

const place = Type.Tuple([Type.Number({ minimum: 0 }), Type.Number({ minimum: 0 })], {
  errorMessage: say("rule-place"),
  description: "Column and row in the drawing of its area; without it the gateway finds a place",
});

const mapOf = <T extends Parameters<typeof Type.Record>[1]>(entry: T, errorMessage: Said) =>
  Type.Record(Type.String({ pattern: NAME_PATTERN }), entry, { ...namePatternMessage, errorMessage });

const EquipmentSchema = Type.Object(
  {
    title: sentence(),
    area: name(),
    kind: Type.Enum([...EQUIPMENT_KINDS]),
    running: Type.Optional(name({ description: "Tag that says whether it runs" })),
    tags: names("Tags that belong to it, the most telling first: two of them stand beside it in the drawing"),
    to: names("Equipment that its product goes to, also in another area"),
    at: Type.Optional(place),
  },
  exact,
);

const tonnes = Type.Optional(Type.Number({ exclusiveMinimum: 0 }));

const OverviewSchema = Type.Object(
  {
    areas: Type.Optional(
      mapOf(Type.Array(name(), { maxItems: 8, errorMessage: say("rule-area-tags") }), say("rule-areas")),
    ),
    counters: Type.Optional(mapOf(Type.Object({ shift: tonnes, day: tonnes }, exact), say("rule-counters"))),
    assays: names("Sampling points of which the last result is shown"),
    figures: Type.Optional(mapOf(Type.Enum([...METRIC_PERIODS]), say("rule-figures"))),
  },
  exact,
);

/** The sections of a plant file that are about what the pages show. */
export const PAGE_SECTIONS = {
  equipment: Type.Optional(mapOf(EquipmentSchema, say("rule-equipment"))),
  overview: Type.Optional(OverviewSchema),
};

export type EquipmentEntry = Static<typeof EquipmentSchema>;
type OverviewEntry = Static<typeof OverviewSchema>;

export interface PageEntry {
  readonly equipment?: Readonly<Record<string, EquipmentEntry>> | undefined;
  readonly overview?: Partial<OverviewEntry> | undefined;
}
