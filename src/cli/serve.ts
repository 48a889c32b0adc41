import { randomInt } from "node:crypto";
import type { Plant } from "../config/plant.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Clock } from "../domain/time.ts";
import { startGateway } from "../gateway/gateway.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayOptions, Origin } from "../gateway/gateway-options.ts";
import { createSimulatorDesk } from "../gateway/simulator-channel.ts";
import { follow } from "./follow.ts";
import type { FrameRecording } from "./frames.ts";
import { keepLastWords } from "./last-words.ts";
import type { LastWords } from "./last-words.ts";
import type { RunLog } from "./log.ts";
import { watchMemory } from "./memory-watch.ts";
import { release, version, webDir } from "./package.ts";
import { stopInTime, stopSignal } from "./stop.ts";

/** The plant's time and how much faster than real time it runs, and the socket of the simulators where it is none. */
export interface Pace {
  readonly clock: Clock;
  readonly speed: number;
  readonly control: string | null;
  /** Whose frames are to be written down. */
  readonly frames?: FrameRecording;
}

/** EX_TEMPFAIL of sysexits.h: whoever started us does it again. */
const BEGIN_ANEW = 75;

/** What a gateway is run with besides its plant. */
export interface Serving {
  readonly pace: Pace;
  readonly log: RunLog;
  /** The files that are followed; absent where none are. */
  readonly origin?: Origin;
  /** Resolves when the history of before the start has been brought in; absent where nobody does. */
  readonly past?: Promise<void>;
  /** Resident memory beyond which it ends in order, to be begun anew, bytes. */
  readonly memoryMax?: number;
  /** Is told where the page is, and given the gateway. */
  ready(httpUrl: string, gateway: Gateway): void;
}

/** Runs the gateway until somebody stops it. Returns the exit code. */
export async function serve(plant: Plant, serving: Serving): Promise<number> {
  const { log } = serving;
  const asked = stopSignal();
  const lastWords = keepLastWords(plant, log);
  const gateway = await startGateway(optionsFor(plant, serving, lastWords)).catch(portTrouble);
  if (gateway === null) {
    lastWords.end();
    return 1;
  }
  const { configurations } = gateway.view;
  const following = configurations === null ? null : follow(configurations, log);
  const memory = watchMemory(systemClock, serving.memoryMax ?? Infinity);
  serving.ready(gateway.httpUrl, gateway);
  const code = await Promise.race([
    asked.then(() => 0),
    memory.exhausted.then((sentence) => {
      lastWords.leave(`memory: ${sentence}`, "");
      return BEGIN_ANEW;
    }),
    gateway.finished.then(
      () => 0,
      (error: Error) => {
        lastWords.leave(`a part of it failed: ${error.message}`, error.stack ?? "");
        return 1;
      },
    ),
  ]);
  memory.stop();
  following?.close();
  const stopped = gateway.stop().then(() => serving.pace.frames?.tap.close());
  const isInTime = await stopInTime(stopped, systemClock).catch(() => false);
  if (!isInTime) log.error({}, "could not stop in five seconds, leaving");
  if (code !== 0) return code;
  lastWords.end();
  return isInTime ? 0 : 1;
}

function optionsFor(
  plant: Plant,
  { pace, log, origin, past }: Serving,
  { before }: LastWords,
): GatewayOptions {
  const seed = randomInt(2 ** 32); // only for back-off jitter
  const { control, ...time } = pace;
  return {
    plant,
    version,
    release,
    ...time,
    sinkClock: systemClock,
    seed,
    log,
    webDir,
    ...(control === null ? {} : { simulators: createSimulatorDesk(control) }),
    ...(origin === undefined ? {} : { origin }),
    ...(past === undefined ? {} : { past }),
    ...(before === null ? {} : { endedBefore: before }),
  };
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
