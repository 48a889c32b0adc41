import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { allDashboards } from "../../../docs/deploy/grafana/build.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { root } from "../../support/plant.ts";

const folder = join(root, "docs", "deploy", "grafana");
const plantFile = join(root, "devices", "plants", "puma.yaml");
const plant = loadPlant(plantFile);
const tagIds = new Set(plant.tags.map(({ id }) => id));

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: { readonly uid: string };
  readonly targets: readonly {
    readonly refId: string;
    readonly query?: string;
    readonly expr?: string;
    readonly datasource: { readonly uid: string };
  }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const read = (file: string): Dashboard =>
  JSON.parse(readFileSync(join(folder, "dashboards", file), "utf8")) as Dashboard;

const NAMES = ["alarms", "comminution", "gateway", "gravity", "leach", "overview"];
const files = ["influxql", "victoriametrics"].flatMap((database) =>
  readdirSync(join(folder, "dashboards", database)).map((name) => join(database, name)),
);
const queriesOf = ({ panels }: Dashboard): string[] =>
  panels.flatMap(({ targets }) => targets.map(({ query, expr }) => query ?? expr ?? ""));

/** Panels that every Grafana brings along. */
const CORE_PANELS = new Set(["timeseries", "stat", "table", "state-timeline"]);

/** Measurements with their fields and tags, as they are written to the database. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  reading: ["value", "quality", "status", "count", "text"],
  metric: ["value", "sd", "coverage", "quality", "version"],
  alarm: ["state", "value", "limit"],
};
const LABELS: Readonly<Record<string, readonly string[]>> = {
  reading: ["plant", "area", "device", "tag"],
  metric: ["plant", "area", "metric", "period"],
  alarm: ["plant", "alarm", "priority"],
};

describe("the dashboards for Grafana", () => {
  it("are six for each database", () => {
    expect(files.toSorted()).toEqual([
      ...NAMES.map((name) => join("influxql", `${name}.json`)),
      ...NAMES.map((name) => join("victoriametrics", `${name}.json`)),
    ]);
  });

  it("are what build.ts makes of the plant file now", () => {
    for (const [file, dashboard] of allDashboards(plantFile))
      expect(read(file), file).toEqual(JSON.parse(JSON.stringify(dashboard)));
  });

  it("keep the uids that links and bookmarks rely on", () => {
    expect(files.map((file) => read(file).uid).toSorted()).toEqual([
      ...NAMES.map((name) => `puma-influxdb-${name}`),
      ...NAMES.map((name) => `puma-victoriametrics-${name}`),
    ]);
  });

  it.each(files)("%s needs no plugin and only the data sources that are provisioned", (file) => {
    const { datasources } = parse(
      readFileSync(join(folder, "provisioning", "datasources", "puma.yaml"), "utf8"),
    ) as { datasources: { uid: string; type: string }[] };
    const uids = new Set(datasources.map(({ uid }) => uid));
    expect(datasources.map(({ type }) => type)).toEqual(["influxdb", "prometheus"]);
    for (const { type, datasource, targets } of read(file).panels) {
      expect(CORE_PANELS).toContain(type);
      for (const uid of [datasource.uid, ...targets.map((target) => target.datasource.uid)])
        expect(uids).toContain(uid);
    }
  });

  it.each(files)("%s has panels that do not overlap, each with something to ask", (file) => {
    const { panels } = read(file);
    const cells = new Set<string>();
    for (const { title, targets, gridPos } of panels) {
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x).toBeLessThan(24);
          expect(cells, title).not.toContain(`${x} ${y}`);
          cells.add(`${x} ${y}`);
        }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it.each(files.filter((file) => file.startsWith("influxql")))(
    "%s asks only for measurements, fields and tags that are written",
    (file) => {
      for (const query of queriesOf(read(file))) {
        const [, measurement = ""] = /FROM "([^"]+)"/.exec(query) ?? [];
        expect(Object.keys(FIELDS), query).toContain(measurement);
        const named = [...query.replace(/ AS "[^"]+"/g, "").matchAll(/"([^"]+)"/g)].map(([, name]) => name);
        for (const name of named)
          expect([measurement, ...FIELDS[measurement]!, ...LABELS[measurement]!], query).toContain(name);
        for (const [, tag = ""] of query.matchAll(/"tag" = '([^']+)'/g)) expect(tagIds).toContain(tag);
        expect(query).toContain("$timeFilter");
        expect(query).toContain(`"plant" = '$plant'`);
      }
    },
  );

  it.each(files.filter((file) => file.startsWith("victoriametrics")))(
    "%s asks only for series that are written or that the gateway tells of itself",
    (file) => {
      const told = readFileSync(join(root, "src", "http", "routes", "metrics.ts"), "utf8");
      for (const query of queriesOf(read(file))) {
        const [, name = ""] = /\b((?:reading|metric|alarm|puma|process)_[a-z0-9_]+)/.exec(query) ?? [];
        const [, measurement = "", field = ""] = /^(reading|metric|alarm)_(.+)$/.exec(name) ?? [];
        if (measurement === "") expect(told, query).toContain(`"${name}"`);
        else {
          expect(FIELDS[measurement], query).toContain(field);
          expect(query).toContain('plant="$plant"');
        }
        for (const [, tag = ""] of query.matchAll(/\btag="([^"]+)"/g)) expect(tagIds).toContain(tag);
      }
    },
  );

  it("are found by the provisioning of dashboards", () => {
    const { providers } = parse(
      readFileSync(join(folder, "provisioning", "dashboards", "puma.yaml"), "utf8"),
    ) as { providers: { type: string; options: { path: string } }[] };
    expect(providers.map(({ type, options }) => `${type} ${options.path}`)).toEqual([
      "file /var/lib/grafana/puma/dashboards/influxql",
      "file /var/lib/grafana/puma/dashboards/victoriametrics",
    ]);
  });
});
