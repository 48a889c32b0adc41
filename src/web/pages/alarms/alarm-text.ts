import { formatDate, formatNumber, formatTime, decimalsFor, NO_VALUE } from "../../format.ts";
import type { AlarmAnswer, AlarmSettingAnswer } from "../../api.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { cellOf, plant, plantNow, withUnit } from "../../store.ts";
import { areaName } from "../../widgets/area-name.ts";

const DAY_MS = 86_400_000;

/** Plant time of today, and with the date when it is another day's. */
export function momentText(time: string | null): string {
  if (time === null) return "";
  const at = Date.parse(time);
  const zone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  const clock = formatTime(at, zone, locale);
  const date = formatDate(at, zone, locale);
  const isToday = plantNow.value - at < DAY_MS && date === formatDate(plantNow.value, zone, locale);
  return isToday ? clock : `${clock} ${date}`;
}

type Measured = Pick<AlarmAnswer, "on" | "type" | "unit">;

function numberText({ on, unit }: Measured, value: number): string {
  const range = cellOf(on)?.about.range ?? null;
  const digits = Math.max(
    range === null ? 2 : decimalsFor({ range, unit }, value),
    Number.isInteger(value) ? 0 : 1,
  );
  return formatNumber(value, digits, words.value.locale);
}

const SWITCHES = new Set(["on", "off", "bad", "still", "offline"]);

/** A value or a limit of an alarm with its unit; nothing for what is only on or off. */
export function amountText(alarm: Measured, amount: number | null): string {
  if (SWITCHES.has(alarm.type) || amount === null) return "";
  return withUnit(numberText(alarm, amount), alarm.unit);
}

export function valueText(alarm: AlarmAnswer): string {
  return alarm.value === null && !SWITCHES.has(alarm.type) ? NO_VALUE : amountText(alarm, alarm.value);
}

export function limitText(alarm: AlarmAnswer): string {
  return amountText(alarm, alarm.limit);
}

export function settingText({ limit, band }: AlarmSettingAnswer): string {
  return band === null ? String(limit ?? "") : `${band[0]} … ${band[1]}`;
}

/** Alarms of the gateway itself have no area. */
export function areaText(area: string): string {
  return area === "" ? alarmWords.value.gateway : areaName(area);
}
