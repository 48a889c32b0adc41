import { useSignal } from "@preact/signals";
import { tell } from "../../api.ts";
import { formatCount } from "../../format.ts";
import { configurationWords, makerText } from "../../i18n/configuration.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import { may } from "../../session.ts";
import { Fact } from "../../widgets/fact.tsx";
import type { ConfigurationAnswer, OutcomeAnswer, VersionAnswer } from "./answers.ts";
import { Hash } from "./versions.tsx";

function Files({ files }: { readonly files: readonly string[] }) {
  const [plantFile = "–", ...others] = files;
  const { otherFiles } = configurationWords.value;
  return (
    <>
      {plantFile}
      {others.length > 0 && (
        <details>
          <summary>{otherFiles(formatCount(others.length, words.value))}</summary>
          <ul>
            {others.map((file) => (
              <li key={file}>{file}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface RunningFactsProps {
  readonly current: VersionAnswer;
  readonly files: readonly string[];
}

function RunningFacts({ current, files }: RunningFactsProps) {
  const text = configurationWords.value;
  return (
    <dl class="configuration-facts">
      <Fact name={text.version}>
        <span class="running-number">{current.number === 0 ? text.notKept : current.number}</span>
      </Fact>
      <Fact name={text.since}>{plantTime(current.at)}</Fact>
      <Fact name={text.by}>{makerText(current.by)}</Fact>
      <Fact name={text.cause}>{text.causes[current.cause]}</Fact>
      {current.reason !== null && <Fact name={text.reason}>{current.reason}</Fact>}
      <Fact name={text.hash}>
        <Hash {...current} />
      </Fact>
      <Fact name={text.files}>
        <Files files={files} />
      </Fact>
    </dl>
  );
}

/** Reads the files again, and says what came of it; what is wrong with them is shown beside. */
function ReloadButton({ onDone }: { readonly onDone: () => void }) {
  const text = configurationWords.value;
  const said = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  async function reload(): Promise<void> {
    isBusy.value = true;
    const told = await tell<OutcomeAnswer>("POST", "/api/v1/configuration/reload");
    isBusy.value = false;
    said.value = outcomeText(told);
    onDone();
  }
  return (
    <p class="reload">
      <button type="button" class="chip strong" disabled={isBusy.value} onClick={() => void reload()}>
        {text.reload}
      </button>
      <span role="status">{isBusy.value ? text.reloading : said.value}</span>
    </p>
  );
}

type ToldOutcome = Awaited<ReturnType<typeof tell<OutcomeAnswer>>>;

/** 409: something is wrong with the files, which the page tells above. */
const REFUSED = 409;

function outcomeText(told: ToldOutcome): string {
  const { accepted, unchanged, notTaken, refused } = configurationWords.value;
  if ("refused" in told) return told.status === REFUSED ? refused : `${notTaken}: ${told.refused}`;
  const { version } = told.answer;
  return version === null ? unchanged : accepted(String(version.number));
}

interface RunningPanelProps {
  readonly configuration: ConfigurationAnswer;
  readonly onDone: () => void;
}

/** What the gateway goes by now. */
export function RunningPanel({ configuration: { current, files }, onDone }: RunningPanelProps) {
  const { running, notFollowed } = configurationWords.value;
  return (
    <section aria-labelledby="running">
      <h2 id="running">{running}</h2>
      <div class="panel facts-panel">
        {current === null ? (
          <p class="quiet">{notFollowed}</p>
        ) : (
          <RunningFacts current={current} files={files} />
        )}
        {files.length > 0 && may("engineer") && <ReloadButton onDone={onDone} />}
      </div>
    </section>
  );
}
