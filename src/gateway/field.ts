import { isDeepStrictEqual } from "node:util";
import type { Connection, Device, Plant } from "../config/plant.ts";
import type { Driver, Log } from "../domain/ports.ts";
import { randomFor } from "../domain/random.ts";
import type { Tag } from "../domain/tag.ts";
import type { Clock } from "../domain/time.ts";
import { createDriver } from "../drivers/index.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { createInlet } from "./inlet.ts";
import type { Inlet } from "./inlet.ts";
import { Link } from "./link.ts";
import type { Pipeline } from "./pipeline.ts";
import { begin } from "./running.ts";
import type { Running } from "./running.ts";

export interface FieldOptions {
  readonly clock: Clock;
  readonly sinkClock: Clock;
  readonly log: Log;
  readonly seed: number;
  readonly frames?: GatewayOptions["frames"];
}

/** All connections to the field. Those that a change of the plant does not concern poll on, whatever becomes of the rest. */
export interface Field {
  /** In the plant file's order. */
  links(): readonly Link[];
  /** Lets polls wait, ends the links that are not as the plant wants them, and makes those that are missing. */
  change(plant: Plant): Promise<void>;
  /** Polls go into this pipeline, those that waited first; links that are new begin. */
  open(pipeline: Pick<Pipeline, "accept" | "lose">): void;
  /** Resolves when every link has said good-bye. */
  end(): Promise<void>;
  /** Rejects when a link dies of a bug; never resolves. */
  readonly failed: Promise<never>;
}

interface Strand {
  readonly wiring: Wiring;
  readonly link: Link;
  readonly inlet: Inlet;
  running: Running | null;
}

export function createField(options: FieldOptions): Field {
  let plant: Plant | null = null;
  let strands: Strand[] = [];
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined); // whoever is interested asks again

  async function change(next: Plant): Promise<void> {
    plant = next;
    for (const { inlet } of strands) inlet.hold();
    const known = new Map(strands.map((strand) => [strand.wiring.connection.id, strand]));
    const wanted = wiringsOf(next).map((wiring) => {
      const strand = known.get(wiring.connection.id);
      const kept = strand !== undefined && isSameWiring(wiring, strand.wiring) ? strand : null;
      return { wiring, kept };
    });
    const stays = new Set(wanted.map(({ kept }) => kept));
    await Promise.all(strands.filter((strand) => !stays.has(strand)).map(endOf)); // a serial line has one master
    strands = await Promise.all(
      wanted.map(async ({ wiring, kept }) => kept ?? createStrand(wiring, next, options)),
    );
  }

  return {
    links: () => strands.map(({ link }) => link),
    change,
    open(pipeline) {
      const tags = new Map(plant?.tags.map((tag) => [tag.id, tag]));
      const tagOf = (tag: Tag): Tag => tags.get(tag.id) ?? tag;
      for (const strand of strands) {
        strand.inlet.open(pipeline, tagOf);
        if (strand.running !== null) continue;
        strand.running = begin((signal) => strand.link.run(signal));
        strand.running.done.catch(reject);
      }
    },
    async end() {
      await Promise.all(strands.map(endOf));
    },
    failed,
  };
}

function endOf({ running }: Strand): Promise<void> {
  return running === null ? Promise.resolve() : running.end();
}

async function createStrand(
  wiring: Wiring,
  plant: Plant,
  { clock, sinkClock: networkClock, log, seed, frames }: FieldOptions,
): Promise<Strand> {
  const { connection, devices, tags, ordinal } = wiring;
  const random = randomFor(`connection ${connection.id}`, seed);
  const dataDir = plant.data.dir;
  const heard = frames?.connection === connection.id ? { frames: frames.tap } : {};
  const make = (): Promise<Driver> =>
    createDriver({ connection, devices, tags, clock, random, log, dataDir, ...heard });
  const driver = await make();
  const phase = (ordinal * 0.618034) % 1; // golden ratio: evenly spread however many connections there are
  const inlet = createInlet();
  const options = { phase, clock, networkClock, random, log, pipeline: inlet };
  const link = new Link({ connection, driver, renew: make, ...options });
  return { wiring, link, inlet, running: null };
}

/** All that a link is made of. */
interface Wiring {
  readonly connection: Connection;
  readonly devices: readonly Device[];
  readonly tags: readonly Tag[];
  readonly ordinal: number;
}

/** Connections without tags have nothing to do. */
function wiringsOf(plant: Plant): Wiring[] {
  const devicesOf = Map.groupBy(plant.devices, (device) => device.connection);
  const tagsOf = Map.groupBy(plant.tags, (tag) => tag.device);
  return plant.connections.flatMap((connection, ordinal) => {
    const devices = devicesOf.get(connection.id) ?? [];
    const tags = devices.flatMap((device) => tagsOf.get(device.id) ?? []);
    return tags.length === 0 ? [] : [{ connection, devices, tags, ordinal }];
  });
}

function isSameWiring(a: Wiring, b: Wiring): boolean {
  return isDeepStrictEqual(onTheWire(a), onTheWire(b));
}

/** What is said to the devices and heard from them; what is made of it afterwards may change under a link that goes on. */
function onTheWire({ connection, devices, tags }: Wiring): unknown {
  return [
    connection,
    devices.map(({ id, unit, modbus }) => ({ id, unit, modbus })),
    tags.map(({ id, device, type, range, scanClass, periodMs, scaling, source }) => ({
      id,
      device,
      type,
      range,
      scanClass,
      periodMs,
      scaling,
      source,
    })),
  ];
}
