import type { Connection, Device, Plant } from "../../src/config/plant.ts";
import { say } from "../../src/domain/said.ts";
import type { Said } from "../../src/domain/said.ts";
import { UnfitWish } from "../../src/domain/simulation.ts";
import { firstOf } from "../../src/domain/spelling.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { definitionOf } from "./catalogue.ts";
import type { FaultName, FaultRequest, Target } from "./catalogue.ts";

/** What a fault strikes, found in the plant. */
export interface Struck {
  readonly name: FaultName;
  readonly connection: Connection;
  /** Null when the whole connection is meant. */
  readonly device: Device | null;
  /** The tags it strikes: one, or all of the device or connection. */
  readonly tags: readonly Tag[];
}

/** Checks a request against the catalogue and the plant. Throws UnfitWish, which says what would do. */
export function struckBy(request: FaultRequest, plant: Plant): Struck {
  const { name, definition } = definitionOf(request);
  const [target, id] = targetOf(request, definition.targets);
  const struck = { name, ...found(plant, target, id) };
  if (!definition.protocols.includes(struck.connection.protocol))
    throw new UnfitWish(
      say("fault-of-protocol", {
        fault: name,
        protocols: definition.protocols.join(", "),
        target: id,
        protocol: struck.connection.protocol,
      }),
    );
  return struck;
}

function targetOf(request: FaultRequest, targets: readonly Target[]): [Target, string] {
  const given = (["tag", "device", "connection"] as const).filter((target) => request[target] !== undefined);
  const [target] = given;
  const id = target === undefined ? undefined : request[target];
  if (given.length !== 1 || target === undefined || id === undefined || !targets.includes(target))
    throw new UnfitWish(say("fault-needs-target", { fault: request.fault, targets: anyOf(targets) }));
  return [target, id];
}

function found(plant: Plant, target: Target, id: string): Omit<Struck, "name"> {
  if (target === "connection") {
    const connection = named(plant.connections, "connection", id);
    const devices = new Set(plant.devices.filter((one) => one.connection === id).map((one) => one.id));
    return { connection, device: null, tags: plant.tags.filter((tag) => devices.has(tag.device)) };
  }
  const tag = target === "tag" ? named(plant.tags, "tag", id) : null;
  const device = named(plant.devices, "device", tag?.device ?? id);
  const connection = named(plant.connections, "connection", device.connection);
  const tags = tag === null ? plant.tags.filter((one) => one.device === device.id) : [tag];
  return { connection, device, tags };
}

/** Too many names help nobody: beyond this many they are counted. */
const NAMES_MAX = 20;

function named<T extends { readonly id: string }>(all: readonly T[], target: Target, id: string): T {
  const one = all.find((candidate) => candidate.id === id);
  if (one !== undefined) return one;
  const names = all.map((candidate) => candidate.id);
  throw new UnfitWish(say(`no-simulated-${target}`, { name: id, known: firstOf(names, NAMES_MAX) }));
}

function anyOf(targets: readonly Target[]): Said {
  return targets.map((target) => say(`target-${target}`)).reduce((one, other) => say("or", { one, other }));
}
