import { useSignal } from "@preact/signals";
import { SUBSTANCES } from "../../../domain/substance.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { figureReasons } from "../../i18n/figure-reasons.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { place } from "../../router.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { periodText } from "../../widgets/period-text.ts";
import { Tabs } from "../../widgets/tabs.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import { PERIODS } from "./answers.ts";
import type { BalanceAnswer, PeriodName } from "./answers.ts";
import { Closures } from "./closures.tsx";
import { Sankey } from "./sankey.tsx";
import { Signing } from "./signing.tsx";
import { Streams } from "./streams.tsx";
import { Versions } from "./versions.tsx";
import "./balance.css";

function addressOf(period: PeriodName, at: string | null): string {
  return at === null ? `/balance?period=${period}` : `/balance?period=${period}&at=${encodeURIComponent(at)}`;
}

/** Just before a time: in the period that it ends. */
function before(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}

interface PickerProps {
  readonly period: PeriodName;
  readonly balance: BalanceAnswer | null;
}

function Picker({ period, balance }: PickerProps) {
  const { period: label, periods, before: back, after, latest } = balanceWords.value;
  const at = balance === null ? null : balance.from;
  const kinds = PERIODS.map((one) => ({
    href: addressOf(one, at),
    text: periods[one],
    isHere: one === period,
  }));
  return (
    <div class="picker">
      <Tabs label={label} tabs={kinds} />
      <div class="chips">
        {balance !== null && (
          <a class="chip" href={addressOf(period, before(balance.from))}>
            ‹ {back}
          </a>
        )}
        {balance !== null && (
          <a class="chip" href={addressOf(period, balance.to)}>
            {after} ›
          </a>
        )}
        <a class="chip" href={addressOf(period, null)}>
          {latest}
        </a>
      </div>
      {balance !== null && (
        <p>
          <strong>{periodText(balance.key)}</strong>{" "}
          <span class="quiet">
            {plantTime(balance.from)} – {plantTime(balance.to)}
          </span>
        </p>
      )}
    </div>
  );
}

/** What came in, where it went and whether it adds up: raw beside reconciled, with what is known of each number. */
export function BalancePage() {
  const { title, none, refused } = balanceWords.value;
  const { search } = place.value;
  const period = PERIODS.find((one) => one === search.get("period")) ?? "day";
  const at = search.get("at");
  const query = at === null ? `period=${period}` : `period=${period}&at=${encodeURIComponent(at)}`;
  const { value, trouble, isAbsent, reload } = useAnswer<BalanceAnswer>(`/api/v1/balance?${query}`);
  const signings = useSignal(0);
  const onDone = (): void => {
    signings.value++;
    reload();
  };
  return (
    <>
      <PageTitle text={title} />
      <Picker period={period} balance={value} />
      {value === null && <p class="panel quiet">{isAbsent ? none : (trouble ?? words.value.loading)}</p>}
      {value !== null && value.refused !== null && (
        <p class="panel abnormal">{refused(figureReasons.value[value.refused])}</p>
      )}
      {value !== null && (
        <>
          <Closures balance={value} />
          {SUBSTANCES.filter((of) => value.streams.some((stream) => stream.of === of)).map((of) => (
            <Sankey key={of} balance={value} of={of} />
          ))}
          <Streams balance={value} />
          <Versions key={signings.value} period={value.period} at={value.key} />
          <Signing balance={value} onDone={onDone} />
        </>
      )}
    </>
  );
}
