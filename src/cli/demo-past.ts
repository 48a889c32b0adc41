import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { PastAnswer, PastOrder } from "../../simulators/main.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import { sleep } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import type { Gateway } from "../gateway/gateway.ts";

export const PAST_DAYS = 3;
const DAY_MS = 86_400_000;

/** A stretch is filled as a whole, or left alone because a demonstration ran then. */
const STRETCH_MS = 600_000;

/** The gateway comes first: after each stretch it is left alone for so long, ms. */
const REST_MS = 15;

/** Gives a demonstration that has just begun the history of the three days before it, which the simulated plant has been through,
 *  as far as there is none yet, the newest first, because people look at that first. Ends when it is done, or when the gateway
 *  or the simulators stop. */
export async function fillPast(
  gateway: Gateway,
  simulators: ChildProcess,
  start: EpochMs,
  clock: Clock,
): Promise<void> {
  while (!gateway.view.isReady()) await sleep(clock, 100);
  let hasFilled = false;
  for (const from of stretches(start)) {
    const to = from + STRETCH_MS;
    if (await hasReadings(gateway, from, to)) continue;
    hasFilled = true;
    if (!simulators.connected) return;
    gateway.historian.append(await readingsOf(simulators, from, to));
    await sleep(clock, REST_MS);
  }
  if ((await gateway.historian.sync()) && hasFilled) gateway.reopen(start - PAST_DAYS * DAY_MS);
  if (simulators.connected) simulators.send({ past: null } satisfies PastOrder);
}

/** Where they begin, the newest first. */
function stretches(start: EpochMs): EpochMs[] {
  return Array.from({ length: (PAST_DAYS * DAY_MS) / STRETCH_MS }, (_, i) => start - (i + 1) * STRETCH_MS);
}

async function readingsOf(simulators: ChildProcess, from: EpochMs, to: EpochMs): Promise<ReadingBatch> {
  const answer = once(simulators, "message");
  simulators.send({ past: { from, to } } satisfies PastOrder);
  const [{ batch }] = (await answer) as [PastAnswer];
  return batch;
}

/** A gateway tells every tag at least once in its longest silence: one tag speaks for all. */
async function hasReadings({ view }: Gateway, from: EpochMs, to: EpochMs): Promise<boolean> {
  const latest = await view.history.latestBefore(0, to);
  return latest !== null && latest.time >= from;
}
