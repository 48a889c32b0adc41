import { useSignal } from "@preact/signals";
import { formatNumber } from "../../format.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { VersionAnswer } from "./answers.ts";
import { decimalsOf } from "./decimals.ts";

/** All versions of one figure, oldest first. */
type History = readonly VersionAnswer[];

function valueText({ value, sd, unit }: VersionAnswer): string {
  if (value === null) return "–";
  const digits = decimalsOf(sd);
  const around = sd === null ? "" : ` ± ${formatNumber(2 * sd, digits, words.value.locale)}`;
  return `${formatNumber(value, digits, words.value.locale)}${around} ${unit === "1" ? "" : unit}`;
}

function changeText(first: VersionAnswer, last: VersionAnswer): string {
  if (first.value === null || last.value === null || first.value === 0) return "";
  const percent = (100 * (last.value - first.value)) / first.value;
  return `${percent > 0 ? "+" : ""}${formatNumber(percent, 2, words.value.locale)} %`;
}

function personOf({ by }: VersionAnswer): string {
  return by ?? balanceWords.value.gateway;
}

function endsOf(history: History): { readonly first: VersionAnswer; readonly last: VersionAnswer } {
  return { first: history[0] as VersionAnswer, last: history.at(-1) as VersionAnswer };
}

function columns(open: (metric: string) => void): readonly Column<History>[] {
  const { versionColumns: names, states, versionsOf } = balanceWords.value;
  return [
    {
      name: "figure",
      title: names.figure,
      cell: (history) => {
        const { title, metric } = endsOf(history).last;
        return (
          <button type="button" class="chip" aria-label={versionsOf(title)} onClick={() => open(metric)}>
            {title}
          </button>
        );
      },
    },
    { name: "count", title: names.count, isNumber: true, cell: ({ length }) => length },
    {
      name: "first",
      title: names.first,
      isNumber: true,
      cell: (history) => valueText(endsOf(history).first),
    },
    {
      name: "last",
      title: names.last,
      isNumber: true,
      cell: (history) => `${valueText(endsOf(history).last)} · ${states[endsOf(history).last.state]}`,
    },
    {
      name: "change",
      title: names.change,
      isNumber: true,
      cell: (history) => changeText(endsOf(history).first, endsOf(history).last),
    },
    { name: "cause", title: names.cause, class: "wrap", cell: (history) => endsOf(history).last.cause },
    { name: "by", title: names.by, cell: (history) => personOf(endsOf(history).last) },
    { name: "at", title: names.at, cell: (history) => plantTime(endsOf(history).last.computedAt) },
  ];
}

function OneFigure({ history }: { readonly history: History }) {
  const { versionsOf, version, value, state, states, versionColumns, none } = balanceWords.value;
  const own: readonly Column<VersionAnswer>[] = [
    { name: "version", title: version, cell: (row) => row.version },
    { name: "value", title: value, isNumber: true, cell: valueText },
    { name: "state", title: state, cell: (row) => states[row.state] },
    { name: "cause", title: versionColumns.cause, class: "wrap", cell: (row) => row.cause },
    { name: "by", title: versionColumns.by, cell: personOf },
    { name: "at", title: versionColumns.at, cell: (row) => plantTime(row.computedAt) },
  ];
  const label = versionsOf(endsOf(history).last.title);
  return (
    <>
      <h2>{label}</h2>
      <Table label={label} columns={own} rows={history} keyOf={(row) => String(row.version)} empty={none} />
    </>
  );
}

/** What has changed in the figures of a period since they were first told: side by side, with cause, who and when. */
export function Versions({ period, at }: { readonly period: string; readonly at: string }) {
  const { versions: title, noVersions } = balanceWords.value;
  const { value } = useAnswer<readonly VersionAnswer[]>(
    `/api/v1/versions?period=${period}&key=${encodeURIComponent(at)}`,
  );
  const chosen = useSignal<string | null>(null);
  const histories = [...Map.groupBy(value ?? [], ({ metric }) => metric).values()];
  const open = (metric: string): void => {
    chosen.value = metric;
  };
  const shown = histories.find((history) => endsOf(history).last.metric === chosen.value);
  return (
    <section>
      <h2>{title}</h2>
      <Table
        label={title}
        columns={columns(open)}
        rows={histories.filter(({ length }) => length > 1)}
        keyOf={(history) => endsOf(history).last.metric}
        empty={noVersions}
      />
      {shown !== undefined && <OneFigure history={shown} />}
    </section>
  );
}
