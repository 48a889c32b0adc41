import { isDeepStrictEqual } from "node:util";
import { plaintextHosts } from "../config/plaintext.ts";
import type { OutputConfig, Plant } from "../config/plant.ts";
import type { ReadingBatch } from "../domain/batch.ts";
import { randomFor } from "../domain/random.ts";
import { sleep } from "../domain/time.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import type { Tag } from "../domain/tag.ts";
import type { TagCommand } from "../domain/write.ts";
import { serveHttp } from "../http/server.ts";
import type { GatewayView } from "../http/view.ts";
import { createOutput } from "../outputs/index.ts";
import type { Historian } from "../store/historian/historian.ts";
import type { Journal } from "../store/journal/journal.ts";
import type { Feed } from "../store/spool/feed.ts";
import { openAlarms } from "./alarms/alarms.ts";
import type { Alarms } from "./alarms/alarms.ts";
import { createOwnHealth } from "./alarms/own-health.ts";
import { watchCertificateEnds } from "./certificate-ends.ts";
import { withoutCredentials } from "./endpoint.ts";
import type { Field } from "./field.ts";
import { createForwarder } from "./forwarder.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { createView } from "./gateway-view.ts";
import type { Lasting } from "./gateway-view.ts";
import { outlineDevices } from "./health.ts";
import type { Delivery } from "./health.ts";
import type { PageListener } from "./listeners.ts";
import { openMetrics } from "./metrics/metrics.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { createPipeline } from "./pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { begin } from "./running.ts";
import { closeStores, FLUSH_MS, openStores } from "./stores.ts";
import type { Stores } from "./stores.ts";
import { openWrites } from "./writes/desk.ts";
import type { Writes } from "./writes/desk.ts";
import type { RateLimits } from "./writes/rate-limits.ts";

/** At the stop, outputs get this long to take what is pending, ms; the rest waits on disk. */
const DRAIN_MS = 1_000;

/** What outlives a change of the plant. */
export interface Surroundings extends Lasting {
  readonly journal: Journal;
  readonly field: Field;
  readonly listener: PageListener;
  readonly writeRates: RateLimits;
}

/** Everything that is made for one plant: readings on their way to stores, outputs, figures, alarms and the page. */
export interface Works {
  readonly plant: Plant;
  readonly view: GatewayView;
  readonly historian: Historian;
  readonly pipeline: Pipeline;
  reopen(from: EpochMs): void;
  /** Rejects when a part dies of a bug. */
  readonly failed: Promise<unknown>;
  /** The field has to be quiet, or its polls have to wait. Where the gateway ends, outputs are given the time to take what is
   *  pending and requests are refused; else both wait for those that follow. */
  stop(isEnd: boolean): Promise<void>;
}

/** What goes on from the works of the plant as it was. */
export type Predecessor = Pick<Works, "plant" | "pipeline">;

/** Makes and starts everything for `plant`; the field's polls and the requests that wait go there as soon as they can. Throws
 *  BadConfiguration when a newer version wrote the spool. */
export async function startWorks(
  options: GatewayOptions,
  plant: Plant,
  surroundings: Surroundings,
  before: Predecessor | null,
): Promise<Works> {
  const { field, journal, listener } = surroundings;
  const scoped = { ...options, plant };
  const stores: Stores = { ...(await openStores(scoped)), journal };
  const { spool, historian } = stores;
  const ears: Ears = { judge: () => undefined, show: () => undefined, note: () => undefined };
  const pipeline = pipelineInto(stores, ears, scoped);
  if (before !== null)
    pipeline.conditioning.carry(before.pipeline.conditioning, movesOf(before.plant.tags, plant.tags));
  const deliveries: Delivery[] = [];
  const news = openNews(scoped, stores, pipeline, surroundings, deliveries, before !== null);
  const { metrics, alarms, writes } = news;
  for (const [index, feed] of spool.feeds.entries())
    deliveries.push(createDelivery(plant.outputs[index] as OutputConfig, feed, scoped, pipeline, news));
  ears.judge = (batch) => alarms.take(batch);
  ears.note = (batch) => metrics.note(batch);
  const links = field.links();
  const view = createView({ ...scoped, ...stores, ...news, ...surroundings, pipeline, links, deliveries });
  const http = await serveHttp({ ...scoped, view, ...certificateOf(listener) }, listener);
  ears.show = http.publish;
  alarms.onChange(http.alarm);
  field.open(pipeline);
  const watch = begin((signal) => alarms.run(signal));
  const books = begin((signal) => metrics.run(signal));
  const sinks = begin((signal) => Promise.all(deliveries.map(({ forwarder }) => forwarder.run(signal))));

  return {
    plant,
    view,
    historian,
    pipeline,
    reopen: (from) => metrics.reopen(from),
    failed: Promise.all([watch.done, sinks.done, books.done, historian.finished]),
    async stop(isEnd) {
      await Promise.all([watch.end(), writes.close()]);
      pipeline.close();
      alarms.close();
      await books.end();
      await Promise.race([spool.flush(), sleep(options.sinkClock, FLUSH_MS)]);
      if (isEnd) await drain(deliveries, options.sinkClock);
      await sinks.end();
      if (!isEnd) listener.lead(null);
      await http.close();
      await closeStores(stores, isEnd ? options.sinkClock : null);
    },
  };
}

function certificateOf({ certificate }: PageListener) {
  return certificate === null ? {} : { certificate };
}

/** What is made of readings, and what is done about them. */
interface News {
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly writes: Writes;
}

/** Alarms look at the outputs too, which are there by the time that they do. */
function openNews(
  { plant, clock, sinkClock, log, past = Promise.resolve() }: GatewayOptions,
  { spool, historian, journal }: Stores,
  { conditioning: image }: Pipeline,
  { field, configurations, writeRates: rates }: Surroundings,
  deliveries: readonly Delivery[],
  continues: boolean,
): News {
  const metrics = openMetrics({ plant, journal, history: historian, image, clock, log, continues, past });
  const { outlines, view: figures } = metrics;
  const links = field.links();
  const ends = watchCertificateEnds(plant, links, sinkClock);
  const outlined = outlineDevices(plant, links);
  const health = createOwnHealth(spool, outlined, () => deliveries, configurations, ends);
  const alarms = openAlarms({ plant, journal, image, outlines, figures, health, clock, log });
  const writes = openWrites({ plant, journal, image, links, rates, clock, sinkClock, log });
  return { metrics, alarms, writes };
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
  { metrics, alarms, writes }: News,
): Delivery {
  const output = createOutput({
    config,
    plant,
    clock,
    log,
    reading: (index) => conditioning.reading(index),
    outlines: metrics.outlines,
    ...commandsOf(config, plant, writes),
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

/** Without a tag that may be written nobody even listens to commands. */
function commandsOf(config: OutputConfig, { writes = [] }: Plant, { command }: Writes) {
  if (config.type !== "mqtt" || writes.length === 0) return {};
  return { command: (wish: TagCommand) => command(config.id, config.commands, wish) };
}

async function drain(deliveries: readonly Delivery[], clock: Clock): Promise<void> {
  const until = clock.monotonic() + DRAIN_MS;
  const isPending = (): boolean =>
    deliveries.some((d) => d.forwarder.isConnected() && d.feed.counts().pending > 0);
  while (isPending() && clock.monotonic() < until) await sleep(clock, 20);
}

/** Tags that are what they were but for their place among all. */
function movesOf(before: readonly Tag[], after: readonly Tag[]): [from: number, to: number][] {
  const known = new Map(before.map((tag) => [tag.id, tag]));
  return after.flatMap((tag) => {
    const older = known.get(tag.id);
    const isSame = older !== undefined && isDeepStrictEqual({ ...older, index: tag.index }, tag);
    return isSame ? [[older.index, tag.index] as [number, number]] : [];
  });
}
