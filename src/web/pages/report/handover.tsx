import { useSignal } from "@preact/signals";
import { tell } from "../../api.ts";
import { reportWords } from "../../i18n/report.ts";
import { plantTime } from "../../plant-time.ts";
import { may } from "../../session.ts";
import { plant } from "../../store.ts";
import { controlOf, Field } from "../../widgets/field.tsx";
import type { HandoverAnswer, ReportAnswer } from "./answers.ts";

interface Props {
  readonly report: ReportAnswer;
  readonly path: string;
  readonly onSigned: () => void;
}

function hasNoAccounts(): boolean {
  return plant.value?.auth === "none";
}

/** Text of a form, and what came of sending it. */
function useForm(path: string, onSigned: () => void) {
  const name = useSignal("");
  const text = useSignal("");
  const refused = useSignal<string | null>(null);
  async function send(body: object): Promise<void> {
    const said = hasNoAccounts() ? { name: name.value } : {};
    const told = await tell("POST", path, { ...body, ...said });
    refused.value = "refused" in told ? told.refused : null;
    if ("answer" in told) onSigned();
  }
  return { name, text, refused, send };
}

type Form = ReturnType<typeof useForm>;

function Name({ form, id }: { readonly form: Form; readonly id: string }) {
  if (!hasNoAccounts()) return null;
  return (
    <Field id={`${id}-name`} label={reportWords.value.name}>
      <input
        {...controlOf(`${id}-name`)}
        required
        autocomplete="name"
        value={form.name.value}
        onInput={({ currentTarget }) => {
          form.name.value = currentTarget.value;
        }}
      />
    </Field>
  );
}

interface RemarkProps {
  readonly form: Form;
  readonly id: string;
  readonly label: string;
  readonly isRequired: boolean;
}

function Remark({ form, id, label, isRequired }: RemarkProps) {
  return (
    <Field id={`${id}-text`} label={label} note={isRequired ? null : reportWords.value.optional}>
      <input
        {...controlOf(`${id}-text`)}
        required={isRequired}
        autocomplete="off"
        value={form.text.value}
        onInput={({ currentTarget }) => {
          form.text.value = currentTarget.value;
        }}
      />
    </Field>
  );
}

function Refused({ form }: { readonly form: Form }) {
  if (form.refused.value === null) return null;
  return (
    <p role="alert" class="abnormal">
      {reportWords.value.refused}: {form.refused.value}
    </p>
  );
}

function OutForm({ report, path, onSigned }: Props) {
  const { handOver, handOverAgain, remark } = reportWords.value;
  const form = useForm(`${path}/handover`, onSigned);
  return (
    <form
      class="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        void form.send({ part: "out", note: form.text.value });
      }}
    >
      <Name form={form} id="out" />
      <Remark form={form} id="out" label={remark} isRequired={false} />
      <Refused form={form} />
      <button type="submit" class="chip strong">
        {report.handover.out === null ? handOver : handOverAgain}
      </button>
    </form>
  );
}

function InForm({ report, path, onSigned }: Props) {
  const { takeOver, read, remark } = reportWords.value;
  const form = useForm(`${path}/handover`, onSigned);
  return (
    <form
      class="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        void form.send({ part: "in", note: form.text.value, document: report.handover.document });
      }}
    >
      <label class="check">
        <input type="checkbox" required />
        {read}
      </label>
      <Name form={form} id="in" />
      <Remark form={form} id="in" label={remark} isRequired={false} />
      <Refused form={form} />
      <button type="submit" class="chip strong">
        {takeOver}
      </button>
    </form>
  );
}

function CorrectionForm({ path, onSigned }: Props) {
  const { correct, reason } = reportWords.value;
  const form = useForm(`${path}/corrections`, onSigned);
  return (
    <form
      class="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        void form.send({ reason: form.text.value });
      }}
    >
      <Name form={form} id="correction" />
      <Remark form={form} id="correction" label={reason} isRequired />
      <Refused form={form} />
      <button type="submit" class="chip strong">
        {correct}
      </button>
    </form>
  );
}

function Signatures({ handover }: { readonly handover: HandoverAnswer }) {
  const { signedOut, signedIn, correction, locked } = reportWords.value;
  return (
    <ul class="steps">
      {handover.out !== null && <li>{signedOut(handover.out.by, plantTime(handover.out.at))}</li>}
      {handover.in !== null && <li>{signedIn(handover.in.by, plantTime(handover.in.at))}</li>}
      {handover.isLocked && <li>{locked}</li>}
      {handover.corrections.map(({ number, by, at, reason }) => (
        <li key={number}>{correction(number, by, plantTime(at), reason)}</li>
      ))}
    </ul>
  );
}

/** The signature that comes next. */
function NextForms(props: Props) {
  const { isLocked, out, changed, document } = props.report.handover;
  if (!may("operator")) return null;
  if (isLocked) return changed.length > 0 ? <CorrectionForm {...props} /> : null;
  if (out === null) return <OutForm {...props} />;
  return (
    <>
      <InForm key={document} {...props} />
      {changed.length > 0 && <OutForm {...props} />}
    </>
  );
}

function Changes({ handover: { changed: differing, isLocked } }: { readonly handover: HandoverAnswer }) {
  const { changed, changedHint, sections } = reportWords.value;
  if (differing.length === 0) return null;
  return (
    <>
      <p class="abnormal">{changed(differing.map((section) => sections[section]).join(", "))}</p>
      {!isLocked && <p class="quiet">{changedHint}</p>}
    </>
  );
}

/** Who has signed, what has changed since, and the next signature. */
export function HandoverPanel(props: Props) {
  const { handover: title, notOver } = reportWords.value;
  const { report } = props;
  return (
    <section class="panel side-panel">
      <h2>{title}</h2>
      <Signatures handover={report.handover} />
      <Changes handover={report.handover} />
      {report.isOver ? <NextForms {...props} /> : <p class="quiet">{notOver(plantTime(report.to))}</p>}
    </section>
  );
}
