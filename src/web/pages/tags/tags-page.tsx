import { signal } from "@preact/signals";
import { formatCount } from "../../format.ts";
import { shellWords } from "../../i18n/shell.ts";
import { words } from "../../preferences.ts";
import { areas, counts } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { DeviceStrip } from "../../widgets/device-strip.tsx";
import { Mark, markOf } from "../../widgets/mark.tsx";
import { OutputStrip } from "../../widgets/output-strip.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { AreaSection } from "./area-section.tsx";
import { shownCells, Toolbar } from "./toolbar.tsx";
import "./tags.css";

/** Columns of tags that fit beside each other at this width, CSS pixels. */
function columnsAt(width: number): number {
  if (width >= 3600) return 5;
  if (width >= 2900) return 4;
  if (width >= 2200) return 3;
  return width >= 1500 ? 2 : 1;
}

const columnCount = signal(columnsAt(innerWidth));
addEventListener("resize", () => {
  columnCount.value = columnsAt(innerWidth);
});

/** The shown tags by area, in the plant's order of areas. */
function byArea(cells: readonly TagCell[]): [area: string, cells: TagCell[]][] {
  const groups = new Map<string, TagCell[]>(areas.value.map((area) => [area, []]));
  for (const cell of cells) groups.get(cell.about.area)?.push(cell);
  return [...groups].filter(([, group]) => group.length > 0);
}

function Tags() {
  const groups = byArea(shownCells.value);
  if (groups.length === 0) return <p class="panel quiet">{words.value.noTags}</p>;
  return (
    <>
      {groups.map(([area, cells]) => (
        <AreaSection key={area} area={area} cells={cells} columnCount={columnCount.value} />
      ))}
    </>
  );
}

/** How many tags are good, and how many are not. */
function Summary() {
  return (
    <dl class="summary" aria-label={words.value.summary}>
      {(["good", "uncertain", "bad"] as const).map((quality) => (
        <div key={quality} class={quality !== "good" && counts.value[quality] > 0 ? "abnormal" : ""}>
          <dt>
            <Mark kind={counts.value[quality] === 0 ? "normal" : markOf(quality)} />{" "}
            {words.value.qualities[quality]}
          </dt>
          <dd>{formatCount(counts.value[quality], words.value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Every tag by area, and the health of devices and outputs. */
export function TagsPage() {
  return (
    <>
      <div class="page-head">
        <PageTitle text={shellWords.value.page.tags} />
        <Summary />
      </div>
      <DeviceStrip />
      <OutputStrip />
      <Toolbar />
      <Tags />
    </>
  );
}
