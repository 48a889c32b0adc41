import type { AlarmState } from "../../../domain/alarm.ts";
import { alarms } from "../../alarm-store.ts";
import type { AlarmAnswer } from "../../api.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { Actions } from "./alarm-detail.tsx";
import { AlarmNamed } from "./alarm-named.tsx";
import { inOrder } from "./alarm-list.ts";
import { areaText, momentText } from "./alarm-text.ts";
import { AlarmsFrame } from "./frame.tsx";

function columns(hasEnd: boolean): readonly Column<AlarmAnswer>[] {
  const { column, state, byDesign } = alarmWords.value;
  return [
    {
      name: "alarm",
      title: column.alarm,
      cell: ({ priority, alarm, title }) => <AlarmNamed priority={priority} alarm={alarm} title={title} />,
    },
    { name: "state", title: column.state, cell: (alarm) => state[alarm.state] },
    { name: "since", title: column.since, cell: ({ since }) => momentText(since) },
    ...(hasEnd
      ? [{ name: "until", title: column.until, cell: ({ until }: AlarmAnswer) => momentText(until) }]
      : []),
    { name: "by", title: column.by, cell: ({ by }) => by ?? byDesign },
    { name: "reason", title: column.reason, class: "alarm-reason", cell: ({ reason }) => reason },
    { name: "area", title: column.area, cell: ({ area }) => areaText(area) },
    {
      name: "actions",
      title: "",
      // What is suppressed by design comes back by itself.
      cell: (alarm) => (alarm.state === "SUPPR" && alarm.by === null ? "" : <Actions alarm={alarm} />),
    },
  ];
}

function Aside({ states, empty }: { readonly states: readonly AlarmState[]; readonly empty: string }) {
  const rows = inOrder([...alarms.value.values()].filter(({ state }) => states.includes(state)));
  const { title } = alarmWords.value;
  return (
    <Table
      label={title}
      columns={columns(states.includes("SHELVED"))}
      rows={rows}
      keyOf={({ alarm }) => alarm}
      empty={empty}
    />
  );
}

export function ShelvedPage() {
  return (
    <AlarmsFrame part="shelved">
      <Aside states={["SHELVED"]} empty={alarmWords.value.noShelved} />
    </AlarmsFrame>
  );
}

export function SuppressedPage() {
  return (
    <AlarmsFrame part="suppressed">
      <Aside states={["SUPPR", "OOS"]} empty={alarmWords.value.noSuppressed} />
    </AlarmsFrame>
  );
}
