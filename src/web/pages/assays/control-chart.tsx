import { formatCount, formatNumber } from "../../format.ts";
import { assayWords } from "../../i18n/assays.ts";
import { plantTime } from "../../plant-time.ts";
import { words } from "../../preferences.ts";
import type { ControlPoint } from "./controls.ts";

interface ChartProps {
  readonly title: string;
  readonly points: readonly ControlPoint[];
  /** Limits that are drawn, in the unit of the points. */
  readonly limits: readonly number[];
  readonly unit: string;
  readonly decimals: number;
  readonly empty: string;
}

const WIDTH = 400;
const HEIGHT = 150;
const LEFT = 58;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 22;

/** Results in their order against the limits that they are judged by; what failed is a filled square with a cross. */
export function ControlChart({ title, points, limits, unit, decimals, empty }: ChartProps) {
  const { summary } = assayWords.value;
  if (points.length === 0) return <figure class="panel control">{caption(title, empty)}</figure>;
  const values = [...points.map(({ value }) => value), ...limits, 0];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const y = (value: number): number => TOP + ((high - value) / span) * (HEIGHT - TOP - BOTTOM);
  const x = (index: number): number => LEFT + ((index + 0.5) / points.length) * (WIDTH - LEFT - RIGHT);
  const failed = points.filter(({ isBad }) => isBad).length;
  const told = summary(formatCount(points.length, words.value), formatCount(failed, words.value));
  return (
    <figure class="panel control">
      {caption(title, told)}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}. ${told}`}>
        {[...new Set([0, ...limits])].map((limit) => (
          <g key={limit}>
            <line
              class={limit === 0 ? "zero" : "limit"}
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={y(limit)}
              y2={y(limit)}
            />
            <text x={LEFT - 4} y={y(limit) + 3} text-anchor="end">
              {formatNumber(limit, decimals, words.value.locale)} {unit}
            </text>
          </g>
        ))}
        {limits.length === 0 && (
          <text x={LEFT - 4} y={y(high) + 3} text-anchor="end">
            {formatNumber(high, decimals, words.value.locale)} {unit}
          </text>
        )}
        {points.map(({ at, value, isBad, text }, index) => (
          <g key={`${at} ${text}`} class={isBad ? "point bad" : "point"}>
            <title>{`${plantTime(at)} ${text}`}</title>
            {isBad ? (
              <rect x={x(index) - 4} y={y(value) - 4} width={8} height={8} />
            ) : (
              <circle cx={x(index)} cy={y(value)} r={3} />
            )}
          </g>
        ))}
        <text x={LEFT} y={HEIGHT - 5}>
          {plantTime(points[0]?.at ?? "")}
        </text>
        <text x={WIDTH - RIGHT} y={HEIGHT - 5} text-anchor="end">
          {plantTime(points.at(-1)?.at ?? "")}
        </text>
      </svg>
    </figure>
  );
}

function caption(title: string, told: string) {
  return (
    <figcaption>
      <strong>{title}</strong> <span class="quiet">{told}</span>
    </figcaption>
  );
}
