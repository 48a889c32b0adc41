import type { Equipment } from "../domain/equipment.ts";

/** Size of a piece of equipment in the drawing, with its symbol, its name and two values. */
export const NODE = { width: 184, height: 154 };
/** Size of the name of what lies in another area. */
export const LINK = { width: 164, height: 50 };

export interface Graph {
  readonly nodes: readonly Equipment[];
  readonly links: readonly GraphLink[];
  readonly streams: readonly { readonly from: string; readonly to: string }[];
}

/** Equipment of another area, where a stream crosses the border. */
export interface GraphLink {
  readonly key: string;
  readonly id: string;
  readonly direction: "from" | "to";
  /** What it is joined with in this area. */
  readonly neighbour: string;
}

/** The equipment of an area, and every stream that touches it. */
export function graphOf(equipment: readonly Equipment[], area: string): Graph {
  const nodes = equipment.filter((one) => one.area === area);
  const own = new Set(nodes.map(({ id }) => id));
  const links: GraphLink[] = [];
  const streams: { from: string; to: string }[] = [];
  for (const { id, to } of equipment)
    for (const next of to) {
      if (own.has(id) && own.has(next)) streams.push({ from: id, to: next });
      else if (own.has(id)) {
        const link = { key: `to ${next} ${id}`, id: next, direction: "to", neighbour: id } as const;
        links.push(link);
        streams.push({ from: id, to: link.key });
      } else if (own.has(next)) {
        const link = { key: `from ${id} ${next}`, id, direction: "from", neighbour: next } as const;
        links.push(link);
        streams.push({ from: link.key, to: next });
      }
    }
  return { nodes, links, streams };
}
