import { configurationWords } from "../../i18n/configuration.ts";
import { plantTime } from "../../plant-time.ts";
import { Fact } from "../../widgets/fact.tsx";
import type { AboutAnswer } from "./answers.ts";

/** What this gateway is, for whoever has to say so on the telephone. */
export function AboutPanel({ about }: { readonly about: AboutAnswer }) {
  const text = configurationWords.value;
  const { version, runtime, plant, dataDir, licence, startedAt, billOfMaterials } = about;
  return (
    <section aria-labelledby="about">
      <h2 id="about">{text.about}</h2>
      <div class="panel facts-panel">
        <dl class="configuration-facts">
          <Fact name={text.release}>{version}</Fact>
          <Fact name={text.runtime}>{runtime}</Fact>
          <Fact name={text.plant}>{plant}</Fact>
          <Fact name={text.startedAt}>{plantTime(startedAt)}</Fact>
          <Fact name={text.licence}>
            {licence ?? "–"} · <a href="/licences.txt">{text.licencesLink}</a>
          </Fact>
          <Fact name={text.materials}>
            {billOfMaterials === null ? (
              text.noMaterials
            ) : (
              <a href={billOfMaterials} download>
                {text.materialsLink}
              </a>
            )}
          </Fact>
          <Fact name={text.dataDir}>{dataDir}</Fact>
        </dl>
      </div>
    </section>
  );
}
