import type { AlarmEngine } from "../../alarms/engine.ts";
import type { AlarmRule } from "../../alarms/rule.ts";
import { isSameSetting } from "../../alarms/settings.ts";
import { isReached } from "../../config/check-alarms.ts";
import type { AlarmSetting } from "../../domain/alarm.ts";
import type { Tag } from "../../domain/tag.ts";

/** A percentage beyond this is a slip of the finger. */
const SHARE_MAX = 10;

export interface Limits {
  readonly engine: Pick<AlarmEngine, "setting">;
  readonly rules: readonly AlarmRule[];
  readonly tags: readonly Tag[];
}

type Amount = Extract<AlarmSetting, { by: "amount" }>;
type Band = Extract<AlarmSetting, { by: "band" }>;
type Range = NonNullable<Tag["range"]>;

const KINDS: Readonly<Record<AlarmSetting["by"], string>> = {
  amount: "a limit in the unit of its value",
  share: "a limit in percent of its reference",
  band: "a band from low to high",
};

/** Why an alarm cannot be set so; null when it can. A limit that is never passed is no alarm, and the limits of one tag
 *  stay in the order of their types. */
export function refusalOf(
  limits: Limits,
  rule: AlarmRule,
  from: AlarmSetting,
  to: AlarmSetting,
): string | null {
  if (from.by !== to.by) return `${rule.id} has ${KINDS[from.by]}.`;
  if (isSameSetting(from, to)) return `${rule.id} is set so already.`;
  const tag = limits.tags[rule.source] ?? null;
  if (to.by === "band") return wrongBand(to, tag);
  if (to.by === "amount") return wrongAmount(to, rule, tag) ?? outOfOrder(limits, rule, to);
  return to.share > 0 && to.share <= SHARE_MAX ? null : "A percentage is more than 0 and at most 1,000.";
}

function goes({ id }: Tag, { low, high }: Range): string {
  return `${id} goes from ${low} to ${high}`;
}

function wrongBand({ low, high }: Band, tag: Tag | null): string | null {
  if (low >= high) return "The low end of a band is below its high end.";
  const range = tag?.range ?? null;
  if (tag === null || range === null || low > range.low || high < range.high) return null;
  return `${goes(tag, range)} and is never outside.`;
}

function wrongAmount({ amount }: Amount, { condition: { type } }: AlarmRule, tag: Tag | null): string | null {
  if (type === "deviation") return amount > 0 ? null : "A deviation is more than 0.";
  const range = tag?.range ?? null;
  if (tag === null || range === null || isReached(type, amount, [range.low, range.high])) return null;
  return `${goes(tag, range)} and never passes ${amount}.`;
}

const ORDER = ["LL", "L", "H", "HH"];

function outOfOrder({ rules, engine }: Limits, rule: AlarmRule, to: Amount): string | null {
  const place = ORDER.indexOf(rule.condition.type);
  if (place < 0) return null;
  for (const [index, other] of rules.entries()) {
    const theirs = ORDER.indexOf(other.condition.type);
    const setting = engine.setting(index);
    if (other.source !== rule.source || theirs < 0 || setting?.by !== "amount") continue;
    const { amount } = setting;
    const clash = clashOf(theirs - place, amount, to.amount);
    if (clash !== null) return `It must be ${clash} than ${amount}, the limit of ${other.id}.`;
  }
  return null;
}

/** `place` of the other among the types, seen from this one. */
function clashOf(place: number, other: number, own: number): "more" | "less" | null {
  if (place < 0 && other >= own) return "more";
  return place > 0 && other <= own ? "less" : null;
}
