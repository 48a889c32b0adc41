import { equipment } from "../../equipment-store.ts";
import { areaWords } from "../../i18n/area.ts";
import { place } from "../../router.ts";
import { areas, cells } from "../../store.ts";
import { AlarmLine, standingAlarms } from "../../widgets/alarm-line.tsx";
import { AnalogIndicator } from "../../widgets/analog-indicator.tsx";
import { areaName } from "../../widgets/area-name.ts";
import { PageTitle } from "../../widgets/page-title.tsx";
import { isAnalog, StateList } from "../../widgets/state-list.tsx";
import { Chains } from "./chains.tsx";
import { Mimic } from "./mimic.tsx";
import "./area.css";

function Alarms({ area }: { readonly area: string }) {
  const { alarms, noAlarms } = areaWords.value;
  const own = standingAlarms((alarm) => alarm.area === area);
  return (
    <section class="panel area-alarms" aria-label={alarms}>
      <h2>{alarms}</h2>
      {own.length === 0 && <p class="quiet">{noAlarms}</p>}
      <ul>
        {own.map((alarm) => (
          <AlarmLine key={alarm.alarm} alarm={alarm} />
        ))}
      </ul>
    </section>
  );
}

function Measurements({ area }: { readonly area: string }) {
  const { measurements, states } = areaWords.value;
  const own = cells.value.filter(({ about }) => about.area === area);
  const analogs = own.filter(isAnalog);
  const others = own.filter((cell) => !isAnalog(cell));
  return (
    <>
      {analogs.length > 0 && (
        <section class="panel measurements" aria-label={measurements}>
          <h2>{measurements}</h2>
          <div class="indicators">
            {analogs.map(({ about: { tag } }) => (
              <AnalogIndicator key={tag} tag={tag} />
            ))}
          </div>
        </section>
      )}
      {others.length > 0 && (
        <section class="panel measurements" aria-label={states}>
          <h2>{states}</h2>
          <StateList cells={others} />
        </section>
      )}
    </>
  );
}

/** The operator's working page of one circuit. */
export function AreaPage() {
  const area = place.value.params["area"] ?? "";
  if (!areas.value.includes(area)) return <PageTitle text={areaWords.value.noArea(area)} />;
  const hasMimic = equipment.value.some((one) => one.area === area);
  return (
    <>
      <PageTitle text={areaName(area)} />
      {hasMimic && <Mimic area={area} />}
      <div class="area-side-by-side">
        <Alarms area={area} />
        <Chains area={area} />
      </div>
      <Measurements area={area} />
    </>
  );
}
