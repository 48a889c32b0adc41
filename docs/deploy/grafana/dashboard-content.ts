/** What the dashboards show. A panel names tags of the plant file; titles, units and ranges come from there. */
export type PanelContent =
  /** Lines over time. */
  | { readonly kind: "trend"; readonly title: string; readonly tags: readonly string[] }
  /** The last value of each, large. */
  | { readonly kind: "value"; readonly title: string; readonly tags: readonly string[] }
  /** States and bits as bars of colour over time. */
  | { readonly kind: "state"; readonly title: string; readonly tags: readonly string[] }
  /** Something that is no reading of a tag: a query for each database. */
  | {
      readonly kind: "query";
      readonly title: string;
      readonly form: "trend" | "table";
      readonly unit: string;
      readonly influxql: readonly (readonly [query: string, legend: string])[];
      readonly victoriametrics: readonly (readonly [query: string, legend: string])[];
    };

export interface DashboardContent {
  readonly name: string;
  readonly title: string;
  readonly panels: readonly PanelContent[];
}

const trend = (title: string, ...tags: readonly string[]): PanelContent => ({ kind: "trend", title, tags });
const value = (title: string, ...tags: readonly string[]): PanelContent => ({ kind: "value", title, tags });
const state = (title: string, ...tags: readonly string[]): PanelContent => ({ kind: "state", title, tags });

const READING = `"reading" WHERE "plant" = '$plant'`;
const ALARM = `"alarm" WHERE "plant" = '$plant'`;

const BAD_TAGS: PanelContent = {
  kind: "query",
  title: "Bad readings by area",
  form: "trend",
  unit: "short",
  influxql: [
    [
      `SELECT count("quality") FROM ${READING} AND "quality" = 2 AND $timeFilter GROUP BY time($__interval), "area" fill(0)`,
      "$tag_area",
    ],
  ],
  victoriametrics: [[`count(reading_quality{plant="$plant"} == 2) by (area)`, "{{area}}"]],
};

export const DASHBOARDS: readonly DashboardContent[] = [
  {
    name: "overview",
    title: "Puma · Overview",
    panels: [
      value("Now", "WIT-105", "WIT-201", "JT-810", "FT-207", "AT-208", "AT-401A", "AT-401C", "AT-703"),
      trend("Ore", "WIT-105", "WIT-201", "FIC-201.SP"),
      trend("Bins", "LT-101", "LT-109"),
      trend("Power", "JT-103", "JT-107", "JT-203", "JT-204", "JT-810"),
      trend("Tailings", "FT-705", "FT-708", "FT-711"),
      trend("Water", "LT-801", "LT-802"),
      trend("HCN", "AT-491", "AT-492", "AT-493", "AT-494"),
      state("Running", "XS-103", "XS-107", "XS-201", "XS-203", "XS-204", "XS-206", "XS-602"),
      BAD_TAGS,
    ],
  },
  {
    name: "comminution",
    title: "Puma · Crushing and grinding",
    panels: [
      value("Now", "WIT-105", "WIT-201", "JT-203", "JT-204", "DT-207", "PT-207", "AT-208"),
      trend("Crusher currents", "IT-103", "IT-106", "IT-107"),
      trend("Crusher chambers", "LT-104", "LT-108"),
      trend("Jaw crusher", "VT-103", "TT-103"),
      trend("Cone crusher", "ZT-107", "TT-107", "FT-107"),
      trend("Mill feed", "WIT-201", "FIC-201.SP", "MT-201"),
      trend("Mill power", "JT-203", "JT-204"),
      trend("Mill bearing pressure", "PT-203", "PT-204"),
      trend("Mill sound", "AT-203", "AT-204"),
      trend("Trunnion temperatures", "TT-203A", "TT-203B", "TT-204A", "TT-204B"),
      trend("Cyclone flows", "FT-207", "FT-208", "FT-205"),
      trend("Cyclone densities", "DT-207", "DIC-207.SP", "DT-208", "DT-209"),
      trend("Cyclone pressure", "PT-207"),
      trend("Particle size P80", "AT-208"),
      state("Crushing", "XS-103", "XS-105", "XS-106", "XS-107", "ME-110", "HS-199", "FSL-107", "SSL-105"),
      state("Grinding", "XS-201", "XS-203", "XS-204", "XS-206", "XA-201", "XA-203", "XA-204", "XA-206"),
    ],
  },
  {
    name: "gravity",
    title: "Puma · Gravity and intensive leach",
    panels: [
      value("Now", "FT-301", "KI-302", "KQ-302", "WT-303", "AT-304"),
      state("Steps", "XS-302", "XS-304"),
      trend("Gravity feed", "FT-301", "FV-301"),
      trend("Fluidisation", "FT-302", "PT-302"),
      trend("Concentrator", "IT-302", "VT-302"),
      trend("Bowl speed", "ST-302"),
      trend("Concentrate hopper", "WT-303"),
      trend("Cycle time", "KI-302", "KIC-302.SP"),
      trend("Leach reactor", "LT-304", "TT-304"),
      trend("Leach reactor cyanide", "AT-304"),
    ],
  },
  {
    name: "leach",
    title: "Puma · Leach, elution, detox",
    panels: [
      value("Now", "AT-401A", "AT-401C", "FT-602", "AT-491", "AT-703", "TT-501"),
      trend("pH", "AT-401A", "AT-401D", "AT-403A", "AT-405A", "AT-407A"),
      trend("Cyanide", "AT-401C", "AIC-401C.SP", "AT-403C", "AT-407C"),
      trend("Dissolved oxygen", "AT-401B", "AT-402B", "AT-404B", "AT-406B"),
      trend("Tank levels", "LT-401", "LT-402", "LT-403", "LT-404", "LT-405", "LT-406", "LT-407"),
      trend("Agitator currents", "IT-401", "IT-402", "IT-403", "IT-404", "IT-405", "IT-406", "IT-407"),
      trend("Interstage screens", "LDT-403", "LDT-404", "LDT-405", "LDT-406", "LDT-407"),
      trend("Leach air", "FT-410", "PT-410"),
      trend("Reagent flows", "FT-602", "FIC-602.SP", "FT-604", "FT-606"),
      trend("Lime", "WIT-603", "FFIC-603.SP"),
      trend("Reagent stocks", "LT-601", "LT-602", "LT-603", "LT-604", "LT-606"),
      trend("HCN", "AT-491", "AT-492", "AT-493", "AT-494"),
      trend("Elution", "TT-501", "PT-501", "FT-501"),
      trend("Electrowinning", "IT-503", "ET-503"),
      trend("Detox pH and redox", "AT-701", "AT-702"),
      trend("WAD cyanide after detox", "AT-703"),
      state("Steps and permits", "XS-501", "XS-602", "XS-602P", "LDH-601", "XS-605"),
    ],
  },
  {
    name: "alarms",
    title: "Puma · Alarms and data quality",
    panels: [
      {
        kind: "query",
        title: "Alarm messages",
        form: "trend",
        unit: "short",
        influxql: [
          [
            `SELECT count("state") FROM ${ALARM} AND $timeFilter GROUP BY time($__interval), "priority" fill(0)`,
            "priority $tag_priority",
          ],
        ],
        victoriametrics: [
          [
            `sum(count_over_time(alarm_value{plant="$plant"}[$__interval])) by (priority)`,
            "priority {{priority}}",
          ],
        ],
      },
      {
        kind: "query",
        title: "Alarms, last message of each",
        form: "table",
        unit: "none",
        influxql: [
          [
            `SELECT last("state") AS "state", last("value") AS "value", last("limit") AS "limit" FROM ${ALARM} AND $timeFilter GROUP BY "alarm", "priority"`,
            "",
          ],
        ],
        victoriametrics: [[`last_over_time(alarm_value{plant="$plant"}[$__range])`, ""]],
      },
      BAD_TAGS,
      {
        kind: "query",
        title: "Uncertain readings by area",
        form: "trend",
        unit: "short",
        influxql: [
          [
            `SELECT count("quality") FROM ${READING} AND "quality" = 1 AND $timeFilter GROUP BY time($__interval), "area" fill(0)`,
            "$tag_area",
          ],
        ],
        victoriametrics: [[`count(reading_quality{plant="$plant"} == 1) by (area)`, "{{area}}"]],
      },
      {
        kind: "query",
        title: "Tags that were bad, and how often",
        form: "table",
        unit: "short",
        influxql: [
          [
            `SELECT count("quality") AS "bad readings", last("status") AS "status" FROM ${READING} AND "quality" = 2 AND $timeFilter GROUP BY "tag", "device"`,
            "",
          ],
        ],
        victoriametrics: [
          [`sum(count_eq_over_time(reading_quality{plant="$plant"}[$__range], 2)) by (tag, device) > 0`, ""],
        ],
      },
      state("Safety", "HS-199", "LDH-601", "XS-605", "XS-812"),
      trend("HCN", "AT-491", "AT-492", "AT-493", "AT-494"),
      trend("Tailings dam", "LT-709", "PZ-710A", "PZ-710B"),
    ],
  },
  {
    name: "gateway",
    title: "Puma · Gateway",
    panels: [
      {
        kind: "query",
        title: "Readings by device",
        form: "trend",
        unit: "short",
        influxql: [
          [
            `SELECT count("quality") FROM ${READING} AND $timeFilter GROUP BY time($__interval), "device" fill(0)`,
            "$tag_device",
          ],
        ],
        victoriametrics: [
          [`sum(count_over_time(reading_quality{plant="$plant"}[$__interval])) by (device)`, "{{device}}"],
        ],
      },
      {
        kind: "query",
        title: "Bad readings by device",
        form: "trend",
        unit: "short",
        influxql: [
          [
            `SELECT count("quality") FROM ${READING} AND "quality" = 2 AND $timeFilter GROUP BY time($__interval), "device" fill(0)`,
            "$tag_device",
          ],
        ],
        victoriametrics: [[`count(reading_quality{plant="$plant"} == 2) by (device)`, "{{device}}"]],
      },
      trend("Heartbeats of the PLCs", "KQ-199", "KQ-299", "KQ-899"),
      state("Supply", "XS-811", "XS-812"),
    ],
  },
];

/** From the gateway's own /metrics, where the database takes them too. */
export const GATEWAY_COUNTERS: readonly PanelContent[] = [
  ["Readings that wait for an output", "short", "puma_output_pending", "{{output}}"],
  ["Age of the oldest reading that waits", "s", "puma_output_lag_seconds", "{{output}}"],
  ["Readings lost", "short", "increase(puma_output_dropped_total[$__interval])", "{{output}} {{reason}}"],
  ["Answers of the devices, 99 of 100", "s", `puma_device_latency_seconds{quantile="0.99"}`, "{{device}}"],
  ["Failed polls", "short", "increase(puma_device_polls_failed_total[$__interval])", "{{device}}"],
  ["Event loop delay, 99 of 100", "s", "puma_event_loop_delay_p99_seconds", "{{instance}}"],
  ["History on disk", "bytes", "puma_history_database_bytes", "{{instance}}"],
  [
    "Readings that the history lost",
    "short",
    "increase(puma_history_dropped_total[$__interval])",
    "{{instance}}",
  ],
  ["Memory", "bytes", "process_resident_memory_bytes", "{{instance}}"],
  ["Processor", "percentunit", "rate(process_cpu_seconds_total[1m])", "{{instance}}"],
].map(([title = "", unit = "", query = "", legend = ""]) => ({
  kind: "query",
  title,
  form: "trend",
  unit,
  influxql: [],
  victoriametrics: [[query, legend]],
}));
