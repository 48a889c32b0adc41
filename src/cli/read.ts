import { randomInt } from "node:crypto";
import type { Connection, Plant } from "../config/plant.ts";
import { loadPlant } from "../config/load.ts";
import { createConditioner } from "../conditioning/conditioner.ts";
import { readingAt } from "../domain/batch.ts";
import type { Reading } from "../domain/batch.ts";
import { ConnectionLost } from "../domain/errors.ts";
import { mulberry32 } from "../domain/random.ts";
import { say } from "../domain/said.ts";
import { nearest, suggesting } from "../domain/spelling.ts";
import { qualityOf, reasonOf, Status } from "../domain/status.ts";
import { systemClock } from "../domain/system-clock.ts";
import type { Tag } from "../domain/tag.ts";
import { unitSymbol } from "../domain/unit.ts";
import { createDriver } from "../drivers/index.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { createLog } from "./log.ts";
import { formatTable } from "./table.ts";

/** What one tag gave, and what was on the wire. */
interface Found {
  readonly reading: Reading;
  readonly wire: string;
}

/** `puma read PLANT.yaml TAG… [--data DIR]`: asks the devices for these tags once, whether a gateway runs or not. Gives 1 when a
 *  tag is unknown or could not be read. */
export const read: Command = async (args) => {
  const words = readArguments(args, { data: { type: "string" } }, ["PLANT.yaml", "TAG…"]);
  const [file = "", ...ids] = words.positionals;
  const plant = loadPlant(file);
  const tags = ids.flatMap((id) => plant.tags.find((tag) => tag.id === id) ?? []);
  const unknown = ids.filter((id) => !tags.some((tag) => tag.id === id));
  const known = plant.tags.map(({ id }) => id);
  for (const id of unknown)
    process.stderr.write(`${suggesting(say("plant-no-tag", { name: id }), nearest(id, known)).sentence}\n`);
  if (unknown.length > 0) return 1;
  const dataDir = typeof words.values["data"] === "string" ? words.values["data"] : plant.data.dir;
  const troubles: string[] = [];
  const answers = await Promise.all(
    plant.connections.map((connection) => readOver(connection, plant, tags, dataDir, troubles)),
  );
  const found = new Map(answers.flat().map((one) => [one.reading.tag.index, one]));
  const rows = tags.map((tag) => rowOf(tag, found.get(tag.index)));
  process.stdout.write(formatTable(["tag", "value", "unit", "quality", "registers"], rows));
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  return tags.every((tag) => isRead(found.get(tag.index))) ? 0 : 1;
};

function isRead(found: Found | undefined): boolean {
  return found !== undefined && qualityOf(found.reading.status) !== "bad";
}

/** One connection at a time carries one request at a time, so that a line of instruments is not hurried. */
async function readOver(
  connection: Connection,
  plant: Plant,
  wanted: readonly Tag[],
  dataDir: string,
  troubles: string[],
): Promise<Found[]> {
  const devices = plant.devices.filter((device) => device.connection === connection.id);
  const ids = new Set(devices.map(({ id }) => id));
  const tags = wanted.filter(({ device }) => ids.has(device)).map(askedFor);
  if (tags.length === 0) return [];
  const log = createLog("error");
  const context = { connection, devices, tags, clock: systemClock, log, dataDir };
  const driver = await createDriver({ ...context, random: mulberry32(randomInt(2 ** 32)) });
  const conditioner = createConditioner(plant.tags);
  const signal = new AbortController().signal;
  const found: Found[] = [];
  try {
    await driver.connect(signal);
    for (const tag of tags) {
      const { batch, wire } = await driver.single.read(tag, signal);
      conditioner.apply(batch, systemClock.monotonic());
      found.push({ reading: readingAt(batch, 0, plant.tags), wire });
    }
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    troubles.push(error.message);
  } finally {
    await driver.close();
  }
  return found;
}

/** A server is not asked to watch what is read once. */
function askedFor(tag: Tag): Tag {
  return tag.source.protocol === "opcua" ? { ...tag, source: { ...tag.source, mode: "read" } } : tag;
}

function rowOf(tag: Tag, found: Found | undefined): string[] {
  const status = found?.reading.status ?? Status.BadNoCommunication;
  const reason = reasonOf(status);
  return [
    tag.id,
    valueText(tag, found?.reading.value ?? null),
    tag.unit === null || tag.unit === "1" ? "" : unitSymbol(tag.unit),
    reason === null ? qualityOf(status) : `${qualityOf(status)} ${reason}`,
    found?.wire ?? "",
  ];
}

function valueText(tag: Tag, value: Reading["value"]): string {
  if (value === null) return "–";
  const state = tag.values?.[String(Number(value))];
  return state === undefined ? String(value) : `${String(value)} ${state}`;
}
