import { useEffect } from "preact/hooks";
import { RECORD_WORDS } from "../../i18n/records.ts";
import { language } from "../../preferences.ts";
import { place } from "../../router.ts";
import { may } from "../../session.ts";
import { plant } from "../../store.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { FORM_KINDS, roleFor } from "./forms.ts";
import type { FormKind } from "./forms.ts";
import { OutcomeNote } from "./outcome-note.tsx";
import { RecordForm } from "./record-form.tsx";
import { RecordList } from "./record-list.tsx";
import { RecordTabs } from "./record-tabs.tsx";
import { choose, kind } from "./store.ts";
import "./records.css";

/** The kind that the address names; lots where it names none. */
function kindHere(): FormKind {
  return FORM_KINDS.find((one) => one === place.value.params["kind"]) ?? "lot";
}

/** What no instrument measures: entered by hand or from a file, and everything that was. */
export function RecordsPage() {
  const { title, timesAre, known, kind: names } = RECORD_WORDS[language.value];
  const here = kindHere();
  useEffect(() => void choose(here), [here]);
  return (
    <>
      <PageTitle text={`${title}: ${names[here]}`} />
      <RecordTabs here={here} />
      <OutcomeNote />
      {kind.value === here && may(roleFor(here)) && <RecordForm />}
      <p class="quiet">{timesAre(plant.value?.timeZone ?? "UTC")}</p>
      <section>
        <h2>{known}</h2>
        {kind.value === here && <RecordList />}
      </section>
    </>
  );
}
