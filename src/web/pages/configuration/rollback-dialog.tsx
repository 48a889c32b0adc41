import { useSignal } from "@preact/signals";
import { tell } from "../../api.ts";
import { configurationWords } from "../../i18n/configuration.ts";
import { Dialog } from "../../widgets/dialog.tsx";
import { controlOf, Field } from "../../widgets/field.tsx";
import type { OutcomeAnswer, VersionAnswer } from "./answers.ts";
import { DifferenceBetween } from "./difference.tsx";

interface RollbackDialogProps {
  readonly version: VersionAnswer;
  /** The one that runs; null where it could not be kept. */
  readonly running: number | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Shows what would change, and asks why. */
export function RollbackDialog({ version, running, onClose, onDone }: RollbackDialogProps) {
  const text = configurationWords.value;
  const reason = useSignal("");
  const refused = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    isBusy.value = true;
    const body = { version: version.number, reason: reason.value.trim() };
    const told = await tell<OutcomeAnswer>("POST", "/api/v1/configuration/rollback", body);
    isBusy.value = false;
    refused.value = "refused" in told ? told.refused : null;
    if ("refused" in told) return;
    onDone();
    onClose();
  }
  return (
    <Dialog title={text.goBackTo(String(version.number))} onClose={onClose}>
      <form class="rollback" onSubmit={(event) => void submit(event)}>
        <p>{text.rollbackMeaning}</p>
        {running !== null && (
          <>
            <p>{text.rollbackChange}</p>
            <div class="rollback-change">
              <DifferenceBetween from={running} to={version.number} />
            </div>
          </>
        )}
        <Field id="rollback-reason" label={text.reason}>
          <input
            {...controlOf("rollback-reason")}
            required
            pattern=".*\S.*\S.*\S.*"
            maxLength={500}
            autocomplete="off"
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </Field>
        {refused.value !== null && (
          <p class="abnormal refusal" role="alert">
            {text.notTaken}: {refused.value}
          </p>
        )}
        <button type="submit" class="chip strong" disabled={isBusy.value}>
          {text.confirm}
        </button>
      </form>
    </Dialog>
  );
}
