import type { Value } from "./api.ts";
import type { Words } from "./i18n/es-PE.ts";

export const NO_VALUE = "- - -";

/** From here on digits would only fill the screen. */
const PLAIN_MAX = 1e12;
/** Beyond it two decimals would not fit beside the digits. */
const TWO_DECIMALS_MAX = 1e6;
const INTEGER_TEXT = /^-?\d{1,40}$/;

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    format = new Intl.NumberFormat(locale, { ...digits, useGrouping: "always", signDisplay: "negative" });
    formats.set(key, format);
  }
  return format;
}

interface Shown {
  readonly range: readonly [low: number, high: number] | null;
  readonly unit: string | null;
  readonly states?: Readonly<Record<string, string>>;
}

/** Decimals that show about a thousandth of the range. Without a range, totals get two while they are short enough;
 *  whole numbers that count something get none. */
export function decimalsFor({ range, unit }: Shown, value: number): number {
  if (range !== null && range[1] > range[0])
    return Math.min(4, Math.max(0, Math.round(3 - Math.log10(range[1] - range[0]))));
  if ((unit === null || unit === "1") && Number.isInteger(value)) return 0;
  return Math.abs(value) < TWO_DECIMALS_MAX ? 2 : 0;
}

export function formatNumber(value: number, decimals: number, locale: string): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  if (Math.abs(value) >= PLAIN_MAX) return value.toExponential(3);
  return numberFormat(locale, decimals).format(value);
}

/** A reading as people read it: numbers with the digits that mean something, states by name, bits as yes or no. */
export function formatValue(value: Value, shown: Shown, words: Words): string {
  const { states } = shown;
  if (value === null) return NO_VALUE;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const key = String(value);
  if (states !== undefined) return Object.hasOwn(states, key) ? (states[key] ?? key) : key;
  if (typeof value === "number") return formatNumber(value, decimalsFor(shown, value), words.locale);
  return INTEGER_TEXT.test(value) ? numberFormat(words.locale, 0).format(BigInt(value)) : value;
}

/** With a decimal below ten and none above: for figures that are looked at in passing. */
export function formatBriefly(value: number, { locale }: Words): string {
  return formatNumber(value, value < 10 ? 1 : 0, locale);
}

export function formatCount(count: number, { locale }: Words): string {
  return formatNumber(count, 0, locale);
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in one unit. The same words serve both languages. */
export function formatAge(ms: number): string {
  if (!(ms >= SECOND)) return "0 s";
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.min(9999, Math.floor(ms / DAY))} d`;
}

/** Wall time in the plant's zone, whatever the zone of the browser; 24 hours. */
export function formatTime(time: number, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, timeStyle: "medium", hourCycle: "h23" }).format(time);
}

export function formatDate(time: number, timeZone: string, locale: string): string {
  const parts = { weekday: "short", day: "2-digit", month: "short", year: "numeric" } as const;
  return new Intl.DateTimeFormat(locale, { timeZone, ...parts }).format(time);
}

/** "UTC-5" of the zone at that time. */
export function formatOffset(time: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" }).formatToParts(time);
  return (parts.find(({ type }) => type === "timeZoneName")?.value ?? "UTC").replace("GMT", "UTC");
}

/** Where a value stands in its range, 0…1, kept inside; null where there is nothing to show. */
export function positionInRange(
  value: Value,
  range: readonly [low: number, high: number] | null,
): number | null {
  if (typeof value !== "number" || range === null) return null;
  const [low, high] = range;
  if (!(high > low)) return null;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
