import { createBatch } from "../../src/domain/batch.ts";
import type { ReadingBatch } from "../../src/domain/batch.ts";
import { ConnectionLost, Throttled } from "../../src/domain/errors.ts";
import { saidElsewhere } from "../../src/domain/said.ts";
import { zeroLinkCounters } from "../../src/domain/health.ts";
import type { Driver, Output } from "../../src/domain/ports.ts";
import { normal, randomFor } from "../../src/domain/random.ts";
import type { Random } from "../../src/domain/random.ts";
import { sleep } from "../../src/domain/time.ts";
import type { Clock } from "../../src/domain/time.ts";
import { createForwarder } from "../../src/gateway/forwarder.ts";
import { Link } from "../../src/gateway/link.ts";
import { createPipeline } from "../../src/gateway/pipeline.ts";
import type { Spool } from "../../src/store/spool/spool.ts";
import { failure } from "./memory-fs.ts";
import { NO_ACCESS } from "./no-access.ts";
import type { MemoryFs } from "./memory-fs.ts";
import { feedOf, feedOptions, quiet, startSpool } from "./spool.ts";
import { tagOf } from "./tags.ts";

export const DEVICES = 5;
export const TAGS_EACH = 3;
export const SINKS = ["broker", "database"];

/** What is up and what is not, in the world around the gateway. The schedule of a seed changes it. */
export interface World {
  readonly clock: Clock;
  readonly cut: Set<string>;
  /** Ms that a sync takes, and the error that it ends with. */
  syncMs: number;
  syncError: string | null;
  /** By sink: every value that it took, in order, as `tag:value`. */
  readonly taken: ReadonlyMap<string, string[]>;
  /** By sink: what it refused for good. */
  readonly refused: ReadonlyMap<string, Set<string>>;
  /** The next value of each device. */
  readonly counters: number[];
  note(event: string): void;
}

/** Time that stands still for a process that is dead. */
export function mortalClock(clock: Clock): { clock: Clock; die(): void } {
  let isDead = false;
  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      schedule: (ms, action) =>
        clock.schedule(ms, () => {
          if (!isDead) action();
        }),
    },
    die: () => void (isDead = true),
  };
}

/** Scheduler, pipeline, spool and forwarders as the gateway joins them, over drivers, sinks and a disk that fail. */
export interface SimulatedGateway {
  readonly spool: Spool;
  /** `tag:value` of what was appended in this run, in order. */
  readonly appended: string[];
  /** Readings that were in the spool before this run. */
  readonly acceptedBefore: number;
  die(): void;
  /** Lets go of all that waits in a dead gateway: a signal that is awaited is kept in memory for as long as it may come. */
  release(): void;
}

export async function startGatewayIn(
  world: World,
  fs: MemoryFs,
  seed: number,
  run: number,
): Promise<SimulatedGateway> {
  const mortal = mortalClock(world.clock);
  const { clock } = mortal;
  const random = randomFor(`run ${run}`, seed);
  failingDisk(world, fs, clock);
  const tags = Array.from({ length: DEVICES * TAGS_EACH }, (_, index) =>
    tagOf(index, { type: "float64", range: null, device: `D${Math.floor(index / TAGS_EACH)}` }),
  );
  const spool = await startSpool(fs, clock, {
    tags: tags.map(({ id }) => ({ id, scale: 1, offset: 0 })),
    bytesMax: 12 * 1024,
    unsyncedReadingsMax: 1500,
    outputs: SINKS.map((name) => feedOptions(name, { trimLagMs: 5_000, readingsMax: 200 })),
  });
  const acceptedBefore = feedOf(spool, SINKS[0]).counts().accepted;
  const appended: string[] = [];
  const pipeline = createPipeline({
    groupCommitMs: 20,
    tags,
    clock,
    log: quiet,
    deliver(batch) {
      for (let row = 0; row < batch.length; row++) appended.push(nameOf(batch, row));
      spool.append(batch);
    },
    show: () => undefined,
  });
  const stop = new AbortController();
  for (let device = 0; device < DEVICES; device++) {
    const connection = {
      id: `D${device}`,
      protocol: "modbus-tcp",
      host: "127.0.0.1",
      port: 1,
      timeoutMs: 1000,
    } as const;
    const driver = simulatedDriver(world, clock, random, device, tags);
    const link = new Link({
      connection,
      driver,
      phase: device / DEVICES,
      clock,
      random,
      log: quiet,
      pipeline,
    });
    void link.run(stop.signal);
  }
  for (const name of SINKS) {
    const output = simulatedSink(world, clock, random, name);
    const source = feedOf(spool, name);
    void createForwarder({ name, output, source, clock, random, log: quiet }).run(stop.signal);
  }
  return { spool, appended, acceptedBefore, die: () => mortal.die(), release: () => stop.abort() };
}

export function nameOf(batch: ReadingBatch, row: number): string {
  return `${batch.tag[row]}:${Number.isNaN(batch.value[row]) ? `bad ${batch.sourceTime[row]}` : batch.value[row]}`;
}

function failingDisk(world: World, fs: MemoryFs, clock: Clock): void {
  fs.before = ({ kind }) => {
    if (kind !== "sync" || (world.syncMs === 0 && world.syncError === null)) return undefined;
    const { syncMs, syncError } = world;
    return sleep(clock, syncMs).then(() => {
      if (syncError !== null) throw failure(syncError);
    });
  };
}

function simulatedDriver(
  world: World,
  clock: Clock,
  random: Random,
  device: number,
  tags: readonly ReturnType<typeof tagOf>[],
): Driver {
  const id = `D${device}`;
  const own = tags.filter((tag) => tag.device === id);
  const batch = createBatch(TAGS_EACH);
  return {
    groups: [{ device: id, scanClass: "fast", periodMs: 1000, unit: "1", tags: own }],
    inFlightMax: 1,
    counters: zeroLinkCounters(),
    quarantined: () => [],
    single: NO_ACCESS,
    async connect() {
      if (world.cut.has(id)) throw new ConnectionLost(saidElsewhere("cut"));
    },
    async poll(_, signal) {
      await sleep(clock, 5 + Math.abs(normal(random)) * 20, signal);
      if (world.cut.has(id)) throw new ConnectionLost(saidElsewhere("cut"));
      const value = (world.counters[device] = (world.counters[device] ?? 0) + 1);
      batch.length = TAGS_EACH;
      for (const [row, { index }] of own.entries()) {
        batch.tag[row] = index;
        batch.value[row] = value;
        batch.status[row] = 0;
        batch.sourceTime[row] = batch.receivedTime[row] = clock.now();
      }
      return { batch, answered: true, confirmsRest: false };
    },
    async close() {},
  };
}

function simulatedSink(world: World, clock: Clock, random: Random, name: string): Output {
  const check = (): void => {
    if (world.cut.has(name)) throw new ConnectionLost(saidElsewhere("cut"));
  };
  return {
    async connect(signal) {
      await sleep(clock, 20, signal);
      check();
    },
    async write(batch, signal) {
      check();
      await sleep(clock, 1 + random() * 30, signal);
      if (random() < 0.01) throw new Throttled(saidElsewhere("busy"), 500);
      const isPoison = (value: number): boolean => name === "database" && value % 97 === 0;
      const rejections = [];
      for (let row = 0; row < batch.length; row++) {
        const reading = nameOf(batch, row);
        if (isPoison(batch.value[row] as number)) {
          rejections.push({ row, reason: "poison" });
          world.refused.get(name)?.add(reading);
        } else world.taken.get(name)?.push(batch.isHistory ? `history ${reading}` : reading);
      }
      world.note(`${name} ${clock.monotonic()} ${batch.length} ${batch.isHistory} ${batch.value[0]}`);
      // Taken, but the acknowledgement is lost.
      if (random() < 0.01) throw new ConnectionLost(saidElsewhere("cut after the write"));
      check();
      return rejections;
    },
    lost: () => new AbortController().signal,
    async close() {},
  };
}
