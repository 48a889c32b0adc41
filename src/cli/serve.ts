import { randomInt } from "node:crypto";
import type { Plant } from "../config/plant.ts";
import type { Log } from "../domain/ports.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Clock } from "../domain/time.ts";
import { startGateway } from "../gateway/gateway.ts";
import { version, webDir } from "./package.ts";
import { stopInTime, stopSignal } from "./stop.ts";

/** The plant's time and how much faster than real time it runs. */
export interface Pace {
  readonly clock: Clock;
  readonly speed: number;
}

/** Runs the gateway until somebody stops it; `ready` is told where the page is. Returns the exit code. */
export async function serve(
  plant: Plant,
  pace: Pace,
  log: Log,
  ready: (httpUrl: string) => void,
): Promise<number> {
  const asked = stopSignal();
  const seed = randomInt(2 ** 32); // only for back-off jitter
  const gateway = await startGateway({ plant, version, ...pace, sinkClock: systemClock, seed, log, webDir });
  ready(gateway.httpUrl);
  await Promise.race([asked, gateway.finished]);
  if (await stopInTime(gateway.stop(), systemClock)) return 0;
  log.error({}, "could not stop in five seconds, leaving");
  return 1;
}
