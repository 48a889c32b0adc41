import { join } from "node:path";
import { CONTROL_SOCKET } from "../domain/simulation.ts";
import { systemClock } from "../domain/system-clock.ts";
import { parseSize } from "../config/durations.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import type { Configuration } from "../config/configuration.ts";
import { ownCertificateText } from "./certificate-text.ts";
import { loadMeetable } from "./check.ts";
import { recordFrames } from "./frames.ts";
import { createLog } from "./log.ts";
import { serve } from "./serve.ts";

const OPTIONS = {
  simulators: { type: "boolean" },
  frames: { type: "string" },
  "memory-max": { type: "string" },
} as const;

/** `puma run PLANT.yaml [--simulators] [--frames NAME] [--memory-max SIZE]`: the gateway; with the first flag that of simulated
 *  devices, which can be disturbed, with the second one that writes the frames of a device or connection down. */
export const run: Command = async (args) => {
  const { positionals, values } = readArguments(args, OPTIONS, ["PLANT.yaml"]);
  const [file = ""] = positionals;
  const read = (): Configuration => loadMeetable(file).configuration;
  const started = read();
  const { plant } = started;
  const log = createLog("info");
  const control = values["simulators"] === true ? join(plant.data.dir, ...CONTROL_SOCKET) : null;
  const frames =
    typeof values["frames"] === "string" ? { frames: recordFrames(plant, values["frames"], log) } : {};
  return serve(plant, {
    pace: { clock: systemClock, speed: 1, control, ...frames },
    log,
    origin: { started, read },
    memoryMax: memoryOption(values["memory-max"]),
    ready(httpUrl, { setUpUrl, certificate }) {
      log.info({ url: httpUrl, plant: plant.id }, "gateway is running");
      if (certificate?.isGenerated === true) process.stdout.write(`${ownCertificateText(certificate)}\n`);
      if (setUpUrl !== null) process.stdout.write(firstAccountText(setUpUrl, file));
    },
  });
};

function memoryOption(text: string | boolean | undefined): number {
  if (typeof text !== "string") return Infinity;
  try {
    return parseSize(text);
  } catch (error) {
    throw new UsageError(`--memory-max takes a size such as 1GiB, not "${text}".`, { cause: error });
  }
}

function firstAccountText(setUpUrl: string, file: string): string {
  return [
    "There is no account yet. Make the first one on this machine, within an hour, at",
    `  ${setUpUrl}`,
    "or, at any time, with",
    `  puma user ${file} add NAME --role admin`,
    "",
  ].join("\n");
}
