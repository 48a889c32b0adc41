import { useSignal } from "@preact/signals";
import { tell } from "../../api.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { may } from "../../session.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { BalanceAnswer } from "./answers.ts";

interface FormProps {
  readonly id: string;
  readonly label: string;
  readonly note: string | null;
  readonly button: string;
  readonly send: (text: string) => void;
}

/** One text and one button. */
function TextForm({ id, label, note, button, send }: FormProps) {
  const text = useSignal("");
  return (
    <form
      class="balance-form"
      onSubmit={(event) => {
        event.preventDefault();
        send(text.value);
      }}
    >
      <Field id={id} label={label} note={note}>
        <input
          {...controlOf(id)}
          required={note === null}
          autocomplete="off"
          maxLength={300}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
      </Field>
      <button type="submit" class="chip strong">
        {button}
      </button>
    </form>
  );
}

interface HeldAnswer {
  readonly metric: string;
  readonly period: string;
  readonly key: string;
}

interface DoneAnswer {
  readonly signed?: number;
  readonly restated?: number;
}

/** What is sent for the period, and what came of the last: it stays to be read when its form is gone. */
function useSigning({ period, key }: BalanceAnswer, onDone: () => void) {
  const outcome = useSignal<{ readonly said: string; readonly isRefused: boolean } | null>(null);
  async function send(path: string, body: object): Promise<void> {
    const { notTaken, signed, restated } = balanceWords.peek();
    const told = await tell<DoneAnswer>("POST", path, { period, key, ...body });
    if ("refused" in told) {
      outcome.value = { said: `${notTaken}: ${told.refused}`, isRefused: true };
      return;
    }
    const { signed: figures, restated: corrected = 0 } = told.answer;
    outcome.value = { said: figures === undefined ? restated(corrected) : signed(figures), isRefused: false };
    onDone();
  }
  return { outcome, send };
}

/** Makes the figures of the period final, and restates what was signed, for those who may. */
export function Signing({
  balance,
  onDone,
}: {
  readonly balance: BalanceAnswer;
  readonly onDone: () => void;
}) {
  const words = balanceWords.value;
  const { period, key } = balance;
  const held = useAnswer<readonly HeldAnswer[]>("/api/v1/restatements");
  const { outcome, send } = useSigning(balance, () => {
    held.reload();
    onDone();
  });
  if (!may("metallurgist")) return null;
  const waiting = (held.value ?? []).filter((one) => one.period === period && one.key === key).length;
  return (
    <section class="panel signing">
      <h2>{words.sign}</h2>
      <p class="quiet">{words.signHint}</p>
      <TextForm
        id="sign-note"
        label={words.note}
        note={words.optional}
        button={words.signIt}
        send={(note) => void send("/api/v1/signatures", { note })}
      />
      {waiting > 0 && (
        <>
          <h2>{words.restate}</h2>
          <p class="abnormal">{words.waits(waiting)}</p>
          <TextForm
            id="restate-reason"
            label={words.reason}
            note={null}
            button={words.restateIt}
            send={(reason) => void send("/api/v1/restatements", { reason })}
          />
        </>
      )}
      <p role="status" class={outcome.value?.isRefused === true ? "abnormal" : ""}>
        {outcome.value?.said}
      </p>
    </section>
  );
}
