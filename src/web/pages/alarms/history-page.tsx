import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AlarmPriority, AlarmState, FirstOut } from "../../../domain/alarm.ts";
import { alarms } from "../../alarm-store.ts";
import { ask } from "../../api.ts";
import { formatCount } from "../../format.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { link, plant } from "../../store.ts";
import { formatMoment } from "../../widgets/chart/time-labels.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { keepAsking } from "../../widgets/keep-asking.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { AlarmNamed } from "./alarm-named.tsx";
import { amountText } from "./alarm-text.ts";
import { AlarmsFrame } from "./frame.tsx";
import { pastHours, PastRange, pastQuery } from "./past-range.tsx";

interface EventAnswer {
  readonly sequence: number;
  readonly alarm: string;
  readonly title: string | null;
  readonly on: string | null;
  readonly type: string | null;
  readonly unit: string | null;
  readonly at: string;
  readonly priority: AlarmPriority;
  readonly cause: string;
  readonly to: AlarmState;
  readonly value: number | null;
  readonly limit: number | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly firstOut: FirstOut | null;
}

/** More rows than this nobody reads on a screen. */
const ROWS_MAX = 300;

const events = signal<readonly EventAnswer[] | null>(null);
const wanted = signal("");

function query(): URLSearchParams {
  const search = pastQuery();
  if (wanted.value.trim() !== "") search.set("alarm", wanted.value.trim());
  return search;
}

const read = (): Promise<EventAnswer[]> => ask(`/api/v1/alarms/history?${query().toString()}`);
const show = (answer: readonly EventAnswer[]): void => void (events.value = answer);

/** With its unit, as long as the plant has the alarm. */
function eventAmount({ on, type, unit }: EventAnswer, amount: number | null): string {
  return amountText({ on: on ?? "", type: type ?? "", unit }, amount);
}

function columns(): readonly Column<EventAnswer>[] {
  const { column, cause, state, firstOut: order } = alarmWords.value;
  const causes: Readonly<Record<string, string>> = cause;
  const zone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  return [
    { name: "at", title: column.at, cell: ({ at }) => formatMoment(Date.parse(at), zone, locale) },
    {
      name: "alarm",
      title: column.alarm,
      class: "wrap event-alarm",
      cell: ({ priority, alarm, title }) => <AlarmNamed priority={priority} alarm={alarm} title={title} />,
    },
    { name: "cause", title: column.what, cell: (event) => causes[event.cause] ?? event.cause },
    { name: "state", title: column.state, class: "wrap", cell: ({ to }) => state[to] },
    {
      name: "value",
      title: column.value,
      isNumber: true,
      cell: (event) => eventAmount(event, event.value),
    },
    {
      name: "limit",
      title: column.limit,
      isNumber: true,
      cell: (event) => eventAmount(event, event.limit),
    },
    {
      name: "order",
      title: column.firstOut,
      cell: (event) => (event.cause === "first-out" && event.firstOut !== null ? order[event.firstOut] : ""),
    },
    { name: "by", title: column.by, cell: ({ by }) => by },
    { name: "reason", title: column.reason, class: "alarm-reason", cell: ({ reason }) => reason },
  ];
}

/** Every transition that the journal has of a time. */
export function HistoryPage() {
  const { noEvents, csv, anyAlarm, rowsMax, tabs } = alarmWords.value;
  useEffect(() => keepAsking(read, show), [pastHours.value, wanted.value, link.value]);
  // In a flood the list changes more often than the gateway answers: no answer waits for another.
  useEffect(() => void read().then(show, () => undefined), [alarms.value]);
  const all = events.value ?? [];
  return (
    <AlarmsFrame part="history">
      <div class="alarm-head">
        <PastRange />
        <Field id="history-alarm" label={anyAlarm}>
          <input
            {...controlOf("history-alarm")}
            value={wanted.value}
            onChange={({ currentTarget }) => {
              wanted.value = currentTarget.value;
            }}
          />
        </Field>
        <a class="chip" href={`/api/v1/alarms/history.csv?${query().toString()}`} download>
          {csv}
        </a>
      </div>
      {all.length > ROWS_MAX && <p class="quiet">{rowsMax(formatCount(ROWS_MAX, words.value))}</p>}
      <Table
        label={tabs.history}
        columns={columns()}
        rows={all.slice(0, ROWS_MAX)}
        keyOf={({ sequence }) => String(sequence)}
        empty={events.value === null ? "…" : noEvents}
      />
    </AlarmsFrame>
  );
}
