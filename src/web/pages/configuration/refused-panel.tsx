import { configurationWords, makerText } from "../../i18n/configuration.ts";
import { plantTime } from "../../plant-time.ts";
import { sentenceOf } from "../../told.ts";
import { Mark } from "../../widgets/mark.tsx";
import type { RefusedAnswer } from "./answers.ts";

/** What is in the files and does not run: because something is wrong with it, or because it takes a start. */
export function RefusedPanel({ at, by, faults, restart }: RefusedAnswer) {
  const text = configurationWords.value;
  const isRestart = restart.length > 0;
  return (
    <section class="panel refused-files" aria-labelledby="refused-files">
      <h2 id="refused-files" class="abnormal">
        <Mark kind={isRestart ? "doubtful" : "failed"} /> {isRestart ? text.restart : text.refused}
      </h2>
      <p>{text.refusedSince(plantTime(at), makerText(by))}</p>
      {isRestart ? (
        <>
          <ul class="fault-list">
            {restart.map((place) => (
              <li key={place}>
                <code>{place}</code>
              </li>
            ))}
          </ul>
          <p>{text.restartHint}</p>
        </>
      ) : (
        <>
          <p>{text.faults}:</p>
          <ul class="fault-list">
            {faults.map(({ place, sentence, told }) => (
              <li key={`${place} ${sentence}`}>
                {place !== null && <code>{place}</code>}{" "}
                <span lang={told === null ? "en" : undefined}>{sentenceOf(sentence, told)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
