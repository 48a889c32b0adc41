import { Type } from "typebox";
import { UNIT_CODES } from "../domain/unit.ts";
import { DURATION_PATTERN, SIZE_PATTERN } from "./durations.ts";

/** The smallest words of both kinds of file. `errorMessage` is the sentence that a fault prints; editors show it too. */
interface Said {
  readonly description?: string;
  readonly default?: string | number | boolean;
}

/** Names become topics, InfluxDB tags and URLs, so they have no space, slash, `+`, `#` or comma. */
export const NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$";
export const NAME_RULE =
  "must be a name of at most 64 letters, digits, dots, colons, hyphens and underscores that starts with a letter or digit";

export const name = (said: Said = {}) =>
  Type.String({ pattern: NAME_PATTERN, errorMessage: NAME_RULE, ...said });

export const sentence = (said: Said = {}) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    errorMessage: "must be a text of 1 to 200 characters",
    ...said,
  });

export const text = (said: Said = {}) =>
  Type.String({ minLength: 1, errorMessage: "must be a text", ...said });

export const truth = (said: Said = {}) => Type.Boolean({ errorMessage: "must be true or false", ...said });

export const duration = (said: Said = {}) =>
  Type.String({
    pattern: DURATION_PATTERN,
    errorMessage: "must be a duration such as 250ms, 1s or 10m",
    ...said,
  });

export const size = (said: Said = {}) =>
  Type.String({ pattern: SIZE_PATTERN, errorMessage: "must be a size such as 512MiB or 1GiB", ...said });

export const wholeNumber = (minimum: number, maximum: number, said: Said = {}) =>
  Type.Integer({
    minimum,
    maximum,
    errorMessage: `must be a whole number from ${minimum} to ${maximum}`,
    ...said,
  });

export const timeOfDay = (said: Said = {}) =>
  Type.String({
    pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    errorMessage: 'must be a local time in quotes such as "07:00"',
    ...said,
  });

export const timeZone = (said: Said = {}) =>
  Type.Refine(
    Type.String({ errorMessage: "must be a time zone of the IANA list such as America/Lima", ...said }),
    isTimeZone,
  );

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // Intl's way to say no
  }
}

export const host = (said: Said = {}) =>
  Type.String({
    pattern: "^[^\\s/]+$",
    errorMessage: "must be a host name or an IP address",
    ...said,
  });

/** Marks the list of units: people misspell those by writing another system's names. */
export const UCUM = "UCUM";

export const unit = (said: Said = {}) =>
  Type.Enum([...UNIT_CODES], { $comment: UCUM, errorMessage: "must be a UCUM unit known here", ...said });

export const range = (said: Said = {}) =>
  Type.Refine(
    Type.Tuple([Type.Number(), Type.Number()], {
      errorMessage: "must be two numbers, the lower one first, such as [0, 100]",
      ...said,
    }),
    ([low, high]) => low < high,
  );

const PERCENT_PATTERN = "^([0-9]{1,2}([.][0-9]{1,6})?|100)%$";

/** A change in the unit of the tag, or in percent of its range. */
export const deadband = (said: Said = {}) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: PERCENT_PATTERN })], {
    errorMessage: "must be a number in the unit of the tag or a percentage of its range such as 0.5%",
    ...said,
  });

/** A map whose keys are names. */
export const namePatternMessage = { patternErrorMessage: NAME_RULE, additionalProperties: false } as const;
