import { overviewWords } from "../../i18n/overview.ts";
import { shellWords } from "../../i18n/shell.ts";
import { areas } from "../../store.ts";
import { AlarmLine, standingAlarms } from "../../widgets/alarm-line.tsx";
import { DeviceStrip } from "../../widgets/device-strip.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { AreaTile } from "./area-tile.tsx";
import { AssaysPanel, FiguresPanel } from "./figures-panel.tsx";
import { useOverview } from "./overview-store.ts";
import { SoFarPanel } from "./so-far.tsx";
import "./overview.css";

const ALARMS_SHOWN = 5;

function TopAlarms() {
  const { topAlarms, noAlarms } = overviewWords.value;
  const top = standingAlarms().slice(0, ALARMS_SHOWN);
  return (
    <section class="panel side-panel" aria-label={topAlarms}>
      <h2>{topAlarms}</h2>
      {top.length === 0 && <p class="quiet">{noAlarms}</p>}
      <ul>
        {top.map((alarm) => (
          <AlarmLine key={alarm.alarm} alarm={alarm} />
        ))}
      </ul>
    </section>
  );
}

/** Whether the plant is well: its areas in the order of the flow, what calls, what was made, and the link with the
 *  devices. */
export function OverviewPage() {
  const overview = useOverview();
  return (
    <>
      <PageTitle text={shellWords.value.page.overview} />
      <div class="overview">
        <div class="overview-main">
          <ul class="area-tiles">
            {areas.value.map((area) => (
              <AreaTile key={area} area={area} tags={overview?.areas[area] ?? null} />
            ))}
          </ul>
          {overview !== null && <AssaysPanel overview={overview} />}
          <DeviceStrip />
        </div>
        <div class="overview-side">
          <TopAlarms />
          {overview !== null && <SoFarPanel overview={overview} />}
          {overview !== null && <FiguresPanel overview={overview} />}
        </div>
      </div>
    </>
  );
}
