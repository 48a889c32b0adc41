import { isUnacknowledged } from "../../alarm-store.ts";
import { equipment } from "../../equipment-store.ts";
import { formatCount } from "../../format.ts";
import { overviewWords } from "../../i18n/overview.ts";
import { words } from "../../preferences.ts";
import { cells, countQualities } from "../../store.ts";
import { standingAlarms } from "../../widgets/alarm-line.tsx";
import { AnalogIndicator } from "../../widgets/analog-indicator.tsx";
import { areaAddress, areaName } from "../../widgets/area-name.ts";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { PriorityMark } from "../../widgets/priority-mark.tsx";
import { runState } from "../../widgets/run-state.ts";

/** Where the plant file says nothing, the first measurements of an area stand for it. */
const USUAL_COUNT = 3;
/** Alarms that are marked on a tile; the list beside the tiles has the gravest of all. */
const MARKS_MAX = 4;

function usualTags(area: string): string[] {
  return cells.value
    .filter(({ about }) => about.area === area && about.range !== null && about.states === undefined)
    .slice(0, USUAL_COUNT)
    .map(({ about }) => about.tag);
}

/** How much of what is driven runs; what nothing good is heard of is not counted as standing still. */
function Running({ area }: { readonly area: string }) {
  const states = equipment.value.filter((one) => one.area === area && one.running !== null).map(runState);
  const known = states.filter((state) => state !== "unknown");
  const on = known.filter((state) => state === "running").length;
  const { running, unheard } = overviewWords.value;
  const count = (number: number): string => formatCount(number, words.value);
  return (
    <>
      {known.length > 0 && <span>{running(count(on), count(states.length))}</span>}
      {known.length < states.length && <span>{unheard(count(states.length - known.length))}</span>}
    </>
  );
}

/** What is abnormal in an area: alarms by priority, and readings that cannot be trusted. */
function Abnormal({ area }: { readonly area: string }) {
  const own = cells.value.filter(({ about }) => about.area === area);
  const { uncertain, bad } = countQualities(own);
  const alarms = standingAlarms((alarm) => alarm.area === area);
  const doubts = (
    [
      ["uncertain", uncertain],
      ["bad", bad],
    ] as const
  ).filter(([, count]) => count > 0);
  if (alarms.length === 0 && doubts.length === 0) return <span>{overviewWords.value.allGood}</span>;
  return (
    <>
      {alarms.slice(0, MARKS_MAX).map((alarm) => (
        <span key={alarm.alarm} title={alarm.title}>
          <PriorityMark priority={alarm.priority} isFilled={isUnacknowledged(alarm)} />
          <span class="visually-hidden">{alarm.title}</span>
        </span>
      ))}
      {doubts.map(([quality, count]) => (
        <span class="abnormal" key={quality}>
          <Mark kind={markOf(quality)} /> {formatCount(count, words.value)}{" "}
          {count === 1 ? words.value.quality[quality] : words.value.qualities[quality]}
        </span>
      ))}
    </>
  );
}

/** One area of the plant: whether it runs, what is abnormal, and its most telling values. */
export function AreaTile({ area, tags }: { readonly area: string; readonly tags: readonly string[] | null }) {
  const shown = tags ?? usualTags(area);
  return (
    <li class="panel area-tile" data-area={area}>
      <h2>
        <a href={areaAddress(area)}>{areaName(area)}</a>
      </h2>
      <p class="area-state quiet">
        <Running area={area} />
        <Abnormal area={area} />
      </p>
      {shown.map((tag) => (
        <AnalogIndicator key={tag} tag={tag} />
      ))}
    </li>
  );
}
