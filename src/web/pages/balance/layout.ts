import type { Flow } from "./flows.ts";

/** A band between two places of the drawing. Its width is the mass times the scale of the drawing, nothing else. */
export interface Band {
  readonly flow: Flow;
  readonly width: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}

export interface NodeBar {
  readonly node: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Drawing {
  readonly bands: readonly Band[];
  readonly bars: readonly NodeBar[];
  readonly width: number;
  readonly height: number;
}

export const WIDTH = 1000;
/** The widest node. */
const MASS_HEIGHT = 150;
const TOP = 34;
/** Room between what lies below each other, for a label of two lines. */
const GAP = 46;
const LEFT = 10;
const RIGHT = 230;
const BAR = 12;

/** Places the nodes from left to right in the order of the flow, each flow as a band of its own. What leaves the plant ends
 *  right of its node, below what goes on. */
export function layOut(flows: readonly Flow[], nodes: readonly string[]): Drawing {
  const depth = depthsOf(flows, nodes);
  const columns = Math.max(1, ...nodes.map((node) => (depth.get(node) ?? 0) + 1));
  const step = (WIDTH - LEFT - RIGHT) / (columns + 1);
  const x = (column: number): number => LEFT + step * (column + 1);
  const massOf = (node: string): number =>
    Math.max(sum(flows.filter(({ to }) => to === node)), sum(flows.filter(({ from }) => from === node)));
  const most = Math.max(...nodes.map(massOf), 0);
  const scale = most > 0 ? MASS_HEIGHT / most : 0;
  const bars = nodes.map((node) => ({
    node,
    x: x(depth.get(node) ?? 0),
    y: TOP,
    height: Math.max(24, massOf(node) * scale),
  }));
  const bands = bandsOf(flows, new Map(bars.map((bar) => [bar.node, bar])), scale, step);
  const bottom = Math.max(TOP + MASS_HEIGHT, ...bands.map(({ toY, width }) => toY + width / 2));
  return { bands, bars, width: WIDTH, height: bottom + GAP };
}

function sum(flows: readonly Flow[]): number {
  return flows.reduce((total, { mass }) => total + Math.max(0, mass ?? 0), 0);
}

/** Longest way from outside, in nodes. A flow that goes back counts for nothing. */
function depthsOf(flows: readonly Flow[], nodes: readonly string[]): Map<string, number> {
  const depth = new Map(nodes.map((node) => [node, 0]));
  const between = flows.filter(({ from, to }) => from !== null && to !== null && from !== to);
  for (const _ of nodes)
    for (const { from, to } of between) {
      const next = (depth.get(from ?? "") ?? 0) + 1;
      if (next < nodes.length && next > (depth.get(to ?? "") ?? 0)) depth.set(to ?? "", next);
    }
  return depth;
}

type Bars = ReadonlyMap<string, NodeBar>;

/** Hands out the places on the sides of nodes, from the top down. */
function createSides() {
  const used = new Map<string, number>();
  return (side: "in" | "out", { node, y }: NodeBar, width: number): number => {
    const top = used.get(`${side} ${node}`) ?? y;
    used.set(`${side} ${node}`, top + width);
    return top + width / 2;
  };
}

function bandsOf(flows: readonly Flow[], bars: Bars, scale: number, step: number): Band[] {
  const take = createSides();
  const ends = createEnds();
  const barOf = (node: string | null): NodeBar | null => (node === null ? null : (bars.get(node) ?? null));
  // What goes on comes first, then what leaves the plant, the widest first: so no band crosses another.
  const leaving = flows.filter(({ to }) => to === null);
  const byMass = leaving.toSorted((a, b) => (b.mass ?? 0) - (a.mass ?? 0));
  const ordered = [...flows.filter(({ to }) => to !== null), ...byMass];
  return ordered.flatMap((flow): Band[] => {
    const width = Math.max(0, flow.mass ?? 0) * scale;
    const [from, to] = [barOf(flow.from), barOf(flow.to)];
    const inY = to === null ? null : take("in", to, width);
    const outY = from === null ? null : take("out", from, width);
    if (from === null) return to === null ? [] : [fromOutside(flow, width, to, inY ?? 0)];
    const start = { flow, width, fromX: from.x + BAR, fromY: outY ?? 0 };
    if (to !== null) return [{ ...start, toX: to.x, toY: inY ?? 0 }];
    return [{ ...start, toX: from.x + BAR + step * 0.75, toY: ends(width, start.fromY) }];
  });
}

function fromOutside(flow: Flow, width: number, { x }: NodeBar, y: number): Band {
  return { flow, width, fromX: LEFT, fromY: y, toX: x, toY: y };
}

/** Where what leaves the plant ends: the widest goes straight on, the others below each other. */
function createEnds(): (width: number, fromY: number) => number {
  let free = TOP + MASS_HEIGHT + GAP;
  return (width, fromY) => {
    if (width > MASS_HEIGHT / 2) return fromY;
    const y = free + width / 2;
    free += width + GAP;
    return y;
  };
}
