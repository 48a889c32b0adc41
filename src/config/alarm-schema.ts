import { Type } from "typebox";
import type { Static } from "typebox";
import { say } from "../domain/said.ts";
import { ALARM_TYPES } from "./alarms.ts";
import {
  deadband,
  duration,
  name,
  NAME_PATTERN,
  NAMES_RULE,
  namePatternMessage,
  range,
  sentence,
  truth,
  wholeNumber,
} from "./vocabulary.ts";

const exact = { additionalProperties: false } as const;

const nameOrList = Type.Union([name(), Type.Array(name(), { minItems: 1, maxItems: 500 })], {
  errorMessage: NAMES_RULE,
  description: "Tag, metric, assay or device; a list makes one alarm of each",
});

const limit = Type.Union([Type.Number(), Type.String({ pattern: "^[0-9]{1,4}([.][0-9]{1,6})?%$" })], {
  errorMessage: say("rule-limit"),
});

const condition = Type.Union(
  [
    name(),
    Type.Object(
      { tag: name(), above: Type.Optional(Type.Number()), below: Type.Optional(Type.Number()) },
      exact,
    ),
  ],
  { errorMessage: say("rule-condition") },
);

const when = Type.Union([...condition.anyOf, Type.Array(condition, { minItems: 1, maxItems: 8 })], {
  errorMessage: say("rule-conditions"),
  description: "Suppressed by design unless this is on, or above or below its number",
});

export const AlarmSchema = Type.Object(
  {
    title: Type.Optional(sentence()),
    on: nameOrList,
    type: Type.Enum([...ALARM_TYPES]),
    limit: Type.Optional(limit),
    band: Type.Optional(range()),
    reference: Type.Optional(
      Type.Union([name(), Type.Number()], {
        errorMessage: say("rule-reference"),
        description: "What a deviation or a percentage is reckoned from",
      }),
    ),
    deadband: Type.Optional(deadband()),
    onDelay: Type.Optional(duration()),
    offDelay: Type.Optional(duration()),
    reAlarm: Type.Optional(duration({ description: "Acknowledged and still there, it calls again" })),
    priority: wholeNumber(1, 4, { description: "1 is the gravest; 4 is diagnostic" }),
    latch: truth({ default: false, description: "Held until somebody resets it" }),
    group: Type.Optional(name({ description: "Alarms ranked by which came first" })),
    follows: truth({ default: false, description: "Suppressed while the first of its group is there" }),
    when: Type.Optional(when),
    consequence: sentence({ description: "What happens when nobody does anything" }),
    response: sentence({ description: "What the operator does" }),
    timeToRespond: Type.Optional(duration()),
  },
  exact,
);

export const AlarmsSchema = Type.Optional(
  Type.Record(Type.String({ pattern: NAME_PATTERN }), AlarmSchema, {
    ...namePatternMessage,
    errorMessage: say("rule-alarms"),
  }),
);

export type AlarmEntry = Static<typeof AlarmSchema>;
export type WhenEntry = NonNullable<AlarmEntry["when"]>;
