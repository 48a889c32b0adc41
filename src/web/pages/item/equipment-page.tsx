import type { EquipmentAnswer } from "../../api.ts";
import { equipment } from "../../equipment-store.ts";
import { formatNumber } from "../../format.ts";
import { itemWords } from "../../i18n/item.ts";
import { words } from "../../preferences.ts";
import { place } from "../../router.ts";
import { cellOf } from "../../store.ts";
import type { TagCell } from "../../store.ts";
import { AnalogIndicator } from "../../widgets/analog-indicator.tsx";
import { areaAddress, areaName } from "../../widgets/area-name.ts";
import { TagTrend } from "./tag-trend.tsx";
import { EquipmentSymbol } from "../../widgets/equipment-symbol.tsx";
import { Fact } from "../../widgets/fact.tsx";
import { PageTitle } from "../../widgets/page-title.tsx";
import { runState, runWord } from "../../widgets/run-state.ts";
import { isAnalog, StateList } from "../../widgets/state-list.tsx";
import { useAnswer } from "../../widgets/use-answer.ts";
import { AlarmTable } from "./alarm-table.tsx";
import { ItemNotes } from "./item-notes.tsx";
import "./item.css";

interface HoursAnswer {
  readonly period: "shift" | "day" | "week";
  readonly ran: number;
  readonly known: number;
}

const REFRESH_MS = 60_000;
/** Trends that are drawn below each other. */
const TRENDS_MAX = 4;

function RunHours({ id }: { readonly id: string }) {
  const path = `/api/v1/equipment/${encodeURIComponent(id)}/hours`;
  const { value: hours } = useAnswer<readonly HoursAnswer[]>(path, REFRESH_MS);
  const { hoursOf, ranOf, noHours } = itemWords.value;
  const { locale } = words.value;
  if (hours === null) return null;
  if (hours.length === 0) return <p class="quiet">{noHours}</p>;
  return (
    <dl class="facts">
      {hours.map(({ period, ran, known }) => (
        <Fact key={period} name={hoursOf[period]}>
          {ranOf(formatNumber(ran, 1, locale), formatNumber(known, 1, locale))}
        </Fact>
      ))}
    </dl>
  );
}

function cellsOf({ tags, running }: EquipmentAnswer): TagCell[] {
  const names = running === null ? tags : [...new Set([running, ...tags])];
  return names.flatMap((tag) => cellOf(tag) ?? []);
}

function Head({ about }: { readonly about: EquipmentAnswer }) {
  const { hours, area } = itemWords.value;
  const state = runState(about);
  return (
    <section class="panel item-panel item-head">
      <EquipmentSymbol kind={about.kind} state={state} />
      <strong>{runWord(state)}</strong>
      <dl class="facts">
        <Fact name={area}>
          <a href={areaAddress(about.area)}>{areaName(about.area)}</a>
        </Fact>
      </dl>
      <div>
        <h2>{hours}</h2>
        <RunHours id={about.id} />
      </div>
    </section>
  );
}

/** The faceplate of one machine or vessel. */
export function EquipmentPage() {
  const texts = itemWords.value;
  const id = place.value.params["id"] ?? "";
  const about = equipment.value.find((one) => one.id === id);
  if (about === undefined) return <PageTitle text={texts.noEquipment(id)} />;
  const cells = cellsOf(about);
  const analogs = cells.filter(isAnalog);
  const others = cells.filter((cell) => !isAnalog(cell));
  return (
    <>
      <PageTitle text={`${about.title} · ${id}`} />
      <Head about={about} />
      {analogs.length > 0 && (
        <section class="panel item-panel" aria-label={texts.values}>
          <h2>{texts.values}</h2>
          <div class="indicators">
            {analogs.map((cell) => (
              <AnalogIndicator key={cell.about.tag} tag={cell.about.tag} />
            ))}
          </div>
        </section>
      )}
      {others.length > 0 && (
        <section class="panel item-panel" aria-label={texts.permissives}>
          <h2>{texts.permissives}</h2>
          <StateList cells={others} />
        </section>
      )}
      <section class="panel item-panel" aria-label={texts.trend}>
        <h2>{texts.trend}</h2>
        {analogs.slice(0, TRENDS_MAX).map((cell) => (
          <div key={cell.about.tag} class="item-trend">
            <p>
              <strong>{cell.about.tag}</strong> {cell.about.title}
            </p>
            <TagTrend cell={cell} />
          </div>
        ))}
      </section>
      <AlarmTable tags={cells.map((cell) => cell.about.tag)} />
      <ItemNotes names={[id, ...cells.map((cell) => cell.about.tag)]} />
    </>
  );
}
