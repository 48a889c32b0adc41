import { useSignal } from "@preact/signals";
import { formatCount } from "../../format.ts";
import { RECORD_WORDS } from "../../i18n/records.ts";
import { localInput, plantTime } from "../../plant-time.ts";
import { language, words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { fieldsOf, roleFor } from "./forms.ts";
import { correct, kind, rows } from "./store.ts";
import type { RecordRow } from "./store.ts";

/** Rows that are shown at first, and with each press of the button. */
const ROWS = 50;

function Content({ row }: { readonly row: RecordRow }) {
  const { withdrawn, field: names, choice } = RECORD_WORDS[language.value];
  if (row.content === null) return <em>{withdrawn}</em>;
  const shown = fieldsOf(kind.value).filter(
    ({ name }) => name !== "ref" && (row.content?.[name] ?? "") !== "",
  );
  return (
    <dl class="record-content">
      {shown.map(({ name, unit }) => (
        <div key={name}>
          <dt>{names[name] ?? name}</dt>
          <dd>
            {choice[row.content?.[name] ?? ""] ?? row.content?.[name]}
            {unit === null || unit === "1" || unit === "um" ? "" : ` ${unit}`}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Row({ row, isLast }: { readonly row: RecordRow; readonly isLast: boolean }) {
  const { correct: label, state } = RECORD_WORDS[language.value];
  const time = row.to === row.from ? plantTime(row.from) : `${plantTime(row.from)} – ${plantTime(row.to)}`;
  return (
    <tr class={isLast ? "" : "quiet"}>
      <th scope="row">{row.ref}</th>
      <td class="number">{row.version}</td>
      <td>{time}</td>
      <td>
        <Content row={row} />
      </td>
      {kind.value === "assay" && (
        <td class={row.state === "held" ? "abnormal" : ""}>{state[row.state ?? ""] ?? row.state}</td>
      )}
      <td>
        {row.by}, {plantTime(row.at)}
      </td>
      <td class="record-reason">{row.reason}</td>
      <td>
        {isLast && may(roleFor(kind.value)) && (
          <button
            type="button"
            class="chip"
            aria-label={`${label} ${row.ref}`}
            onClick={() => correct(row, localInput)}
          >
            {label}
          </button>
        )}
      </td>
    </tr>
  );
}

/** Every version of what was entered in the last weeks, as far as `isShown` wants it. */
export function RecordList({ isShown = () => true }: { readonly isShown?: (row: RecordRow) => boolean }) {
  const { columns, nothing, known, more } = RECORD_WORDS[language.value];
  const limit = useSignal(ROWS);
  const all = rows.value.filter(isShown);
  const shown = all.slice(0, limit.value);
  const last = new Map<string, number>();
  for (const { ref, version } of rows.value) last.set(ref, Math.max(version, last.get(ref) ?? 0));
  if (shown.length === 0) return <p class="panel quiet">{nothing}</p>;
  return (
    <div class="panel table-frame record-list" tabIndex={0} role="group" aria-label={known}>
      <table class="table" aria-label={known}>
        <thead>
          <tr>
            <th scope="col">{columns.ref}</th>
            <th scope="col" class="number">
              {columns.version}
            </th>
            <th scope="col">{columns.time}</th>
            <th scope="col">{columns.content}</th>
            {kind.value === "assay" && <th scope="col">{columns.state}</th>}
            <th scope="col">{columns.by}</th>
            <th scope="col">{columns.reason}</th>
            <th scope="col">{columns.correct}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <Row key={`${row.ref} ${row.version}`} row={row} isLast={last.get(row.ref) === row.version} />
          ))}
        </tbody>
      </table>
      {all.length > shown.length && (
        <button
          type="button"
          class="chip more"
          onClick={() => {
            limit.value += ROWS;
          }}
        >
          {more(formatCount(all.length - shown.length, words.value))}
        </button>
      )}
    </div>
  );
}
