import { decimalsFor, formatAge, formatNumber, formatTime, NO_VALUE } from "../../format.ts";
import { indicatorWords } from "../../i18n/indicator.ts";
import { overviewWords } from "../../i18n/overview.ts";
import { words } from "../../preferences.ts";
import { cellOf, link, plant, plantNow, unitText } from "../../store.ts";
import { Mark } from "../../widgets/mark.tsx";
import type { OverviewAnswer, SoFar } from "./overview-store.ts";

function Progress({ amount, planned }: { readonly amount: number | null; readonly planned: number }) {
  const share = Math.min(1, Math.max(0, (amount ?? 0) / planned));
  return (
    <span class="progress" aria-hidden="true">
      <span class="progress-fill" style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </span>
  );
}

interface CountProps {
  readonly label: string;
  readonly soFar: SoFar;
  readonly start: string;
  readonly unit: string;
}

function Count({ label, soFar: { amount, since, planned }, start, unit }: CountProps) {
  const { locale } = words.value;
  const { planned: plannedText, since: sinceText } = overviewWords.value;
  const zone = plant.value?.timeZone ?? "UTC";
  const isLate = since !== null && Date.parse(since) > Date.parse(start) + 60_000;
  const text =
    amount === null ? NO_VALUE : formatNumber(amount, decimalsFor({ range: null, unit }, amount), locale);
  return (
    <div class="so-far">
      <dt>{label}</dt>
      <dd>
        <span class="value">
          <span>{text}</span>
        </span>{" "}
        <span class="unit">{unit}</span>
        {planned !== null && (
          <span class="quiet"> {plannedText(`${formatNumber(planned, 1, locale)} ${unit}`)}</span>
        )}
        {isLate && <strong> {sinceText(formatTime(Date.parse(since), zone, locale))}</strong>}
        {planned !== null && <Progress amount={amount} planned={planned} />}
      </dd>
    </div>
  );
}

/** Where the counter cannot be read now: until when it was. */
function CountedTo({ quality, at }: Pick<OverviewAnswer["counters"][number], "quality" | "at">) {
  if (quality === "good" && link.value === "live") return null;
  const { old, unknown } = indicatorWords.value;
  return (
    <p class="counter-age">
      <Mark kind={at === null ? "failed" : "doubtful"} />{" "}
      {at === null ? unknown : old(formatAge(plantNow.value - Date.parse(at)))}
    </p>
  );
}

/** What the counters have counted in the running shift and day, against what is planned. */
export function SoFarPanel({ overview }: { readonly overview: OverviewAnswer }) {
  const { soFar, shift, day, left } = overviewWords.value;
  const { counters } = overview;
  if (counters.length === 0) return null;
  const remaining = (to: string): string => left(formatAge(Date.parse(to) - plantNow.value));
  return (
    <section class="panel side-panel" aria-label={soFar}>
      <h2>
        {soFar} <span class="quiet">· {remaining(overview.shift.to)}</span>
      </h2>
      {counters.map(({ tag, shift: inShift, day: inDay, at, quality }) => {
        const about = cellOf(tag)?.about;
        const unit = unitText(about?.unit ?? null);
        return (
          <div key={tag} data-counter={tag} class={quality}>
            <p class="counter-title plant-words">
              <strong>{tag}</strong> {about?.title}
            </p>
            <CountedTo quality={quality} at={at} />
            <dl>
              <Count label={shift} soFar={inShift} start={overview.shift.from} unit={unit} />
              <Count label={day} soFar={inDay} start={overview.day.from} unit={unit} />
            </dl>
          </div>
        );
      })}
    </section>
  );
}
