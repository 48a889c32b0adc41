import { plaintextHosts } from "../config/plaintext.ts";
import type { OutputConfig, Plant } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import type { ListenerCertificate } from "../domain/certificate.ts";
import type { Log } from "../domain/ports.ts";
import { randomFor } from "../domain/random.ts";
import type { SimulatorDesk } from "../domain/simulation.ts";
import { sleep } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import { createDriver } from "../drivers/index.ts";
import type { GatewayView } from "../http/view.ts";
import type { Feed } from "../store/spool/feed.ts";
import type { Historian } from "../store/historian/historian.ts";
import { createOutput } from "../outputs/index.ts";
import { openAlarms } from "./alarms/alarms.ts";
import type { Alarms } from "./alarms/alarms.ts";
import { createOwnHealth } from "./alarms/own-health.ts";
import { withoutCredentials } from "./endpoint.ts";
import { createForwarder } from "./forwarder.ts";
import { createView } from "./gateway-view.ts";
import { outlineDevices } from "./health.ts";
import type { Delivery } from "./health.ts";
import { Link } from "./link.ts";
import { startOwnBroker, startPage } from "./listeners.ts";
import { openMetrics } from "./metrics/metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { openPeople } from "./people/people.ts";
import { begin } from "./running.ts";
import { createPipeline } from "./pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { PASSWORD_COST } from "../security/passwords.ts";
import type { PasswordCost } from "../security/passwords.ts";
import { closeStores, FLUSH_MS, openStores } from "./stores.ts";
import type { Stores } from "./stores.ts";
import { watchLoopDelay } from "./loop-delay.ts";

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
  /** What a guess of a password costs; OWASP's figures unless it is given. */
  readonly passwordCost?: PasswordCost;
  /** Simulators that may be disturbed from the page; absent on a plant. */
  readonly simulators?: SimulatorDesk;
}

export interface Gateway {
  readonly httpUrl: string;
  readonly view: GatewayView;
  /** By which the page is served; null where that is plain HTTP. */
  readonly certificate: ListenerCertificate | null;
  /** Where the first account is made, once and within an hour; null when there is one, and without accounts. */
  readonly setUpUrl: string | null;
  /** For whoever has readings of the past to add. */
  readonly historian: Pick<Historian, "append" | "sync">;
  /** Readings of the past have been added: figures are computed again from there on. */
  reopen(from: EpochMs): void;
  /** Rejects when a part of the gateway dies of a bug; never resolves otherwise before `stop`. */
  readonly finished: Promise<void>;
  /** Stops polling, hands over what is pending, says good-bye to every peer. */
  stop(): Promise<void>;
}

/** Puts the rooms together and starts them. Throws when a port that it must listen on is taken, and BadConfiguration when
 *  a newer version wrote the spool. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { plant, clock } = options;
  const stores = await openStores(options);
  const { spool, historian } = stores;
  const people = peopleOf(options, stores);
  const broker = await startOwnBroker(options, (token) => people?.people.door.byToken(token) != null);
  const ears: Ears = { judge: () => undefined, show: () => undefined, note: () => undefined };
  const pipeline = pipelineInto(stores, ears, options);
  const links = await createLinks(options, pipeline);
  const deliveries: Delivery[] = [];
  const news = openNews(options, stores, pipeline, links, deliveries);
  const { metrics, alarms } = news;
  for (const [index, feed] of spool.feeds.entries())
    deliveries.push(createDelivery(plant.outputs[index] as OutputConfig, feed, options, pipeline, news));
  const loopDelay = watchLoopDelay(clock);
  const parts = { ...options, ...stores, ...news, pipeline, links, deliveries, loopDelay };
  const view = createView({ ...parts, people: people?.people ?? null });
  const http = await startPage(options, view);
  ears.judge = (batch) => alarms.take(batch);
  ears.show = http.publish;
  ears.note = (batch) => metrics.note(batch);
  alarms.onChange(http.alarm);

  const field = begin((signal) => Promise.all(links.map((link) => link.run(signal))));
  const watch = begin((signal) => alarms.run(signal));
  const books = begin((signal) => metrics.run(signal));
  const sinks = begin((signal) => Promise.all(deliveries.map(({ forwarder }) => forwarder.run(signal))));

  async function stop(): Promise<void> {
    await watch.end();
    await field.end();
    pipeline.close();
    alarms.close();
    await books.end();
    await Promise.race([spool.flush(), sleep(options.sinkClock, FLUSH_MS)]);
    await drain(deliveries, options.sinkClock);
    await sinks.end();
    await Promise.all([http.close(), broker?.close()]);
    people?.close();
    await closeStores(stores, options.sinkClock);
    loopDelay.stop();
  }

  return {
    httpUrl: http.url,
    certificate: http.certificate,
    setUpUrl: people?.setUpUrl(http.url) ?? null,
    view,
    historian,
    reopen: (from) => metrics.reopen(from),
    finished: Promise.all([field.done, watch.done, sinks.done, books.done, historian.finished]).then(
      () => undefined,
    ),
    stop,
  };
}

function peopleOf({ plant, sinkClock: clock, log, passwordCost }: GatewayOptions, { journal }: Stores) {
  if (plant.http.auth === "none") return null;
  return openPeople({ dataDir: plant.data.dir, journal, clock, cost: passwordCost ?? PASSWORD_COST, log });
}

/** What is made of readings. */
interface News {
  readonly metrics: Metrics;
  readonly alarms: Alarms;
}

/** Alarms look at the outputs too, which are there by the time that they do. */
function openNews(
  { plant, clock, log }: GatewayOptions,
  { spool, historian, journal }: Stores,
  { conditioning: image }: Pipeline,
  links: readonly Link[],
  deliveries: readonly Delivery[],
): News {
  const metrics = openMetrics({ plant, journal, history: historian, image, clock, log });
  const { outlines, view: figures } = metrics;
  const health = createOwnHealth(spool, outlineDevices(plant, links), () => deliveries);
  return { metrics, alarms: openAlarms({ plant, journal, image, outlines, figures, health, clock, log }) };
}

/** Those who hear of new readings besides the stores. */
interface Ears {
  judge: (batch: ReadingBatch) => void;
  show: (batch: ReadingBatch) => void;
  note: (batch: ReadingBatch) => void;
}

function pipelineInto(
  { spool, historian }: Stores,
  ears: Ears,
  { plant, clock, log }: GatewayOptions,
): Pipeline {
  return createPipeline({
    tags: plant.tags,
    clock,
    log,
    groupCommitMs: plant.data.groupCommitMs,
    deliver(batch) {
      ears.note(batch);
      spool.append(batch);
      historian.append(batch);
    },
    show(batch) {
      ears.judge(batch);
      ears.show(batch);
    },
  });
}

function createDelivery(
  config: OutputConfig,
  feed: Feed,
  { plant, sinkClock: clock, log, seed }: GatewayOptions,
  { conditioning }: Pipeline,
  { metrics, alarms }: News,
): Delivery {
  const output = createOutput({
    config,
    plant,
    clock,
    log,
    reading: (index) => conditioning.reading(index),
    outlines: metrics.outlines,
  });
  const forwarder = createForwarder({
    name: config.id,
    output,
    source: feed,
    ...(metrics.outlines.length > 0 ? { figures: metrics.feed(config.id) } : {}),
    alarms: alarms.feed(config.id),
    clock,
    random: randomFor(`output ${config.id}`, seed),
    log,
  });
  const endpoint = withoutCredentials(config.url);
  const plaintext = plaintextHosts(config, plant.broker);
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

async function drain(deliveries: readonly Delivery[], clock: Clock): Promise<void> {
  const until = clock.monotonic() + DRAIN_MS;
  const isPending = (): boolean =>
    deliveries.some((d) => d.forwarder.isConnected() && d.feed.counts().pending > 0);
  while (isPending() && clock.monotonic() < until) await sleep(clock, 20);
}
