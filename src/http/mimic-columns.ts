import { LINK, NODE } from "./mimic-graph.ts";
import type { Graph, GraphLink } from "./mimic-graph.ts";
import type { MimicObject } from "./mimic-object.ts";

const GAP = { across: 34, down: 44 };
const MARGIN = 20;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Puts everything where the plant file says, and draws the streams between with right angles: along the row, down or up
 *  a column, and back over the top. What lies in other areas stands at the left and at the right, in the row of its
 *  neighbour. */
export function layOutByColumns(area: string, { nodes, links, streams }: Graph): MimicObject {
  const hasFrom = links.some(({ direction }) => direction === "from");
  const left = MARGIN + (hasFrom ? LINK.width + GAP.across : 0);
  const boxes = new Map<string, Box>();
  for (const { id, at } of nodes) {
    const [column, row] = at ?? [0, 0];
    const x = left + column * (NODE.width + GAP.across);
    boxes.set(id, { x, y: MARGIN + row * (NODE.height + GAP.down), ...NODE });
  }
  const right = Math.max(...[...boxes.values()].map(({ x, width }) => x + width));
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height)) + MARGIN;
  for (const direction of ["from", "to"] as const)
    placeLinks(links, direction, direction === "from" ? MARGIN : right + GAP.across, boxes);
  const hasTo = links.some(({ direction }) => direction === "to");
  const boxOf = (id: string): Box => boxes.get(id) ?? { x: 0, y: 0, ...NODE };
  return {
    area,
    width: right + (hasTo ? GAP.across + LINK.width : 0) + MARGIN,
    height,
    equipment: nodes.map(({ id }) => ({ id, ...boxOf(id) })),
    links: links.map(({ key, id, direction }) => ({ id, direction, ...boxOf(key) })),
    streams: streams.map(({ from, to }) => ({ from, to, points: route(boxOf(from), boxOf(to)) })),
  };
}

/** In the rows of their neighbours, below each other where these are the same. */
function placeLinks(
  links: readonly GraphLink[],
  direction: GraphLink["direction"],
  x: number,
  boxes: Map<string, Box>,
): void {
  const taken = new Map<number, number>();
  for (const link of links.filter((one) => one.direction === direction)) {
    const neighbour = boxes.get(link.neighbour);
    if (neighbour === undefined) continue;
    const count = taken.get(neighbour.y) ?? 0;
    taken.set(neighbour.y, count + 1);
    boxes.set(link.key, { x, y: neighbour.y + 6 + count * (LINK.height + 8), ...LINK });
  }
}

/** Corners of the line from one box to another. */
function route(from: Box, to: Box): [number, number][] {
  const fromMiddle = from.y + from.height / 2;
  const toMiddle = to.y + to.height / 2;
  if (to.x >= from.x + from.width) {
    const start: [number, number] = [from.x + from.width, fromMiddle];
    const end: [number, number] = [to.x, toMiddle];
    if (fromMiddle === toMiddle) return [start, end];
    const gutter = to.x - GAP.across / 2;
    return [start, [gutter, fromMiddle], [gutter, toMiddle], end];
  }
  const fromCentre = from.x + from.width / 2;
  if (to.x === from.x && to.y !== from.y) {
    const isBelow = to.y > from.y;
    return [
      [fromCentre, isBelow ? from.y + from.height : from.y],
      [fromCentre, isBelow ? to.y : to.y + to.height],
    ];
  }
  const toCentre = to.x + to.width / 2;
  const over = Math.min(from.y, to.y) - MARGIN / 2;
  return [
    [fromCentre, from.y],
    [fromCentre, over],
    [toCentre, over],
    [toCentre, to.y],
  ];
}
