import type { AlarmSetting } from "../domain/alarm.ts";
import type { Condition } from "./condition.ts";

/** What of a condition can be set while it is at work; null where there is nothing. */
export function settingOf(condition: Condition): AlarmSetting | null {
  if (condition.type === "outside") return { by: "band", low: condition.low, high: condition.high };
  return "limit" in condition ? condition.limit : null;
}

/** The condition with another setting. A share stays a share and a band a band, because they mean different things;
 *  null for a setting of another kind. */
export function withSetting(condition: Condition, setting: AlarmSetting): Condition | null {
  if (settingOf(condition)?.by !== setting.by) return null;
  if (condition.type === "outside" && setting.by === "band")
    return { ...condition, low: setting.low, high: setting.high };
  if ("limit" in condition && setting.by !== "band") return { ...condition, limit: setting };
  return null;
}

export function isSameSetting(one: AlarmSetting, other: AlarmSetting): boolean {
  if (one.by === "band") return other.by === "band" && one.low === other.low && one.high === other.high;
  if (one.by === "amount") return other.by === "amount" && one.amount === other.amount;
  return other.by === "share" && one.share === other.share;
}
