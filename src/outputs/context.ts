import type { OutputConfig, Plant } from "../config/plant.ts";
import type { Reading } from "../domain/batch.ts";
import type { MetricOutline } from "../domain/metric.ts";
import type { Log } from "../domain/ports.ts";
import type { Clock } from "../domain/time.ts";
import type { TagCommand } from "../domain/write.ts";

/** What an output is made from: one entry under `outputs` and the plant whose readings it carries. */
export interface OutputContext<C extends OutputConfig = OutputConfig> {
  readonly config: C;
  readonly plant: Pick<Plant, "id" | "group" | "tags"> & { readonly data: Pick<Plant["data"], "dir"> };
  readonly clock: Clock;
  readonly log: Log;
  /** Present state of a tag by its index, which readings on their way here may lag behind. */
  readonly reading?: (tagIndex: number) => Reading;
  /** Takes what hosts want written; absent where nobody listens to that. */
  readonly command?: (command: TagCommand) => void;
  /** Figures that will come. */
  readonly outlines?: readonly MetricOutline[];
}
