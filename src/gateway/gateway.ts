import { plaintextHosts } from "../config/plaintext.ts";
import type { OutputConfig, Plant } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { Log } from "../domain/ports.ts";
import { randomFor } from "../domain/random.ts";
import { sleep } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";
import { createDriver } from "../drivers/index.ts";
import { startHttp } from "../http/server.ts";
import type { GatewayView } from "../http/view.ts";
import type { Feed } from "../store/spool/feed.ts";
import type { Historian } from "../store/historian/historian.ts";
import type { Spool } from "../store/spool/spool.ts";
import { nodeFs } from "../store/spool/node-fs.ts";
import { startBroker } from "../outputs/broker.ts";
import { createOutput } from "../outputs/index.ts";
import { withoutCredentials } from "./endpoint.ts";
import { createForwarder } from "./forwarder.ts";
import { connectionHealth, deviceHealth, outlineDevices, outputHealth } from "./health.ts";
import type { Delivery } from "./health.ts";
import { openPlantHistory } from "./history-keeping.ts";
import { Link } from "./link.ts";
import { createPipeline } from "./pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { watchLoopDelay } from "./loop-delay.ts";
import type { LoopDelay } from "./loop-delay.ts";
import { openPlantSpool } from "./spooling.ts";

/** At the stop, a disk that works gets all it needs, and one that hangs this long, ms. */
const FLUSH_MS = 1_000;

/** At the stop, outputs get this long to take what is pending, ms; the rest waits on disk. */
const DRAIN_MS = 1_000;

export interface GatewayOptions {
  readonly plant: Plant;
  readonly version: string;
  /** The plant's time, which a demonstration may run faster. */
  readonly clock: Clock;
  /** How much faster than real time that is; 1 on a plant. */
  readonly speed: number;
  /** The time of brokers and databases, which nobody can hurry. */
  readonly sinkClock: Clock;
  readonly seed: number;
  readonly log: Log;
  /** The built page. */
  readonly webDir: string;
}

export interface Gateway {
  readonly httpUrl: string;
  readonly view: GatewayView;
  /** For whoever has readings of the past to add. */
  readonly historian: Pick<Historian, "append" | "sync">;
  /** Rejects when a part of the gateway dies of a bug; never resolves otherwise before `stop`. */
  readonly finished: Promise<void>;
  /** Stops polling, hands over what is pending, says good-bye to every peer. */
  stop(): Promise<void>;
}

/** Puts the rooms together and starts them. Throws when a port that it must listen on is taken, and BadConfiguration when
 *  a newer version wrote the spool. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { plant, clock, log } = options;
  const spool = await openPlantSpool(plant, nodeFs, options.sinkClock, log);
  const historian = await openPlantHistory(plant, clock, log);
  const broker = plant.broker === null ? null : await startBroker(plant.broker, log);
  let show: (batch: ReadingBatch) => void = () => undefined;
  const pipeline = createPipeline({
    tags: plant.tags,
    clock,
    log,
    groupCommitMs: plant.data.groupCommitMs,
    deliver(batch) {
      spool.append(batch);
      historian.append(batch);
    },
    show: (batch) => show(batch),
  });
  const deliveries = spool.feeds.map((feed, index) =>
    createDelivery(plant.outputs[index] as OutputConfig, feed, options, pipeline),
  );
  const links = await createLinks(options, pipeline);
  const loopDelay = watchLoopDelay(clock);
  const view = createView(options, pipeline, { spool, historian }, links, deliveries, loopDelay);
  const http = await startHttp({ view, clock, log, webDir: options.webDir });
  show = http.publish;

  const field = new AbortController();
  const sinks = new AbortController();
  const fieldDone = Promise.all(links.map((link) => link.run(field.signal)));
  const sinksDone = Promise.all(deliveries.map(({ forwarder }) => forwarder.run(sinks.signal)));

  async function stop(): Promise<void> {
    field.abort();
    await fieldDone;
    pipeline.close();
    await Promise.race([spool.flush(), sleep(options.sinkClock, FLUSH_MS)]);
    await drain(deliveries, options.sinkClock);
    sinks.abort();
    await sinksDone;
    await Promise.race([spool.close(), sleep(options.sinkClock, FLUSH_MS)]);
    await Promise.race([historian.close(), sleep(options.sinkClock, FLUSH_MS)]);
    await http.close();
    await broker?.close();
    loopDelay.stop();
  }

  return {
    httpUrl: http.url,
    view,
    historian,
    finished: Promise.all([fieldDone, sinksDone, historian.finished]).then(() => undefined),
    stop,
  };
}

function createDelivery(
  config: OutputConfig,
  feed: Feed,
  { plant, sinkClock: clock, log, seed }: GatewayOptions,
  { conditioning }: Pipeline,
): Delivery {
  const output = createOutput({
    config,
    plant,
    clock,
    log,
    reading: (index) => conditioning.reading(index),
  });
  const forwarder = createForwarder({
    name: config.id,
    output,
    source: feed,
    clock,
    random: randomFor(`output ${config.id}`, seed),
    log,
  });
  const endpoint = withoutCredentials(config.url);
  const plaintext = plaintextHosts(config);
  if (plaintext.length > 0)
    log.warn({ output: config.id, hosts: plaintext }, "readings and passwords travel unencrypted");
  return { name: config.id, type: config.type, endpoint, plaintext, feed, forwarder };
}

async function createLinks({ plant, clock, log, seed }: GatewayOptions, pipeline: Pipeline): Promise<Link[]> {
  const links: Link[] = [];
  const devicesOf = Map.groupBy(plant.devices, (device) => device.connection);
  const tagsOf = Map.groupBy(plant.tags, (tag) => tag.device);
  for (const [ordinal, connection] of plant.connections.entries()) {
    const devices = devicesOf.get(connection.id) ?? [];
    const tags = devices.flatMap((device) => tagsOf.get(device.id) ?? []);
    if (tags.length === 0) continue;
    const random = randomFor(`connection ${connection.id}`, seed);
    const driver = await createDriver({
      connection,
      devices,
      tags,
      clock,
      random,
      log,
      dataDir: plant.data.dir,
    });
    const phase = (ordinal * 0.618034) % 1; // golden ratio: evenly spread however many connections there are
    links.push(new Link({ connection, driver, phase, clock, random, log, pipeline }));
  }
  return links;
}

function createView(
  { plant, version, clock, speed }: GatewayOptions,
  { conditioning }: Pipeline,
  { spool, historian }: { readonly spool: Spool; readonly historian: Historian },
  links: readonly Link[],
  deliveries: readonly Delivery[],
  loopDelay: LoopDelay,
): GatewayView {
  const outlines = outlineDevices(plant, links);
  const devices: GatewayView["devices"] = () =>
    outlines.map((outline) => deviceHealth(outline, (index) => conditioning.statusOf(index)));
  return {
    plant,
    version,
    speed,
    startedAt: clock.now(),
    reading: (index) => conditioning.reading(index),
    deviceTime: (index) => conditioning.deviceTime(index),
    accumulated: (index) => conditioning.accumulated(index),
    history: historian,
    historyHealth: () => historian.health(),
    devices,
    connections: () => links.map(connectionHealth),
    spool: () => spool.health(),
    outputs: () => deliveries.map((delivery) => outputHealth(delivery, clock)),
    isReady: () => devices().every(({ state }) => state !== "starting"),
    eventLoopDelayP99Ms: () => loopDelay.p99Ms(),
  };
}

async function drain(deliveries: readonly Delivery[], clock: Clock): Promise<void> {
  const until = clock.monotonic() + DRAIN_MS;
  const isPending = (): boolean =>
    deliveries.some((d) => d.forwarder.isConnected() && d.feed.counts().pending > 0);
  while (isPending() && clock.monotonic() < until) await sleep(clock, 20);
}
