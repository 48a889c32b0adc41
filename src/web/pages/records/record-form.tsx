import { RECORD_WORDS } from "../../i18n/records.ts";
import { language } from "../../preferences.ts";
import { fieldsOf } from "./forms.ts";
import type { FormField } from "./forms.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import { clear, correcting, kind, outcome, points, submit, submitFile, values } from "./store.ts";

function take(name: string, value: string): void {
  values.value = { ...values.value, [name]: value };
}

function unitOf({ name, unit }: FormField): string | null {
  if (kind.value === "assay" && name === "value")
    return points.value.find(({ id }) => id === values.value["point"])?.unit ?? null;
  return unit === "1" || unit === "um" ? null : unit;
}

/** What the gateway found wrong in this field of a single record. */
function faultOf(name: string): string | null {
  return outcome.value?.faults.find(({ row, column }) => row === 1 && column === name)?.sentence ?? null;
}

/** How it is written. */
function hintOf({ name, type }: FormField): string {
  const { screensHint, valueHint, timeHint } = RECORD_WORDS[language.value];
  if (type === "time") return timeHint;
  if (type === "screens") return screensHint;
  return name === "value" ? valueHint : "";
}

function Control({ field }: { readonly field: FormField }) {
  const { name, type, isOptional, choices } = field;
  const { choice } = RECORD_WORDS[language.value];
  const shared = {
    ...controlOf(`field-${name}`, faultOf(name)),
    name,
    value: values.value[name] ?? "",
    required: !isOptional,
  };
  if (type === "point" || type === "choice") {
    const options =
      type === "point"
        ? points.value.map(({ id, title }) => [id, `${id} ${title}`])
        : choices.map((one) => [one, choice[one] ?? one]);
    return (
      <select {...shared} onChange={({ currentTarget }) => take(name, currentTarget.value)}>
        <option value="" />
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (type === "prose")
    return (
      <textarea
        {...shared}
        rows={2}
        onInput={({ currentTarget }) => take(name, currentTarget.value.replaceAll(/\s+/gu, " "))}
      />
    );
  return (
    <input
      {...shared}
      inputMode={type === "number" ? "decimal" : "text"}
      autocomplete="off"
      placeholder={hintOf(field)}
      onInput={({ currentTarget }) => take(name, currentTarget.value)}
    />
  );
}

function Input({ field }: { readonly field: FormField }) {
  const { field: names, optional } = RECORD_WORDS[language.value];
  const { name, isOptional, type } = field;
  return (
    <Field
      id={`field-${name}`}
      label={names[name] ?? name}
      note={isOptional ? optional : null}
      unit={unitOf(field)}
      fault={faultOf(name)}
      class={type}
    >
      <Control field={field} />
    </Field>
  );
}

const REASON: FormField = { name: "reason", type: "text", isOptional: false, unit: null, choices: [] };

function Buttons() {
  const { save, saveCorrection, withdraw, cancel } = RECORD_WORDS[language.value];
  const isCorrection = correcting.value !== null;
  return (
    <div class="chips">
      <button type="submit" class="chip strong">
        {isCorrection ? saveCorrection : save}
      </button>
      {isCorrection && (
        <button type="button" class="chip" onClick={() => void submit(true)}>
          {withdraw}
        </button>
      )}
      {isCorrection && (
        <button type="button" class="chip" onClick={clear}>
          {cancel}
        </button>
      )}
    </div>
  );
}

function FileImport() {
  const { file, fileHint } = RECORD_WORDS[language.value];
  return (
    <div class="field file">
      <label class="chip file-chip">
        {file}
        <input
          id="field-file"
          type="file"
          accept=".csv,text/csv"
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            if (chosen !== undefined) void submitFile(chosen);
            currentTarget.value = "";
          }}
        />
      </label>
      <span class="quiet">{fileHint}</span>
    </div>
  );
}

/** One record by hand, or many from a file. */
export function RecordForm() {
  const { correcting: title, kind: kinds } = RECORD_WORDS[language.value];
  const own = correcting.value;
  return (
    <form
      class="panel record-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(false);
      }}
    >
      <h2>{own === null ? kinds[kind.value] : title(own.ref, own.version)}</h2>
      <div class="record-fields">
        {fieldsOf(kind.value).map((field) => (
          <Input key={`${kind.value} ${field.name}`} field={field} />
        ))}
        {own !== null && <Input field={REASON} />}
      </div>
      <Buttons />
      <FileImport />
    </form>
  );
}
