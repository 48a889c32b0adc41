import type { Device, Plant } from "../config/plant.ts";
import type { ConnectionHealth, DeviceHealth, DeviceState, OutputHealth } from "../domain/health.ts";
import { severity } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Clock } from "../domain/time.ts";
import type { Feed } from "../store/spool/feed.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { Forwarder } from "./forwarder.ts";
import type { Link } from "./link.ts";
import type { Turn } from "./schedule.ts";

export function connectionHealth(link: Link): ConnectionHealth {
  const { connection, driver } = link;
  return {
    connection: connection.id,
    protocol: connection.protocol,
    endpoint: describeEndpoint(connection),
    connected: link.isConnected(),
    counters: driver.counters,
  };
}

/** What of a device's health never changes, looked up once: a scrape must not walk over every tag for every device. */
export interface DeviceOutline {
  readonly device: Device;
  readonly link: Link;
  readonly turns: readonly Turn[];
  readonly tagIndexes: readonly number[];
  readonly tagIds: ReadonlySet<string>;
}

/** One outline for each device that has a link, in the plant file's order. */
export function outlineDevices(plant: Plant, links: readonly Link[]): readonly DeviceOutline[] {
  const linkOf = new Map(links.map((link) => [link.connection.id, link]));
  const tagsOf = Map.groupBy(plant.tags, (tag) => tag.device);
  return plant.devices.flatMap((device) => {
    const link = linkOf.get(device.connection);
    const tags = tagsOf.get(device.id) ?? [];
    if (link === undefined) return [];
    const turns = link.turns.filter((turn) => turn.group.device === device.id);
    const tagIndexes = tags.map((tag) => tag.index);
    return [{ device, link, turns, tagIndexes, tagIds: new Set(tags.map((tag) => tag.id)) }];
  });
}

/** `statusOf` gives the present status of a tag by its index. */
export function deviceHealth(
  { device, link, turns, tagIndexes, tagIds }: DeviceOutline,
  statusOf: (tagIndex: number) => StatusCode,
): DeviceHealth {
  let tagsGood = 0;
  for (const index of tagIndexes) if (severity(statusOf(index)) === 0) tagsGood++;
  const slowest = slowestOf(turns);
  return {
    device: device.id,
    title: device.title,
    connection: link.connection.id,
    protocol: link.connection.protocol,
    area: device.area,
    periodsMs: periodsOf(turns),
    state: deviceState(link, turns, tagIndexes.length === tagsGood),
    lastError: link.lastError(),
    lastSaid: link.lastSaid(),
    lastAnswer: link.lastAnswer(device.id),
    tags: tagIndexes.length,
    tagsGood,
    polls: sum(turns, (turn) => turn.polls),
    pollsFailed: sum(turns, (turn) => turn.failed),
    pollsMissed: sum(turns, (turn) => turn.missed),
    latencyP50Ms: slowest?.latency.percentile(0.5) ?? null,
    latencyP99Ms: slowest?.latency.percentile(0.99) ?? null,
    breaker: turns[0]?.unit.breaker.state ?? "closed",
    ...driverHealth(link, tagIds),
  };
}

function driverHealth({ driver }: Link, tagIds: ReadonlySet<string>) {
  const quarantined = driver.quarantined().filter((id) => tagIds.has(id));
  return { quarantined, certificate: driver.certificate?.() ?? null };
}

function periodsOf(turns: readonly Turn[]): readonly number[] {
  return [...new Set(turns.map(({ group }) => group.periodMs))].sort((a, b) => a - b);
}

/** The group with the longest polls speaks for its device. */
function slowestOf(turns: readonly Turn[]): Turn | null {
  const p99 = (turn: Turn): number => turn.latency.percentile(0.99) ?? -1;
  return turns.reduce<Turn | null>(
    (slowest, turn) => (slowest === null || p99(turn) > p99(slowest) ? turn : slowest),
    null,
  );
}

/** Whether a device does not answer; null before it has been asked. */
export function isOffline({ link, turns }: Pick<DeviceOutline, "link" | "turns">): boolean | null {
  const state = deviceState(link, turns, true);
  return state === "starting" ? null : state !== "online";
}

function deviceState(link: Link, turns: readonly Turn[], allGood: boolean): DeviceState {
  if (!link.isConnected())
    return link.driver.counters.connects === 0 && link.lastError() === null ? "starting" : "disconnected";
  if (turns.some((turn) => turn.unit.breaker.state !== "closed")) return "silent";
  if (turns.some((turn) => turn.polls === 0)) return "starting";
  return allGood ? "online" : "degraded";
}

export interface Delivery {
  readonly name: string;
  readonly type: string;
  readonly endpoint: string;
  readonly plaintext: readonly string[];
  readonly feed: Feed;
  readonly forwarder: Forwarder;
}

export function outputHealth(delivery: Delivery, clock: Clock): OutputHealth {
  const counts = delivery.feed.counts();
  return {
    output: delivery.name,
    type: delivery.type,
    endpoint: delivery.endpoint,
    plaintext: delivery.plaintext,
    connected: delivery.forwarder.isConnected(),
    stalls: delivery.forwarder.stalls(),
    lastError: delivery.forwarder.lastError(),
    lastSaid: delivery.forwarder.lastSaid(),
    accepted: counts.accepted,
    delivered: counts.delivered,
    pending: counts.pending,
    dropped: counts.dropped,
    quarantined: counts.quarantined,
    resent: counts.resent,
    lagMs: counts.oldest === null ? 0 : Math.max(0, clock.now() - counts.oldest),
  };
}

function sum(turns: readonly Turn[], count: (turn: Turn) => number): number {
  return turns.reduce((total, turn) => total + count(turn), 0);
}
