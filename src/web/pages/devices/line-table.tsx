import type { LinkCounters } from "../../../domain/health.ts";
import { formatCount } from "../../format.ts";
import { deviceWords } from "../../i18n/devices.ts";
import { words } from "../../preferences.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { Judged } from "./abnormal.tsx";
import type { LineAnswer } from "./answers.ts";

function countColumn(name: keyof LinkCounters, title: string): Column<LineAnswer> {
  return { name, title, isNumber: true, cell: ({ counters }) => formatCount(counters[name], words.value) };
}

function columns(): Column<LineAnswer>[] {
  const text = deviceWords.value;
  return [
    { name: "line", title: text.line, cell: ({ connection }) => connection },
    {
      name: "endpoint",
      title: text.endpoint,
      class: "endpoint",
      cell: ({ protocol, endpoint }) => (
        <span title={`${protocol} ${endpoint}`}>
          {protocol} {endpoint}
        </span>
      ),
    },
    {
      name: "state",
      title: text.state,
      cell: ({ connected }) => (
        <Judged kind={connected ? "normal" : "failed"}>
          {connected ? text.connected : text.disconnected}
        </Judged>
      ),
    },
    countColumn("requests", text.requests),
    countColumn("replies", text.replies),
    countColumn("timeouts", text.timeouts),
    countColumn("exceptions", text.exceptions),
    countColumn("lateReplies", text.lateReplies),
    countColumn("foreignReplies", text.foreignReplies),
    countColumn("malformedFrames", text.malformed),
    countColumn("connects", text.connects),
  ];
}

/** What went over each connection to the field since the start. */
export function LineTable({ lines }: { readonly lines: readonly LineAnswer[] }) {
  const { lines: title, noLines } = deviceWords.value;
  return (
    <section aria-labelledby="line-table">
      <h2 id="line-table">{title}</h2>
      <Table
        label={title}
        columns={columns()}
        rows={lines}
        keyOf={({ connection }) => connection}
        empty={noLines}
      />
    </section>
  );
}
