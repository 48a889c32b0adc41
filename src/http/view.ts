import type { Plant } from "../config/plant.ts";
import type { AlarmDesk } from "../domain/alarm.ts";
import type { AssayDesk } from "../domain/assay.ts";
import type { CertificateDesk } from "../domain/peer-certificate.ts";
import type { EntryDesk } from "../domain/entry.ts";
import type { Reading } from "../domain/batch.ts";
import type { ConfigurationDesk } from "../domain/configuration.ts";
import type {
  ConnectionHealth,
  LoopStalls,
  DeviceHealth,
  OutputHealth,
  SpoolHealth,
} from "../domain/health.ts";
import type { History, HistoryHealth } from "../domain/history.ts";
import type { People } from "../domain/people.ts";
import type { Release } from "../domain/release.ts";
import type { ReportDesk } from "../domain/report.ts";
import type { SimulatorDesk } from "../domain/simulation.ts";
import type { EpochMs } from "../domain/time.ts";
import type { WriteDesk } from "../domain/write.ts";
import type { FigureView } from "./figure-view.ts";

/** Where people and programs hand in what no instrument measures, and read it again. */
export interface Records {
  readonly assays: AssayDesk;
  readonly entries: EntryDesk;
}

/** What HTTP may see of the gateway: it only reads, but for what people do at the desks. */
export interface GatewayView {
  readonly plant: Plant;
  readonly version: string;
  /** Null where nobody has given it out. */
  readonly release: Release | null;
  readonly startedAt: EpochMs;
  /** How the run before ended, when nobody had asked for it; else null. */
  readonly endedBefore: { readonly at: EpochMs; readonly cause: string } | null;
  /** Plant seconds in one second of the machine's clock, where a simulated plant is hurried; else 1. */
  readonly speed: number;
  /** What of the gateway other machines reach without encryption. */
  readonly plaintext: readonly ("page" | "broker")[];
  /** The process image's reading of `plant.tags[index]`. */
  reading(index: number): Reading;
  /** The time that the device itself gave, when its clock is too far off to be believed; else null. */
  deviceTime(index: number): EpochMs | null;
  /** A totalizer's counts since the start times its scale, over rollovers and resets; null for other tags. */
  accumulated(index: number): number | null;
  /** What has been. */
  readonly history: History;
  historyHealth(): HistoryHealth;
  /** Why figures, alarms and what people enter are not kept at present; null when they are. */
  journalTrouble(): string | null;
  readonly records: Records;
  readonly reports: ReportDesk;
  readonly alarms: AlarmDesk;
  readonly writes: WriteDesk;
  readonly figures: FigureView;
  readonly certificates: CertificateDesk;
  /** Who may use the gateway; null where the plant file asks for no accounts. */
  readonly people: People | null;
  /** The files that the plant was read from; null where it was not read from files of its own. */
  readonly configurations: ConfigurationDesk | null;
  /** The simulators behind a plant that is none; null where the gateway was not started for them. */
  readonly simulators: SimulatorDesk | null;
  devices(): readonly DeviceHealth[];
  connections(): readonly ConnectionHealth[];
  spool(): SpoolHealth;
  outputs(): readonly OutputHealth[];
  /** Every device has answered at least once, or has been found silent. */
  isReady(): boolean;
  /** 99th percentile of the event loop's delay over the last minute, ms. */
  eventLoopDelayP99Ms(): number;
  eventLoopStalls(): LoopStalls;
}
