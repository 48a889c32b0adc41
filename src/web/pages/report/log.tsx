import { useSignal } from "@preact/signals";
import type { NoteBody } from "../../../domain/entry.ts";
import { tell } from "../../api.ts";
import { reportWords } from "../../i18n/report.ts";
import { localInput, nowThere } from "../../plant-time.ts";
import { may } from "../../session.ts";
import { areas } from "../../store.ts";
import { areaName } from "../../widgets/area-name.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import type { NoteAnswer, ReportAnswer } from "./answers.ts";

interface Props {
  readonly report: ReportAnswer;
  readonly onWritten: () => void;
}

const TOPICS: readonly NoteBody["topic"][] = ["note", "condition", "bypass", "permit"];

/** A time within the shift: now where it lasts, else its last minute. */
function usualTime({ from, to }: ReportAnswer): string {
  const now = nowThere();
  const isRunning = now >= Date.parse(from) && now < Date.parse(to);
  return localInput(isRunning ? now : Date.parse(to) - 60_000);
}

/** Empty controls are left out. */
function filled(form: HTMLFormElement): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [name, value] of new FormData(form))
    if (typeof value === "string" && value.trim() !== "")
      pairs.push([name, value.trim().replaceAll(/\s+/gu, " ")]);
  return Object.fromEntries(pairs);
}

function Choices() {
  const { topic, topics, area, noArea } = reportWords.value;
  return (
    <>
      <Field id="note-topic" label={topic}>
        <select {...controlOf("note-topic")} name="topic">
          {TOPICS.map((one) => (
            <option key={one} value={one}>
              {topics[one]}
            </option>
          ))}
        </select>
      </Field>
      <Field id="note-area" label={area}>
        <select {...controlOf("note-area")} name="area">
          <option value="">{noArea}</option>
          {areas.value.map((one) => (
            <option key={one} value={one}>
              {areaName(one)}
            </option>
          ))}
        </select>
      </Field>
    </>
  );
}

/** Writes into the shift log. After the handover it is a correction, and says why. */
export function LogForm({ report, onWritten }: Props) {
  const { note, when, equipment, text, write, written, optional, reason, refused, timeHint } =
    reportWords.value;
  const outcome = useSignal<string | null>(null);
  async function submit(form: HTMLFormElement): Promise<void> {
    const told = await tell("POST", "/api/v1/notes", filled(form));
    outcome.value = "refused" in told ? told.refused : null;
    if ("refused" in told) return;
    form.reset();
    outcome.value = "";
    onWritten();
  }
  return (
    <form
      class="panel report-panel"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h2>{note}</h2>
      <Choices />
      <Field id="note-from" label={when}>
        <input
          {...controlOf("note-from")}
          name="from"
          required
          autocomplete="off"
          placeholder={timeHint}
          defaultValue={usualTime(report)}
        />
      </Field>
      <Field id="note-equipment" label={equipment} note={optional}>
        <input {...controlOf("note-equipment")} name="equipment" autocomplete="off" maxLength={64} />
      </Field>
      <Field id="note-text" label={text}>
        <textarea {...controlOf("note-text")} name="text" rows={3} required maxLength={1000} />
      </Field>
      {report.handover.isLocked && (
        <Field id="note-reason" label={reason}>
          <input {...controlOf("note-reason")} name="reason" autocomplete="off" required maxLength={200} />
        </Field>
      )}
      {outcome.value !== null && outcome.value !== "" && (
        <p role="alert" class="abnormal">
          {refused}: {outcome.value}
        </p>
      )}
      <p role="status">{outcome.value === "" ? written : ""}</p>
      <button type="submit" class="chip strong">
        {write}
      </button>
    </form>
  );
}

function OpenNote({ note, onWritten }: { readonly note: NoteAnswer; readonly onWritten: () => void }) {
  const { topics, end, endOf, ended } = reportWords.value;
  const { ref, topic, area, equipment, text, from } = note;
  async function finish(): Promise<void> {
    const to = new Date(nowThere()).toISOString();
    const told = await tell("POST", "/api/v1/notes", {
      ref,
      topic,
      area,
      equipment,
      text,
      from,
      to,
      reason: ended,
    });
    if ("answer" in told) onWritten();
  }
  return (
    <li>
      <strong>{topics[topic]}</strong> {equipment} {text}{" "}
      {may("operator") && (
        <button type="button" class="chip" aria-label={endOf(text)} onClick={() => void finish()}>
          {end}
        </button>
      )}
    </li>
  );
}

/** What stands open, and how it is ended. */
export function OpenNotes({ report: { open }, onWritten }: Props) {
  if (open.length === 0) return null;
  return (
    <section class="panel report-panel">
      <h2>{reportWords.value.open}</h2>
      <ul class="steps">
        {open.map((note) => (
          <OpenNote key={note.ref} note={note} onWritten={onWritten} />
        ))}
      </ul>
    </section>
  );
}
