import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "../../api.ts";
import { formatCount, formatNumber, NO_VALUE } from "../../format.ts";
import { alarmWords } from "../../i18n/alarms.ts";
import { words } from "../../preferences.ts";
import { link, plant } from "../../store.ts";
import { formatMoment } from "../../widgets/chart/time-labels.ts";
import { keepAsking } from "../../widgets/keep-asking.ts";
import { Table } from "../../widgets/table.tsx";
import type { Column } from "../../widgets/table.tsx";
import { AlarmNamed } from "./alarm-named.tsx";
import { AlarmsFrame } from "./frame.tsx";
import { pastHours, PastRange, pastQuery } from "./past-range.tsx";

interface MeasureAnswer {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly target: number;
  readonly limit: number;
  readonly rating: "acceptable" | "manageable" | "unacceptable" | null;
}

interface TopAnswer {
  readonly alarm: string;
  readonly title: string | null;
  readonly alarms: number;
  readonly share: number;
}

interface PerformanceAnswer {
  readonly from: string;
  readonly to: string;
  readonly measures: readonly MeasureAnswer[];
  readonly perTenMinutes: readonly number[];
  readonly floods: readonly { readonly from: string; readonly to: string; readonly alarms: number }[];
  readonly top: readonly TopAnswer[];
  readonly chattering: readonly string[];
  readonly fleeting: readonly string[];
  readonly stale: readonly string[];
}

const performance = signal<{ readonly answer: PerformanceAnswer; readonly query: string } | null>(null);

/** Until the gateway answers: its banner tells of one that is away, and what was read stays. */
function load(): () => void {
  const query = pastQuery().toString();
  return keepAsking(
    () => ask<PerformanceAnswer>(`/api/v1/alarms/performance?${query}`),
    (answer) => {
      performance.value = { answer, query };
    },
  );
}

function inUnit(value: number, unit: string): string {
  const digits = Number.isInteger(value) ? 0 : 2;
  return `${formatNumber(value, digits, words.value.locale)}${unit === "1" ? "" : ` ${unit}`}`;
}

function measureColumns(): readonly Column<MeasureAnswer>[] {
  const { figure, measure, column, target, most, ratingColumn, rating } = alarmWords.value;
  const names: Readonly<Record<string, string>> = measure;
  return [
    { name: "name", title: figure, cell: ({ name }) => names[name] ?? name },
    {
      name: "value",
      title: column.value,
      isNumber: true,
      cell: ({ value, unit }) => <strong>{value === null ? NO_VALUE : inUnit(value, unit)}</strong>,
    },
    { name: "target", title: target, isNumber: true, cell: (one) => inUnit(one.target, one.unit) },
    { name: "most", title: most, isNumber: true, cell: (one) => inUnit(one.limit, one.unit) },
    {
      name: "rating",
      title: ratingColumn,
      class: (one) => (one.rating === "unacceptable" ? "rating-bad" : ""),
      cell: (one) => (one.rating === null ? "" : rating[one.rating]),
    },
  ];
}

const BAR_HEIGHT = 80;
const FLOOD_ABOVE = 10;

/** Alarms in each ten minutes; what is a flood is filled. The table beside it has the figures. */
function Bars({ bins }: { readonly bins: readonly number[] }) {
  const { bars, barsText } = alarmWords.value;
  const most = Math.max(FLOOD_ABOVE, ...bins);
  const count = (number: number): string => formatCount(number, words.value);
  const label = `${bars}: ${barsText(count(Math.max(0, ...bins)), count(bins.length))}`;
  const limit = BAR_HEIGHT * (1 - FLOOD_ABOVE / most);
  return (
    <figure class="panel alarm-bars">
      <svg
        viewBox={`0 0 ${bins.length} ${BAR_HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        {bins.map((alarms, index) => (
          <rect
            key={index}
            class={alarms > FLOOD_ABOVE ? "flood" : ""}
            x={index + 0.1}
            width={0.8}
            y={BAR_HEIGHT * (1 - alarms / most)}
            height={(BAR_HEIGHT * alarms) / most}
          />
        ))}
        <line x1="0" x2={bins.length} y1={limit} y2={limit} vector-effect="non-scaling-stroke" />
      </svg>
      <figcaption class="quiet">{label}</figcaption>
    </figure>
  );
}

function Floods({ floods }: { readonly floods: PerformanceAnswer["floods"] }) {
  const { floods: title, noFloods, alarmsIn } = alarmWords.value;
  const zone = plant.value?.timeZone ?? "UTC";
  const { locale } = words.value;
  return (
    <section class="panel alarm-names">
      <h2>{title}</h2>
      {floods.length === 0 && <p class="quiet">{noFloods}</p>}
      <ul>
        {floods.map(({ from, to, alarms }) => (
          <li key={from}>
            {formatMoment(Date.parse(from), zone, locale)} – {formatMoment(Date.parse(to), zone, locale)}:{" "}
            {alarmsIn(formatCount(alarms, words.value))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Names({ answer }: { readonly answer: PerformanceAnswer }) {
  const { names, nobody } = alarmWords.value;
  return (
    <section class="panel alarm-names">
      {(["chattering", "fleeting", "stale"] as const).map((kind) => (
        <div key={kind}>
          <h2>{names[kind]}</h2>
          <p>{answer[kind].length === 0 ? nobody : answer[kind].join(", ")}</p>
        </div>
      ))}
    </section>
  );
}

function topColumns(): readonly Column<TopAnswer>[] {
  const { column } = alarmWords.value;
  return [
    {
      name: "alarm",
      title: column.alarm,
      cell: ({ alarm, title }) => <AlarmNamed priority={null} alarm={alarm} title={title} />,
    },
    {
      name: "count",
      title: column.count,
      isNumber: true,
      cell: ({ alarms }) => formatCount(alarms, words.value),
    },
    { name: "share", title: column.share, isNumber: true, cell: ({ share }) => inUnit(100 * share, "%") },
  ];
}

/** How the alarms loaded the operator, against what the standards find acceptable. */
export function PerformancePage() {
  const { csv, measures, top, noEvents } = alarmWords.value;
  useEffect(load, [pastHours.value, link.value]);
  const known = performance.value;
  return (
    <AlarmsFrame part="performance">
      <div class="alarm-head">
        <PastRange />
        {known !== null && (
          <a class="chip" href={`/api/v1/alarms/history.csv?${known.query}`} download>
            {csv}
          </a>
        )}
      </div>
      {known !== null && (
        <>
          <Bars bins={known.answer.perTenMinutes} />
          <div class="alarm-figures">
            <Table
              label={measures}
              columns={measureColumns()}
              rows={known.answer.measures}
              keyOf={({ name }) => name}
              empty={noEvents}
            />
            <Table
              label={top}
              columns={topColumns()}
              rows={known.answer.top}
              keyOf={({ alarm }) => alarm}
              empty={noEvents}
            />
            <Floods floods={known.answer.floods} />
            <Names answer={known.answer} />
          </div>
        </>
      )}
    </AlarmsFrame>
  );
}
