import { qualityOf } from "../../domain/status.ts";
import { unaccounted } from "../../domain/health.ts";
import type { DeviceHealth, LinkCounters, OutputHealth } from "../../domain/health.ts";
import type { Clock } from "../../domain/time.ts";
import type { App } from "../app.ts";
import { exposition, EXPOSITION_TYPE } from "../exposition.ts";
import type { Labels, MetricFamily } from "../exposition.ts";
import type { Live } from "../live.ts";
import type { GatewayView } from "../view.ts";

const DEVICE_STATES = ["online", "degraded", "silent", "disconnected", "starting"] as const;

type Samples = MetricFamily["samples"];
type Writer = (name: string, help: string, samples: Samples) => MetricFamily;

const counter: Writer = (name, help, samples) => ({ name, type: "counter", help, samples });
const gauge: Writer = (name, help, samples) => ({ name, type: "gauge", help, samples });

const LINK_COUNTERS: readonly (readonly [key: keyof LinkCounters, name: string, help: string])[] = [
  ["requests", "requests", "Requests sent."],
  ["replies", "replies", "Replies accepted."],
  ["timeouts", "timeouts", "Requests that nothing answered in time."],
  ["exceptions", "exceptions", "Refusals by the device."],
  ["lateReplies", "late_replies", "Replies thrown away because nobody waited for them any more."],
  ["foreignReplies", "foreign_replies", "Replies thrown away because they belong to another request."],
  ["malformedFrames", "malformed_frames", "Frames thrown away because they are damaged."],
  ["connects", "connects", "Connections made."],
  ["stalls", "stalls", "Times that nothing moved, and the connection was made anew."],
  ["bytesSent", "sent_bytes", "Bytes sent."],
  ["bytesReceived", "received_bytes", "Bytes received."],
];

function latencies(devices: readonly DeviceHealth[]): Samples {
  return devices.flatMap(({ device, latencyP50Ms, latencyP99Ms }) => {
    const quantiles: (readonly [string, number | null])[] = [
      ["0.5", latencyP50Ms],
      ["0.99", latencyP99Ms],
    ];
    return quantiles.flatMap(([quantile, ms]) =>
      ms === null ? [] : [[{ device, quantile }, ms / 1000] as const],
    );
  });
}

function deviceFamilies(view: GatewayView): MetricFamily[] {
  const devices = view.devices();
  const each = (value: (device: DeviceHealth) => number): Samples =>
    devices.map((health) => [{ device: health.device }, value(health)]);
  const states = devices.flatMap(({ device, area, protocol, state: actual }) =>
    DEVICE_STATES.map((state): [Labels, number] => [
      { device, area, protocol, state },
      state === actual ? 1 : 0,
    ]),
  );
  return [
    gauge("puma_device_state", "1 for the state that the device is in.", states),
    gauge(
      "puma_device_tags",
      "Tags of the device.",
      each(({ tags }) => tags),
    ),
    gauge(
      "puma_device_tags_good",
      "Tags of the device whose quality is good.",
      each(({ tagsGood }) => tagsGood),
    ),
    counter(
      "puma_device_polls_total",
      "Polls made.",
      each(({ polls }) => polls),
    ),
    counter(
      "puma_device_polls_failed_total",
      "Polls that failed.",
      each(({ pollsFailed }) => pollsFailed),
    ),
    counter(
      "puma_device_polls_missed_total",
      "Polls left out.",
      each(({ pollsMissed }) => pollsMissed),
    ),
    gauge("puma_device_latency_seconds", "Time from request to answer.", latencies(devices)),
  ];
}

function connectionFamilies(view: GatewayView): MetricFamily[] {
  const connections = view.connections();
  const connected = connections.map(({ connection, protocol, connected: isConnected }): [Labels, number] => [
    { connection, protocol },
    isConnected ? 1 : 0,
  ]);
  return [
    gauge("puma_connection_up", "1 while the connection is made.", connected),
    ...LINK_COUNTERS.map(([key, name, help]) =>
      counter(
        `puma_connection_${name}_total`,
        help,
        connections.map(({ connection, counters }) => [{ connection }, counters[key]]),
      ),
    ),
  ];
}

function outputFamilies(view: GatewayView): MetricFamily[] {
  const outputs = view.outputs();
  const dropped = outputs.flatMap(({ output, dropped: byReason }) =>
    Object.entries(byReason).map(([reason, count]): [Labels, number] => [{ output, reason }, count]),
  );
  const each = (value: (output: OutputHealth) => number): Samples =>
    outputs.map((health) => [{ output: health.output }, value(health)]);
  return [
    gauge(
      "puma_output_up",
      "1 while the sink takes readings.",
      each(({ connected }) => (connected ? 1 : 0)),
    ),
    counter(
      "puma_output_stalls_total",
      "Times that nothing moved, and the connection was made anew.",
      each(({ stalls }) => stalls),
    ),
    counter(
      "puma_output_accepted_total",
      "Readings taken for this output.",
      each(({ accepted }) => accepted),
    ),
    counter(
      "puma_output_delivered_total",
      "Readings that the sink acknowledged.",
      each(({ delivered }) => delivered),
    ),
    gauge(
      "puma_output_pending",
      "Readings that wait.",
      each(({ pending }) => pending),
    ),
    counter("puma_output_dropped_total", "Readings lost.", dropped),
    counter(
      "puma_output_resent_total",
      "Readings sent a second time.",
      each(({ resent }) => resent),
    ),
    gauge(
      "puma_output_unaccounted",
      "accepted - delivered - pending - quarantined - dropped: always 0.",
      each((health) => unaccounted(health)),
    ),
    counter(
      "puma_output_quarantined_total",
      "Readings refused for good.",
      each(({ quarantined }) => quarantined),
    ),
    gauge(
      "puma_output_lag_seconds",
      "Age of the oldest reading that waits.",
      each(({ lagMs }) => lagMs / 1000),
    ),
  ];
}

function spoolFamilies(view: GatewayView): MetricFamily[] {
  const spool = view.spool();
  const { oldest, syncMs } = spool;
  return [
    gauge("puma_spool_protected", "1 while readings are on disk before they go out.", [
      [{}, spool.isProtected ? 1 : 0],
    ]),
    counter("puma_spool_unprotected_total", "Readings that went out before they were on disk.", [
      [{}, spool.unprotected],
    ]),
    gauge("puma_spool_unsynced", "Readings in memory that are not on disk.", [[{}, spool.unsynced]]),
    gauge("puma_spool_bytes", "Size on disk.", [[{}, spool.bytes]]),
    gauge("puma_spool_max_bytes", "Size at which the oldest readings are dropped.", [[{}, spool.bytesMax]]),
    gauge("puma_spool_files", "Files of readings.", [[{}, spool.segments]]),
    gauge(
      "puma_spool_oldest_timestamp_seconds",
      "When the oldest reading on disk came.",
      oldest === null ? [] : [[{}, oldest / 1000]],
    ),
    counter("puma_spool_damaged_blocks_total", "Blocks found damaged.", [[{}, spool.damagedBlocks]]),
    gauge("puma_spool_torn_bytes", "Bytes of a half-written block, cut off at the start.", [
      [{}, spool.tornBytes],
    ]),
    gauge(
      "puma_spool_sync_seconds",
      "Median time of a sync, measured at the start.",
      syncMs === null ? [] : [[{}, syncMs / 1000]],
    ),
  ];
}

function figureFamilies({ figures }: GatewayView): MetricFamily[] {
  const { computed, versionsAdded, pending, held, unpublished } = figures.counts();
  return [
    counter("puma_figures_computed_total", "Figures computed, changed or not.", [[{}, computed]]),
    counter("puma_figure_versions_total", "Versions of figures that were added.", [[{}, versionsAdded]]),
    gauge("puma_figures_pending", "Figures that are still to be computed.", [[{}, pending]]),
    gauge("puma_figures_held", "Figures that differ from what was signed.", [[{}, held]]),
    gauge(
      "puma_figures_unpublished",
      "Versions that the sink has not taken.",
      Object.entries(unpublished).map(([output, count]) => [{ output }, count]),
    ),
  ];
}

function historyFamilies(view: GatewayView): MetricFamily[] {
  const { accepted, dropped, open, lastError, databaseBytes } = view.historyHealth();
  const one = (value: number): Samples => [[{}, value]];
  return [
    gauge("puma_history_up", "1 while the historian works without trouble.", one(lastError === null ? 1 : 0)),
    counter("puma_history_accepted_total", "Readings taken into the history.", one(accepted)),
    counter("puma_history_dropped_total", "Readings that the history lost.", one(dropped)),
    gauge("puma_history_open", "Readings in the log that are not in the database yet.", one(open)),
    gauge("puma_history_database_bytes", "Size of the historian's database.", one(databaseBytes)),
  ];
}

function alarmFamilies({ alarms }: GatewayView): MetricFamily[] {
  const { byState, standingByPriority, transitions, unpublished } = alarms.counts();
  const each = (label: string, counts: Readonly<Record<string, number>>): Samples =>
    Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);
  return [
    gauge("puma_alarms", "Alarms by state.", each("state", byState)),
    gauge(
      "puma_alarms_standing",
      "Alarms that are not well, by priority.",
      each("priority", standingByPriority),
    ),
    counter("puma_alarm_transitions_total", "Transitions since the start.", [[{}, transitions]]),
    gauge("puma_alarms_unpublished", "Transitions that the sink has not taken.", each("output", unpublished)),
  ];
}

function tagFamily(view: GatewayView): MetricFamily {
  const counts = { good: 0, uncertain: 0, bad: 0 };
  for (const { index } of view.plant.tags) counts[qualityOf(view.reading(index).status)]++;
  return gauge(
    "puma_tags",
    "Tags by quality.",
    Object.entries(counts).map(([quality, count]) => [{ quality }, count]),
  );
}

/** Those who look on live. */
type Audience = Pick<Live, "clientCount" | "waitingBytes">;

function processFamilies(view: GatewayView, clock: Clock, live: Audience): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const uptimeS = Math.max(0, clock.now() - view.startedAt) / 1000;
  return [
    gauge("puma_build_info", "1, with the version.", [[{ version: view.version }, 1]]),
    gauge("puma_uptime_seconds", "Time since the start.", [[{}, uptimeS]]),
    gauge("puma_ready", "1 when every device has answered or been found silent.", [
      [{}, view.isReady() ? 1 : 0],
    ]),
    gauge("puma_live_clients", "Clients of the live socket.", [[{}, live.clientCount]]),
    gauge("puma_live_waiting_bytes", "What live clients have not read yet.", [[{}, live.waitingBytes]]),
    gauge("puma_event_loop_delay_p99_seconds", "Delay of the event loop over the last minute.", [
      [{}, view.eventLoopDelayP99Ms() / 1000],
    ]),
    counter("puma_event_loop_stalls_total", "Times that nothing at all was done for over a second.", [
      [{}, view.eventLoopStalls().count],
    ]),
    gauge("process_resident_memory_bytes", "Resident memory.", [[{}, process.memoryUsage.rss()]]),
    counter("process_cpu_seconds_total", "User and system time.", [[{}, (user + system) / 1e6]]),
    gauge("process_start_time_seconds", "Start, in seconds since 1970.", [[{}, view.startedAt / 1000]]),
  ];
}

export function metricRoutes(app: App, view: GatewayView, clock: Clock, live: Audience): void {
  app.get(
    "/metrics",
    {
      config: { role: "viewer" },
      schema: { summary: "Everything countable, for Prometheus", tags: ["health"] },
    },
    (_request, reply) =>
      reply
        .type(EXPOSITION_TYPE)
        .send(
          exposition([
            ...processFamilies(view, clock, live),
            tagFamily(view),
            ...deviceFamilies(view),
            ...connectionFamilies(view),
            ...outputFamilies(view),
            ...spoolFamilies(view),
            ...historyFamilies(view),
            ...figureFamilies(view),
            ...alarmFamilies(view),
          ]),
        ),
  );
}
