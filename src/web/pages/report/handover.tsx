import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
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

interface SignFormProps {
  readonly id: string;
  readonly path: string;
  readonly onSigned: () => void;
  /** What is sent, given the text. */
  readonly body: (text: string) => object;
  readonly label: string;
  readonly isRequired?: boolean;
  readonly button: string;
  readonly children?: ComponentChildren;
}

/** A name where there are no accounts, a text, and the button that signs. */
function SignForm({ id, path, onSigned, body, label, isRequired = false, button, children }: SignFormProps) {
  const form = useForm(path, onSigned);
  return (
    <form
      class="sign-form"
      onSubmit={(event) => {
        event.preventDefault();
        void form.send(body(form.text.value));
      }}
    >
      {children}
      <Name form={form} id={id} />
      <Remark form={form} id={id} label={label} isRequired={isRequired} />
      <Refused form={form} />
      <button type="submit" class="chip strong">
        {button}
      </button>
    </form>
  );
}

function OutForm({ report, path, onSigned }: Props) {
  const { handOver, handOverAgain, remark } = reportWords.value;
  return (
    <SignForm
      id="out"
      path={`${path}/handover`}
      onSigned={onSigned}
      body={(note) => ({ part: "out", note })}
      label={remark}
      button={report.handover.out === null ? handOver : handOverAgain}
    />
  );
}

function InForm({ report, path, onSigned }: Props) {
  const { takeOver, read, remark } = reportWords.value;
  return (
    <SignForm
      id="in"
      path={`${path}/handover`}
      onSigned={onSigned}
      body={(note) => ({ part: "in", note, document: report.handover.document })}
      label={remark}
      button={takeOver}
    >
      <label class="check">
        <input type="checkbox" required />
        {read}
      </label>
    </SignForm>
  );
}

function CorrectionForm({ path, onSigned }: Props) {
  const { correct, reason: label } = reportWords.value;
  return (
    <SignForm
      id="correction"
      path={`${path}/corrections`}
      onSigned={onSigned}
      body={(reason) => ({ reason })}
      label={label}
      isRequired
      button={correct}
    />
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
    <section class="panel report-panel">
      <h2>{title}</h2>
      <Signatures handover={report.handover} />
      <Changes handover={report.handover} />
      {report.isOver ? <NextForms {...props} /> : <p class="quiet">{notOver(plantTime(report.to))}</p>}
    </section>
  );
}
