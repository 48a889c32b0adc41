import { computed } from "@preact/signals";
import { RECORD_WORDS } from "../i18n/records.ts";
import { language, LANGUAGES, words } from "../preferences.ts";
import type { Language } from "../preferences.ts";
import { FORM_KINDS } from "../records-forms.ts";
import { about, choose, kind, outcome, rows } from "../records-store.ts";
import { RecordForm } from "../widgets/record-form.tsx";
import { RecordList } from "../widgets/record-list.tsx";

const recordWords = computed(() => RECORD_WORDS[language.value]);

function Kinds() {
  const { what, kind: names } = recordWords.value;
  return (
    <nav class="chips" aria-label={what}>
      {FORM_KINDS.map((one) => (
        <button
          type="button"
          key={one}
          class="chip"
          aria-pressed={kind.value === one}
          onClick={() => void choose(one)}
        >
          {names[one]}
        </button>
      ))}
    </nav>
  );
}

function Languages() {
  return (
    <div class="choices">
      <div class="segments" role="group" aria-label={words.value.language}>
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <button
            type="button"
            key={one}
            lang={one}
            aria-pressed={language.value === one}
            onClick={() => {
              language.value = one;
            }}
          >
            {one === "en" ? "EN" : "ES"}
          </button>
        ))}
      </div>
    </div>
  );
}

function OutcomeNote() {
  const { saved, unchanged, refused, faultAt, field } = recordWords.value;
  const last = outcome.value;
  if (last === null) return <div role="status" />;
  if (last.added !== null)
    return (
      <p class="panel outcome" role="status">
        {last.added === 0 ? unchanged : saved(last.added)}
      </p>
    );
  return (
    <div class="panel outcome refused" role="alert">
      <strong>{refused}</strong>
      {last.faults.length === 0 && <p>{last.message}</p>}
      <ul>
        {last.faults.map(({ row, column, sentence }) => (
          <li key={`${row} ${column} ${sentence}`}>
            <strong>{faultAt(row, field[column] ?? column)}:</strong> {sentence}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What no instrument measures: entered by hand or from a file, and everything that was. */
export function RecordsPage() {
  const { title, back, timesAre, known, nothing } = recordWords.value;
  return (
    <div class="stage">
      <header class="top">
        <h1>
          {title} · {about.value?.title ?? "Puma Gateway"}
        </h1>
        <a href="/">{back}</a>
        <Languages />
      </header>
      <main>
        <Kinds />
        <OutcomeNote />
        <RecordForm />
        <p class="quiet">{timesAre(about.value?.timeZone ?? "UTC")}</p>
        <section>
          <h2>{known}</h2>
          {rows.value.length === 0 ? <p class="panel quiet">{nothing}</p> : <RecordList />}
        </section>
      </main>
    </div>
  );
}
