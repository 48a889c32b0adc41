import type { ValueSource } from "../../simulators/instruments/value-source.ts";
import { pastReadings } from "../../simulators/past.ts";
import type { Plant } from "../config/plant.ts";
import { sleep } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import type { Gateway } from "../gateway/gateway.ts";

const PAST_DAYS = 3;
const DAY_MS = 86_400_000;

/** A stretch is filled as a whole, or left alone because a demonstration ran then. */
const STRETCH_MS = 600_000;

/** The gateway comes first: work for so long, then leave it alone for so long, ms. */
const WORK_MS = 5;
const REST_MS = 5;

/** Gives a demonstration that has just begun the history of the three days before it, as far as there is none yet. Ends
 *  when it is done, or when the gateway stops. */
export async function fillPast(
  gateway: Gateway,
  { tags }: Plant,
  source: ValueSource,
  start: EpochMs,
  clock: Clock,
): Promise<void> {
  while (!gateway.view.isReady()) await sleep(clock, 100);
  const { historian } = gateway;
  let workedFrom = clock.monotonic();
  for (let from = start - PAST_DAYS * DAY_MS; from < start; from += STRETCH_MS) {
    const to = Math.min(start, from + STRETCH_MS);
    if (await hasReadings(gateway, from, to)) continue;
    for (const batch of pastReadings(tags, source, from, to)) {
      historian.append(batch);
      if (clock.monotonic() - workedFrom < WORK_MS) continue;
      await sleep(clock, REST_MS);
      workedFrom = clock.monotonic();
    }
  }
  await historian.sync();
}

/** A gateway tells every tag at least once in its longest silence: one tag speaks for all. */
async function hasReadings({ view }: Gateway, from: EpochMs, to: EpochMs): Promise<boolean> {
  const latest = await view.history.latestBefore(0, to);
  return latest !== null && latest.time >= from;
}
