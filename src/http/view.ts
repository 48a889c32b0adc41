import type { Plant } from "../config/plant.ts";
import type { Reading } from "../domain/batch.ts";
import type { ConnectionHealth, DeviceHealth, OutputHealth, SpoolHealth } from "../domain/health.ts";
import type { History, HistoryHealth } from "../domain/history.ts";
import type { EpochMs } from "../domain/time.ts";

/** What HTTP may see of the gateway: it only reads. */
export interface GatewayView {
  readonly plant: Plant;
  readonly version: string;
  readonly startedAt: EpochMs;
  /** Plant seconds in one second of the machine's clock, where a simulated plant is hurried; else 1. */
  readonly speed: number;
  /** The process image's reading of `plant.tags[index]`. */
  reading(index: number): Reading;
  /** The time that the device itself gave, when its clock is too far off to be believed; else null. */
  deviceTime(index: number): EpochMs | null;
  /** A totalizer's counts since the start times its scale, over rollovers and resets; null for other tags. */
  accumulated(index: number): number | null;
  /** What has been. */
  readonly history: History;
  historyHealth(): HistoryHealth;
  devices(): readonly DeviceHealth[];
  connections(): readonly ConnectionHealth[];
  spool(): SpoolHealth;
  outputs(): readonly OutputHealth[];
  /** Every device has answered at least once, or has been found silent. */
  isReady(): boolean;
  /** 99th percentile of the event loop's delay over the last minute, ms. */
  eventLoopDelayP99Ms(): number;
}
