import { isUnacknowledged } from "../alarm-store.ts";
import { formatValue } from "../format.ts";
import { words } from "../preferences.ts";
import { unitText } from "../store.ts";
import type { TagCell } from "../store.ts";
import { Mark, markOf } from "./mark.tsx";
import { PriorityMark } from "./priority-mark.tsx";
import { standingAlarm } from "../equipment-store.ts";
import { tagAddress } from "./tag-address.ts";
import { whyText } from "./why.ts";

function State({ cell }: { readonly cell: TagCell }) {
  const { about, reading } = cell;
  const update = reading.value;
  const { tag, title, unit } = about;
  const alarm = standingAlarm(tag);
  return (
    <li>
      <a
        class={`state ${update.q} ${alarm === null ? "" : `alarmed-${alarm.priority}`}`}
        href={tagAddress(tag)}
        data-state={tag}
      >
        <span class="state-tag">{tag}</span>
        <span class="state-title plant-words quiet">{title}</span>
        {alarm !== null && <PriorityMark priority={alarm.priority} isFilled={isUnacknowledged(alarm)} />}
        <span class="value">
          <span>{formatValue(update.v, about, words.value)}</span>
        </span>
        {unit !== null && <span class="unit quiet">{unitText(unit)}</span>}
        {update.q !== "good" && (
          <span class="abnormal">
            <Mark kind={markOf(update.q)} /> {whyText(update, words.value)}
          </span>
        )}
      </a>
    </li>
  );
}

/** Bits, states, counters and texts: what has no place on a scale. */
export function StateList({ cells }: { readonly cells: readonly TagCell[] }) {
  return (
    <ul class="states">
      {cells.map((cell) => (
        <State key={cell.about.tag} cell={cell} />
      ))}
    </ul>
  );
}

export function isAnalog({ about: { range, states } }: TagCell): boolean {
  return range !== null && states === undefined;
}
