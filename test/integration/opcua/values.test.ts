import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBench, removeFolder, temporaryFolder } from "./harness.ts";
import { startServer } from "./server.ts";
import type { Setting, TestServer } from "./server.ts";
import { until } from "../../support/until.ts";
import type { DataType } from "../../../src/domain/tag.ts";

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const CASES: readonly (readonly [string, DataType, unknown, unknown])[] = [
  ["Float", "float32", 16.5, 16.5],
  ["Double", "float64", 0.1, 0.1],
  ["Int16", "int16", -32768, -32768],
  ["UInt16", "uint16", 65535, 65535],
  ["Int32", "int32", -2147483648, -2147483648],
  ["UInt32", "uint32", 4294967295, 4294967295],
  ["Byte", "uint16", 255, 255],
  ["Int64", "int64", "-9223372036854775807", -9223372036854775807n],
  ["UInt64", "uint64", "18446744073709551615", 18446744073709551615n],
  ["Boolean", "bool", true, true],
  ["String", "string", "fill", "fill"],
];

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  const variables: Setting[] = CASES.map(([type, , value]) => ({ name: type, type, value, time: TIME }));
  server = await startServer({ pki: `${folder}/server`, variables });
});

afterAll(async () => {
  await server.kill();
  await removeFolder(folder);
});

describe.each(["subscribe", "read"] as const)("mode %s", (mode) => {
  test("every data type arrives exactly, with the server's source time", async () => {
    const sketches = CASES.map(([id, type]) => ({ id, type, mode }));
    await using bench = createBench(folder, sketches, { endpoint: server.url });
    await bench.connect();
    await until(async () => {
      await bench.pump();
      return CASES.every(([id]) => bench.latest(id) !== undefined);
    });
    for (const [id, , , expected] of CASES) {
      const reading = bench.latest(id);
      expect([id, reading?.value, reading?.status, reading?.sourceTime]).toEqual([id, expected, 0, TIME]);
    }
  });
});
