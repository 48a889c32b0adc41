import type { OutputConfig, Plant } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { Log } from "../domain/ports.ts";
import { randomFor } from "../domain/random.ts";
import { sleep } from "../domain/time.ts";
import type { Clock } from "../domain/time.ts";
import { createDriver } from "../drivers/index.ts";
import { startHttp } from "../http/server.ts";
import type { GatewayView } from "../http/view.ts";
import { startBroker } from "../outputs/broker.ts";
import { createOutput } from "../outputs/index.ts";
import { withoutCredentials } from "./endpoint.ts";
import { createForwarder } from "./forwarder.ts";
import { connectionHealth, deviceHealth, outlineDevices, outputHealth } from "./health.ts";
import type { Delivery } from "./health.ts";
import { Link } from "./link.ts";
import { createPipeline } from "./pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { watchLoopDelay } from "./loop-delay.ts";
import type { LoopDelay } from "./loop-delay.ts";
import { createMemoryQueue } from "./queue.ts";

/** Readings of one write: large enough to make the cost of a request small, small enough to send again. */
const WRITE_READINGS_MAX = 5_000;

/** HTTP sinks charge by the request: gather this long, ms. */
const INFLUX_LINGER_MS = 100;

/** At the stop, outputs get this long to take what is pending, ms. */
const DRAIN_MS = 2_500;

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
  /** Rejects when a part of the gateway dies of a bug; never resolves otherwise before `stop`. */
  readonly finished: Promise<void>;
  /** Stops polling, hands over what is pending, says good-bye to every peer. */
  stop(): Promise<void>;
}

/** Puts the rooms together and starts them. Throws when a port that it must listen on is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { plant, clock, log } = options;
  const broker = plant.broker === null ? null : await startBroker(plant.broker, log);
  const deliveries = plant.outputs.map((config) => createDelivery(config, options));
  let show: (batch: ReadingBatch) => void = () => undefined;
  const pipeline = createPipeline({
    tags: plant.tags,
    clock,
    log,
    deliver: (batch) => {
      for (const { queue } of deliveries) queue.append(batch);
    },
    show: (batch) => show(batch),
  });
  const links = await createLinks(options, pipeline);
  const loopDelay = watchLoopDelay(clock);
  const view = createView(options, pipeline, links, deliveries, loopDelay);
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
    await drain(deliveries, options.sinkClock);
    sinks.abort();
    await sinksDone;
    await http.close();
    await broker?.close();
    loopDelay.stop();
  }

  return {
    httpUrl: http.url,
    view,
    finished: Promise.all([fieldDone, sinksDone]).then(() => undefined),
    stop,
  };
}

function createDelivery(
  config: OutputConfig,
  { plant, sinkClock: clock, log, seed }: GatewayOptions,
): Delivery {
  const output = createOutput({ config, plant, clock, log });
  const isInflux = config.type === "influx";
  const queue = createMemoryQueue(
    config.queueReadingsMax,
    isInflux ? config.batchReadingsMax : WRITE_READINGS_MAX,
  );
  const forwarder = createForwarder({
    name: config.id,
    output,
    source: queue,
    lingerMs: isInflux ? INFLUX_LINGER_MS : 0,
    clock,
    random: randomFor(`output ${config.id}`, seed),
    log,
  });
  return { name: config.id, type: config.type, endpoint: withoutCredentials(config.url), queue, forwarder };
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
    devices,
    connections: () => links.map(connectionHealth),
    outputs: () => deliveries.map((delivery) => outputHealth(delivery, clock)),
    isReady: () => devices().every(({ state }) => state !== "starting"),
    eventLoopDelayP99Ms: () => loopDelay.p99Ms(),
  };
}

async function drain(deliveries: readonly Delivery[], clock: Clock): Promise<void> {
  const until = clock.monotonic() + DRAIN_MS;
  const isPending = (): boolean =>
    deliveries.some((d) => d.forwarder.isConnected() && d.queue.counts().pending > 0);
  while (isPending() && clock.monotonic() < until) await sleep(clock, 20);
}
