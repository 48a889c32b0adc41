import { configurationWords } from "../../i18n/configuration.ts";
import { words } from "../../preferences.ts";
import { plantTime } from "../../plant-time.ts";
import { go, place } from "../../router.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import type { DifferenceAnswer, VersionAnswer } from "./answers.ts";
import { DifferenceLines } from "./difference-lines.tsx";

export const DIFFERENCE_HEADING = "configuration-difference";

export function differencePath(from: number, to: number): string {
  return `/configuration?from=${from}&to=${to}`;
}

/** The two that the address names, else the last change. Newest first. */
function chosenOf(versions: readonly VersionAnswer[]): readonly [from: number, to: number] {
  const { search } = place.value;
  const numberOf = (name: string, otherwise: number): number => {
    const wanted = Number(search.get(name));
    return versions.some(({ number }) => number === wanted) ? wanted : otherwise;
  };
  return [numberOf("from", versions[1]?.number ?? 0), numberOf("to", versions[0]?.number ?? 0)];
}

interface VersionSelectProps {
  readonly id: string;
  readonly label: string;
  readonly chosen: number;
  readonly versions: readonly VersionAnswer[];
  readonly choose: (number: number) => void;
}

function VersionSelect({ id, label, chosen, versions, choose }: VersionSelectProps) {
  return (
    <Field id={id} label={label}>
      <select
        {...controlOf(id)}
        value={chosen}
        onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
      >
        {versions.map(({ number, at }) => (
          <option key={number} value={number}>
            {number} · {plantTime(at)}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function DifferenceBetween({ from, to }: { readonly from: number; readonly to: number }) {
  const { value, trouble } = useAnswer<readonly DifferenceAnswer[]>(
    `/api/v1/configuration/difference?from=${from}&to=${to}`,
  );
  if (value === null) return <p class="panel quiet">{trouble ?? words.value.loading}</p>;
  return <DifferenceLines difference={value} />;
}

/** Two versions that the reader chooses, line by line; the address says which. */
export function Difference({ versions }: { readonly versions: readonly VersionAnswer[] }) {
  const text = configurationWords.value;
  const [from, to] = chosenOf(versions);
  const show = (older: number, newer: number): void => go(differencePath(older, newer), { replace: true });
  return (
    <section aria-labelledby={DIFFERENCE_HEADING}>
      <h2 id={DIFFERENCE_HEADING} tabIndex={-1}>
        {text.difference}
      </h2>
      {versions.length < 2 ? (
        <p class="panel quiet">{text.oneVersion}</p>
      ) : (
        <>
          <div class="panel diff-choice">
            <VersionSelect
              id="difference-from"
              label={text.from}
              chosen={from}
              versions={versions}
              choose={(number) => show(number, to)}
            />
            <VersionSelect
              id="difference-to"
              label={text.to}
              chosen={to}
              versions={versions}
              choose={(number) => show(from, number)}
            />
            <p class="quiet">{text.legend}</p>
          </div>
          <DifferenceBetween from={from} to={to} />
        </>
      )}
    </section>
  );
}
