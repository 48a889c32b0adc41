import type { Device, ModbusConnection } from "../../config/plant.ts";
import { say } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { Tag } from "../../domain/tag.ts";
import { timingOf } from "./line.ts";
import type { LinkTiming } from "./line.ts";
import { dataBytesOf, planReads } from "./plan.ts";
import type { Block } from "./plan.ts";

/** What polling one device at one scan class asks of the link, each period. */
export interface GroupPlan {
  readonly device: string;
  readonly scanClass: string;
  readonly periodMs: number;
  readonly tags: number;
  readonly blocks: readonly Block[];
  /** Tags that no permitted read can bring. */
  readonly unreadable: readonly string[];
  readonly requests: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Time that the link is taken, ms. */
  readonly estimatedMs: number;
  /** Longest single request, ms. */
  readonly longestRequestMs: number;
}

export interface ConnectionPlan {
  readonly connection: string;
  readonly protocol: ModbusConnection["protocol"];
  readonly timeoutMs: number;
  readonly groups: readonly GroupPlan[];
  readonly requests: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Share of the time that the link is taken: Σ estimated time / period. */
  readonly load: number;
}

/** Tags of one device and scan class, which are polled together. */
export interface TagGroup {
  readonly device: Device;
  readonly scanClass: string;
  readonly periodMs: number;
  readonly tags: readonly Tag[];
}

export function groupTags(devices: readonly Device[], tags: readonly Tag[]): readonly TagGroup[] {
  return devices.flatMap((device) => {
    const ofDevice = tags.filter((tag) => tag.device === device.id);
    const classes = Map.groupBy(ofDevice, (tag) => tag.scanClass);
    return [...classes].map(([scanClass, members]) => ({
      device,
      scanClass,
      periodMs: members[0]?.periodMs ?? 0,
      tags: members,
    }));
  });
}

/** The poll plan of a connection, for `puma check`: what is read, how many bytes, how long it takes, how busy the link is. */
export function planConnection(
  connection: ModbusConnection,
  devices: readonly Device[],
  tags: readonly Tag[],
): ConnectionPlan {
  const timing = timingOf(connection);
  const groups = groupTags(devices, tags).map((group) => planGroup(group, timing));
  return {
    connection: connection.id,
    protocol: connection.protocol,
    timeoutMs: connection.timeoutMs,
    groups,
    requests: sum(groups, (group) => group.requests),
    bytesOut: sum(groups, (group) => group.bytesOut),
    bytesIn: sum(groups, (group) => group.bytesIn),
    load: sum(groups, (group) => group.estimatedMs / group.periodMs),
  };
}

function planGroup({ device, scanClass, periodMs, tags }: TagGroup, timing: LinkTiming): GroupPlan {
  const { blocks, unreadable } = planReads(tags, device.modbus, timing);
  const data = blocks.map((block) => dataBytesOf(block.table, block.quantity));
  return {
    device: device.id,
    scanClass,
    periodMs,
    tags: tags.length,
    blocks,
    unreadable: unreadable.map((tag) => tag.id),
    requests: blocks.length,
    bytesOut: blocks.length * timing.requestBytes,
    bytesIn: sum(data, (bytes) => bytes + timing.replyOverheadBytes),
    estimatedMs: sum(data, (bytes) => timing.exchangeMs(bytes)),
    longestRequestMs: Math.max(0, ...data.map((bytes) => timing.exchangeMs(bytes))),
  };
}

function sum<T>(rows: readonly T[], amount: (row: T) => number): number {
  return rows.reduce((total, row) => total + amount(row), 0);
}

/** Why a scan class cannot be met. */
export interface Unmeetable {
  readonly connection: string;
  /** Null when the link as a whole is at fault. */
  readonly device: string | null;
  readonly scanClasses: readonly string[];
  /** The arithmetic. */
  readonly told: Said;
}

/** Scan classes that the link cannot carry: a group longer than its period, a request longer than its deadline,
 *  or more than the whole of the link's time. */
export function unmeetable(plan: ConnectionPlan): readonly Unmeetable[] {
  const faults = plan.groups.flatMap((group) => groupFaults(group, plan));
  if (plan.load <= 1 || plan.groups.some((group) => group.estimatedMs > group.periodMs)) return faults;
  const terms = plan.groups.map(
    ({ device, scanClass, estimatedMs, periodMs }) =>
      `${device} ${scanClass} ${milliseconds(estimatedMs)} / ${milliseconds(periodMs)}`,
  );
  const told = say("link-overloaded", {
    connection: plan.connection,
    load: percent(plan.load),
    terms: terms.join(" + "),
  });
  const scanClasses = [...new Set(plan.groups.map((group) => group.scanClass))];
  return [...faults, { connection: plan.connection, device: null, scanClasses, told }];
}

function groupFaults(group: GroupPlan, plan: ConnectionPlan): readonly Unmeetable[] {
  const { device, scanClass, estimatedMs, periodMs, longestRequestMs } = group;
  const told: Said[] = [];
  if (estimatedMs > periodMs)
    told.push(
      say("scan-too-fast", {
        device,
        period: milliseconds(periodMs),
        requests: group.requests,
        bytes: group.bytesOut + group.bytesIn,
        time: milliseconds(estimatedMs),
        connection: plan.connection,
      }),
    );
  if (longestRequestMs > plan.timeoutMs)
    told.push(
      say("request-too-long", {
        device,
        time: milliseconds(longestRequestMs),
        connection: plan.connection,
        timeout: milliseconds(plan.timeoutMs),
      }),
    );
  return told.map((one) => ({ connection: plan.connection, device, scanClasses: [scanClass], told: one }));
}

function milliseconds(ms: number): string {
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(1))} ms`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
