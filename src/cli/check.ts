import type { Configuration } from "../config/configuration.ts";
import { loadConfiguration } from "../config/load.ts";
import type { Plant } from "../config/plant.ts";
import { faultAt, readSource } from "../config/source-file.ts";
import { BadConfiguration } from "../domain/errors.ts";
import type { Fault } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import { planPlant, unmeetable } from "../drivers/index.ts";
import type { ConnectionPlan, GroupPlan, OpcUaPlan, Unmeetable } from "../drivers/index.ts";
import { compileAlarms } from "../gateway/alarms/compile.ts";
import { compileMetrics } from "../gateway/metrics/compile.ts";
import type { MetricFault } from "../gateway/metrics/compile.ts";
import { outlinesOf } from "../gateway/metrics/outlines.ts";
import { readCertificate, UnfitCertificate } from "../security/certificate-files.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { formatTable } from "./table.ts";

type LinkPlan = ConnectionPlan | OpcUaPlan;

/** `puma check PLANT.yaml [--json]`: every fault of the files at once, or the poll plan. */
export const check: Command = async (args) => {
  const words = readArguments(args, { json: { type: "boolean" } }, ["PLANT.yaml"]);
  const { configuration, plans } = loadMeetable(words.positionals[0] ?? "");
  const { plant } = configuration;
  const text =
    words.values["json"] === true
      ? `${JSON.stringify(summary(plant, plans), null, 2)}\n`
      : describe(plant, plans);
  process.stdout.write(text);
  return 0;
};

/** The plant with its poll plan. Throws BadConfiguration for faulty files and for scan classes that a link cannot carry. */
export function loadMeetable(file: string): { configuration: Configuration; plans: readonly LinkPlan[] } {
  const configuration = loadConfiguration(file);
  const { plant } = configuration;
  const plans = planPlant(plant);
  const faults = plans
    .filter(isModbus)
    .flatMap((plan) => unmeetable(plan).concat(unreadable(plan)))
    .map((one) => locate(plant, one));
  const { metrics, faults: figures } = compileMetrics(plant);
  // What is wrong with a figure would only be said again of the alarms on it.
  const alarms = figures.length > 0 ? [] : compileAlarms(plant, outlinesOf(metrics)).faults;
  const all = [
    ...certificateFaults(plant),
    ...faults,
    ...figures.map((one) => locateIn(plant, "metrics", one)),
    ...alarms.map((one) => locateIn(plant, "alarms", one)),
  ];
  if (all.length > 0) throw new BadConfiguration(all);
  return { configuration, plans };
}

/** Files that the plant file names for HTTPS and that are no certificate and its key. */
function certificateFaults(plant: Plant): Fault[] {
  return (["http", "broker"] as const).flatMap((section) => {
    const tls = plant[section]?.tls;
    if (tls?.kind !== "given") return [];
    try {
      readCertificate(tls.certificateFile, tls.keyFile, false);
      return [];
    } catch (error) {
      if (!(error instanceof UnfitCertificate)) throw error;
      return [locateIn(plant, section, { path: ["tls"], told: error.said })];
    }
  });
}

function locateIn(plant: Plant, section: string, { path, told }: MetricFault): Fault {
  const whole = [section, ...path];
  const source = readSource(plant.file, []);
  if (source === null) return { file: plant.file, line: 1, column: 1, path: whole.join("."), told };
  return faultAt(source, whole, told, "key");
}

function isModbus(plan: LinkPlan): plan is ConnectionPlan {
  return plan.protocol !== "opcua";
}

/** Tags that no read within the device's limits can bring. */
function unreadable({ connection, groups }: ConnectionPlan): Unmeetable[] {
  return groups.flatMap(({ device, scanClass, unreadable: tags }) =>
    tags.map((tag) => ({
      connection,
      device,
      scanClasses: [scanClass],
      told: say("tag-unreadable", { tag }),
    })),
  );
}

/** The arithmetic is about a device or a whole link: point at its entry in the plant file. */
function locate(plant: Plant, { connection, device, told }: Unmeetable): Fault {
  const path = device === null ? ["connections", connection] : ["devices", device];
  const source = readSource(plant.file, []);
  if (source === null) return { file: plant.file, line: 1, column: 1, path: path.join("."), told };
  return faultAt(source, path, told, "key");
}

function describe(plant: Plant, plans: readonly LinkPlan[]): string {
  const modbus = plans.filter(isModbus);
  const opcUa = plans.filter((plan) => !isModbus(plan));
  const parts = [
    `${plant.title} (${plant.id}): ${plant.tags.length} tags of ${plant.devices.length} devices, no faults.\n`,
  ];
  if (modbus.length > 0) parts.push(describeModbus(modbus));
  if (opcUa.length > 0) parts.push(describeOpcUa(opcUa));
  return parts.join("\n");
}

function describeModbus(plans: readonly ConnectionPlan[]): string {
  const rows = plans.flatMap((plan) => [
    ...plan.groups.map((group) => [plan.connection, group.device, group.scanClass, ...figuresOf(group)]),
    [
      plan.connection,
      "all",
      "",
      "",
      `${plan.requests}`,
      `${plan.bytesOut}`,
      `${plan.bytesIn}`,
      "",
      percent(plan.load),
    ],
  ]);
  const head = [
    "connection",
    "device",
    "scan",
    "tags",
    "requests",
    "bytes out",
    "bytes in",
    "ms a cycle",
    "of link time",
  ];
  return formatTable(head, rows);
}

function figuresOf({ tags, requests, bytesOut, bytesIn, estimatedMs, periodMs }: GroupPlan): string[] {
  const load = percent(estimatedMs / periodMs);
  return [`${tags}`, `${requests}`, `${bytesOut}`, `${bytesIn}`, estimatedMs.toFixed(1), load];
}

function describeOpcUa(plans: readonly OpcUaPlan[]): string {
  const rows = plans.flatMap(({ connection, groups }) =>
    groups.map((group) => [
      connection,
      group.device,
      `${group.monitoredItems}`,
      `${group.polledNodes}`,
      group.fastestSamplingMs === null ? "–" : `${group.fastestSamplingMs}`,
      group.valuesPerSecondMax.toFixed(1),
    ]),
  );
  return formatTable(["connection", "device", "monitored", "read", "sampling ms", "values/s at most"], rows);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** The same figures for programs. */
function summary(plant: Plant, plans: readonly LinkPlan[]): object {
  return {
    plant: plant.id,
    tags: plant.tags.length,
    devices: plant.devices.length,
    connections: plans.map(forPrograms),
  };
}

function forPrograms(plan: LinkPlan): object {
  if (!isModbus(plan)) return plan;
  const groups = plan.groups.map(({ blocks, ...figures }) => ({
    ...figures,
    blocks: blocks.map(({ table, address, quantity }) => ({ table, address, quantity })),
  }));
  return { ...plan, groups };
}
