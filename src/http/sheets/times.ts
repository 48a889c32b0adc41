import type { EpochMs } from "../../domain/time.ts";
import type { Zone } from "../../domain/zone.ts";

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/u;
const PERUVIAN =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?\s*m\.?)?)?$/iu;
const SERIAL = /^\d{5}(?:\.\d+)?$/u;
/** 1899-12-30: from then on Excel counts days; serial numbers before 1990 are no dates of a plant. */
const SERIAL_ZERO = Date.UTC(1899, 11, 30);
const SERIAL_MIN = 32_874;
const SERIAL_MAX = 73_050;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;

/** A time as laboratories and spreadsheets write it; without a zone it is plant time. Null for what is no time, such as
 *  the 31st of April or a month 13. */
export function readSheetTime(text: string, zone: Zone): EpochMs | null {
  const trimmed = text.trim().replaceAll(/[\u00a0\u202f]/gu, " ");
  const iso = ISO.exec(trimmed);
  if (iso !== null) return fromIso(iso, zone);
  const peruvian = PERUVIAN.exec(trimmed);
  if (peruvian !== null) return fromPeruvian(peruvian, zone);
  return SERIAL.test(trimmed) ? fromSerial(Number(trimmed), zone) : null;
}

type Match = RegExpExecArray;

function fromIso(
  [, year, month, day, hour = "0", minute = "0", second = "0", ms = "0", offset]: Match,
  zone: Zone,
) {
  const local = wallTime([
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  ]);
  if (local === null) return null;
  const whole = local + Number(ms.padEnd(3, "0"));
  return offset === undefined ? zone.toUtc(whole) : whole - offsetMs(offset);
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = 60 * Number(offset.slice(1, 3)) + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -60_000 : 60_000) * minutes;
}

function fromPeruvian([, day, month, year, hour = "0", minute = "0", second = "0", half]: Match, zone: Zone) {
  const hours = half === undefined ? Number(hour) : halfDay(Number(hour), half);
  if (hours === null) return null;
  const local = wallTime([Number(year), Number(month), Number(day), hours, Number(minute), Number(second)]);
  return local === null ? null : zone.toUtc(local);
}

/** 12:30 a. m. is half an hour past midnight. */
function halfDay(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}

/** Excel's serial numbers carry an error of rounding: to the second they are right. */
function fromSerial(days: number, zone: Zone): EpochMs | null {
  if (days < SERIAL_MIN || days > SERIAL_MAX) return null;
  return zone.toUtc(SERIAL_ZERO + SECOND_MS * Math.round((days * DAY_MS) / SECOND_MS));
}

type WallTime = readonly [
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
];

/** Local ms of a wall time; null when no calendar or clock shows it. */
function wallTime([year, month, day, hour, minute, second]: WallTime): number | null {
  if (hour > 23 || minute > 59 || second > 59) return null;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(local);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? local : null;
}
