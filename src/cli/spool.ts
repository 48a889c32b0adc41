import { loadPlant } from "../config/load.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Cursors } from "../store/spool/cursors.ts";
import type { DeadLetter } from "../store/spool/dead-letters.ts";
import { codeOf } from "../store/spool/fs.ts";
import { deadLetters, inspectSpool, replayDeadLetters } from "../store/spool/inspect.ts";
import type { SpoolContents } from "../store/spool/inspect.ts";
import { nodeFs } from "../store/spool/node-fs.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { createLog } from "./log.ts";
import { formatTable } from "./table.ts";

/** Letters in a listing; the file has all of them. */
const LISTED_MAX = 100;

const ACTIONS: Readonly<Record<string, (folder: string) => Promise<string>>> = {
  status: async (folder) => describe(folder, await inspectSpool(nodeFs, folder, createLog("error"))),
  "dead-letters": async (folder) => list(folder, await deadLetters(nodeFs, folder)),
  replay: async (folder) => {
    const count = await replayDeadLetters(nodeFs, folder, systemClock.now());
    if (count === 0) return "There are no dead letters.\n";
    return `${count} dead letters go to their outputs once more, within seconds when the gateway runs, else at its start.\n`;
  },
};

/** `puma spool PLANT.yaml status|dead-letters|replay`: what waits for the outputs, and what they refused. */
export const spool: Command = async (args) => {
  const { positionals } = readArguments(args, {}, ["PLANT.yaml", Object.keys(ACTIONS).join("|")]);
  const [file = "", action = ""] = positionals;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined)
    throw new UsageError(`"${action}" is not one of ${Object.keys(ACTIONS).join(", ")}.`);
  const folder = `${loadPlant(file).data.dir}/spool`;
  try {
    process.stdout.write(await act(folder));
    return 0;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    process.stdout.write(`There is no spool in ${folder}: no gateway has run with this plant file yet.\n`);
    return 0;
  }
};

function describe(folder: string, contents: SpoolContents): string {
  const { files, bytes, readings, from, to, damaged, cursors } = contents;
  const span = from === null || to === null ? "" : `, received ${isoTime(from)} to ${isoTime(to)}`;
  const lines = [
    `${folder}: ${readings} readings in ${files} file${files === 1 ? "" : "s"}, ${sizeText(bytes)}${span}`,
  ];
  if (damaged > 0) lines.push(`${damaged} blocks are damaged and will be left out`);
  return `${lines.join("\n")}\n\n${cursors === null ? "No output has taken anything yet.\n" : describeCursors(cursors)}`;
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function describeCursors({ outputs }: Cursors): string {
  const rows = Object.entries(outputs).map(([output, cursor]) => [
    output,
    `${cursor.accepted}`,
    `${cursor.delivered}`,
    `${cursor.pending.reduce((sum, [first, end]) => sum + end - first, 0)}`,
    `${cursor.quarantined}`,
    `${Object.values(cursor.dropped).reduce((sum, count) => sum + count, 0)}`,
    `${cursor.resent}`,
  ]);
  const head = ["output", "accepted", "delivered", "pending", "quarantined", "dropped", "sent again"];
  return formatTable(head, rows);
}

function list(folder: string, letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return "There are no dead letters.\n";
  const rows = letters
    .slice(-LISTED_MAX)
    .map(({ time, output, tag, value, reason }) => [isoTime(time), output, tag, `${value ?? "–"}`, reason]);
  const table = formatTable(["source time", "output", "tag", "value", "reason"], rows);
  return `${table}\n${letters.length} in ${folder}/dead-letters.ndjson\n`;
}

function isoTime(time: EpochMs): string {
  return Number.isNaN(new Date(time).getTime()) ? "–" : new Date(time).toISOString();
}
