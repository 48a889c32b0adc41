import type { Equipment } from "../domain/equipment.ts";
import { layOutByColumns } from "./mimic-columns.ts";
import type { Graph } from "./mimic-graph.ts";
import { graphOf } from "./mimic-graph.ts";
import type { MimicObject } from "./mimic-object.ts";

/** Drawings by area. Each is laid out once, when it is first asked for, and kept: equipment does not change while the
 *  gateway runs. */
export interface Mimics {
  /** Null where the area has no equipment. */
  of(area: string): Promise<MimicObject | null>;
}

export function createMimics(equipment: readonly Equipment[]): Mimics {
  const drawn = new Map<string, Promise<MimicObject>>();
  return {
    async of(area) {
      const graph = graphOf(equipment, area);
      if (graph.nodes.length === 0) return null;
      let mimic = drawn.get(area);
      if (mimic === undefined) {
        mimic = layOut(area, graph);
        drawn.set(area, mimic);
      }
      return mimic;
    },
  };
}

async function layOut(area: string, graph: Graph): Promise<MimicObject> {
  if (graph.nodes.every(({ at }) => at !== null)) return layOutByColumns(area, graph);
  // A megabyte and a half of code, which a plant with places of its own never needs.
  const { layOutByElk } = await import("./mimic-elk.ts");
  return layOutByElk(area, graph);
}
