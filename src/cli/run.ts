import { systemClock } from "../domain/system-clock.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { loadMeetablePlant } from "./check.ts";
import { createLog } from "./log.ts";
import { serve } from "./serve.ts";

/** `puma run PLANT.yaml`: the gateway. */
export const run: Command = async (args) => {
  const { positionals } = readArguments(args, {}, ["PLANT.yaml"]);
  const { plant } = loadMeetablePlant(positionals[0] ?? "");
  const log = createLog("info");
  return serve(plant, { clock: systemClock, speed: 1 }, log, (httpUrl, { setUpUrl }) => {
    log.info({ url: httpUrl, plant: plant.id }, "gateway is running");
    if (setUpUrl !== null) process.stdout.write(firstAccountText(setUpUrl, positionals[0] ?? ""));
  });
};

function firstAccountText(setUpUrl: string, file: string): string {
  return [
    "There is no account yet. Make the first one on this machine, within an hour, at",
    `  ${setUpUrl}`,
    "or, at any time, with",
    `  puma user ${file} add NAME --role admin`,
    "",
  ].join("\n");
}
