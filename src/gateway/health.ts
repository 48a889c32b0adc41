import type { Device, Plant } from "../config/plant.ts";
import type { ConnectionHealth, DeviceHealth, DeviceState, OutputHealth } from "../domain/health.ts";
import { severity } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { Clock } from "../domain/time.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { Forwarder } from "./forwarder.ts";
import type { Link } from "./link.ts";
import type { MemoryQueue } from "./queue.ts";
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

/** `statusOf` gives the present status of a tag by its index. */
export function deviceHealth(
  plant: Plant,
  device: Device,
  link: Link,
  statusOf: (tagIndex: number) => StatusCode,
): DeviceHealth {
  const turns = link.turns.filter((turn) => turn.group.device === device.id);
  const tags = plant.tags.filter((tag) => tag.device === device.id);
  const tagsGood = tags.filter((tag) => severity(statusOf(tag.index)) === 0).length;
  const own = new Set(tags.map((tag) => tag.id));
  const slowest = turns.reduce<Turn | undefined>(
    (a, b) => ((a?.latency.percentile(0.99) ?? -1) < (b.latency.percentile(0.99) ?? -1) ? b : a),
    undefined,
  );
  return {
    device: device.id,
    title: device.title,
    connection: link.connection.id,
    protocol: link.connection.protocol,
    area: device.area,
    state: deviceState(link, turns, tags.length === tagsGood),
    lastError: link.lastError(),
    lastAnswer: link.lastAnswer(device.id),
    tags: tags.length,
    tagsGood,
    polls: sum(turns, (turn) => turn.polls),
    pollsFailed: sum(turns, (turn) => turn.failed),
    pollsMissed: sum(turns, (turn) => turn.missed),
    latencyP50Ms: slowest?.latency.percentile(0.5) ?? null,
    latencyP99Ms: slowest?.latency.percentile(0.99) ?? null,
    breaker: turns[0]?.unit.breaker.state ?? "closed",
    quarantined: link.driver.quarantined().filter((id) => own.has(id)),
  };
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
  readonly queue: MemoryQueue;
  readonly forwarder: Forwarder;
}

export function outputHealth(delivery: Delivery, clock: Clock): OutputHealth {
  const counts = delivery.queue.counts();
  return {
    output: delivery.name,
    type: delivery.type,
    endpoint: delivery.endpoint,
    connected: delivery.forwarder.isConnected(),
    lastError: delivery.forwarder.lastError(),
    accepted: counts.accepted,
    delivered: counts.delivered,
    pending: counts.pending,
    dropped: { "queue-full": counts.droppedFull },
    quarantined: counts.quarantined,
    lagMs: counts.oldest === null ? 0 : Math.max(0, clock.now() - counts.oldest),
  };
}

function sum(turns: readonly Turn[], count: (turn: Turn) => number): number {
  return turns.reduce((total, turn) => total + count(turn), 0);
}
