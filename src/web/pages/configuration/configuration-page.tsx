import { configurationWords } from "../../i18n/configuration.ts";
import { words } from "../../preferences.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import { AboutPanel } from "./about-panel.tsx";
import type { AboutAnswer, ConfigurationAnswer } from "./answers.ts";
import { Difference } from "./difference.tsx";
import { RefusedPanel } from "./refused-panel.tsx";
import { RunningPanel } from "./running-panel.tsx";
import { Versions } from "./versions.tsx";
import "./configuration.css";

const REFRESH_MS = 2_000;

/** The plant's files as they run and as they were, and what the gateway is. */
export function ConfigurationPage() {
  const { value, trouble, reload } = useAnswer<ConfigurationAnswer>("/api/v1/configuration", REFRESH_MS);
  const about = useAnswer<AboutAnswer>("/api/v1/gateway");
  return (
    <div class="configuration">
      <PageTitle text={configurationWords.value.title} />
      {value === null ? (
        <p class="panel quiet">{trouble ?? words.value.loading}</p>
      ) : (
        <>
          {value.refused !== null && <RefusedPanel {...value.refused} />}
          <div class="configuration-top">
            <RunningPanel configuration={value} onDone={reload} />
            {about.value !== null && <AboutPanel about={about.value} />}
          </div>
          {value.versions.length > 0 && (
            <>
              <Versions configuration={value} onDone={reload} />
              <Difference versions={value.versions} />
            </>
          )}
        </>
      )}
    </div>
  );
}
