import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "../../simulators/endpoints.ts";
import { startPlant } from "../../simulators/index.ts";
import type { SimulatedPlant } from "../../simulators/index.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { programPath } from "../support/program.ts";
import {
  deviceOf,
  everyTypeAndOrder,
  modbusTag,
  plantOf,
  rtuConnection,
  rtuOverTcpConnection,
  tcpConnection,
} from "../support/simulated-plant.ts";
import { TELLING_NUMBERS } from "../support/telling-numbers.ts";

const LINKS = ["tcp", "rtu", "rtu-over-tcp"] as const;
type Link = (typeof LINKS)[number];

const VALUES: Record<string, number | bigint | boolean | string> = {
  ...TELLING_NUMBERS,
  bool: true,
  string: "Puma ñandú",
};
const UNIT = 17;

const templates: Tag[] = [
  ...everyTypeAndOrder(),
  ...(["coil", "discrete"] as const).map((table) =>
    modbusTag({ id: `${table}-ABCD`, type: "bool", range: null, unit: null, source: { table, address: 19 } }),
  ),
  modbusTag({ id: "input-ABCD", type: "float32", source: { table: "input", address: 4 } }),
];
const tags = LINKS.flatMap((link) =>
  templates.map((tag) => ({ ...tag, id: `${link}/${tag.id}`, device: link })),
);

function modbusSource(tag: Tag) {
  if (tag.source.protocol !== "modbus") throw new TypeError(tag.id);
  return tag.source;
}

async function output(program: string, args: readonly string[], input = ""): Promise<string> {
  const child = spawn(program, args);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${out}`);
  return out;
}

function place(endpoint: Endpoint | undefined): (string | number)[] {
  if (endpoint === undefined || endpoint.protocol === "opcua") throw new Error("no such endpoint");
  return endpoint.protocol === "modbus-rtu" ? [endpoint.path] : [endpoint.host, endpoint.port];
}

describe("foreign clients read the simulators", () => {
  let plant: SimulatedPlant;

  beforeAll(async () => {
    const connections = [
      tcpConnection("tcp"),
      rtuConnection("rtu", "/nonexistent"),
      rtuOverTcpConnection("rtu-over-tcp"),
    ];
    const devices = LINKS.map((link) => deviceOf(link, link, UNIT));
    plant = await startPlant({
      plant: plantOf(connections, devices, tags),
      source: { valueAt: (tag) => VALUES[tag.type] ?? 0 },
    });
  });
  afterAll(() => plant.close());

  test.each(LINKS)("pymodbus: every data type in every word order over %s", async (link: Link) => {
    const python = programPath("python3", "python3-pymodbus python3-serial-asyncio");
    const its = plant.plant.tags.filter((tag) => tag.device === link);
    const order = {
      link: [link, ...place(plant.endpoints[link])],
      unit: UNIT,
      tags: its.map((tag) => {
        const { table, address, width, wordOrder } = modbusSource(tag);
        return [tag.id, table, address, width, tag.type, wordOrder];
      }),
    };
    const script = resolve("test/support/pymodbus-read.py");
    const interpreter = python.includes("pyenv") ? "/usr/bin/python3" : python;
    const read = JSON.parse(await output(interpreter, [script], JSON.stringify(order))) as Record<
      string,
      unknown
    >;
    const sent = plant.sent(link);
    for (const tag of its) {
      const { value } = sent[tag.id] ?? {};
      expect(read[tag.id], tag.id).toBe(typeof value === "bigint" ? value.toString() : value);
    }
    expect(Object.keys(read).length).toBe(its.length);
  });

  test.each(["tcp", "rtu"] as const)(
    "mbpoll: 16 and 32 bits in both of its word orders over %s",
    async (link) => {
      const mbpoll = programPath("mbpoll", "mbpoll");
      const [where, port] = place(plant.endpoints[link]);
      const transport =
        link === "tcp" ? ["-m", "tcp", "-p", `${port}`] : ["-m", "rtu", "-b", "19200", "-P", "even"];
      const cases = [
        ["uint16-ABCD", "4", []],
        ["int32-ABCD", "4:int", ["-B"]],
        ["int32-CDAB", "4:int", []],
        ["float32-ABCD", "4:float", ["-B"]],
        ["float32-CDAB", "4:float", []],
        ["input-ABCD", "3:float", ["-B"]],
        ["discrete-ABCD", "1", []],
        ["coil-ABCD", "0", []],
      ] as const;
      for (const [id, type, flags] of cases) {
        const tag = templates.find((one) => one.id === id) ?? modbusTag({ source: {} });
        const { address } = modbusSource(tag);
        const args = [
          ...transport,
          "-0",
          "-1",
          "-a",
          `${UNIT}`,
          "-t",
          type,
          "-r",
          `${address}`,
          "-c",
          "1",
          ...flags,
        ];
        const printed = await output(mbpoll, [...args, `${where}`]);
        const shown = new RegExp(`\\[${address}\\]:\\s+(\\S+)`).exec(printed)?.[1];
        expect(Number(shown), `${id}: ${printed}`).toBe(Number(VALUES[tag.type]));
      }
    },
  );
});
