import { fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { SimulatorsReady } from "../../../simulators/main.ts";
import { rawClient, readPdu } from "../../support/modbus-socket.ts";
import { until } from "../../support/until.ts";
import { PUMA_TAGS } from "../../support/puma-tags.ts";

/** XS-203 in register 90 of P2. */
const MILL_1_BIT = 1;
const MAIN = resolve("simulators/main.ts");
const PUMA = resolve("devices/plants/puma.yaml");
const dir = mkdtempSync(join(tmpdir(), "puma-process-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function forked(...args: readonly string[]): Promise<{ child: ChildProcess; ready: SimulatorsReady }> {
  const child = fork(MAIN, [PUMA, "--ports", "ephemeral", "--pki", join(dir, "pki"), ...args], {
    silent: true,
  });
  const [ready] = (await once(child, "message")) as [SimulatorsReady];
  return { child, ready };
}

/** Runs to the end and gives exit code and what was printed. */
async function run(...args: readonly string[]): Promise<{ code: number; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...args]);
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, err };
}

describe("the simulators as a process", () => {
  test("tell their parent where everything listens, and leave nothing behind on SIGTERM", async () => {
    const { child, ready } = await forked("--seed", "7");
    expect(ready.ready).toBe(true);
    expect(Object.keys(ready.endpoints).sort()).toEqual([
      "crushing",
      "field-bus",
      "grinding",
      "leach",
      "utilities",
    ]);
    expect(readFileSync(ready.serverCertificateFile ?? "", "utf8")).toMatch(/BEGIN CERTIFICATE/);
    const { path } = ready.endpoints["field-bus"] as { path: string };
    expect(existsSync(path)).toBe(true);
    await using client = await rawClient(ready.endpoints["grinding"] as { host: string; port: number });
    expect((await readPdu(client, 2, 3, 140, 2)).length).toBe(6);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test("end when their parent goes", async () => {
    const { child } = await forked();
    child.disconnect();
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
  });

  test("print a table of what they serve when nobody listens on a channel", async () => {
    const child = spawn(process.execPath, [MAIN, PUMA, "--ports", "ephemeral", "--pki", join(dir, "pki")]);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    await until(() => out.includes("OPC UA clients"), 20_000);
    expect(out).toContain(`${PUMA_TAGS} tags`);
    expect(out).toMatch(/grinding +modbus-tcp +127\.0\.0\.1:\d+ +P2 \(2\)/);
    expect(out).toMatch(/field-bus +modbus-rtu .* W1 \(11\)/);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("draw the trends of a scenario instead", async () => {
    const svg = join(dir, "overload.svg");
    const { code, err } = await run("--plot", "mill-overload", "--out", svg);
    expect([code, err]).toEqual([0, ""]);
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg .*Mill overload.*PT-204, kPa/su);
  });

  test("serve a scenario, whose fault is then on the wire", async () => {
    const scenario = join(dir, "dark.yaml");
    writeFileSync(
      scenario,
      "title: Dark\ndescription: no power\nduration: 1h\nfaults: [{ fault: power-cut, at: 5s }]\n",
    );
    const assays = join(dir, "assays");
    const { child, ready } = await forked("--speed", "10", "--scenario", scenario, "--assays", assays);
    const client = await rawClient(ready.endpoints["grinding"] as { host: string; port: number });
    const isMill1Running = async (): Promise<boolean> => {
      const bits = (await readPdu(client, 2, 3, 90, 1)).readUInt16BE(2);
      return (bits & (1 << MILL_1_BIT)) !== 0;
    };
    await until(async () => !(await isMill1Running()), 20_000);
    await client[Symbol.asyncDispose]();
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  test.each([
    [["--scenario", "doomsday", PUMA], /There is no scenario "doomsday". Known ones: comms-chaos, /],
    [["--fast", PUMA], /Unknown option '--fast'/],
    [["--speed", "99", PUMA], /--speed takes a number from 0.01 to 20, not "99"/],
    [["--ports", "any", PUMA], /--ports takes as-configured, next-free, ephemeral, not "any"/],
    [[], /Which plant\?/],
    [[PUMA, PUMA], /one word too many/],
  ])("refuse %j with one sentence and exit 78", async (args, sentence) => {
    const { code, err } = await run(...args);
    expect(code).toBe(78);
    expect(err).toMatch(sentence);
    expect(err.trim().split("\n").length).toBe(1);
  });

  test("say where a plant file is wrong and exit 78", async () => {
    const file = join(dir, "wrong.yaml");
    writeFileSync(file, "plant: { id: x }\nspeling: 1\n");
    const { code, err } = await run(file);
    expect(code).toBe(78);
    expect(err).toMatch(/wrong\.yaml:2:1 /);
  });
});
