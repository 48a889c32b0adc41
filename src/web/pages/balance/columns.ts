import type { Flow } from "./flows.ts";

/** Where the nodes stand from left to right, and which flows go back to the left: those that are used again. */
export interface Columns {
  readonly of: ReadonlyMap<string, number>;
  readonly back: ReadonlySet<Flow>;
}

type Between = Flow & { readonly from: string; readonly to: string };

function isBetween(flow: Flow): flow is Between {
  return flow.from !== null && flow.to !== null && flow.from !== flow.to;
}

/** A node stands right of all that flows into it, of whatever substance: so it has its place in every drawing. Where flows
 *  make a ring, the one that comes back to a node on whose way it began goes back; the ring begins at the node that the plant
 *  file names first. Columns in which none of `nodes` stands are left out. */
export function columnsOf(flows: readonly Flow[], all: readonly Flow[], nodes: readonly string[]): Columns {
  const between = all.filter(isBetween);
  const places = [...new Set([...nodes, ...between.flatMap(({ from, to }) => [from, to])])];
  const back = backOf(between, places);
  const column = new Map(places.map((node) => [node, 0]));
  for (const _ of places)
    for (const { from, to } of between.filter((flow) => !back.has(flow)))
      column.set(to, Math.max(column.get(to) ?? 0, (column.get(from) ?? 0) + 1));
  const taken = [...new Set(nodes.map((node) => column.get(node) ?? 0))].toSorted((a, b) => a - b);
  const of = new Map(nodes.map((node) => [node, taken.indexOf(column.get(node) ?? 0)]));
  return { of, back: new Set(flows.filter((flow) => goesBack(flow, of))) };
}

function goesBack(flow: Flow, of: ReadonlyMap<string, number>): boolean {
  return isBetween(flow) && (of.get(flow.to) ?? 0) <= (of.get(flow.from) ?? 0);
}

function backOf(between: readonly Between[], nodes: readonly string[]): ReadonlySet<Flow> {
  const back = new Set<Flow>();
  const seen = new Set<string>();
  const follow = (node: string, way: readonly string[]): void => {
    seen.add(node);
    for (const flow of between.filter(({ from }) => from === node))
      if (way.includes(flow.to)) back.add(flow);
      else if (!seen.has(flow.to)) follow(flow.to, [...way, flow.to]);
  };
  for (const node of nodes) if (!seen.has(node)) follow(node, [node]);
  return back;
}
