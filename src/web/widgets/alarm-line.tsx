import type { AlarmAnswer } from "../api.ts";
import { alarms, isStanding, isUnacknowledged } from "../alarm-store.ts";
import { formatAge } from "../format.ts";
import { alarmLineWords } from "../i18n/alarm-line.ts";
import { plantNow } from "../store.ts";
import { PriorityMark } from "./priority-mark.tsx";

/** Standing alarms, those first that an operator must look at first: by priority, what nobody has taken note of, the
 *  newest. */
export function standingAlarms(isMeant: (alarm: AlarmAnswer) => boolean = () => true): AlarmAnswer[] {
  return [...alarms.value.values()]
    .filter((alarm) => isStanding(alarm) && isMeant(alarm))
    .toSorted(
      (a, b) =>
        a.priority - b.priority ||
        Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
        (b.since ?? "").localeCompare(a.since ?? ""),
    );
}

/** One alarm in a line: priority, what it is, its state and since when. */
export function AlarmLine({ alarm }: { readonly alarm: AlarmAnswer }) {
  const { state, first, ago } = alarmLineWords.value;
  const { priority, title, since, firstOut } = alarm;
  return (
    <li class={`alarm-line ${isUnacknowledged(alarm) ? "open" : ""}`} data-alarm={alarm.alarm}>
      <PriorityMark priority={priority} isFilled={isUnacknowledged(alarm)} />
      <span class="alarm-line-title plant-words" title={title}>
        {title}
      </span>
      {firstOut === "first" && <strong class="alarm-line-first">{first}</strong>}
      <span class="alarm-line-state quiet">
        {state[alarm.state]}
        {since !== null && ` · ${ago(formatAge(plantNow.value - Date.parse(since)))}`}
      </span>
    </li>
  );
}
