import type { Connection, Device } from "../config/plant.ts";
import type { FrameTap } from "../domain/frames.ts";
import type { Log } from "../domain/ports.ts";
import type { Random } from "../domain/random.ts";
import type { Tag } from "../domain/tag.ts";
import type { Clock } from "../domain/time.ts";

/** What a driver is made from: one connection and everything behind it. */
export interface DriverContext<C extends Connection = Connection> {
  readonly connection: C;
  /** The devices on this connection only. */
  readonly devices: readonly Device[];
  /** The tags of these devices only; `tag.index` still counts over the whole plant. */
  readonly tags: readonly Tag[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The plant's data folder, absolute; a driver keeps its certificates below it. */
  readonly dataDir: string;
  /** Hears the frames of this connection; absent where nobody wants to. */
  readonly frames?: FrameTap | undefined;
}
