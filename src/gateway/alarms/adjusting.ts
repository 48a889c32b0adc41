import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { AlarmEngine } from "../../alarms/engine.ts";
import type { AlarmRule, Moment } from "../../alarms/rule.ts";
import { isSameSetting, settingOf } from "../../alarms/settings.ts";
import type {
  AlarmAdjustment,
  AlarmSetting,
  AlarmSettingChange,
  AlarmSettingView,
} from "../../domain/alarm.ts";
import type { Log } from "../../domain/ports.ts";
import type { Tag } from "../../domain/tag.ts";
import type { Journal } from "../../store/journal/journal.ts";
import { refusalOf } from "./limits.ts";

export interface AdjustingOptions {
  readonly engine: AlarmEngine;
  readonly rules: readonly AlarmRule[];
  readonly tags: readonly Tag[];
  readonly journal: Pick<Journal, "alarmSettings" | "audit" | "durably">;
  readonly moment: () => Moment;
  readonly log: Log;
}

/** Settings that are changed while the gateway runs, and outlive it. */
export interface Adjusting {
  /** Null for an alarm that has nothing to set. */
  view(index: number): AlarmSettingView | null;
  /** A sentence when it is refused. What was granted is on disk before the answer. */
  adjust(index: number, adjustment: AlarmAdjustment): Said | null;
}

/** Brings the settings back that were made before the start. A plant file that has been changed since is the later word:
 *  then the setting is the file's again, and the journal says so. */
export function createAdjusting(options: AdjustingOptions): Adjusting {
  const { engine, rules, journal, moment, log } = options;
  const changes = new Map<string, AlarmSettingChange>();

  function keep(change: AlarmSettingChange): void {
    const { alarm: subject, at, from, to, by, reason } = change;
    const [before, after] = [textOf(from), textOf(to)];
    journal.durably(() => {
      journal.alarmSettings.append(change);
      const who = { by: by ?? "plant file", address: null };
      journal.audit.append({ at, action: "alarm-limit-set", subject, before, after, reason, ...who });
    });
    changes.set(change.alarm, change);
  }

  function bringBack(change: AlarmSettingChange): void {
    const index = rules.findIndex(({ id }) => id === change.alarm);
    const planned = plannedOf(rules[index]);
    if (planned === null) return;
    changes.set(change.alarm, change);
    if (isSameSetting(change.to, planned)) return;
    if (isSameSetting(change.planned, planned)) {
      engine.adjust(index, change.to, moment());
      return;
    }
    log.warn({ alarm: change.alarm }, "the plant file sets this alarm anew; what was set by hand ends");
    const at = moment().now;
    keep({ ...change, at, from: change.to, to: planned, planned, by: null, reason: REPLANNED });
  }

  for (const change of journal.alarmSettings.last()) bringBack(change);

  return {
    view(index) {
      const rule = rules[index];
      const planned = plannedOf(rule);
      const setting = engine.setting(index);
      if (rule === undefined || planned === null || setting === null) return null;
      const change = changes.get(rule.id) ?? null;
      return { setting, planned, isChanged: !isSameSetting(setting, planned), change };
    },
    adjust(index, { setting, by, reason }) {
      const rule = rules[index] as AlarmRule;
      const planned = plannedOf(rule);
      const from = engine.setting(index);
      if (planned === null || from === null) return say("no-limit", { alarm: rule.id });
      const to = setting ?? planned;
      const refusal = refusalOf(options, rule, from, to);
      if (refusal !== null) return refusal;
      const at = moment();
      keep({ alarm: rule.id, at: at.now, from, to, planned, by, reason });
      engine.adjust(index, to, at);
      log.info({ alarm: rule.id, from, to, by, reason }, "the limit of an alarm was changed");
      return null;
    },
  };
}

function textOf(setting: AlarmSetting): string {
  if (setting.by === "band") return `${setting.low}…${setting.high}`;
  return setting.by === "amount" ? String(setting.amount) : `${100 * setting.share}%`;
}

const REPLANNED = "The plant file was changed.";

function plannedOf(rule: AlarmRule | undefined): AlarmSetting | null {
  return rule === undefined ? null : settingOf(rule.condition);
}
