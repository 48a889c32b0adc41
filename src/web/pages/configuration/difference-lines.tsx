import { configurationWords } from "../../i18n/configuration.ts";
import type { DifferenceAnswer } from "./answers.ts";

type Line = DifferenceAnswer["lines"][number];

/** Signs, and words for those who hear them. */
function Changed({ kind, text }: { readonly kind: "added" | "removed"; readonly text: string }) {
  const { added, removed } = configurationWords.value;
  const isAdded = kind === "added";
  const Element = isAdded ? "ins" : "del";
  return (
    <Element class={`diff-line ${kind}`}>
      <span class="diff-sign" aria-label={isAdded ? added : removed} role="img">
        {isAdded ? "+" : "−"}
      </span>
      <span>{text}</span>
    </Element>
  );
}

function DifferenceLine({ line }: { readonly line: Line }) {
  if (line === null)
    return (
      <span class="diff-line omitted">
        <span class="diff-sign" aria-label={configurationWords.value.omitted} role="img">
          …
        </span>
      </span>
    );
  if (line.kind !== "same") return <Changed kind={line.kind} text={line.text} />;
  return (
    <span class="diff-line">
      <span class="diff-sign" aria-hidden="true" />
      <span>{line.text}</span>
    </span>
  );
}

/** What changed, file by file. */
export function DifferenceLines({ difference }: { readonly difference: readonly DifferenceAnswer[] }) {
  const { noDifference, plantFile } = configurationWords.value;
  if (difference.length === 0) return <p class="panel quiet">{noDifference}</p>;
  return (
    <>
      {difference.map(({ file, lines }) => (
        <div key={file} class="panel diff-file">
          <h3>{file === "plant" ? plantFile : file}</h3>
          <div class="diff-text" tabIndex={0} role="group" aria-label={file === "plant" ? plantFile : file}>
            {lines.map((line, index) => (
              <DifferenceLine key={index} line={line} />
            ))}
          </div>
        </div>
      ))}
    </>
  );
}
