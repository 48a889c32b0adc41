import { useSignal } from "@preact/signals";
import type { WriteRuleAnswer } from "../../api.ts";
import { decimalsFor, formatNumber, formatValue } from "../../format.ts";
import { peopleWords } from "../../i18n/people.ts";
import { setpointWords } from "../../i18n/setpoint.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { cellOf, withUnit } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { Fact } from "../../widgets/fact.tsx";
import { tagAddress } from "../../widgets/tag-address.ts";
import { useAnswer } from "../../widgets/use-answer.ts";
import { SetpointDialog } from "./setpoint-dialog.tsx";
import "./setpoint.css";

/** The range that may be written, with the unit. */
function allowedText(cell: TagCell, { range }: WriteRuleAnswer): string {
  if (range === null) return setpointWords.value.bool;
  const { locale } = words.value;
  const ends = range.map((end) => formatNumber(end, decimalsFor(cell.about, end), locale));
  return withUnit(ends.join(" – "), cell.about.unit);
}

/** The tag that must be true, and what it is now. */
function Permit({ tag }: { readonly tag: string }) {
  const cell = cellOf(tag);
  if (cell === null) return <span>{tag}</span>;
  const { about, reading } = cell;
  const isOn = reading.value.v === true && reading.value.q === "good";
  return (
    <a href={tagAddress(tag)} class={isOn ? "" : "abnormal"}>
      {tag} {about.title}: {formatValue(reading.value.v, about, words.value)}
    </a>
  );
}

/** Of a tag that may be written: by whom, within what, and the way to do it for those who may. */
export function SetpointPanel({ cell }: { readonly cell: TagCell }) {
  const texts = setpointWords.value;
  const rules = useAnswer<readonly WriteRuleAnswer[]>("/api/v1/writes");
  const isOpen = useSignal(false);
  const rule = rules.value?.find(({ tag }) => tag === cell.about.tag);
  if (rule === undefined) return null;
  const close = (): void => {
    isOpen.value = false;
  };
  return (
    <section class="panel item-panel setpoint" aria-label={texts.heading}>
      <h2>{texts.heading}</h2>
      <dl class="facts">
        <Fact name={texts.allowed}>{allowedText(cell, rule)}</Fact>
        <Fact name={texts.who}>{peopleWords.value.role[rule.role]}</Fact>
        <Fact name={texts.rate}>{texts.rateOf(rule.rate.writes, rule.rate.perS)}</Fact>
        {rule.when !== null && (
          <Fact name={texts.permit}>
            <Permit tag={rule.when} />
          </Fact>
        )}
      </dl>
      {may(rule.role) && (
        <button type="button" class="chip" onClick={() => (isOpen.value = true)}>
          {texts.change}
        </button>
      )}
      {isOpen.value && (
        <SetpointDialog cell={cell} rule={rule} allowed={allowedText(cell, rule)} onClose={close} />
      )}
    </section>
  );
}
