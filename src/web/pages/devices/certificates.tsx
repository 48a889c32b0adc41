import { useSignal } from "@preact/signals";
import type { Certificate, CertificateState } from "../../../domain/peer-certificate.ts";
import { tell } from "../../api.ts";
import { deviceWords } from "../../i18n/devices.ts";
import { plantTime } from "../../plant-time.ts";
import { may } from "../../session.ts";
import { devices, plantNow } from "../../store.ts";
import { Dialog } from "../../widgets/dialog.tsx";
import type { MarkKind } from "../../widgets/mark.tsx";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { Judged } from "./abnormal.tsx";

type Decision = "trust" | "refuse";

const MARKS: Readonly<Record<CertificateState, MarkKind>> = {
  trusted: "normal",
  rejected: "doubtful",
  refused: "failed",
};

/** In groups, as people compare it. */
function grouped(thumbprint: string): string {
  return (thumbprint.match(/.{1,4}/g) ?? []).join(" ");
}

interface QuestionProps {
  readonly certificate: Certificate;
  readonly decision: Decision;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Shows the whole thumbprint once more before anything is decided on it. */
function Question({ certificate, decision, onClose, onDone }: QuestionProps) {
  const text = deviceWords.value;
  const fault = useSignal<string | null>(null);
  const { thumbprint, subject } = certificate;
  const isTrust = decision === "trust";
  async function decide(): Promise<void> {
    const told = await tell("POST", `/api/v1/certificates/${thumbprint}/${decision}`);
    if ("refused" in told) {
      fault.value = told.refused;
      return;
    }
    onDone();
    onClose();
  }
  return (
    <Dialog title={isTrust ? text.trustNamed(subject) : text.refuseNamed(subject)} onClose={onClose}>
      <p>{text.compare}</p>
      <p class="thumbprint whole">{grouped(thumbprint)}</p>
      <p>{isTrust ? text.trustMeaning : text.refuseMeaning}</p>
      {fault.value !== null && (
        <p class="abnormal" role="alert">
          {text.notDone}: {fault.value}
        </p>
      )}
      <button type="button" class="chip strong" onClick={() => void decide()}>
        {isTrust ? text.trust : text.refuse}
      </button>
    </Dialog>
  );
}

interface DecisionsProps {
  readonly certificate: Certificate;
  readonly onDone: () => void;
}

function Decisions({ certificate, onDone }: DecisionsProps) {
  const text = deviceWords.value;
  const asked = useSignal<Decision | null>(null);
  const { state, subject } = certificate;
  const button = (decision: Decision, word: string, label: string) => (
    <button
      type="button"
      class="chip"
      aria-label={label}
      onClick={() => {
        asked.value = decision;
      }}
    >
      {word}
    </button>
  );
  return (
    <span class="decisions">
      {state !== "trusted" && button("trust", text.trust, text.trustNamed(subject))}
      {state !== "refused" && button("refuse", text.refuse, text.refuseNamed(subject))}
      {asked.value !== null && (
        <Question
          certificate={certificate}
          decision={asked.value}
          onDone={onDone}
          onClose={() => {
            asked.value = null;
          }}
        />
      )}
    </span>
  );
}

function Expiry({ validUntil }: Certificate) {
  const isOver = plantNow.value > 0 && Date.parse(validUntil) < plantNow.value;
  if (!isOver) return <>{plantTime(validUntil)}</>;
  return (
    <Judged kind="failed">
      {deviceWords.value.expired} {plantTime(validUntil)}
    </Judged>
  );
}

function columns(onDone: () => void): Column<Certificate>[] {
  const text = deviceWords.value;
  const shownBy = (thumbprint: string): string =>
    devices.value
      .filter(({ certificate }) => certificate === thumbprint)
      .map(({ device }) => device)
      .join(", ");
  const plain: Column<Certificate>[] = [
    {
      name: "thumbprint",
      title: text.thumbprint,
      class: "thumbprint",
      cell: ({ thumbprint }) => grouped(thumbprint),
    },
    {
      name: "server",
      title: text.server,
      class: "wide",
      cell: ({ subject, applicationUri }) => (
        <span class="two-lines">
          <span class="plant-words why" title={subject}>
            {subject}
          </span>
          <span class="plant-words quiet why" title={applicationUri ?? ""}>
            {applicationUri}
          </span>
        </span>
      ),
    },
    { name: "shown", title: text.shownBy, cell: ({ thumbprint }) => shownBy(thumbprint) || "–" },
    { name: "valid", title: text.validUntil, cell: (one) => <Expiry {...one} /> },
    {
      name: "state",
      title: text.state,
      cell: ({ state }) => <Judged kind={MARKS[state]}>{text.certificateState[state]}</Judged>,
    },
  ];
  if (!may("engineer")) return plain;
  const decide: Column<Certificate> = {
    name: "decision",
    title: text.decision,
    cell: (certificate) => <Decisions certificate={certificate} onDone={onDone} />,
  };
  return [...plain, decide];
}

interface CertificatesProps {
  readonly certificates: readonly Certificate[];
  readonly onDone: () => void;
}

/** Which OPC UA servers the gateway believes. Nothing where it has met none. */
export function Certificates({ certificates, onDone }: CertificatesProps) {
  const { certificates: title } = deviceWords.value;
  if (certificates.length === 0) return null;
  return (
    <section aria-labelledby="certificates">
      <h2 id="certificates">{title}</h2>
      <Table
        label={title}
        columns={columns(onDone)}
        rows={certificates}
        keyOf={({ thumbprint }) => thumbprint}
        empty=""
      />
    </section>
  );
}
