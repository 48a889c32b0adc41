import { reportWords } from "../../i18n/report.ts";
import { words } from "../../preferences.ts";
import { plantTime } from "../../plant-time.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { periodText } from "../../widgets/period-text.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { OutlineAnswer, SignedAnswer } from "./answers.ts";

function signedText(signed: SignedAnswer | null, shift: OutlineAnswer): string {
  if (signed !== null) return `${signed.by}, ${plantTime(signed.at)}`;
  return shift.isOver ? reportWords.value.unsigned : "";
}

function columns(): readonly Column<OutlineAnswer>[] {
  const {
    shift,
    from,
    to,
    state,
    out,
    in: taken,
    corrections,
    states,
    noFigures,
    running,
  } = reportWords.value;
  return [
    { name: "shift", title: shift, cell: ({ key }) => <a href={`/report/${key}`}>{periodText(key)}</a> },
    { name: "from", title: from, cell: (row) => plantTime(row.from) },
    { name: "to", title: to, cell: (row) => (row.isOver ? plantTime(row.to) : running) },
    { name: "state", title: state, cell: (row) => (row.state === null ? noFigures : states[row.state]) },
    { name: "out", title: out, cell: (row) => signedText(row.out, row) },
    { name: "in", title: taken, cell: (row) => signedText(row.in, row) },
    {
      name: "corrections",
      title: corrections,
      isNumber: true,
      cell: (row) => (row.corrections === 0 ? "" : row.corrections),
    },
  ];
}

/** The shifts of the last weeks, and which of them were handed over. */
export function ReportListPage() {
  const { title, list, none } = reportWords.value;
  const { value, trouble } = useAnswer<readonly OutlineAnswer[]>("/api/v1/reports", 60_000);
  return (
    <>
      <PageTitle text={title} />
      {value === null && <p class="panel quiet">{trouble ?? words.value.loading}</p>}
      {value !== null && (
        <Table label={list} columns={columns()} rows={value} keyOf={({ key }) => key} empty={none} />
      )}
    </>
  );
}
