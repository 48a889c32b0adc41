import { signal } from "@preact/signals";
import { formatNumber } from "../../format.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { plantNow } from "../../store.ts";

const HOUR_MS = 3_600_000;
const HOURS = [1, 12, 24, 168, 720] as const;

/** How far back history and figures go, in hours to now. */
export const pastHours = signal<number>(24);

export function pastQuery(): URLSearchParams {
  const to = plantNow.peek() + 1_000;
  return new URLSearchParams({
    from: new Date(to - pastHours.value * HOUR_MS).toISOString(),
    to: new Date(to).toISOString(),
  });
}

export function PastRange() {
  const { lastHours, lastDays, from } = alarmWords.value;
  const { locale } = words.value;
  return (
    <div class="chips" role="group" aria-label={from}>
      {HOURS.map((hours) => (
        <button
          type="button"
          class="chip"
          key={hours}
          aria-pressed={pastHours.value === hours}
          onClick={() => {
            pastHours.value = hours;
          }}
        >
          {hours < 48
            ? lastHours(formatNumber(hours, 0, locale))
            : lastDays(formatNumber(hours / 24, 0, locale))}
        </button>
      ))}
    </div>
  );
}
