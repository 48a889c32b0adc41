import { sentenceOf } from "../../told.ts";
import type { PreparedWriteAnswer, Value, WriteReportAnswer } from "../../api.ts";
import { formatValue } from "../../format.ts";
import { setpointWords } from "../../i18n/setpoint.ts";
import { words } from "../../preferences.ts";
import { unitText, withUnit } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { Mark } from "../../widgets/mark.tsx";
import { Sign } from "../../widgets/sign.tsx";

/** What somebody wants, as typed. */
export interface Wish {
  readonly value: string;
  readonly reason: string;
}

interface WishStepProps {
  readonly cell: TagCell;
  readonly isBool: boolean;
  /** What may be written, in words. */
  readonly allowed: string;
  readonly wish: Wish;
  readonly refused: string | null;
  readonly onWish: (wish: Wish) => void;
  readonly onNext: () => void;
}

/** What it is to be, and why. */
export function WishStep({ cell, isBool, allowed, wish, refused, onWish, onNext }: WishStepProps) {
  const texts = setpointWords.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    onNext();
  };
  return (
    <form class="setpoint-form" onSubmit={submit}>
      <Field id="setpoint-value" label={texts.newValue} unit={unitText(cell.about.unit)} note={allowed}>
        <ValueInput isBool={isBool} value={wish.value} onValue={(value) => onWish({ ...wish, value })} />
      </Field>
      <Field id="setpoint-reason" label={texts.reason}>
        <input
          {...controlOf("setpoint-reason")}
          required
          maxLength={300}
          value={wish.reason}
          onInput={({ currentTarget }) => onWish({ ...wish, reason: currentTarget.value })}
        />
      </Field>
      {refused !== null && (
        <p class="abnormal" role="alert">
          {refused}
        </p>
      )}
      <button type="submit" class="chip">
        {texts.next}
      </button>
    </form>
  );
}

interface ValueInputProps {
  readonly isBool: boolean;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function ValueInput({ isBool, value, onValue }: ValueInputProps) {
  const control = {
    ...controlOf("setpoint-value"),
    required: true,
    value,
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      onValue(currentTarget.value),
  };
  const { yes, no } = words.value;
  if (!isBool) return <input {...control} inputMode="decimal" autocomplete="off" maxLength={30} />;
  return (
    <select {...control}>
      <option value="" />
      <option value="true">{yes}</option>
      <option value="false">{no}</option>
    </select>
  );
}

/** A value of the tag with its unit. */
function valueText({ about }: TagCell, value: Value): string {
  const text = formatValue(value, about, words.value);
  return value === null ? text : withUnit(text, about.unit);
}

interface ChangeProps {
  readonly cell: TagCell;
  readonly prepared: PreparedWriteAnswer;
}

/** What it is now and will be. */
export function Change({ cell, prepared: { before, after } }: ChangeProps) {
  const { from, to } = setpointWords.value;
  return (
    <p class="setpoint-change">
      <span>
        <span class="quiet">{from}</span> <strong>{valueText(cell, before)}</strong>
      </span>
      <Sign kind="becomes" />
      <span>
        <span class="quiet">{to}</span> <strong>{valueText(cell, after)}</strong>
      </span>
    </p>
  );
}

interface CheckStepProps extends ChangeProps {
  readonly reason: string;
  readonly onBack: () => void;
  readonly onConfirm: () => void;
}

export function CheckStep({ cell, prepared, reason, onBack, onConfirm }: CheckStepProps) {
  const texts = setpointWords.value;
  return (
    <div class="setpoint-form">
      <p>{texts.check}</p>
      <Change cell={cell} prepared={prepared} />
      <p>
        <span class="quiet">{texts.reason}:</span> {reason}
      </p>
      <div class="setpoint-buttons">
        <button type="button" class="chip" onClick={onBack}>
          {texts.back}
        </button>
        <button type="button" class="chip" onClick={onConfirm}>
          {texts.confirm}
        </button>
      </div>
    </div>
  );
}

/** What became of it, and what the device holds. */
export function ReportStep({ cell, report }: { readonly cell: TagCell; readonly report: WriteReportAnswer }) {
  const texts = setpointWords.value;
  const { outcome, found, detail, said } = report;
  const isDone = outcome === "confirmed";
  return (
    <div role="status" data-outcome={outcome}>
      <p class={`setpoint-outcome ${isDone ? "" : "abnormal"}`}>
        <Mark kind={isDone ? "normal" : "failed"} /> {texts.outcomes[outcome]}
      </p>
      <p>
        <span class="quiet">{texts.found}:</span>{" "}
        <strong>{found === null ? texts.unreadable : valueText(cell, found)}</strong>
      </p>
      {detail !== null && <p class="quiet">{sentenceOf(detail, said)}</p>}
    </div>
  );
}
