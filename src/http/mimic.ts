import { Worker } from "node:worker_threads";
import type { Equipment } from "../domain/equipment.ts";
import { layOutByColumns } from "./mimic-columns.ts";
import type { Graph } from "./mimic-graph.ts";
import { graphOf } from "./mimic-graph.ts";
import type { MimicObject } from "./mimic-object.ts";
import type { MimicOrders } from "./mimic-worker.ts";

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
        mimic.catch(() => drawn.delete(area)); // it is tried again the next time
      }
      return mimic;
    },
  };
}

async function layOut(area: string, graph: Graph): Promise<MimicObject> {
  return graph.nodes.every(({ at }) => at !== null)
    ? layOutByColumns(area, graph)
    : layOutBeside({ area, graph });
}

/** In a thread of its own, which then ends: the layout is a megabyte and a half of code and takes a few tenths of a second,
 *  in which nothing would be polled. */
function layOutBeside(orders: MimicOrders): Promise<MimicObject> {
  const worker = new Worker(workerFile(), { workerData: orders });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** TypeScript in a checkout, JavaScript in a packed copy. */
function workerFile(): URL {
  const isCheckout = import.meta.url.endsWith(".ts");
  return new URL(isCheckout ? "./mimic-worker.ts" : "./mimic-worker.js", import.meta.url);
}
