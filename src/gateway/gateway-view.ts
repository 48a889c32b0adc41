import { plaintextListeners } from "../config/plaintext.ts";
import type { Plant } from "../config/plant.ts";
import type { ConfigurationDesk } from "../domain/configuration.ts";
import type { People } from "../domain/people.ts";
import type { Log } from "../domain/ports.ts";
import type { Release } from "../domain/release.ts";
import type { SimulatorDesk } from "../domain/simulation.ts";
import type { Clock, EpochMs } from "../domain/time.ts";
import type { GatewayView } from "../http/view.ts";
import type { Historian } from "../store/historian/historian.ts";
import type { Journal } from "../store/journal/journal.ts";
import type { UnaskedEnd } from "../store/runs/runs.ts";
import type { Spool } from "../store/spool/spool.ts";
import type { Alarms } from "./alarms/alarms.ts";
import { createCertificateDesk } from "./peer-certificates.ts";
import { connectionHealth, deviceHealth, outlineDevices, outputHealth } from "./health.ts";
import type { Delivery } from "./health.ts";
import { createAssayDesk } from "./laboratory/desk.ts";
import { createEntryDesk } from "./laboratory/entry-desk.ts";
import type { Link } from "./link.ts";
import type { LoopDelay } from "./loop-delay.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Writes } from "./writes/desk.ts";
import { createReportDesk } from "./reports/report.ts";

/** What outlives a change of the plant. */
export interface Lasting {
  readonly startedAt: EpochMs;
  readonly loopDelay: LoopDelay;
  readonly people: People | null;
  readonly configurations: ConfigurationDesk | null;
}

/** What the view is of. */
export interface ViewOptions extends Lasting {
  readonly plant: Plant;
  readonly version: string;
  readonly release?: Release;
  readonly clock: Clock;
  readonly speed: number;
  readonly pipeline: Pipeline;
  readonly spool: Spool;
  readonly historian: Historian;
  readonly journal: Journal;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly links: readonly Link[];
  readonly deliveries: readonly Delivery[];
  /** The time of people. */
  readonly sinkClock: Clock;
  readonly log: Log;
  readonly simulators?: SimulatorDesk;
  readonly writes: Writes;
  readonly endedBefore?: UnaskedEnd;
}

/** The gateway as HTTP sees it. */
export function createView(options: ViewOptions): GatewayView {
  const { plant, version, clock, speed, spool, historian, journal, metrics, links, deliveries, loopDelay } =
    options;
  const { conditioning } = options.pipeline;
  const outlines = outlineDevices(plant, links);
  const devices: GatewayView["devices"] = () =>
    outlines.map((outline) => deviceHealth(outline, (index) => conditioning.statusOf(index)));
  const reports = createReportDesk(plant, journal, () => clock.now());
  return {
    plant,
    version,
    release: options.release ?? null,
    speed,
    plaintext: plaintextListeners(plant),
    startedAt: options.startedAt,
    endedBefore: options.endedBefore ?? null,
    reading: (index) => conditioning.reading(index),
    deviceTime: (index) => conditioning.deviceTime(index),
    accumulated: (index) => conditioning.accumulated(index),
    history: historian,
    historyHealth: () => historian.health(),
    journalTrouble: () => journal.trouble(),
    reports,
    records: {
      assays: createAssayDesk({
        metallurgy: plant.metallurgy,
        journal,
        clock,
        changed: (changes) => metrics.assaysChanged(changes),
      }),
      entries: createEntryDesk({
        journal,
        clock,
        changed(changes) {
          metrics.entriesChanged(changes);
          reports.entriesChanged(changes);
        },
      }),
    },
    figures: metrics.view,
    simulators: options.simulators ?? null,
    alarms: options.alarms.desk,
    writes: options.writes.desk,
    people: options.people,
    certificates: createCertificateDesk({
      dataDir: plant.data.dir,
      journal,
      clock: options.sinkClock,
      log: options.log,
    }),
    configurations: options.configurations,
    devices,
    connections: () => links.map(connectionHealth),
    spool: () => spool.health(),
    outputs: () => deliveries.map((delivery) => outputHealth(delivery, clock)),
    isReady: () => devices().every(({ state }) => state !== "starting"),
    eventLoopDelayP99Ms: () => loopDelay.p99Ms(),
    eventLoopStalls: () => loopDelay.stalls(),
  };
}
