import { computed, signal } from "@preact/signals";
import { formatCount } from "../format.ts";
import { words } from "../preferences.ts";
import { areas, cells, countQualities, folded, qualityOf } from "../store.ts";
import type { TagCell } from "../store.ts";
import { areaName } from "./area-section.tsx";

const areaFilter = signal<string | null>(null);
const searchText = signal("");
const onlyAbnormal = signal(false);

/** What the filters leave, in the plant's order. */
export const shownCells = computed<readonly TagCell[]>(() => {
  const wanted = folded(searchText.value.trim());
  const area = areaFilter.value;
  const inAreaAndSearch = cells.value.filter(
    ({ about, searchable }) => (area === null || about.area === area) && searchable.includes(wanted),
  );
  if (!onlyAbnormal.value) return inAreaAndSearch;
  countQualities([]); // follows changes of quality
  return inAreaAndSearch.filter((cell) => qualityOf(cell) !== "good");
});

function AreaChip({ area, label }: { readonly area: string | null; readonly label: string }) {
  return (
    <button
      type="button"
      class="chip"
      aria-pressed={areaFilter.value === area}
      onClick={() => {
        areaFilter.value = area;
      }}
    >
      {label}
    </button>
  );
}

export function Toolbar() {
  const { search, areaFilter: label, allAreas, tagCount, onlyAbnormal: abnormal } = words.value;
  const used = new Set(cells.value.map(({ about }) => about.area));
  const usedAreas = areas.value.filter((area) => used.has(area));
  return (
    <div class="toolbar" role="search">
      <label class="search">
        <span class="visually-hidden">{search}</span>
        <input
          type="search"
          placeholder={search}
          value={searchText.value}
          onInput={({ currentTarget }) => {
            searchText.value = currentTarget.value;
          }}
        />
      </label>
      <div class="chips" role="group" aria-label={label}>
        <AreaChip area={null} label={allAreas} />
        {usedAreas.map((area) => (
          <AreaChip key={area} area={area} label={areaName(area)} />
        ))}
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={onlyAbnormal.value}
          onChange={({ currentTarget }) => {
            onlyAbnormal.value = currentTarget.checked;
          }}
        />
        {abnormal}
      </label>
      <span class="tag-count" aria-live="polite">
        {tagCount(
          formatCount(shownCells.value.length, words.value),
          formatCount(cells.value.length, words.value),
        )}
      </span>
    </div>
  );
}
