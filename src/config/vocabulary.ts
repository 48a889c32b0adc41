import { Type } from "typebox";
import { say } from "../domain/said.ts";
import { UNIT_CODES } from "../domain/unit.ts";
import { DURATION_PATTERN, SIZE_PATTERN } from "./durations.ts";

/** The smallest words of both kinds of file. `errorMessage` is what a fault says; editors show its English too. */
interface More {
  readonly description?: string;
  readonly default?: string | number | boolean;
}

/** Names become topics, InfluxDB tags and URLs, so they have no space, slash, `+`, `#` or comma. */
export const NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$";
export const NAME_RULE = say("rule-name");
export const NAMES_RULE = say("rule-names", { rule: NAME_RULE });

export const name = (more: More = {}) =>
  Type.String({ pattern: NAME_PATTERN, errorMessage: NAME_RULE, ...more });

export const sentence = (more: More = {}) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    errorMessage: say("rule-sentence"),
    ...more,
  });

export const text = (more: More = {}) =>
  Type.String({ minLength: 1, errorMessage: say("rule-text"), ...more });

export const truth = (more: More = {}) => Type.Boolean({ errorMessage: say("rule-truth"), ...more });

export const duration = (more: More = {}) =>
  Type.String({
    pattern: DURATION_PATTERN,
    errorMessage: say("rule-duration"),
    ...more,
  });

export const size = (more: More = {}) =>
  Type.String({ pattern: SIZE_PATTERN, errorMessage: say("rule-size"), ...more });

export const wholeNumber = (minimum: number, maximum: number, more: More = {}) =>
  Type.Integer({
    minimum,
    maximum,
    errorMessage: say("rule-whole-number", { least: minimum, most: maximum }),
    ...more,
  });

export const timeOfDay = (more: More = {}) =>
  Type.String({
    pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    errorMessage: say("rule-time-of-day"),
    ...more,
  });

export const timeZone = (more: More = {}) =>
  Type.Refine(Type.String({ errorMessage: say("rule-time-zone"), ...more }), isTimeZone);

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // Intl's way to say no
  }
}

export const host = (more: More = {}) =>
  Type.String({
    pattern: "^[^\\s/]+$",
    errorMessage: say("rule-host"),
    ...more,
  });

/** Marks the list of units: people misspell those by writing another system's names. */
export const UCUM = "UCUM";

export const unit = (more: More = {}) =>
  Type.Enum([...UNIT_CODES], { $comment: UCUM, errorMessage: say("rule-unit"), ...more });

export const range = (more: More = {}) =>
  Type.Refine(
    Type.Tuple([Type.Number(), Type.Number()], {
      errorMessage: say("rule-range"),
      ...more,
    }),
    ([low, high]) => low < high,
  );

const PERCENT_PATTERN = "^([0-9]{1,2}([.][0-9]{1,6})?|100)%$";

/** A change in the unit of the tag, or in percent of its range. */
export const deadband = (more: More = {}) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: PERCENT_PATTERN })], {
    errorMessage: say("rule-deadband"),
    ...more,
  });

/** A map whose keys are names. */
export const namePatternMessage = { patternErrorMessage: NAME_RULE, additionalProperties: false } as const;
