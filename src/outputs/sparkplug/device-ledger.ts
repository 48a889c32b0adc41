import { Status } from "../../domain/status.ts";
import type { StatusCode } from "../../domain/status.ts";
import type { Tag } from "../../domain/tag.ts";

/** What Sparkplug calls a device: a device of the plant with its tags. It counts as lost when nothing at all is heard
 *  of any of its tags, which is what the gateway says when the link is down or the breaker of its unit is open. */
export interface DeviceLedger {
  readonly id: string;
  /** Indexes of its tags. */
  readonly tags: readonly number[];
  /** Tags of which the last live word was silence. */
  silent: number;
  /** Whether the host has a DBIRTH and no DDEATH since. */
  isBorn: boolean;
}

/** In the order in which the plant lists them. */
export function createLedgers(tags: readonly Tag[]): DeviceLedger[] {
  const byDevice = new Map<string, number[]>();
  for (const { device, index } of tags) {
    const known = byDevice.get(device);
    if (known === undefined) byDevice.set(device, [index]);
    else known.push(index);
  }
  return [...byDevice].map(([id, indexes]) => ({ id, tags: indexes, silent: 0, isBorn: false }));
}

export function isLost({ silent, tags }: DeviceLedger): boolean {
  return silent === tags.length;
}

/** Nobody answers for the tag. A device that answers with a fault is there. */
export function isSilence(status: StatusCode): boolean {
  return (
    status === Status.BadNoCommunication || status === Status.BadNotConnected || status === Status.BadStale
  );
}
