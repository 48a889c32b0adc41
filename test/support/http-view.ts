import type { Said } from "../../src/domain/said.ts";
import { say } from "../../src/domain/said.ts";
import { alarmPerformance } from "../../src/alarms/performance.ts";
import type { FigureView } from "../../src/http/figure-view.ts";
import type { AlarmDesk } from "../../src/domain/alarm.ts";
import type { CertificateDesk } from "../../src/domain/peer-certificate.ts";
import type { Plant } from "../../src/config/plant.ts";
import { createBatch } from "../../src/domain/batch.ts";
import type { ConfigurationDesk } from "../../src/domain/configuration.ts";
import type { EntryDesk } from "../../src/domain/entry.ts";
import type { Reading, ReadingBatch } from "../../src/domain/batch.ts";
import type { History } from "../../src/domain/history.ts";
import type { ConnectionHealth, DeviceHealth, OutputHealth, SpoolHealth } from "../../src/domain/health.ts";
import { zeroLinkCounters } from "../../src/domain/health.ts";
import type { People } from "../../src/domain/people.ts";
import type { ReportDesk } from "../../src/domain/report.ts";
import { Status } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { AssayDesk } from "../../src/domain/assay.ts";
import { WriteRefusal } from "../../src/domain/write.ts";
import type { WriteDesk } from "../../src/domain/write.ts";
import type { GatewayView, Records } from "../../src/http/view.ts";

export const STARTED_AT = Date.UTC(2026, 10, 22, 12, 0, 0);

/** What HTTP reads, kept in memory: tests write into it what the gateway would have read. */
export interface MemoryView extends GatewayView {
  /** Puts a reading into the image and gives the batch to publish. */
  set(id: string, change: Partial<Omit<Reading, "tag">>): ReadingBatch;
  plaintext: ("page" | "broker")[];
  readonly health: {
    devices: DeviceHealth[];
    connections: ConnectionHealth[];
    outputs: OutputHealth[];
    spool: SpoolHealth;
  };
  history: History;
  figures: FigureView;
  certificates: CertificateDesk;
  alarms: AlarmDesk;
  writes: WriteDesk;
  people: People | null;
  configurations: ConfigurationDesk | null;
  records: Records;
  reports: ReportDesk;
  historyTrouble: Said | null;
  troubleOfJournal: string | null;
  readonly deviceTimes: Map<number, number>;
  readonly totals: Map<number, number>;
  ready: boolean;
  loopDelayMs: number;
}

export function plantOf(tags: readonly Tag[], changes: Partial<Plant> = {}): Plant {
  return {
    id: "puma",
    group: "rocmec",
    title: "Puma modular treatment plant",
    timeZone: "America/Lima",
    productionDay: "07:00",
    shifts: { day: "07:00", night: "19:00" },
    scanClasses: { fast: { periodMs: 1000 } },
    connections: [],
    devices: [],
    tags,
    outputs: [],
    broker: null,
    data: { dir: "/nowhere", spoolBytesMax: 0, groupCommitMs: 20, historyDays: 1 },
    http: { host: "127.0.0.1", port: 0, auth: "none" },
    file: "/nowhere/puma.yaml",
    ...changes,
  };
}

export function deviceHealthOf(device: string, changes: Partial<DeviceHealth> = {}): DeviceHealth {
  return {
    device,
    title: `Device ${device}`,
    connection: "crushing",
    protocol: "modbus-tcp",
    area: "crushing",
    periodsMs: [1000],
    state: "online",
    lastError: null,
    lastSaid: null,
    lastAnswer: STARTED_AT,
    tags: 10,
    tagsGood: 10,
    polls: 100,
    pollsFailed: 0,
    pollsMissed: 0,
    latencyP50Ms: 1.25,
    latencyP99Ms: 4,
    breaker: "closed",
    quarantined: [],
    certificate: null,
    ...changes,
  };
}

export function outputHealthOf(output: string, changes: Partial<OutputHealth> = {}): OutputHealth {
  return {
    output,
    type: output,
    endpoint: `${output}://127.0.0.1:1883`,
    plaintext: [],
    connected: true,
    lastError: null,
    lastSaid: null,
    stalls: 0,
    accepted: 1000,
    delivered: 990,
    pending: 10,
    dropped: {},
    quarantined: 0,
    resent: 0,
    lagMs: 12,
    ...changes,
  };
}

export function spoolHealthOf(changes: Partial<SpoolHealth> = {}): SpoolHealth {
  return {
    isProtected: true,
    unprotected: 0,
    unsynced: 0,
    bytes: 4096,
    bytesMax: 2 ** 30,
    segments: 1,
    oldest: STARTED_AT,
    bytesPerHour: 2 ** 20,
    damagedBlocks: 0,
    tornBytes: 0,
    syncMs: 0.5,
    ...changes,
  };
}

export function connectionHealthOf(connection: string): ConnectionHealth {
  return {
    connection,
    protocol: "modbus-tcp",
    endpoint: "127.0.0.1:15021",
    connected: true,
    counters: { ...zeroLinkCounters(), requests: 7, replies: 6, timeouts: 1 },
  };
}

const NO_HISTORY: History = {
  readRaw: () => Promise.reject(new Error("There is no history.")),
  readBuckets: () => Promise.reject(new Error("There is no history.")),
  latestBefore: () => Promise.reject(new Error("There is no history.")),
};

const NO_ASSAYS: AssayDesk = {
  points: [],
  list: () => [],
  controls: () => [],
  take: () => ({ received: 0, added: 0, unchanged: 0, superseded: 0, heldBatches: [] }),
  release: () => 0,
};

const NO_ENTRIES: EntryDesk = {
  list: () => [],
  take: () => ({ received: 0, added: 0, unchanged: 0 }),
};

const NO_CERTIFICATES: CertificateDesk = {
  list: async () => [],
  trust: async () => null,
  refuse: async () => null,
};

const NO_FIGURES: FigureView = {
  outlines: () => [],
  latest: () => null,
  between: () => [],
  balance: () => null,
  held: () => [],
  sign: () => ({ refused: say("period-without-figures", { period: "shift", key: "" }) }),
  restate: () => ({ refused: say("period-without-figures", { period: "shift", key: "" }) }),
  counts: () => ({ computed: 0, versionsAdded: 0, pending: 0, held: 0, unpublished: {} }),
};

const NO_ALARMS: AlarmDesk = {
  outlines: [],
  view: () => null,
  all: () => [],
  act: () => null,
  adjust: () => null,
  adjustments: () => [],
  annunciation: () => ({ calls: [], silences: [], lastTenMinutes: 0, isFlood: false }),
  silence: () => ({ calls: [], silences: [], lastTenMinutes: 0, isFlood: false }),
  history: () => [],
  performance: (from, to) => alarmPerformance({ from, to, events: [], standings: [] }),
  counts: () => ({
    byState: {
      NORM: 0,
      UNACK: 0,
      ACK: 0,
      RTNUN: 0,
      LATCH_UN: 0,
      LATCH_ACK: 0,
      SHELVED: 0,
      SUPPR: 0,
      OOS: 0,
    },
    standingByPriority: { 1: 0, 2: 0, 3: 0, 4: 0 },
    transitions: 0,
    unpublished: {},
  }),
};

const NO_WRITES: WriteDesk = {
  rules: [],
  prepare(_, { tag }) {
    throw new WriteRefusal("not-enabled", `The plant file does not let anybody write ${tag}.`);
  },
  confirm: () => Promise.reject(new WriteRefusal("expired", "There is nothing to be confirmed.")),
};

/** All tags wait for their first reading; one device, one connection and one output, all well. */
export function memoryView(tags: readonly Tag[], changes: Partial<Plant> = {}): MemoryView {
  const plant = plantOf(tags, changes);
  const image: Reading[] = tags.map((tag) => ({
    tag,
    value: null,
    status: Status.BadWaitingForInitialData,
    sourceTime: STARTED_AT,
    receivedTime: STARTED_AT,
  }));
  const view: MemoryView = {
    plant,
    version: "0.1.0",
    startedAt: STARTED_AT,
    endedBefore: null,
    speed: 1,
    plaintext: [],
    health: {
      devices: [deviceHealthOf("P1")],
      connections: [connectionHealthOf("crushing")],
      outputs: [outputHealthOf("mqtt")],
      spool: spoolHealthOf(),
    },
    history: NO_HISTORY,
    records: { assays: NO_ASSAYS, entries: NO_ENTRIES },
    reports: {
      make: () => null,
      makeNow: () => null,
      list: () => [],
      sign: () => null,
      correct: () => null,
      html: () => "",
      csv: () => "",
    },
    simulators: null,
    historyTrouble: null,
    troubleOfJournal: null,
    journalTrouble: () => view.troubleOfJournal,
    historyHealth: () => ({
      accepted: 0,
      dropped: 0,
      open: 0,
      lastError: view.historyTrouble,
      databaseBytes: 0,
    }),
    spool: () => view.health.spool,
    deviceTimes: new Map(),
    totals: new Map(),
    ready: true,
    loopDelayMs: 2,
    set(id, change) {
      const index = tags.findIndex((tag) => tag.id === id);
      const before = image[index];
      if (before === undefined) throw new RangeError(`no tag ${id}`);
      image[index] = { ...before, status: Status.Good, ...change };
      const batch = createBatch(1);
      const { value, status, receivedTime } = view.reading(index);
      batch.tag[0] = index;
      batch.value[0] = typeof value === "number" || typeof value === "boolean" ? Number(value) : NaN;
      batch.status[0] = status;
      batch.receivedTime[0] = receivedTime;
      batch.length = 1;
      return batch;
    },
    reading(index) {
      const reading = image[index];
      if (reading === undefined) throw new RangeError(`no tag ${index}`);
      return reading;
    },
    deviceTime: (index) => view.deviceTimes.get(index) ?? null,
    accumulated: (index) => view.totals.get(index) ?? null,
    figures: NO_FIGURES,
    certificates: NO_CERTIFICATES,
    alarms: NO_ALARMS,
    writes: NO_WRITES,
    people: null,
    configurations: null,
    release: null,
    devices: () => view.health.devices,
    connections: () => view.health.connections,
    outputs: () => view.health.outputs,
    isReady: () => view.ready,
    eventLoopDelayP99Ms: () => view.loopDelayMs,
    eventLoopStalls: () => ({ count: 0, longestMs: 0, lastAt: null }),
  };
  return view;
}
