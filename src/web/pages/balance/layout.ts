import { columnsOf } from "./columns.ts";
import type { Columns } from "./columns.ts";
import type { Flow } from "./flows.ts";

/** A band between two places of the drawing. Its width is the mass times the scale of the drawing, nothing else. */
export interface Band {
  readonly flow: Flow;
  readonly width: number;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  /** Height at which a flow that goes back runs over the nodes; null for one that goes on. */
  readonly overY: number | null;
  readonly label: { readonly x: number; readonly y: number };
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
  /** Of a unit of mass. */
  readonly scale: number;
}

export const WIDTH = 1000;
/** The widest node. */
const MASS_HEIGHT = 150;
const TOP = 34;
/** Room between what lies below each other, for a label of two lines. */
const GAP = 46;
const LEFT = 10;
const RIGHT = 230;
export const BAR = 12;
/** How far a flow that leaves the plant goes, and from how far one comes in beyond the first node, in columns. */
const REACH_OUT = 0.5;
const REACH_IN = 0.35;
/** A band that a label of two lines fits into. */
const WIDE = 40;
/** What is missing has no width of its own, and takes the room of its label. */
export const MISSING_WIDTH = 8;
const MISSING_ROOM = 36;

interface Field {
  readonly flows: readonly Flow[];
  readonly columns: Columns;
  readonly bars: ReadonlyMap<string, NodeBar>;
  readonly scale: number;
  readonly step: number;
}

/** Places the nodes from left to right in the order of `all` flows, of whatever substance, and `flows` as a band each. What
 *  passes a node over runs above it, what goes back above all. What leaves the plant ends right of its node, below what goes
 *  on. */
export function layOut(flows: readonly Flow[], all: readonly Flow[], nodes: readonly string[]): Drawing {
  const columns = columnsOf(flows, all, nodes);
  const count = Math.max(0, ...columns.of.values()) + 1;
  const step = (WIDTH - LEFT - RIGHT) / (count + 1);
  const most = Math.max(...nodes.map((node) => widestOf(node, flows, massOfFlow)), 0);
  const scale = most > 0 ? MASS_HEIGHT / most : 0;
  const room = (some: readonly Flow[]): number =>
    some.reduce((total, flow) => total + roomOf(flow, scale) + GAP, 0);
  const top = TOP + room([...columns.back]);
  const below = new Map<number, number>();
  const bars = nodes.map((node): NodeBar => {
    const column = columns.of.get(node) ?? 0;
    const over = flows.filter((flow) => passes(flow, column, columns));
    const y = below.get(column) ?? top + room(over);
    const height = Math.max(
      24,
      widestOf(node, flows, (flow) => roomOf(flow, scale)),
    );
    below.set(column, y + height + GAP);
    return { node, x: LEFT + step * (column + 1), y, height };
  });
  const field = { flows, columns, bars: new Map(bars.map((bar) => [bar.node, bar])), scale, step };
  const bands = bandsOf(field);
  const bottom = Math.max(
    top + MASS_HEIGHT,
    ...bands.map(({ toY, fromY, width, label }) => Math.max(Math.max(fromY, toY) + width / 2, label.y)),
  );
  return { bands, bars, width: WIDTH, height: bottom + GAP, scale };
}

function massOfFlow({ mass }: Flow): number {
  return mass ?? 0;
}

function roomOf(flow: Flow, scale: number): number {
  return flow.mass === null ? MISSING_ROOM : flow.mass * scale;
}

/** How far a line reaches from its middle: none is drawn thinner than what is missing. */
function halfOf(width: number): number {
  return Math.max(width, MISSING_WIDTH) / 2;
}

/** Of all that enters a node and all that leaves it, the larger. */
function widestOf(node: string, flows: readonly Flow[], measure: (flow: Flow) => number): number {
  const sum = (some: readonly Flow[]): number => some.reduce((total, flow) => total + measure(flow), 0);
  return Math.max(sum(flows.filter(({ to }) => to === node)), sum(flows.filter(({ from }) => from === node)));
}

function columnOf(node: string | null, { of }: Columns): number | null {
  return node === null ? null : (of.get(node) ?? null);
}

function passes(flow: Flow, column: number, columns: Columns): boolean {
  const [from, to] = [columnOf(flow.from, columns), columnOf(flow.to, columns)];
  return from !== null && to !== null && from < column && column < to && !columns.back.has(flow);
}

/** From the top of a node down: what goes back, what goes far, what goes to the next node, and what comes from outside or
 *  leaves the plant, the widest first: so hardly a band crosses another. */
function ordered({ flows, columns }: Field): readonly Flow[] {
  const rank = (flow: Flow): number => {
    if (columns.back.has(flow)) return -Infinity;
    const [from, to] = [columnOf(flow.from, columns), columnOf(flow.to, columns)];
    return from === null || to === null ? 0 : from - to;
  };
  return flows.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    if (first !== second) return first < second ? -1 : 1;
    return first === 0 ? massOfFlow(b) - massOfFlow(a) : 0;
  });
}

/** Hands out the places on the sides of nodes, from the top down. */
function createSides() {
  const used = new Map<string, number>();
  return (side: "in" | "out", { node, y }: NodeBar, width: number): number => {
    const top = used.get(`${side} ${node}`) ?? y;
    used.set(`${side} ${node}`, top + width);
    return top + width / 2;
  };
}

/** A flow with its places on the nodes that it begins and ends at; null is outside. */
interface Docked {
  readonly flow: Flow;
  readonly width: number;
  readonly room: number;
  readonly from: NodeBar | null;
  readonly to: NodeBar | null;
  readonly outY: number;
  readonly inY: number;
}

function bandsOf(field: Field): Band[] {
  const take = createSides();
  const barOf = (node: string | null): NodeBar | null =>
    node === null ? null : (field.bars.get(node) ?? null);
  const docked = ordered(field).map((flow): Docked => {
    const width = massOfFlow(flow) * field.scale;
    const room = roomOf(flow, field.scale);
    const [from, to] = [barOf(flow.from), barOf(flow.to)];
    const inY = to === null ? 0 : take("in", to, room);
    return { flow, width, room, from, to, outY: from === null ? 0 : take("out", from, room), inY };
  });
  let over = TOP;
  const inside = docked.flatMap(({ flow, width, from, to, outY, inY }): Band[] => {
    if (from === null || to === null) return [];
    const ends = { flow, width, fromX: from.x + BAR, fromY: outY, toX: to.x, toY: inY };
    if (!field.columns.back.has(flow)) {
      return [{ ...ends, overY: null, label: labelOfNext(field, ends) }];
    }
    const overY = over + width / 2;
    over += width + GAP;
    return [
      { ...ends, overY, label: { x: (ends.fromX + ends.toX) / 2 - 60, y: overY - halfOf(width) - 18 } },
    ];
  });
  return [...inside, ...outsideBands(field, docked)];
}

/** Above its band. Within it, where there is room, in every other column and below what goes further, so that no label runs
 *  into another. */
function labelOfNext({ flows, columns }: Field, ends: Omit<Band, "overY" | "label">): Band["label"] {
  const { flow, width, fromX, fromY, toY } = ends;
  const middle = (fromY + toY) / 2;
  const column = columnOf(flow.from, columns) ?? 0;
  const isBelow = flows.some((other) => other.from === flow.from && passes(other, column + 1, columns));
  const isWithin = (column % 2 === 1 || isBelow) && width >= WIDE;
  return { x: fromX + 8, y: isWithin ? middle - 5 : middle - halfOf(width) - 18 };
}

/** What comes in or leaves straight on, and below all of that the others, each in a row of its own: the rows of what is
 *  further to the right lie higher. */
function outsideBands(field: Field, docked: readonly Docked[]): Band[] {
  const outside = docked.filter(({ from, to }) => (from === null) !== (to === null));
  const straight = outside.filter((one) => isStraight(field, one));
  const lowest = [...field.bars.values()].map(({ y, height }) => y + height);
  let free = Math.max(TOP + MASS_HEIGHT, ...lowest) + GAP;
  const xOf = ({ from, to }: Docked): number => from?.x ?? (to?.x ?? 0) - field.step / 2;
  const rows = outside
    .filter((one) => !straight.includes(one))
    .toSorted((a, b) => xOf(b) - xOf(a) || b.width - a.width)
    .map((one) => {
      const y = free + one.room / 2;
      free += one.room + GAP;
      return outsideBand(field, one, y);
    });
  return [...straight.map((one) => outsideBand(field, one, one.from === null ? one.inY : one.outY)), ...rows];
}

/** Into the first column everything comes straight; only what is wide leaves so, where no node is in its way. */
function isStraight({ columns, bars }: Field, { flow, width, outY }: Docked): boolean {
  if (flow.from === null) return columnOf(flow.to, columns) === 0;
  const column = columnOf(flow.from, columns) ?? 0;
  const isFree = ({ node, y, height }: NodeBar): boolean =>
    (columns.of.get(node) ?? 0) <= column || y + height + GAP / 3 < outY - width / 2;
  return width > MASS_HEIGHT / 2 && [...bars.values()].every(isFree);
}

function outsideBand(
  { step, columns }: Field,
  { flow, width, from, to, outY, inY }: Docked,
  y: number,
): Band {
  const base = { flow, width, overY: null };
  if (from !== null) {
    const toX = from.x + BAR + step * REACH_OUT;
    return { ...base, fromX: from.x + BAR, fromY: outY, toX, toY: y, label: { x: toX + 10, y: y - 2 } };
  }
  const toX = to?.x ?? 0;
  const isFirst = columnOf(flow.to, columns) === 0;
  const fromX = isFirst ? LEFT : toX - step * REACH_IN;
  // Above it runs what goes back to the same node, or what the other rows lead to.
  const isBelow = !isFirst || [...columns.back].some((other) => other.to === flow.to);
  const labelY = isBelow ? y + halfOf(width) + (isFirst ? 36 : 16) : y - halfOf(width) - 18;
  return { ...base, fromX, fromY: y, toX, toY: inY, label: { x: fromX, y: labelY } };
}
