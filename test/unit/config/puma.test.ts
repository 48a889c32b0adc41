import { join } from "node:path";
import { expect, it } from "vitest";
import { loadPlant } from "../../../src/config/load.ts";
import type { Tag } from "../../../src/domain/tag.ts";
import {
  crushingBits,
  crushingFloats,
  grindingBits,
  grindingFloats,
  leachBits,
  leachFloats,
  meters,
  utilitiesCounts,
} from "./puma-register-list.ts";
import type { Family } from "./puma-register-list.ts";
import { PUMA_MEASUREMENTS, PUMA_SETPOINTS, PUMA_TAGS } from "../../support/puma-tags.ts";

const file = join(import.meta.dirname, "..", "..", "..", "devices", "plants", "puma.yaml");
const plant = loadPlant(file, {});
const tags = new Map(plant.tags.map((tag) => [tag.id, tag]));

function tagOf(id: string): Tag {
  const tag = tags.get(id);
  if (tag === undefined) throw new Error(`the plant has no tag ${id}`);
  return tag;
}

/** What a register list says of a tag. */
function listed({ id, unit, range, source, type }: Tag): readonly unknown[] {
  if (source.protocol !== "modbus") throw new Error(`${id} is no Modbus tag`);
  return [
    id,
    unit,
    range?.low ?? null,
    range?.high ?? null,
    source.table,
    source.address,
    type,
    source.wordOrder,
  ];
}

function expand(
  families: readonly Family[],
  width: number,
  rest: (address: number) => readonly unknown[],
): (readonly unknown[])[] {
  return families.flatMap(([ids, unit, low, high, first]) =>
    ids.split(" ").map((id, position) => [[id, unit, low, high], rest(first + position * width)].flat()),
  );
}

function listedAs(rows: readonly (readonly unknown[])[]): unknown[] {
  return rows.map(([id]) => listed(tagOf(String(id))));
}

it("has 189 on-line measurements and 6 setpoints, each once", () => {
  const setpoints = plant.tags.filter(({ id }) => id.endsWith(".SP"));
  expect(plant.tags.length - setpoints.length).toBe(PUMA_MEASUREMENTS);
  expect(setpoints).toHaveLength(PUMA_SETPOINTS);
  expect(tags.size).toBe(PUMA_TAGS);
  expect(plant.tags.map(({ index }) => index)).toEqual([...plant.tags.keys()]);
});

it.each([
  ["P1", 28],
  ["P2", 54],
  ["W1", 4],
  ["E1", 2],
  ["E2", 2],
  ["E3", 4],
  ["L", 69],
  ["P3", 32],
])("%s gives %i tags", (device, count) => {
  expect(plant.tags.filter((tag) => tag.device === device)).toHaveLength(count);
});

it("the crushing PLC gives floats in input registers, high word first", () => {
  const rows = expand(crushingFloats, 2, (address) => ["input", address, "float32", "ABCD"]);
  expect(listedAs(rows)).toEqual(rows);
});

it("the grinding PLC gives floats in holding registers, low word first", () => {
  const rows = expand(grindingFloats, 2, (address) => ["holding", address, "float32", "CDAB"]);
  expect(listedAs(rows)).toEqual(rows);
});

it("the utilities PLC gives raw counts of 4–20 mA loops, one register each", () => {
  const rows = expand(utilitiesCounts, 1, (address) => ["holding", address, "int16", "ABCD"]);
  expect(listedAs(rows)).toEqual(rows);
  const loops = rows.map(([id]) => tagOf(String(id)).scaling.loopRaw);
  expect(loops).toEqual(rows.map(() => ({ low: 0, high: 27_648 })));
});

it("the power meters give floats in input registers", () => {
  const rows = expand(meters, 2, (address) => ["input", address, "float32", "ABCD"]);
  expect(listedAs(rows)).toEqual(rows);
});

it.each([
  ["WIT-201", 0, "int32", "CDAB", 0.001, "t/h"],
  ["WT-201", 2, "int16", "CDAB", 0.1, "kg/m"],
  ["ST-201", 3, "uint16", "CDAB", 0.001, "m/s"],
  ["WQT-201", 4, "uint32", "ABCD", 0.01, "t"],
])("the weigh-feeder gives %s at %i", (id, address, type, wordOrder, scale, unit) => {
  expect(tagOf(id)).toMatchObject({
    type,
    unit,
    scaling: { scale, offset: 0 },
    source: { address, wordOrder },
  });
});

it.each([
  ["WQT-105", "uint32", 26, "input", 0.01, 2 ** 32],
  ["WQT-201", "uint32", 4, "holding", 0.01, 10_000_000],
  ["FQ-803", "uint32", 238, "holding", 0.1, 2 ** 32],
  ["KQ-302", "uint16", 92, "holding", 1, 2 ** 16],
])("%s is a totalizer that knows where it rolls over", (id, type, address, table, scale, rolloverCounts) => {
  expect(tagOf(id)).toMatchObject({ type, rolloverCounts, scaling: { scale }, source: { address, table } });
});

it.each([
  ["KQ-199", "input", 60],
  ["KQ-299", "holding", 91],
  ["KQ-899", "holding", 242],
])("%s is a heartbeat", (id, table, address) => {
  expect(tagOf(id)).toMatchObject({
    type: "uint16",
    unit: "1",
    rolloverCounts: null,
    source: { table, address },
  });
});

it("run, trip and switch bits lie where the status words have them", () => {
  const bits = (ids: string): unknown[] => ids.split(" ").map((id) => tagOf(id).source);
  const at = (table: string, address: number, bit: number | null): object => ({
    table,
    address,
    bit,
    width: 1,
  });
  expect(bits(crushingBits)).toMatchObject(
    crushingBits.split(" ").map((_, bit) => at("discrete", bit, null)),
  );
  expect(bits(grindingBits)).toMatchObject(grindingBits.split(" ").map((_, bit) => at("holding", 90, bit)));
  expect(bits("XS-811 XS-812")).toMatchObject([at("holding", 241, 0), at("holding", 241, 1)]);
});

it.each([
  ["XS-302", 93, { 0: "idle", 1: "run", 2: "flush", 3: "rinse" }],
  ["XS-304", 94, { 0: "idle", 1: "fill", 2: "leach", 3: "drain", 4: "wash" }],
])("%s is an enumeration", (id, address, values) => {
  expect(tagOf(id)).toMatchObject({ type: "uint16", unit: null, values, source: { address, bit: null } });
});

it("the leach PLC gives its floats behind a deadband of 0.5 % at the server, and no stuck check", () => {
  for (const [ids, unit, low, high] of leachFloats)
    for (const id of ids.split(" "))
      expect(tagOf(id)).toMatchObject({
        type: "float32",
        unit,
        range: { low, high },
        deadband: 0,
        stuckAfterMs: null,
        source: {
          protocol: "opcua",
          node: `ns=3;s=${id}`,
          mode: "subscribe",
          samplingMs: 1000,
          deadband: { kind: "percent", amount: 0.5 },
        },
      });
});

it("the leach PLC gives its bits and its step without a deadband", () => {
  for (const id of leachBits.split(" "))
    expect(tagOf(id)).toMatchObject({
      type: "bool",
      unit: null,
      source: { node: `ns=3;s=${id}`, deadband: null },
    });
  expect(tagOf("XS-501")).toMatchObject({
    type: "uint16",
    source: { node: "ns=3;s=XS-501", deadband: null },
  });
});

it("the register list names every tag of the plant", () => {
  const families = [crushingFloats, grindingFloats, utilitiesCounts, meters, leachFloats]
    .flat()
    .map(([ids]) => ids);
  const single =
    "FIC-201.SP DIC-207.SP KIC-302.SP AIC-401C.SP FIC-602.SP FFIC-603.SP WIT-201 WT-201 ST-201 WQT-201 WQT-105 FQ-803 KQ-302 KQ-199 KQ-299 KQ-899 XS-811 XS-812 XS-302 XS-304 XS-501";
  const ids = [...families, crushingBits, grindingBits, leachBits, single].flatMap((text) => text.split(" "));
  expect(ids.sort()).toEqual([...tags.keys()].sort());
});

it("belongs to nine areas", () => {
  const areas = "crushing grinding gravity leach elution reagents detox tailings utilities".split(" ");
  expect(new Set(plant.tags.map(({ area }) => area))).toEqual(new Set(areas));
  expect(
    ["FT-207", "FT-302", "AT-401A", "TT-501", "LT-602", "AT-703", "LT-709", "LT-801", "WIT-603"].map(
      (id) => tagOf(id).area,
    ),
  ).toEqual([
    "grinding",
    "gravity",
    "leach",
    "elution",
    "reagents",
    "detox",
    "tailings",
    "utilities",
    "reagents",
  ]);
});

it("every analog has a range, and every tag a title of its own", () => {
  const analogs = plant.tags.filter(
    ({ type, rolloverCounts }) => type.startsWith("float") || rolloverCounts === null,
  );
  const rangeless = analogs.filter(
    ({ range, type, unit, values }) => range === null && type !== "bool" && unit !== "1" && values === null,
  );
  expect(rangeless.map(({ id }) => id)).toEqual(["JQ-203", "JQ-204", "JQ-810"]);
  expect(new Set(plant.tags.map(({ title }) => title)).size).toBe(PUMA_TAGS);
});

it("no cyanide tag leaves open whether it is NaCN or CN", () => {
  const cyanide = plant.tags
    .filter(({ title }) => title.includes("cyanide"))
    .filter(({ unit }) => unit?.includes("/L"));
  expect(cyanide.map(({ id }) => id).sort()).toEqual([
    "AIC-401C.SP",
    "AT-304",
    "AT-401C",
    "AT-403C",
    "AT-407C",
    "AT-703",
  ]);
  expect(cyanide.every(({ unit }) => /\{(NaCN|CN)\}/u.test(unit ?? ""))).toBe(true);
});

it("a stuck check always names a run bit", () => {
  const checked = plant.tags.filter(({ stuckAfterMs }) => stuckAfterMs !== null);
  expect(checked.length).toBeGreaterThan(20);
  expect(checked.filter(({ stuckWhile }) => tags.get(stuckWhile ?? "")?.type !== "bool")).toEqual([]);
});

it("has its endpoints on this machine, secured where the protocol can", () => {
  expect(plant.connections).toMatchObject([
    { id: "crushing", protocol: "modbus-tcp", host: "127.0.0.1", port: 15_021, timeoutMs: 1000 },
    { id: "grinding", protocol: "modbus-tcp", host: "127.0.0.1", port: 15_022 },
    { id: "utilities", protocol: "modbus-tcp", host: "127.0.0.1", port: 15_023 },
    { id: "field-bus", baud: 19_200, parity: "even", dataBits: 8, stopBits: 1 },
    {
      id: "leach",
      endpoint: "opc.tcp://127.0.0.1:15840/leach",
      security: { mode: "SignAndEncrypt", policy: "Basic256Sha256" },
      identity: { kind: "anonymous" },
    },
  ]);
  expect(plant.devices.map(({ id, unit }) => [id, unit])).toEqual([
    ["P1", 1],
    ["P2", 2],
    ["W1", 11],
    ["E1", 21],
    ["E2", 22],
    ["E3", 23],
    ["L", null],
    ["P3", 3],
  ]);
});

it("lists no output and so publishes to the embedded broker", () => {
  expect(plant.broker).toEqual({ host: "127.0.0.1", port: 1883, wsPort: 9001 });
  expect(plant.outputs).toMatchObject([
    { id: "mqtt", type: "mqtt", url: "mqtt://127.0.0.1:1883", qos: 1, retain: true },
  ]);
});

it("is frozen all the way down", () => {
  const isFrozen = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isFrozen));
  expect(isFrozen(plant)).toBe(true);
});

it("loads with well under 400 ms of computing", () => {
  const times = Array.from({ length: 5 }, () => {
    // Of this thread alone: what else the machine does is none of the loader's doing.
    const start = process.threadCpuUsage();
    loadPlant(file, {});
    return process.threadCpuUsage(start).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(400);
});

it("says of every measurement what is normal, by an alarm limit or by a band", () => {
  const limits = new Set(["H", "HH", "L", "LL", "outside"]);
  const limited = new Set(
    plant.alarms?.flatMap(({ on, type }) => (on.from === "tag" && limits.has(type) ? [on.id] : [])),
  );
  const measured = plant.tags.filter(({ id, range }) => range !== null && !id.endsWith(".SP"));
  expect(measured.length).toBeGreaterThan(100);
  expect(measured.filter(({ id, normal }) => normal === null && !limited.has(id))).toEqual([]);
});
