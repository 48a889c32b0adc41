import { parentPort, workerData } from "node:worker_threads";
import { layOutByElk } from "./mimic-elk.ts";
import type { Graph } from "./mimic-graph.ts";

/** What the thread that lays out is given. */
export interface MimicOrders {
  readonly area: string;
  readonly graph: Graph;
}

const { area, graph } = workerData as MimicOrders;
const mimic = await layOutByElk(area, graph);
parentPort?.postMessage(mimic, []);
