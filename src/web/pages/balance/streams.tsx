import { formatNumber } from "../../format.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { words } from "../../preferences.ts";
import { unitText } from "../../store.ts";
import { Sign } from "../../widgets/sign.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import type { BalanceAnswer, StreamAnswer } from "./answers.ts";
import { decimalsOf } from "./decimals.ts";
import { knownOf } from "./flows.ts";

function number(value: number | null, sd: number | null): string {
  if (value === null) return "–";
  const digits = decimalsOf(sd);
  const { locale } = words.value;
  const around = sd === null ? "" : ` ± ${formatNumber(2 * sd, digits, locale)}`;
  return `${formatNumber(value, digits, locale)}${around}`;
}

function adjustment({ raw, reconciled, rawSd }: StreamAnswer): string {
  if (raw === null || reconciled === null) return "";
  const change = reconciled - raw;
  return `${change > 0 ? "+" : ""}${formatNumber(change, decimalsOf(rawSd), words.value.locale)}`;
}

function columns(criticalZ: number): readonly Column<StreamAnswer>[] {
  const { columns: names, known, notTestable, solids, water, gold } = balanceWords.value;
  const substances = { solids, water, gold };
  const isSuspicious = ({ z }: StreamAnswer): boolean => z !== null && z > criticalZ;
  return [
    { name: "stream", title: names.stream, cell: ({ title }) => title },
    { name: "of", title: names.of, cell: ({ of, unit }) => `${substances[of]}, ${unitText(unit)}` },
    { name: "raw", title: names.raw, isNumber: true, cell: ({ raw, rawSd }) => number(raw, rawSd) },
    {
      name: "reconciled",
      title: names.reconciled,
      isNumber: true,
      cell: ({ reconciled, sd }) => number(reconciled, sd),
    },
    { name: "adjustment", title: names.adjustment, isNumber: true, cell: adjustment },
    {
      name: "z",
      title: names.z,
      isNumber: true,
      class: (row) => (isSuspicious(row) ? "abnormal" : ""),
      cell: (row) =>
        row.z === null ? (
          row.raw === null ? (
            ""
          ) : (
            notTestable
          )
        ) : (
          <>
            {isSuspicious(row) && <Sign kind="beware" />} {formatNumber(row.z, 2, words.value.locale)}
          </>
        ),
    },
    {
      name: "known",
      title: names.known,
      cell: (row) => `${known[knownOf(row)]}${row.by === null ? "" : ` (${row.by.id})`}`,
    },
  ];
}

/** Every stream, raw beside reconciled. The raw numbers stay as they are. */
export function Streams({ balance: { streams, criticalZ } }: { readonly balance: BalanceAnswer }) {
  const { streams: title, none } = balanceWords.value;
  return (
    <section>
      <h2>{title}</h2>
      <Table
        label={title}
        columns={columns(criticalZ ?? Infinity)}
        rows={streams}
        keyOf={({ stream, of }) => `${stream} ${of}`}
        empty={none}
      />
    </section>
  );
}
