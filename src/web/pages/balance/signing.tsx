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
  readonly send: (text: string) => Promise<string>;
}

/** One text and one button; says what came of it. `send` throws a sentence where nothing came of it. */
function TextForm({ id, label, note, button, send }: FormProps) {
  const text = useSignal("");
  const outcome = useSignal<{ readonly said: string; readonly isRefused: boolean } | null>(null);
  return (
    <form
      class="balance-form"
      onSubmit={(event) => {
        event.preventDefault();
        send(text.value).then(
          (said) => {
            outcome.value = { said, isRefused: false };
          },
          (error: Error) => {
            outcome.value = { said: error.message, isRefused: true };
          },
        );
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
      <p role="status" class={outcome.value?.isRefused === true ? "abnormal" : ""}>
        {outcome.value?.said}
      </p>
    </form>
  );
}

interface HeldAnswer {
  readonly metric: string;
  readonly period: string;
  readonly key: string;
}

async function done<T>(path: string, body: object): Promise<T> {
  const told = await tell<T>("POST", path, body);
  if ("refused" in told) throw new Error(`${balanceWords.peek().notTaken}: ${told.refused}`);
  return told.answer;
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
        send={async (note) => {
          const { signed } = await done<{ signed: number }>("/api/v1/signatures", { period, key, note });
          onDone();
          return words.signed(signed);
        }}
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
            send={async (reason) => {
              const body = { period, key, reason };
              const { restated } = await done<{ restated: number }>("/api/v1/restatements", body);
              held.reload();
              onDone();
              return words.restated(restated);
            }}
          />
        </>
      )}
    </section>
  );
}
