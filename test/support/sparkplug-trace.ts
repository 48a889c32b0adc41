import type { IConnectPacket, IPublishPacket, ISubscribePacket } from "mqtt-packet";
import { expect } from "vitest";
import type { Recorded } from "./recording-broker.ts";
import { decodePayload } from "./sparkplug-payload.ts";
import type { WireMetric, WirePayload } from "./sparkplug-payload.ts";

/** A Sparkplug message that the edge node published. */
export interface Published {
  /** Place in the trace. */
  readonly at: number;
  readonly connection: number;
  readonly topic: string;
  readonly verb: string;
  readonly device: string | null;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: WirePayload;
}

/** What one edge node sent, over all its connections, and where in it the story stood. */
export interface Trace {
  readonly packets: readonly Recorded[];
  readonly published: readonly Published[];
  readonly connects: readonly (IConnectPacket & { readonly at: number; readonly connection: number })[];
  readonly subscribes: readonly (ISubscribePacket & { readonly at: number })[];
  readonly marks: Readonly<Record<string, number>>;
}

export function readTrace(
  records: readonly Recorded[],
  clientId: string,
  marks: Record<string, number>,
): Trace {
  const own = records.flatMap((record, at) => (record.clientId === clientId ? [{ ...record, at }] : []));
  return {
    packets: own,
    marks,
    connects: own.flatMap(({ packet, at, connection }) =>
      packet.cmd === "connect" ? [{ ...packet, at, connection }] : [],
    ),
    subscribes: own.flatMap(({ packet, at }) => (packet.cmd === "subscribe" ? [{ ...packet, at }] : [])),
    published: own.flatMap(({ packet, at, connection }) =>
      packet.cmd === "publish" ? [readPublish(packet, at, connection)] : [],
    ),
  };
}

function readPublish(packet: IPublishPacket, at: number, connection: number): Published {
  const [, , verb = "", , device = null] = packet.topic.split("/");
  return {
    at,
    connection,
    topic: packet.topic,
    verb,
    device,
    qos: packet.qos,
    retain: packet.retain,
    payload: decodePayload(packet.payload as Buffer),
  };
}

export function of(trace: Trace, ...verbs: string[]): readonly Published[] {
  return trace.published.filter(({ verb }) => verbs.includes(verb));
}

export function metricsOf(trace: Trace, ...verbs: string[]): readonly WireMetric[] {
  return of(trace, ...verbs).flatMap(({ payload }) => payload.metrics);
}

export function metricNamed({ payload }: Pick<Published, "payload">, name: string): WireMetric {
  const found = payload.metrics.filter((metric) => metric.name === name);
  expect(found, name).toHaveLength(1);
  return found[0]!;
}

/** The Will of each CONNECT, decoded. */
export function willsOf(
  trace: Trace,
): readonly { topic: string; qos: number; retain: boolean; connection: number; payload: WirePayload }[] {
  return trace.connects.map(({ will, connection }) => ({
    topic: will!.topic,
    qos: will!.qos!,
    retain: will!.retain!,
    connection,
    payload: decodePayload(will!.payload as Buffer),
  }));
}

/** True of each, and there is at least one. */
export function all<T>(items: readonly T[], holds: (item: T) => boolean): void {
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expect(holds(item), show(item)).toBe(true);
}

function show(item: unknown): string {
  return JSON.stringify(item, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

/** Numbers of the messages that have one, by session: from one NBIRTH to the next. */
export function sequences(trace: Trace): number[][] {
  const sessions: number[][] = [];
  for (const { verb, payload } of trace.published) {
    if (verb === "NBIRTH") sessions.push([]);
    if (verb !== "NDEATH") sessions.at(-1)?.push(payload.seq ?? -1);
  }
  return sessions;
}

/** Each message of these verbs has the number after that of the message before it. */
export function numbersFollow(trace: Trace, ...verbs: string[]): void {
  let seen = 0;
  let before = -1;
  for (const { verb, payload } of trace.published) {
    if (verb === "NDEATH") continue;
    if (verbs.includes(verb)) {
      seen++;
      expect(payload.seq).toBe((before + 1) % 256);
    }
    before = payload.seq ?? -1;
  }
  expect(seen).toBeGreaterThan(0);
}
