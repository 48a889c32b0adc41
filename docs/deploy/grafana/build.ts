/** Makes the dashboards from their content and the plant file: `npm run dashboards`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPlant } from "../../../src/config/load.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import { unitSymbol } from "../../../src/domain/unit.ts";
import { DASHBOARDS, GATEWAY_COUNTERS } from "./dashboard-content.ts";
import type { DashboardContent, PanelContent } from "./dashboard-content.ts";

export const DATABASES = ["influxql", "victoriametrics"] as const;
export type Database = (typeof DATABASES)[number];

const SOURCES = {
  influxql: { type: "influxdb", uid: "puma-influxdb" },
  victoriametrics: { type: "prometheus", uid: "puma-victoriametrics" },
} as const;

const SCHEMA_VERSION = 39; // Grafana 10 to 12 read it
const GRID_COLUMNS = 24;

/** Readings come when something changes, and once a minute otherwise: shorter holes are none. */
const SPAN_NULLS_MS = 150_000;

const TALL = 8;
const LOW = 4;

interface Target {
  readonly query: string;
  readonly legend: string;
  readonly isTable: boolean;
}

/** One dashboard as Grafana reads it. */
export function dashboardOf(
  content: DashboardContent,
  database: Database,
  tags: ReadonlyMap<string, Tag>,
): object {
  const counters = content.name === "gateway" && database === "victoriametrics" ? GATEWAY_COUNTERS : [];
  const panels = layOut([...content.panels, ...counters]);
  return {
    uid: `${SOURCES[database].uid}-${content.name}`,
    title: content.title,
    tags: ["puma"],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "10s",
    time: { from: "now-8h", to: "now" },
    timezone: "browser",
    templating: { list: [plantVariable(database)] },
    annotations: { list: [] },
    links: [
      {
        type: "dashboards",
        tags: ["puma"],
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        title: "Puma",
      },
    ],
    panels: panels.map(({ panel, gridPos }, index) =>
      Object.assign({ id: index + 1, gridPos }, panelOf(panel, database, tags)),
    ),
  };
}

function plantVariable(database: Database): object {
  const query =
    database === "influxql"
      ? `SHOW TAG VALUES FROM "reading" WITH KEY = "plant"`
      : "label_values(reading_quality, plant)";
  return {
    name: "plant",
    label: "Plant",
    type: "query",
    datasource: SOURCES[database],
    query,
    refresh: 1,
    sort: 1,
    current: { text: "puma", value: "puma" },
  };
}

/** Values across the whole width, the rest two by two. */
function layOut(panels: readonly PanelContent[]) {
  let x = 0;
  let y = 0;
  return panels.map((panel) => {
    const isWide = panel.kind === "value";
    const h = isWide ? LOW : TALL;
    if (isWide && x > 0) {
      x = 0;
      y += TALL;
    }
    const w = isWide ? GRID_COLUMNS : GRID_COLUMNS / 2;
    const gridPos = { x, y, w, h };
    x = (x + w) % GRID_COLUMNS;
    if (x === 0) y += h;
    return { panel, gridPos };
  });
}

function panelOf(panel: PanelContent, database: Database, tags: ReadonlyMap<string, Tag>): object {
  if (panel.kind === "query") return queryPanel(panel, database);
  const own = panel.tags.map((id) => tagOf(id, tags));
  const targets = own.map((tag): Target => ({
    query: readingQuery(tag, database, panel.kind === "trend" ? "mean" : "last"),
    legend: `${tag.id} ${tag.title}`,
    isTable: false,
  }));
  return {
    title: panel.title,
    datasource: SOURCES[database],
    targets: targetsOf(targets, database),
    ...LOOKS[panel.kind](own),
  };
}

function tagOf(id: string, tags: ReadonlyMap<string, Tag>): Tag {
  const tag = tags.get(id);
  if (tag === undefined) throw new RangeError(`A dashboard names ${id}, which is no tag of the plant.`);
  return tag;
}

function readingQuery({ id }: Tag, database: Database, fold: "mean" | "last"): string {
  if (database === "victoriametrics") return `reading_value{plant="$plant", tag="${id}"}`;
  return `SELECT ${fold}("value") FROM "reading" WHERE "plant" = '$plant' AND "tag" = '${id}' AND $timeFilter GROUP BY time($__interval) fill(null)`;
}

function targetsOf(targets: readonly Target[], database: Database): object[] {
  return targets.map(({ query, legend, isTable }, index) => {
    const common = { refId: refId(index), datasource: SOURCES[database] };
    if (database === "influxql")
      return {
        ...common,
        rawQuery: true,
        query,
        resultFormat: isTable ? "table" : "time_series",
        alias: legend,
      };
    return {
      ...common,
      expr: query,
      legendFormat: legend,
      editorMode: "code",
      ...(isTable ? { format: "table", instant: true } : { range: true }),
    };
  });
}

/** A, B … Z, AA … */
function refId(index: number): string {
  const letter = String.fromCodePoint(65 + (index % 26));
  return index < 26 ? letter : refId(Math.floor(index / 26) - 1) + letter;
}

function queryPanel(panel: Extract<PanelContent, { kind: "query" }>, database: Database): object {
  const isTable = panel.form === "table";
  const targets = panel[database].map(([query, legend]): Target => ({ query, legend, isTable }));
  const look = isTable
    ? { type: "table", fieldConfig: { defaults: {}, overrides: [] } }
    : linesOf(panel.unit);
  return {
    title: panel.title,
    datasource: SOURCES[database],
    targets: targetsOf(targets, database),
    ...look,
  };
}

function linesOf(unit: string): object {
  return {
    type: "timeseries",
    fieldConfig: {
      defaults: { unit, custom: { lineWidth: 1, showPoints: "never", spanNulls: SPAN_NULLS_MS } },
      overrides: [],
    },
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
  };
}

/** Every line with its own unit; those of another unit than the first get the axis on the right. */
function unitOverrides(tags: readonly Tag[]): object[] {
  return tags.map((tag) => ({
    matcher: { id: "byName", options: `${tag.id} ${tag.title}` },
    properties: [
      { id: "unit", value: grafanaUnit(tag) },
      ...(tag.unit === tags[0]?.unit ? [] : [{ id: "custom.axisPlacement", value: "right" }]),
    ],
  }));
}

function grafanaUnit({ unit }: Tag): string {
  const symbol = unitSymbol(unit);
  return symbol === "" ? "none" : `suffix: ${symbol}`;
}

const LOOKS: Readonly<Record<"trend" | "value" | "state", (tags: readonly Tag[]) => object>> = {
  trend: (tags) => ({
    ...linesOf("none"),
    fieldConfig: {
      defaults: { custom: { lineWidth: 1, showPoints: "never", spanNulls: SPAN_NULLS_MS } },
      overrides: unitOverrides(tags),
    },
  }),
  value: (tags) => ({
    type: "stat",
    fieldConfig: {
      defaults: { color: { mode: "fixed", fixedColor: "text" } },
      overrides: tags.map((tag) => ({
        matcher: { id: "byName", options: `${tag.id} ${tag.title}` },
        properties: [{ id: "unit", value: grafanaUnit(tag) }],
      })),
    },
    options: {
      reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false },
      graphMode: "none",
      textMode: "value_and_name",
      colorMode: "value",
    },
  }),
  state: (tags) => ({
    type: "state-timeline",
    fieldConfig: {
      defaults: { custom: { fillOpacity: 70, lineWidth: 0, spanNulls: SPAN_NULLS_MS } },
      overrides: tags.map((tag) => ({
        matcher: { id: "byName", options: `${tag.id} ${tag.title}` },
        properties: [{ id: "mappings", value: [{ type: "value", options: stateNames(tag) }] }],
      })),
    },
    options: { mergeValues: true, showValue: "auto", legend: { displayMode: "list", placement: "bottom" } },
  }),
};

function stateNames({ values }: Tag): Record<string, object> {
  const names = Object.entries(values ?? { 0: "off", 1: "on" });
  return Object.fromEntries(
    names.map(([state, text], index) => [
      state,
      { text, index, ...(state === "0" ? { color: "text" } : {}) },
    ]),
  );
}

/** All dashboards by file name within `dashboards`. */
export function allDashboards(plantFile: string): ReadonlyMap<string, object> {
  const tags = new Map(loadPlant(plantFile).tags.map((tag) => [tag.id, tag]));
  return new Map(
    DATABASES.flatMap((database) =>
      DASHBOARDS.map(
        (content) => [join(database, `${content.name}.json`), dashboardOf(content, database, tags)] as const,
      ),
    ),
  );
}

if (import.meta.main) {
  const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const plantFile = place("../../../devices/plants/puma.yaml");
  for (const [name, dashboard] of allDashboards(plantFile))
    writeFileSync(place(`dashboards/${name}`), `${JSON.stringify(dashboard, null, 2)}\n`);
}
