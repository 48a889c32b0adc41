import { RECORD_WORDS } from "../../i18n/records.ts";
import { language } from "../../preferences.ts";
import { outcome } from "./store.ts";

/** What came of what was sent: everything that is wrong with it, by row and column, before anything was stored. */
export function OutcomeNote() {
  const { saved, unchanged, refused, faultAt, field } = RECORD_WORDS[language.value];
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
