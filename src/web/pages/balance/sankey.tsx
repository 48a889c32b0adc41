import { formatNumber } from "../../format.ts";
import { balanceWords } from "../../i18n/balance.ts";
import { words } from "../../preferences.ts";
import { SUBSTANCES } from "../../../domain/substance.ts";
import type { Substance } from "../../../domain/substance.ts";
import type { BalanceAnswer } from "./answers.ts";
import { decimalsOf } from "./decimals.ts";
import { flowsOf } from "./flows.ts";
import type { Flow } from "./flows.ts";
import { BAR, layOut, MISSING_WIDTH } from "./layout.ts";
import type { Band } from "./layout.ts";

/** Thin bands are drawn at their true width, which may be less than a line of the screen; this finds them. */
const LEADER = 1;
const CURVE = 0.5;
/** Between the inner edge of a band that turns back and the point about which it turns. */
const TURN = 6;
const STUB = 4;

function pathOf(band: Band): string {
  const { fromX, fromY, toX, toY, overY } = band;
  if (overY !== null) return pathBack(band, overY);
  const bend = (toX - fromX) * CURVE;
  return `M${fromX},${fromY} C${fromX + bend},${fromY} ${toX - bend},${toY} ${toX},${toY}`;
}

/** Out to the right, up, over the nodes to the left, down, and in from the left. */
function pathBack(band: Band, overY: number): string {
  const r = drawnWidth(band) / 2 + TURN;
  const turn = (x: number, y: number): string => `a${r},${r} 0 0 0 ${x},${y}`;
  const out = `M${band.fromX},${band.fromY} h${STUB} ${turn(r, -r)} V${overY + r} ${turn(-r, -r)}`;
  return `${out} H${band.toX - STUB} ${turn(-r, r)} V${band.toY - r} ${turn(r, r)} H${band.toX}`;
}

const UNITS: Readonly<Record<Substance, string>> = { solids: "t", water: "m³", gold: "g" };

/** A mass with its expanded uncertainty, each with the digits that show the second one's. */
function massText({ mass, expanded, isReversed }: Flow, of: Substance): string {
  if (mass === null) return "–";
  const digits = decimalsOf(expanded === null ? null : expanded / 2);
  const number = (value: number): string => formatNumber(value, digits, words.value.locale);
  const around = expanded === null ? "" : ` ± ${number(expanded)}`;
  return `${number(isReversed ? -mass : mass)}${around} ${UNITS[of]}`;
}

/** How much, and how it is known. */
function saidOf(flow: Flow, of: Substance): string {
  return `${massText(flow, of)} · ${balanceWords.value.known[flow.known]}`;
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
  const { flow, width, toX, toY } = band;
  const bar = flow.expanded === null ? null : flow.expanded * scale;
  const path = pathOf(band);
  return (
    <g
      class={`band ${flow.known}${band.overY === null ? "" : " back"}`}
      data-stream={flow.stream}
      data-mass={flow.mass ?? ""}
      data-width={width}
    >
      <title>{`${flow.title}: ${saidOf(flow, of)}`}</title>
      <path class="flow" d={path} stroke-width={drawnWidth(band)} />
      {flow.mass !== null && <path class="leader" d={path} stroke-width={LEADER} />}
      {bar !== null && bar > 0 && (
        <path
          class="whisker"
          d={`M${toX - 6},${toY + width / 2 - bar} v${2 * bar} m-4,0 h8 m-8,${-2 * bar} h8`}
        />
      )}
    </g>
  );
}

/** After all bands and nodes, so that none of them runs over it. */
function BandLabel({ band: { flow, label }, of }: { readonly band: Band; readonly of: Substance }) {
  return (
    <text class={flow.known} x={label.x} y={label.y}>
      <tspan class="name">{flow.title}</tspan>
      <tspan x={label.x} dy="14">
        {saidOf(flow, of)}
      </tspan>
    </text>
  );
}

/** Where a substance comes from and goes to, drawn to scale. */
export function Sankey({ balance, of }: { readonly balance: BalanceAnswer; readonly of: Substance }) {
  const { diagrams, legend } = balanceWords.value;
  const name = diagrams[of];
  const flows = flowsOf(balance, of);
  const everything = SUBSTANCES.flatMap((one) =>
    flowsOf(balance, one).filter(({ isReversed }) => !isReversed),
  );
  const titles = new Map(balance.nodes.map(({ node, title }) => [node, title]));
  const nodes = [...titles.keys()].filter((node) =>
    flows.some(({ from, to }) => from === node || to === node),
  );
  const { bands, bars, width, height, scale } = layOut(flows, everything, nodes);
  return (
    <figure class="panel sankey">
      <figcaption>
        <strong>{name}</strong> <span class="quiet">{legend}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={name} data-of={of}>
        {bands.map((band) => (
          <BandShape key={band.flow.stream} band={band} of={of} scale={scale} />
        ))}
        {bars.map(({ node, x, y, height: tall }) => (
          <g key={node} class="bar">
            <rect x={x} y={y} width={BAR} height={tall} />
            <text x={x + BAR / 2} y={y + tall + 16} text-anchor="middle">
              {titles.get(node)}
            </text>
          </g>
        ))}
        {bands.map((band) => (
          <BandLabel key={band.flow.stream} band={band} of={of} />
        ))}
      </svg>
    </figure>
  );
}
