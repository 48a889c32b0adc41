import { join } from "node:path";
import type { Plant } from "../config/plant.ts";
import { didYouMean, nearest } from "../domain/spelling.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Log } from "../domain/ports.ts";
import { frameWords } from "../drivers/index.ts";
import { createFrameLog } from "../gateway/frame-log.ts";
import type { FrameLog } from "../gateway/frame-log.ts";
import { UsageError } from "./arguments.ts";

/** A frame log, and the connection that it listens to. */
export interface FrameRecording {
  readonly connection: string;
  readonly tap: FrameLog;
}

/** Of `--frames NAME`: a device is one unit, a connection all of them; in `frames/NAME.log` of the data folder. Throws UsageError
 *  for what has no Modbus frames. */
export function recordFrames({ connections, devices, data }: Plant, name: string, log: Log): FrameRecording {
  const device = devices.find(({ id }) => id === name);
  const connection = connections.find(({ id }) => id === (device?.connection ?? name));
  if (connection === undefined) {
    const known = [...devices, ...connections].map(({ id }) => id);
    const hint = didYouMean(nearest(name, known));
    const end = hint === null ? "." : `; ${hint.sentence}`;
    throw new UsageError(`--frames takes a device or a connection, and the plant has no ${name}${end}`);
  }
  if (connection.protocol === "opcua")
    throw new UsageError(
      `${connection.id} is OPC UA: its frames are encrypted, and only Modbus has a frame log.`,
    );
  const file = join(data.dir, "frames", `${name}.log`);
  log.info({ file, connection: connection.id }, "frames are written down");
  const tap = createFrameLog({
    file,
    unit: device?.unit ?? null,
    words: frameWords,
    clock: systemClock,
    log,
  });
  return { connection: connection.id, tap };
}
