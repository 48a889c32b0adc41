import { equipment } from "../../equipment-store.ts";
import { decimalsFor, formatDate, formatNumber, formatTime } from "../../format.ts";
import { itemWords } from "../../i18n/item.ts";
import { words } from "../../preferences.ts";
import { place } from "../../router.ts";
import { cellOf, plant, withUnit } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { AnalogIndicator } from "../../widgets/analog-indicator.tsx";
import { areaAddress, areaName } from "../../widgets/area-name.ts";
import { TagTrend } from "./tag-trend.tsx";
import { Fact } from "../../widgets/fact.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { isAnalog, StateList } from "../../widgets/state-list.tsx";
import { whyText } from "../../widgets/why.ts";
import { AlarmTable } from "./alarm-table.tsx";
import { ItemNotes } from "./item-notes.tsx";
import { SetpointPanel } from "./setpoint-panel.tsx";
import "./item.css";

function rangeText({ about }: TagCell): string | null {
  if (about.range === null) return null;
  const ends = about.range.map((end) => formatNumber(end, decimalsFor(about, end), words.value.locale));
  return withUnit(ends.join(" – "), about.unit);
}

/** The device's own time of the reading, on the plant's clock. */
function sourceTime({ reading }: TagCell): string {
  const { locale } = words.value;
  const zone = plant.value?.timeZone ?? "UTC";
  const { t } = reading.value;
  return `${formatDate(t, zone, locale)} ${formatTime(t, zone, locale)}`;
}

function Facts({ cell }: { readonly cell: TagCell }) {
  const texts = itemWords.value;
  const { tag, area, device } = cell.about;
  const { s } = cell.reading.value;
  const owners = equipment.value.filter(({ tags, running }) => running === tag || tags.includes(tag));
  const range = rangeText(cell);
  return (
    <dl class="facts">
      <Fact name={texts.area}>
        <a href={areaAddress(area)}>{areaName(area)}</a>
      </Fact>
      {owners.length > 0 && (
        <Fact name={texts.equipment}>
          {owners.map(({ id, title }) => (
            <a key={id} href={`/equipment/${encodeURIComponent(id)}`}>
              {title}
            </a>
          ))}
        </Fact>
      )}
      <Fact name={texts.device}>{device}</Fact>
      {range !== null && <Fact name={texts.range}>{range}</Fact>}
      <Fact name={texts.quality}>{whyText(cell.reading.value, words.value)}</Fact>
      <Fact name={texts.status}>{`0x${s.toString(16).toUpperCase().padStart(8, "0")}`}</Fact>
      <Fact name={texts.sourceTime}>{sourceTime(cell)}</Fact>
    </dl>
  );
}

/** Everything about one tag. */
export function TagPage() {
  const tag = place.value.params["tag"] ?? "";
  const cell = cellOf(tag);
  if (cell === null) return <PageTitle text={itemWords.value.noTag(tag)} />;
  return (
    <>
      <PageTitle text={`${tag} · ${cell.about.title}`} />
      <div class="item-columns">
        <section class="panel item-panel">
          {isAnalog(cell) ? <AnalogIndicator tag={tag} /> : <StateList cells={[cell]} />}
        </section>
        <section class="panel item-panel">
          <Facts cell={cell} />
        </section>
      </div>
      <SetpointPanel cell={cell} />
      <section class="panel item-panel" aria-label={itemWords.value.trend}>
        <h2>{itemWords.value.trend}</h2>
        <TagTrend cell={cell} />
      </section>
      <AlarmTable tags={[tag]} />
      <ItemNotes names={[tag]} />
    </>
  );
}
