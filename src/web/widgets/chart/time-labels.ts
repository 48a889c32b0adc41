const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Labels under a chart in the plant's zone, as fine as the grid asks. The first of a day carries its date. */
export function timeLabels(timeZone: string, locale: string) {
  const make = (parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...parts });
  const time = make({ hour: "2-digit", minute: "2-digit" });
  const seconds = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = make({ day: "2-digit", month: "short" });
  return (splits: readonly number[], stepMs: number): string[] => {
    let last = "";
    return splits.map((at) => {
      const date = day.format(at);
      const isNew = date !== last;
      last = date;
      if (stepMs >= DAY) return date;
      const clock = (stepMs < MINUTE ? seconds : time).format(at);
      return isNew ? `${clock}\n${date}` : clock;
    });
  };
}

/** Both date and time of a moment, in the plant's zone. */
export function formatMoment(at: number, timeZone: string, locale: string): string {
  const parts = {
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  } as const;
  return new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...parts }).format(at);
}
