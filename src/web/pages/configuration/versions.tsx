import { useSignal } from "@preact/signals";
import { formatCount } from "../../format.ts";
import { configurationWords, makerText } from "../../i18n/configuration.ts";
import { changeText } from "../../i18n/configuration-changes.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import type { ConfigurationAnswer, VersionAnswer } from "./answers.ts";
import { DIFFERENCE_HEADING, differencePath } from "./difference.tsx";
import { RollbackDialog } from "./rollback-dialog.tsx";

/** Shown before somebody asks for all. */
const VERSIONS_SHOWN = 25;
const HASH_DIGITS = 12;

export function Hash({ hash }: { readonly hash: string }) {
  return (
    <span class="hash" title={hash}>
      {hash.slice(0, HASH_DIGITS)}…
    </span>
  );
}

/** A sentence that is not known in the reader's language is shown as the gateway says it. */
function Change({ sentence }: { readonly sentence: string }) {
  const text = changeText(sentence);
  return text === null ? <span lang="en">{sentence}</span> : <>{text}</>;
}

export function Changes({ changes }: VersionAnswer) {
  return (
    <ul>
      {changes.map((sentence) => (
        <li key={sentence}>
          <Change sentence={sentence} />
        </li>
      ))}
    </ul>
  );
}

interface ActionsProps {
  readonly version: VersionAnswer;
  /** Null for the first. */
  readonly before: number | null;
  readonly current: VersionAnswer | null;
  readonly onDone: () => void;
}

function Actions({ version, before, current, onDone }: ActionsProps) {
  const text = configurationWords.value;
  const isAsked = useSignal(false);
  const number = String(version.number);
  const mayGoBack = may("engineer") && version.hash !== current?.hash;
  return (
    <span class="version-actions">
      {before !== null && (
        <a
          class="chip"
          href={differencePath(before, version.number)}
          aria-label={text.seeChangeOf(number)}
          onClick={() => setTimeout(() => document.getElementById(DIFFERENCE_HEADING)?.focus())}
        >
          {text.seeChange}
        </a>
      )}
      {mayGoBack && (
        <button
          type="button"
          class="chip"
          aria-label={text.goBackTo(number)}
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {text.goBack}
        </button>
      )}
      {isAsked.value && (
        <RollbackDialog
          version={version}
          running={current?.number || null}
          onDone={onDone}
          onClose={() => {
            isAsked.value = false;
          }}
        />
      )}
    </span>
  );
}

function columns(
  { versions, current }: ConfigurationAnswer,
  onDone: () => void,
): readonly Column<VersionAnswer>[] {
  const text = configurationWords.value;
  const before = ({ number }: VersionAnswer): number | null =>
    versions.find((one) => one.number < number)?.number ?? null;
  return [
    {
      name: "number",
      title: text.version,
      cell: ({ number }) => (
        <>
          {number}
          {number === current?.number && <span class="running-tag">{text.isRunning}</span>}
        </>
      ),
    },
    { name: "when", title: text.when, cell: ({ at }) => plantTime(at) },
    { name: "by", title: text.by, class: "person", cell: ({ by }) => makerText(by) },
    {
      name: "changes",
      title: text.changes,
      class: "changes",
      cell: (version) => (
        <>
          <Changes {...version} />
          <p class="quiet">
            {text.causes[version.cause]}
            {version.reason !== null && <>: «{version.reason}»</>}
          </p>
        </>
      ),
    },
    { name: "hash", title: text.hash, cell: (version) => <Hash {...version} /> },
    {
      name: "actions",
      title: text.actions,
      cell: (version) => (
        <Actions version={version} before={before(version)} current={current} onDone={onDone} />
      ),
    },
  ];
}

interface VersionsProps {
  readonly configuration: ConfigurationAnswer;
  readonly onDone: () => void;
}

/** Every configuration that ran: who, when and what. */
export function Versions({ configuration, onDone }: VersionsProps) {
  const { history, noVersions, showAll } = configurationWords.value;
  const isAll = useSignal(false);
  const { versions } = configuration;
  const shown = isAll.value ? versions : versions.slice(0, VERSIONS_SHOWN);
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{history}</h2>
      <Table
        label={history}
        columns={columns(configuration, onDone)}
        rows={shown}
        keyOf={({ number }) => String(number)}
        empty={noVersions}
      />
      {shown.length < versions.length && (
        <button
          type="button"
          class="chip"
          onClick={() => {
            isAll.value = true;
          }}
        >
          {showAll(formatCount(versions.length, words.value))}
        </button>
      )}
    </section>
  );
}
