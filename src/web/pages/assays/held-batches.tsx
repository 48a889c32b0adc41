import { useSignal } from "@preact/signals";
import { tell } from "../../api.ts";
import { formatCount } from "../../format.ts";
import { assayWords } from "../../i18n/assays.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import type { AssayAnswer } from "./answers.ts";

interface BatchProps {
  readonly batch: string;
  readonly assays: readonly AssayAnswer[];
  readonly onReleased: () => void;
}

function Batch({ batch, assays, onReleased }: BatchProps) {
  const { releaseReason, release, refused } = assayWords.value;
  const reason = useSignal("");
  const trouble = useSignal<string | null>(null);
  async function submit(): Promise<void> {
    const told = await tell("POST", `/api/v1/assays/batches/${encodeURIComponent(batch)}/release`, {
      reason: reason.value,
    });
    trouble.value = "refused" in told ? told.refused : null;
    if ("answer" in told) onReleased();
  }
  return (
    <tr>
      <th scope="row">{batch}</th>
      <td class="number">{formatCount(assays.length, words.value)}</td>
      <td class="wrap">{assays.find(({ reason: why }) => why !== null)?.reason}</td>
      <td>
        {may("metallurgist") && (
          <form
            class="release"
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            <input
              aria-label={`${releaseReason} ${batch}`}
              placeholder={releaseReason}
              required
              minLength={3}
              maxLength={200}
              value={reason.value}
              onInput={({ currentTarget }) => {
                reason.value = currentTarget.value;
              }}
            />
            <button type="submit" class="chip">
              {release}
            </button>
          </form>
        )}
        {trouble.value !== null && (
          <p role="alert" class="abnormal">
            {refused}: {trouble.value}
          </p>
        )}
      </td>
    </tr>
  );
}

interface Props {
  readonly assays: readonly AssayAnswer[];
  readonly onReleased: () => void;
}

/** Batches whose standards or blanks failed: they count for nothing until a person lets them, for a reason. */
export function HeldBatches({ assays, onReleased }: Props) {
  const { held, noHeld, batch, samples, why, release } = assayWords.value;
  const batches = [
    ...Map.groupBy(
      assays.filter(({ state }) => state === "held"),
      (one) => one.batch ?? "",
    ),
  ];
  return (
    <section>
      <h2>{held}</h2>
      {batches.length === 0 && <p class="panel quiet">{noHeld}</p>}
      {batches.length > 0 && (
        <div class="panel table-frame" tabIndex={0} role="group" aria-label={held}>
          <table class="table" aria-label={held}>
            <thead>
              <tr>
                <th scope="col">{batch}</th>
                <th scope="col" class="number">
                  {samples}
                </th>
                <th scope="col">{why}</th>
                <th scope="col">{release}</th>
              </tr>
            </thead>
            <tbody>
              {batches.map(([name, own]) => (
                <Batch key={name} batch={name} assays={own} onReleased={onReleased} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
