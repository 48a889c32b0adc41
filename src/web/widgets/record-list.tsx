import { formatDate, formatTime } from "../format.ts";
import { RECORD_WORDS } from "../i18n/records.ts";
import { language, words } from "../preferences.ts";
import { fieldsOf } from "../records-forms.ts";
import { about, correct, kind, rows } from "../records-store.ts";
import type { RecordRow } from "../records-store.ts";

/** Date and time on the plant's clocks. */
function plantTime(time: string): string {
  const zone = about.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  return `${formatDate(Date.parse(time), zone, locale)} ${formatTime(Date.parse(time), zone, locale)}`;
}

/** For an input of date and time, in the plant's zone. */
function localInput(time: string): string {
  const zone = about.value?.timeZone ?? "UTC";
  const options = { timeZone: zone, dateStyle: "short", timeStyle: "medium" } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(Date.parse(time)).replace(" ", "T").slice(0, 16);
}

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
      <td>{row.reason}</td>
      <td>
        {isLast && (
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

/** Every version of what was entered in the last weeks. */
export function RecordList() {
  const { columns } = RECORD_WORDS[language.value];
  const last = new Map<string, number>();
  for (const { ref, version } of rows.value) last.set(ref, Math.max(version, last.get(ref) ?? 0));
  return (
    <div class="panel table-frame record-list">
      <table class="table">
        <thead>
          <tr>
            <th>{columns.ref}</th>
            <th class="number">{columns.version}</th>
            <th>{columns.time}</th>
            <th>{columns.content}</th>
            {kind.value === "assay" && <th>{columns.state}</th>}
            <th>{columns.by}</th>
            <th>{columns.reason}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {rows.value.map((row) => (
            <Row key={`${row.ref} ${row.version}`} row={row} isLast={last.get(row.ref) === row.version} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
