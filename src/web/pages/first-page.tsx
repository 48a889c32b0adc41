import { signal } from "@preact/signals";
import { words } from "../preferences.ts";
import { areas, link, plant } from "../store.ts";
import type { TagCell } from "../store.ts";
import { AreaSection } from "../widgets/area-section.tsx";
import { Banner, PlaintextBanner } from "../widgets/banner.tsx";
import { DeviceStrip } from "../widgets/device-strip.tsx";
import { Header } from "../widgets/header.tsx";
import { OutputStrip } from "../widgets/output-strip.tsx";
import { shownCells, Toolbar } from "../widgets/toolbar.tsx";

/** Columns of tags that fit beside each other at this width, CSS pixels. */
function columnsAt(width: number): number {
  if (width >= 2900) return 5;
  if (width >= 2300) return 4;
  if (width >= 1720) return 3;
  return width >= 1160 ? 2 : 1;
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
  if (plant.value === null) return <p class="panel quiet">{words.value.loading}</p>;
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

function Footer() {
  const { version, apiDocs, noAccounts, records } = words.value;
  const about = plant.value;
  if (about === null) return null;
  return (
    <footer class="quiet">
      {about.auth === "none" && <span>{noAccounts}</span>}
      <a href="/records.html">{records}</a>
      <a href="/api/docs">{apiDocs}</a>
      <span>{version(about.version)}</span>
    </footer>
  );
}

/** Every tag by area, and the health of devices and outputs. */
export function FirstPage() {
  return (
    <div class="page" data-link={link.value}>
      <div class="sticky">
        <Banner />
        <PlaintextBanner />
        <Header />
      </div>
      <main>
        <DeviceStrip />
        <OutputStrip />
        <Toolbar />
        <Tags />
      </main>
      <Footer />
    </div>
  );
}
