import { isStanding, isUnacknowledged } from "../../alarm-store.ts";
import type { AlarmAnswer } from "../../api.ts";
import { decimalsFor, formatNumber } from "../../format.ts";
import { alarmLineWords } from "../../i18n/alarm-line.ts";
import { itemWords } from "../../i18n/item.ts";
import { words } from "../../preferences.ts";
import { cellOf, withUnit } from "../../store.ts";
import { useAllAlarms } from "../../widgets/item-alarms.ts";
import { PriorityMark } from "../../widgets/priority-mark.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";

function limitText({ on, limit, unit }: AlarmAnswer): string {
  if (limit === null) return "";
  const range = cellOf(on)?.about.range ?? null;
  return withUnit(formatNumber(limit, decimalsFor({ range, unit }, limit), words.value.locale), unit);
}

function columns(): Column<AlarmAnswer>[] {
  const texts = itemWords.value;
  return [
    { name: "title", title: texts.alarm, cell: ({ title }) => title, class: "wrapped" },
    {
      name: "priority",
      title: texts.priority,
      cell: (alarm) =>
        isStanding(alarm) ? (
          <PriorityMark priority={alarm.priority} isFilled={isUnacknowledged(alarm)} />
        ) : (
          alarm.priority
        ),
    },
    { name: "state", title: texts.state, cell: ({ state }) => alarmLineWords.value.state[state] },
    { name: "limit", title: texts.limit, isNumber: true, cell: limitText },
    {
      name: "consequence",
      title: texts.consequence,
      cell: ({ consequence }) => consequence,
      class: "wrapped",
    },
    { name: "response", title: texts.response, cell: ({ response }) => response, class: "wrapped" },
  ];
}

/** The alarms on some tags, well or not. */
export function AlarmTable({ tags }: { readonly tags: readonly string[] }) {
  const { alarms, noAlarms } = itemWords.value;
  const own = new Set(tags);
  const rows = useAllAlarms().filter(({ on }) => own.has(on));
  return (
    <section aria-label={alarms}>
      <h2>{alarms}</h2>
      <Table label={alarms} columns={columns()} rows={rows} keyOf={({ alarm }) => alarm} empty={noAlarms} />
    </section>
  );
}
