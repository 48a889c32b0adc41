import type { Tag } from "../../src/domain/tag.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { EngineeringValue } from "../codec/raw.ts";

/** What the instruments show: the one thing that the servers know of the plant behind them. The steady state is one
 *  such source; a process model is another. */
export interface ValueSource {
  /** The value in the tag's unit, before the register format rounds it. Asked for any tag at times that mostly go up;
   *  a source must give the same answer for the same seed, tag and time. */
  valueAt(tag: Tag, time: EpochMs): EngineeringValue;
  /** Whether somebody may write this tag over the wire; nobody may where this is absent. */
  takes?(tag: Tag): boolean;
  /** Takes a written value from `time` on; false for one that the device does not want. */
  write?(tag: Tag, value: EngineeringValue, time: EpochMs): boolean;
}
