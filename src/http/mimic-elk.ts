import ElkConstructor from "elkjs";
import type { ElkExtendedEdge, ElkNode } from "elkjs";
import { LINK, NODE } from "./mimic-graph.ts";
import type { Graph } from "./mimic-graph.ts";
import type { MimicObject } from "./mimic-object.ts";

/** Layers from left to right after the flow, lines with right angles; a long chain is broken into rows that fit a screen. */
const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.aspectRatio": "2.4",
  "elk.layered.wrapping.strategy": "MULTI_EDGE",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.spacing.nodeNodeBetweenLayers": "26",
  "elk.layered.spacing.edgeNodeBetweenLayers": "10",
  "elk.spacing.nodeNode": "18",
  "elk.spacing.edgeNode": "10",
  "elk.spacing.componentComponent": "24",
  "elk.padding": "[top=8,left=8,bottom=8,right=8]",
};

/** Finds places for everything, in the drawing's own units. */
export async function layOutByElk(area: string, { nodes, links, streams }: Graph): Promise<MimicObject> {
  const graph: ElkNode = {
    id: area,
    layoutOptions: OPTIONS,
    children: [
      ...nodes.map(({ id }) => ({ id, ...NODE })),
      ...links.map(({ key }) => ({ id: key, ...LINK })),
    ],
    edges: streams.map(({ from, to }, index) => ({ id: String(index), sources: [from], targets: [to] })),
  };
  const placed = await new ElkConstructor.default().layout(graph);
  const boxOf = new Map((placed.children ?? []).map((child) => [child.id, boxFrom(child)]));
  const nowhere = { x: 0, y: 0, ...NODE };
  return {
    area,
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    equipment: nodes.map(({ id }) => ({ id, ...(boxOf.get(id) ?? nowhere) })),
    links: links.map(({ key, id, direction }) => ({ id, direction, ...(boxOf.get(key) ?? nowhere) })),
    streams: (placed.edges ?? []).map((edge, index) => ({
      from: streams[index]?.from ?? "",
      to: streams[index]?.to ?? "",
      points: cornersOf(edge),
    })),
  };
}

function boxFrom({ x = 0, y = 0, width = 0, height = 0 }: ElkNode) {
  return { x, y, width, height };
}

function cornersOf({ sections = [] }: ElkExtendedEdge): [number, number][] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map(({ x, y }): [number, number] => [x, y]),
  );
}
