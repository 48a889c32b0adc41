import { readFile } from "node:fs/promises";
import { systemClock } from "../domain/system-clock.ts";
import { numberOption, readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { stopSignal } from "./stop.ts";

/** Above those of the simulated plant. */
const USUAL_PORT = 15_100;

/** `puma replay FILE [--port P] [--rtu]`: a device on 127.0.0.1 that answers as one did in a frame log. */
export const replay: Command = async (args) => {
  const options = { port: { type: "string" }, rtu: { type: "boolean" } } as const;
  const words = readArguments(args, options, ["FILE"]);
  const [file = ""] = words.positionals;
  const port = numberOption(words, "port", 0, 65_535, USUAL_PORT);
  const { readRecording, startReplay } = await import("../../simulators/replay.ts");
  const recording = readRecording(await textOf(file));
  if (recording.size === 0) throw new UsageError(`${file} has no frames that a device could answer.`);
  const isRtu = words.values["rtu"] === true;
  const asked = stopSignal();
  const served = await startReplay(recording, { port, isRtu, clock: systemClock });
  const how = isRtu ? "RTU over TCP" : "Modbus TCP";
  process.stdout.write(
    `${recording.size} different requests are answered on 127.0.0.1:${served.port} by ${how}. Stop with Ctrl-C.\n`,
  );
  await asked;
  await served.close();
  return 0;
};

function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}.`, { cause: error });
  });
}
