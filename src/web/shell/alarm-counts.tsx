import { countsByPriority } from "../alarm-store.ts";
import type { PriorityCount } from "../alarm-store.ts";
import { formatCount } from "../format.ts";
import { shellWords } from "../i18n/shell.ts";
import { words } from "../preferences.ts";
import { PriorityMark } from "../widgets/priority-mark.tsx";

function Count({ priority, standing, unacknowledged }: PriorityCount) {
  const { alarmCount, priority: names } = shellWords.value;
  const [all, open] = [formatCount(standing, words.value), formatCount(unacknowledged, words.value)];
  const text = alarmCount(names[priority], all, open);
  return (
    <li class={standing > 0 ? "standing" : "quiet"} data-priority={priority} title={text}>
      {standing > 0 && <PriorityMark priority={priority} isFilled={unacknowledged > 0} />}
      <span aria-hidden="true">{standing > 0 ? all : `${priority === 4 ? "D" : priority}: 0`}</span>
      <span class="visually-hidden">{text}</span>
    </li>
  );
}

/** How many alarms stand, by priority. Without any, it is as grey as the rest. */
export function AlarmCounts() {
  return (
    <ul class="alarm-counts" aria-label={shellWords.value.alarms}>
      {countsByPriority.value.map((count) => (
        <Count key={count.priority} {...count} />
      ))}
    </ul>
  );
}
