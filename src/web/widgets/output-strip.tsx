import { sentenceOf } from "../told.ts";
import type { OutputAnswer } from "../api.ts";
import { formatCount, formatNumber } from "../format.ts";
import { words } from "../preferences.ts";
import { outputs } from "../store.ts";
import { Mark } from "./mark.tsx";
import { Table } from "./table.tsx";
import type { Column } from "./table.tsx";

/** Readings that wait longer than this are late, ms. */
const LAG_LATE_MS = 10_000;

type CountName = "accepted" | "delivered" | "pending" | "dropped" | "quarantined";

function countColumn(name: CountName, isLoss: boolean): Column<OutputAnswer> {
  return {
    name,
    title: words.value.output[name],
    isNumber: true,
    class: (about) => (isLoss && about[name] > 0 ? "abnormal" : ""),
    cell: (about) => formatCount(about[name], words.value),
  };
}

function State({ about }: { readonly about: OutputAnswer }) {
  const { connected, disconnected } = words.value.output;
  return (
    <>
      <Mark kind={about.connected ? "normal" : "failed"} /> {about.connected ? connected : disconnected}
    </>
  );
}

function columns(): Column<OutputAnswer>[] {
  const { output: names, locale } = words.value;
  return [
    { name: "output", title: names.name, class: "output-name", cell: ({ output }) => output },
    {
      name: "endpoint",
      title: names.endpoint,
      class: "endpoint",
      cell: ({ connected, endpoint, lastError, lastSaid }) => {
        const text = connected || lastError === null ? endpoint : sentenceOf(lastError, lastSaid);
        return <span title={text}>{text}</span>;
      },
    },
    { name: "state", title: names.state, class: "output-state", cell: (about) => <State about={about} /> },
    countColumn("accepted", false),
    countColumn("delivered", false),
    countColumn("pending", false),
    countColumn("dropped", true),
    countColumn("quarantined", true),
    {
      name: "lag",
      title: names.lag,
      isNumber: true,
      class: ({ lag }) => (lag > LAG_LATE_MS ? "abnormal" : ""),
      cell: ({ lag }) => `${formatNumber(lag / 1000, 1, locale)} s`,
    },
  ];
}

/** What has been handed on, where to, and what waits. */
export function OutputStrip() {
  const { outputs: title, noOutputs } = words.value;
  return (
    <section aria-labelledby="outputs">
      <h2 id="outputs">{title}</h2>
      <Table
        label={title}
        columns={columns()}
        rows={outputs.value}
        keyOf={({ output }) => output}
        rowClass={({ connected }) => (connected ? "well" : "unwell")}
        empty={noOutputs}
      />
    </section>
  );
}
