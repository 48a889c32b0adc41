import { computed, signal } from "@preact/signals";
import { formatCount } from "../../format.ts";
import { words } from "../../preferences.ts";
import { areas, cells, countQualities, folded, qualityOf } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { place } from "../../router.ts";
import { areaName } from "../../widgets/area-name.ts";
import { Tabs } from "../../widgets/tabs.tsx";
import type { Tab } from "../../widgets/tabs.tsx";

/** The area that the address names. */
const areaFilter = computed(() => place.value.search.get("area"));
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

/** Every area that has tags, and all of them. */
function areaTabs(allAreas: string): Tab[] {
  const used = new Set(cells.value.map(({ about }) => about.area));
  const own = areas.value.filter((area) => used.has(area));
  return [
    { href: "/tags", text: allAreas, isHere: areaFilter.value === null },
    ...own.map((area) => ({
      href: `/tags?area=${encodeURIComponent(area)}`,
      text: areaName(area),
      isHere: areaFilter.value === area,
    })),
  ];
}

export function Toolbar() {
  const { search, areaFilter: label, allAreas, tagCount, onlyAbnormal: abnormal } = words.value;
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
      <Tabs label={label} tabs={areaTabs(allAreas)} />
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
