import { randomInt } from "node:crypto";
import type { Plant } from "../config/plant.ts";
import type { Log } from "../domain/ports.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Clock } from "../domain/time.ts";
import { startGateway } from "../gateway/gateway.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Origin } from "../gateway/gateway-options.ts";
import { createSimulatorDesk } from "../gateway/simulator-channel.ts";
import { follow } from "./follow.ts";
import type { FrameRecording } from "./frames.ts";
import { version, webDir } from "./package.ts";
import { stopInTime, stopSignal } from "./stop.ts";

/** The plant's time and how much faster than real time it runs, and the socket of the simulators where it is none. */
export interface Pace {
  readonly clock: Clock;
  readonly speed: number;
  readonly control: string | null;
  /** Whose frames are to be written down. */
  readonly frames?: FrameRecording;
}

/** Runs the gateway until somebody stops it; `ready` is told where the page is, and given the gateway. Returns the exit code. */
export async function serve(
  plant: Plant,
  pace: Pace,
  log: Log,
  ready: (httpUrl: string, gateway: Gateway) => void,
  origin: Origin | null = null,
): Promise<number> {
  const asked = stopSignal();
  const seed = randomInt(2 ** 32); // only for back-off jitter
  const { control, ...time } = pace;
  const simulators = control === null ? {} : { simulators: createSimulatorDesk(control) };
  const from = origin === null ? {} : { origin };
  const options = {
    plant,
    version,
    ...time,
    ...simulators,
    ...from,
    sinkClock: systemClock,
    seed,
    log,
    webDir,
  };
  const gateway = await startGateway(options).catch(portTrouble);
  if (gateway === null) return 1;
  const following = origin === null ? null : follow(gateway, origin, log);
  ready(gateway.httpUrl, gateway);
  await Promise.race([asked, gateway.finished]);
  following?.close();
  const stopped = gateway.stop().then(() => pace.frames?.tap.close());
  if (await stopInTime(stopped, systemClock)) return 0;
  log.error({}, "could not stop in five seconds, leaving");
  return 1;
}

/** Says in a sentence that we may not listen where the plant file says; anything else is thrown on. */
function portTrouble(error: NodeJS.ErrnoException & { address?: string; port?: number }): null {
  const where = `${error.address}:${error.port}`;
  if (error.code === "EADDRINUSE") {
    process.stderr.write(
      `Another program listens on ${where}: stop it, or give broker or http another port in the plant file.\n`,
    );
  } else if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL") {
    process.stderr.write(
      `This machine does not let us listen on ${where}: give broker or http another host or port in the plant file.\n`,
    );
  } else throw error;
  return null;
}
