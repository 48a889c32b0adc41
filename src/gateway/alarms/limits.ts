import { say } from "../../domain/said.ts";
import type { Said, SentenceCode } from "../../domain/said.ts";
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

const KINDS = {
  amount: "limit-is-amount",
  share: "limit-is-share",
  band: "limit-is-band",
} as const satisfies Readonly<Record<AlarmSetting["by"], SentenceCode>>;

/** Why an alarm cannot be set so; null when it can. A limit that is never passed is no alarm, and the limits of one tag
 *  stay in the order of their types. */
export function refusalOf(
  limits: Limits,
  rule: AlarmRule,
  from: AlarmSetting,
  to: AlarmSetting,
): Said | null {
  if (from.by !== to.by) return say(KINDS[from.by], { alarm: rule.id });
  if (isSameSetting(from, to)) return say("limit-set-so", { alarm: rule.id });
  const tag = limits.tags[rule.source] ?? null;
  if (to.by === "band") return wrongBand(to, tag);
  if (to.by === "amount") return wrongAmount(to, rule, tag) ?? outOfOrder(limits, rule, to);
  return to.share > 0 && to.share <= SHARE_MAX ? null : say("limit-share");
}

function wrongBand({ low, high }: Band, tag: Tag | null): Said | null {
  if (low >= high) return say("band-order");
  const range = tag?.range ?? null;
  if (tag === null || range === null || low > range.low || high < range.high) return null;
  return say("never-outside", { tag: tag.id, low: range.low, high: range.high });
}

function wrongAmount({ amount }: Amount, { condition: { type } }: AlarmRule, tag: Tag | null): Said | null {
  if (type === "deviation") return amount > 0 ? null : say("deviation-positive");
  const range = tag?.range ?? null;
  if (tag === null || range === null || isReached(type, amount, [range.low, range.high])) return null;
  return say("never-passes", { tag: tag.id, low: range.low, high: range.high, limit: amount });
}

const ORDER = ["LL", "L", "H", "HH"];

function outOfOrder({ rules, engine }: Limits, rule: AlarmRule, to: Amount): Said | null {
  const place = ORDER.indexOf(rule.condition.type);
  if (place < 0) return null;
  for (const [index, other] of rules.entries()) {
    const theirs = ORDER.indexOf(other.condition.type);
    const setting = engine.setting(index);
    if (other.source !== rule.source || theirs < 0 || setting?.by !== "amount") continue;
    const { amount } = setting;
    const clash = clashOf(theirs - place, amount, to.amount);
    if (clash !== null) return say(clash, { limit: amount, alarm: other.id });
  }
  return null;
}

/** `place` of the other among the types, seen from this one. */
function clashOf(place: number, other: number, own: number): "limit-more" | "limit-less" | null {
  if (place < 0 && other >= own) return "limit-more";
  return place > 0 && other <= own ? "limit-less" : null;
}
