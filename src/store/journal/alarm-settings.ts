import type { AlarmSetting, AlarmSettingChange } from "../../domain/alarm.ts";
import type { Database, Row } from "./database.ts";

/** How alarms were set while the gateway ran, for good: who, when, from what to what, and why. */
export interface AlarmSettingLog {
  append(change: AlarmSettingChange): void;
  /** The last change of each alarm. */
  last(): readonly AlarmSettingChange[];
  /** Newest first, of one alarm or of all. */
  list(alarm: string | null, rowsMax: number): readonly AlarmSettingChange[];
}

export function createAlarmSettingLog(database: Database): AlarmSettingLog {
  return {
    append: ({ alarm, at, from, to, planned, by, reason }) =>
      database.run(
        "INSERT INTO alarm_settings (alarm, at, before, after, planned, person, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [alarm, at, JSON.stringify(from), JSON.stringify(to), JSON.stringify(planned), by, reason],
      ),
    last: () =>
      database
        .all(
          "SELECT * FROM alarm_settings WHERE sequence IN (SELECT max(sequence) FROM alarm_settings GROUP BY alarm)",
        )
        .map(changeOf),
    list: (alarm, rowsMax) =>
      database
        .all(
          "SELECT * FROM alarm_settings WHERE ?1 IS NULL OR alarm = ?1 ORDER BY sequence DESC LIMIT ?2",
          alarm,
          rowsMax,
        )
        .map(changeOf),
  };
}

function changeOf(row: Row): AlarmSettingChange {
  return {
    alarm: row["alarm"] as string,
    at: row["at"] as number,
    from: JSON.parse(row["before"] as string) as AlarmSetting,
    to: JSON.parse(row["after"] as string) as AlarmSetting,
    planned: JSON.parse(row["planned"] as string) as AlarmSetting,
    by: row["person"] as string | null,
    reason: row["reason"] as string,
  };
}
