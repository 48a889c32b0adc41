import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { assayWords } from "../../i18n/assays.ts";
import { RECORD_WORDS } from "../../i18n/records.ts";
import { language } from "../../preferences.ts";
import { may } from "../../session.ts";
import { plant } from "../../store.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import { roleFor } from "../records/forms.ts";
import { OutcomeNote } from "../records/outcome-note.tsx";
import { RecordForm } from "../records/record-form.tsx";
import { RecordList } from "../records/record-list.tsx";
import { RecordTabs } from "../records/record-tabs.tsx";
import { choose, kind, outcome, points, refresh } from "../records/store.ts";
import type { AssayAnswer, ControlAnswer } from "./answers.ts";
import { ControlChart } from "./control-chart.tsx";
import { blankPoints, DUPLICATE_MAX_PERCENT, duplicatePoints, standardPoints } from "./controls.ts";
import { HeldBatches } from "./held-batches.tsx";
import "../records/records.css";
import "./assays.css";

interface ControlsProps {
  readonly assays: readonly AssayAnswer[];
  readonly controls: readonly ControlAnswer[];
}

function Controls({ assays, controls }: ControlsProps) {
  const {
    controls: title,
    standards,
    blanks,
    duplicates,
    noStandards,
    noBlanks,
    noDuplicates,
  } = assayWords.value;
  return (
    <section>
      <h2>{title}</h2>
      <div class="controls">
        <ControlChart
          title={standards}
          points={standardPoints(controls)}
          limits={[-3, -2, 2, 3]}
          unit=""
          decimals={0}
          empty={noStandards}
        />
        <ControlChart
          title={blanks}
          points={blankPoints(controls)}
          limits={[]}
          unit="g/t"
          decimals={3}
          empty={noBlanks}
        />
        <ControlChart
          title={duplicates}
          points={duplicatePoints(assays)}
          limits={[-DUPLICATE_MAX_PERCENT, DUPLICATE_MAX_PERCENT]}
          unit="%"
          decimals={0}
          empty={noDuplicates}
        />
      </div>
    </section>
  );
}

function List() {
  const { point: pointLabel, state: stateLabel, allPoints, allStates } = assayWords.value;
  const { known, state: states } = RECORD_WORDS[language.value];
  const point = useSignal("");
  const state = useSignal("");
  return (
    <section>
      <h2>{known}</h2>
      <div class="filters">
        <Field id="filter-point" label={pointLabel}>
          <select
            {...controlOf("filter-point")}
            value={point.value}
            onChange={({ currentTarget }) => {
              point.value = currentTarget.value;
            }}
          >
            <option value="">{allPoints}</option>
            {points.value.map(({ id, title }) => (
              <option key={id} value={id}>
                {id} {title}
              </option>
            ))}
          </select>
        </Field>
        <Field id="filter-state" label={stateLabel}>
          <select
            {...controlOf("filter-state")}
            value={state.value}
            onChange={({ currentTarget }) => {
              state.value = currentTarget.value;
            }}
          >
            <option value="">{allStates}</option>
            {Object.entries(states).map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <RecordList
        isShown={({ ref, state: own }) =>
          (point.value === "" || ref.startsWith(`${point.value} `)) &&
          (state.value === "" || own === state.value)
        }
      />
    </section>
  );
}

/** What the laboratory reports: entered, imported, looked through, and judged by its own checks. */
export function AssaysPage() {
  const { title } = assayWords.value;
  const { timesAre } = RECORD_WORDS[language.value];
  useEffect(() => void choose("assay"), []);
  const assays = useAnswer<readonly AssayAnswer[]>("/api/v1/assays");
  const controls = useAnswer<readonly ControlAnswer[]>("/api/v1/assays/controls");
  const reload = (): void => {
    assays.reload();
    controls.reload();
    void refresh();
  };
  // What was just taken may hold a batch back.
  useEffect(reload, [outcome.value]);
  return (
    <>
      <PageTitle text={title} />
      <RecordTabs here="assay" />
      <OutcomeNote />
      {kind.value === "assay" && may(roleFor("assay")) && <RecordForm />}
      <p class="quiet">{timesAre(plant.value?.timeZone ?? "UTC")}</p>
      <HeldBatches assays={assays.value ?? []} onReleased={reload} />
      <Controls assays={assays.value ?? []} controls={controls.value ?? []} />
      {kind.value === "assay" && <List />}
    </>
  );
}
