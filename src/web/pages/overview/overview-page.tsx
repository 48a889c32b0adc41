import { formatCount } from "../../format.ts";
import { overviewWords } from "../../i18n/overview.ts";
import { shellWords } from "../../i18n/shell.ts";
import { words } from "../../preferences.ts";
import { areas, cells, countQualities } from "../../store.ts";
import { areaName } from "../../widgets/area-name.ts";
import { DeviceStrip } from "../../widgets/device-strip.tsx";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import "./overview.css";

function AreaTile({ area }: { readonly area: string }) {
  const { tags, allGood } = overviewWords.value;
  const own = cells.value.filter(({ about }) => about.area === area);
  const { uncertain, bad } = countQualities(own);
  const abnormal = (
    [
      ["uncertain", uncertain],
      ["bad", bad],
    ] as const
  ).filter(([, count]) => count > 0);
  return (
    <li>
      <a class="panel area-tile" href={`/tags?area=${encodeURIComponent(area)}`}>
        <h2>{areaName(area)}</h2>
        <p class="quiet">{tags(formatCount(own.length, words.value))}</p>
        <p>
          {abnormal.length === 0 && <span class="quiet">{allGood}</span>}
          {abnormal.map(([quality, count]) => (
            <span class="abnormal" key={quality}>
              <Mark kind={markOf(quality)} /> {formatCount(count, words.value)}{" "}
              {words.value.qualities[quality]}{" "}
            </span>
          ))}
        </p>
      </a>
    </li>
  );
}

/** Whether the plant is well: its areas in the order of the flow, and the devices. */
export function OverviewPage() {
  return (
    <>
      <PageTitle text={shellWords.value.page.overview} />
      <ul class="area-tiles">
        {areas.value.map((area) => (
          <AreaTile key={area} area={area} />
        ))}
      </ul>
      <DeviceStrip />
    </>
  );
}
