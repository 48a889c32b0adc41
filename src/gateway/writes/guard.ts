import { heldValue } from "../../conditioning/unscaling.ts";
import type { HeldValue } from "../../conditioning/unscaling.ts";
import type { Reading } from "../../domain/batch.ts";
import { mayUse } from "../../domain/people.ts";
import { reasonOf, severity } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";
import { WriteRefusal } from "../../domain/write.ts";
import type { WriteRule, Writer } from "../../domain/write.ts";
import type { RateLimits } from "./rate-limits.ts";

export interface GuardOptions {
  /** By id. */
  readonly tags: ReadonlyMap<string, Tag>;
  readonly rules: readonly WriteRule[];
  /** Present state of a tag, its age in its status. */
  readonly reading: (index: number) => Reading;
  readonly rates: RateLimits;
}

/** What has passed every check. */
export interface Granted {
  readonly tag: Tag;
  readonly rule: WriteRule;
  readonly held: HeldValue;
  readonly before: Reading["value"];
}

/** Throws WriteRefusal with the first thing that speaks against it. */
export type Guard = (by: Pick<Writer, "role">, tag: string, value: unknown) => Granted;

/** Says of a wish whether it may be written now. */
export function createGuard({ tags, rules, reading, rates }: GuardOptions): Guard {
  const ruleOf = new Map(rules.map((rule) => [rule.tag, rule]));
  return (by, id, value) => {
    const tag = tags.get(id);
    if (tag === undefined) throw new WriteRefusal("unknown-tag", `There is no tag ${id}.`);
    const rule = ruleOf.get(id);
    if (rule === undefined)
      throw new WriteRefusal("not-enabled", `The plant file does not let anybody write ${id}.`);
    if (!mayUse(by.role, rule.role))
      throw new WriteRefusal("role", `Writing ${id} needs the role ${rule.role}.`);
    const held = fitting(tag, rule, value);
    if (rule.when !== null) checkCondition(reading(tags.get(rule.when)?.index ?? -1));
    const before = reading(tag.index);
    if (severity(before.status) !== 0)
      throw new WriteRefusal(
        "not-known",
        `What ${id} is at present is not known: ${reasonOf(before.status)}.`,
      );
    if (!rates.allows(rule))
      throw new WriteRefusal("rate", `${id} has been written too often: wait a little.`);
    return { tag, rule, held, before: before.value };
  };
}

function fitting(tag: Tag, { range }: WriteRule, value: unknown): HeldValue {
  const held = typeof value === "number" || typeof value === "boolean" ? heldValue(tag, value) : null;
  if (held === null)
    throw new WriteRefusal("unfit", `${tag.id} cannot hold this: it is of type ${tag.type}.`);
  if (typeof held.value === "boolean") return held;
  checkRange(tag, range, held.value, Number(value));
  if (tag.values !== null && !Object.hasOwn(tag.values, String(held.value)))
    throw new WriteRefusal("unfit", `${tag.id} has no state ${held.value}.`);
  return held;
}

/** What is wished and what the device will hold of it both lie within. */
function checkRange({ id }: Tag, range: WriteRule["range"], ...values: readonly number[]): void {
  if (range !== null && values.every((value) => isWithin(range, value))) return;
  throw new WriteRefusal("range", `${id} takes ${range?.low} to ${range?.high}, not ${values.at(-1)}.`);
}

function isWithin({ low, high }: { readonly low: number; readonly high: number }, value: number): boolean {
  return value >= low && value <= high;
}

function checkCondition({ tag, value, status }: Reading): void {
  const { id, title } = tag;
  if (severity(status) !== 0)
    throw new WriteRefusal("interlock", `${id} (${title}) is not known for certain: ${reasonOf(status)}.`);
  if (value !== true) throw new WriteRefusal("interlock", `${id} (${title}) does not permit it.`);
}
