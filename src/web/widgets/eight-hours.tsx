import type { TrendAnswer } from "../api.ts";
import { normalBand } from "../equipment-store.ts";
import { decimalsFor, formatNumber, formatOffset } from "../format.ts";
import { itemWords } from "../i18n/item.ts";
import { words } from "../preferences.ts";
import { plant, withUnit } from "../store.ts";
import type { TagCell } from "../store.ts";
import { extentOf, pathThrough, shareOf, widened } from "./drawn-line.ts";
import { useAnswer } from "./use-answer.ts";

const HOURS_MS = 8 * 3_600_000;
const HOUR_MS = 3_600_000;
const POINTS = 600;
const REFRESH_MS = 30_000;
const WIDTH = 1000;
const HEIGHT = 100;

/** Numbers of a trend; bits as 0 and 1; null for holes. */
function numbersOf({ v }: TrendAnswer): (number | null)[] {
  return v.map((value) =>
    typeof value === "boolean" ? Number(value) : typeof value === "number" ? value : null,
  );
}

/** What is drawn, from bottom to top; null where there is nothing to draw. */
function scaleOf(values: readonly (number | null)[]): [number, number] | null {
  const extent = extentOf(values);
  if (extent === null) return null;
  const [low, high] = extent;
  return widened(extent, (high / 2 - low / 2) * 0.16 || Math.abs(high) * 0.05 || 1);
}

/** Full hours of the window on the plant's clock, with their place from 0 to 1. */
function hoursOf(
  from: number,
  timeZone: string,
  locale: string,
): { readonly x: number; readonly text: string }[] {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
  return Array.from({ length: 8 }, (_, index) => {
    const time = first + index * HOUR_MS;
    return { x: (time - from) / HOURS_MS, text: format.format(time) };
  });
}

interface DrawnProps {
  readonly trend: TrendAnswer;
  readonly cell: TagCell;
}

function Lines({ trend, cell: { about } }: DrawnProps) {
  const values = numbersOf(trend);
  const scale = scaleOf(values);
  const { locale } = words.value;
  const zone = plant.value?.timeZone ?? "UTC";
  if (scale === null) return <p class="quiet">{itemWords.value.noHistory}</p>;
  const [low, high] = scale;
  const from = Date.parse(trend.to) - HOURS_MS;
  const y = (value: number): number => (1 - shareOf(value, scale)) * HEIGHT;
  const points = values.map((value, index): [number, number] | null => {
    const x = (((trend.t[index] ?? 0) - from) / HOURS_MS) * WIDTH;
    return value === null ? null : [x, y(value)];
  });
  const band = about.range === null ? null : normalBand(about.tag, about.range);
  const hours = hoursOf(from, zone, locale);
  // Its two ends are told apart, however little there is between them.
  const parting = Math.min(6, Math.ceil(1 - Math.log10(high - low)));
  const number = (value: number): string =>
    formatNumber(value, Math.max(decimalsFor(about, value), parting), locale);
  const ends = [low, high].map(number);
  return (
    <div
      class="hours-chart"
      role="img"
      aria-label={`${about.tag} ${about.title}: ${withUnit(ends.join(" – "), about.unit)}`}
    >
      <span class="hours-high">{withUnit(number(high), about.unit)}</span>
      <span class="hours-low">{withUnit(number(low), about.unit)}</span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
        {band !== null && (
          <rect
            class="spark-band"
            x="0"
            width={WIDTH}
            y={y(band[1])}
            height={Math.max(0, y(band[0]) - y(band[1]))}
          />
        )}
        {hours.map(({ x, text }) => (
          <line key={text} class="hours-grid" x1={x * WIDTH} x2={x * WIDTH} y1="0" y2={HEIGHT} />
        ))}
        <path class="spark-line" d={pathThrough(points)} />
      </svg>
      <div class="hours-axis">
        {hours.map(({ x, text }, index) => (
          <span key={text} style={{ left: `${(x * 100).toFixed(2)}%` }} class={index % 2 === 0 ? "" : "odd"}>
            {text}
          </span>
        ))}
      </div>
      <span class="hours-zone quiet">{`${zone} (${formatOffset(from, zone)})`}</span>
    </div>
  );
}

/** The last eight hours of a tag, on the plant's clock, with what is normal shaded; holes stay holes. */
export function EightHours({ cell }: { readonly cell: TagCell }) {
  const path = `/api/v1/tags/${encodeURIComponent(cell.about.tag)}/history?points=${POINTS}`;
  const { value } = useAnswer<TrendAnswer>(path, REFRESH_MS);
  if (value === null) return <p class="quiet">{itemWords.value.noHistory}</p>;
  return <Lines trend={value} cell={cell} />;
}
