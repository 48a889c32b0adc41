import { formatNumber } from "../../format.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { words } from "../../preferences.ts";
import type { BalanceAnswer, Substance } from "./answers.ts";
import { decimalsOf } from "./decimals.ts";
import { flowsOf } from "./flows.ts";
import type { Flow } from "./flows.ts";
import { layOut } from "./layout.ts";
import type { Band } from "./layout.ts";

/** Thin bands are drawn at their true width, which may be less than a line of the screen; this finds them. */
const LEADER = 1;
const MISSING_WIDTH = 8;
const CURVE = 0.5;

function pathOf({ fromX, fromY, toX, toY }: Band): string {
  const bend = (toX - fromX) * CURVE;
  return `M${fromX},${fromY} C${fromX + bend},${fromY} ${toX - bend},${toY} ${toX},${toY}`;
}

const UNITS: Readonly<Record<Substance, string>> = { solids: "t", gold: "g" };

/** A mass with its expanded uncertainty, each with the digits that show the second one's. */
function massText({ mass, expanded }: Flow, of: Substance): string {
  if (mass === null) return "–";
  const digits = decimalsOf(expanded === null ? null : expanded / 2);
  const number = (value: number): string => formatNumber(value, digits, words.value.locale);
  const around = expanded === null ? "" : ` ± ${number(expanded)}`;
  return `${number(mass)}${around} ${UNITS[of]}`;
}

/** Where the label stands: at the free end of a band, or above its middle. */
function labelPlace(band: Band) {
  const { flow, fromX, fromY, toX, toY } = band;
  if (flow.to === null) return { x: toX + 10, y: toY - 2 };
  const y = fromY - drawnWidth(band) / 2 - 18;
  return { x: flow.from === null ? fromX : (fromX + toX) / 2 - 60, y };
}

/** What is missing has no width of its own. */
function drawnWidth({ flow, width }: Band): number {
  return flow.mass === null ? MISSING_WIDTH : width;
}

function BandShape({
  band,
  of,
  scale,
}: {
  readonly band: Band;
  readonly of: Substance;
  readonly scale: number;
}) {
  const { known } = balanceWords.value;
  const { flow, width, toX, toY } = band;
  const label = labelPlace(band);
  const said = `${massText(flow, of)} · ${known[flow.known]}`;
  const bar = flow.expanded === null ? null : flow.expanded * scale;
  const path = pathOf(band);
  return (
    <g class={`band ${flow.known}`} data-stream={flow.stream} data-mass={flow.mass ?? ""} data-width={width}>
      <title>{`${flow.title}: ${said}`}</title>
      <path class="flow" d={path} stroke-width={drawnWidth(band)} />
      {flow.mass !== null && <path class="leader" d={path} stroke-width={LEADER} />}
      {bar !== null && bar > 0 && (
        <path
          class="whisker"
          d={`M${toX - 6},${toY + width / 2 - bar} v${2 * bar} m-4,0 h8 m-8,${-2 * bar} h8`}
        />
      )}
      <text x={label.x} y={label.y}>
        <tspan class="name">{flow.title}</tspan>
        <tspan x={label.x} dy="14">
          {said}
        </tspan>
      </text>
    </g>
  );
}

/** Where a substance comes from and goes to, drawn to scale. */
export function Sankey({ balance, of }: { readonly balance: BalanceAnswer; readonly of: Substance }) {
  const { diagram, legend, [of]: name } = balanceWords.value;
  const flows = flowsOf(balance, of);
  const titles = new Map(balance.nodes.map(({ node, title }) => [node, title]));
  const nodes = [...titles.keys()].filter((node) =>
    flows.some(({ from, to }) => from === node || to === node),
  );
  const { bands, bars, width, height } = layOut(flows, nodes);
  const scaled = bands.find(({ flow }) => (flow.mass ?? 0) > 0);
  const scale = scaled === undefined ? 0 : scaled.width / (scaled.flow.mass ?? 1);
  return (
    <figure class="panel sankey">
      <figcaption>
        <strong>{diagram(name)}</strong> <span class="quiet">{legend}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={diagram(name)} data-of={of}>
        {bands.map((band) => (
          <BandShape key={band.flow.stream} band={band} of={of} scale={scale} />
        ))}
        {bars.map(({ node, x, y, height: tall }) => (
          <g key={node} class="bar">
            <rect x={x} y={y} width={12} height={tall} />
            <text x={x + 6} y={y + tall + 16} text-anchor="middle">
              {titles.get(node)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}
