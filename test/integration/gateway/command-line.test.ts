import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "../../support/free-port.ts";
import { root } from "../../support/plant.ts";
import { until } from "../../support/until.ts";
import { PUMA_TAGS } from "../../support/puma-tags.ts";

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
}

let dir = "";
const started: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-command-"));
});
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

/** Runs `puma` in a folder of the test's own. */
function puma(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [join(root, "src", "puma.mjs"), ...args], { cwd: dir });
  started.push(child);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
  });
  return { child, exit, output: () => text };
}

function childrenOf(pid: number): Promise<string[]> {
  return new Promise((resolve) => {
    const ps = spawn("ps", ["--ppid", String(pid), "-o", "pid="]);
    let text = "";
    ps.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    ps.once("close", () =>
      resolve(
        text
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
      ),
    );
  });
}

function isAlive(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

/** Takes a port as another program would. */
async function occupy(): Promise<{ port: number; release: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return { port: (server.address() as AddressInfo).port, release: () => server.close() };
}

async function goodTags(url: string): Promise<number> {
  const reply = await fetch(`${url}/api/v1/tags`);
  const tags = (await reply.json()) as { quality: string }[];
  return tags.filter(({ quality }) => quality === "good").length;
}

const METER = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { mqtt: { url: "mqtt://127.0.0.1:1" } }
http: { port: 0, auth: none }
`;

const SCENARIO = `
title: A bad minute
description: the feed is lost
duration: 1h
faults: [{ fault: feed-loss, at: 1min }]
`;

describe("puma demo", () => {
  it("has all tags good, takes the next port where one is taken, and leaves nothing behind when it is stopped", async () => {
    const taken = await occupy();
    const begun = performance.now();
    const demo = puma("demo", "--port", String(taken.port));
    const page = await until(() => /page\s+(http:\S+)/.exec(demo.output())?.[1], 30_000);
    const startedMs = performance.now() - begun;
    expect(Number(new URL(page).port)).toBeGreaterThan(taken.port);
    taken.release();
    await until(async () => (await goodTags(page)) === PUMA_TAGS, 30_000);
    const simulators = await childrenOf(demo.child.pid ?? 0);
    expect(simulators.length).toBeGreaterThan(0);
    const asked = performance.now();
    demo.child.kill("SIGINT");
    expect(await demo.exit).toBe(0);
    // On a busy machine it is as slow to stop as it was to start.
    expect(performance.now() - asked).toBeLessThan(Math.max(10_000, 3 * startedMs));
    expect(simulators.filter(isAlive)).toEqual([]);
  });

  it("runs a scenario on the process model, as fast as it was told, and says so", async () => {
    await writeFile(join(dir, "bad.yaml"), SCENARIO);
    const demo = puma("demo", "--port", "0", "--scenario", "bad.yaml", "--speed", "20");
    const page = await until(() => /page\s+(http:\S+)/.exec(demo.output())?.[1], 30_000);
    expect(demo.output()).toContain("A bad minute: the feed is lost");
    const value = async (tag: string): Promise<number> => {
      const reply = await fetch(`${page}/api/v1/tags/${tag}`);
      return ((await reply.json()) as { value: number }).value;
    };
    await until(async () => (await value("WIT-201")) < 1, 30_000);
    // The cyclones' pump slows down as its box runs low: four minutes later, a dozen seconds of ours.
    await until(async () => (await value("PT-207")) < 80, 60_000);
    demo.child.kill("SIGINT");
    expect(await demo.exit).toBe(0);
  });

  it("refuses a scenario that there is not before it starts anything", async () => {
    const demo = puma("demo", "--scenario", "doomsday");
    expect(await demo.exit).toBe(78);
    expect(demo.output()).toMatch(/^puma demo: There is no scenario "doomsday". Known ones: comms-chaos, /);
  });

  it("takes its simulators with it when it is killed outright", async () => {
    const demo = puma("demo", "--port", "0", "--scenario", "steady-day"); // which has no past to make first
    await until(() => demo.output().includes("page"), 30_000);
    const simulators = await childrenOf(demo.child.pid ?? 0);
    demo.child.kill("SIGKILL");
    await demo.exit;
    await until(() => simulators.every((pid) => !isAlive(pid)), 10_000);
  });
});

describe("puma run", () => {
  it("runs while every device and sink is away, says so, and stops within five seconds at SIGTERM", async () => {
    await writeFile(join(dir, "plant.yaml"), METER);
    const run = puma("run", "plant.yaml");
    const url = await until(() => /"url":"([^"]+)"/.exec(run.output())?.[1], 20_000);
    const devices = (await (await fetch(`${url}/api/v1/devices`)).json()) as {
      state: string;
      lastError: string;
    }[];
    expect(devices[0]).toMatchObject({ state: "disconnected" });
    await until(() => run.output().includes("output interrupted, readings wait"), 10_000);
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });

  it("says in a sentence which port is taken and exits with 1", async () => {
    const taken = await occupy();
    await writeFile(join(dir, "plant.yaml"), METER.replace("port: 0", `port: ${taken.port}`));
    const run = puma("run", "plant.yaml");
    expect(await run.exit).toBe(1);
    expect(run.output()).toContain(`Another program listens on 127.0.0.1:${taken.port}: stop it, or`);
    taken.release();
  });

  it("prints every fault with its place and exits with 78 before it opens anything", async () => {
    await writeFile(
      join(dir, "plant.yaml"),
      METER.replace("unit: 21", "unit: 300").replace("group: test", "gruop: test"),
    );
    const run = puma("run", "plant.yaml");
    expect(await run.exit).toBe(78);
    expect(run.output()).toMatch(/^plant\.yaml:2:\d+ plant\.gruop: .*group/m);
    expect(run.output()).toMatch(/^plant\.yaml:5:\d+ devices\.METER\.unit: /m);
  });
});

describe("puma run for other machines", () => {
  it("prints by what its own certificate is known, and serves page and broker by it", async () => {
    const port = await freePort();
    const plant = METER.replace(
      "{ port: 0, auth: none }",
      "{ port: 0, tls: generated, names: [puma.example] }",
    ).replace(/^outputs.*$/m, `broker: { port: ${port}, wsPort: ${await freePort()}, tls: generated }`);
    await writeFile(join(dir, "plant.yaml"), plant);
    const run = puma("run", "plant.yaml");
    const url = await until(() => /"url":"(https:[^"]+)","plant"/.exec(run.output())?.[1], 60_000);
    const [fingerprint = ""] = await until(() => /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(run.output()));
    expect(await until(() => /https:\/\/127.0.0.1:\d+\/login#setup=/.exec(run.output())?.[0])).toContain(url);
    const ca = await readFile(join(dir, "data", "tls", "gateway.pem"));
    for (const where of [Number(new URL(url).port), port]) {
      const socket = connect({ host: "127.0.0.1", port: where, ca, servername: "puma.example" });
      await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
      expect(socket.getPeerCertificate().fingerprint256).toBe(fingerprint);
      socket.destroy();
    }
    await until(
      () => run.output().includes('"output":"mqtt"') && run.output().includes("output connected"),
      20_000,
    );
    const list = puma("trust", "plant.yaml", "list");
    expect(await list.exit).toBe(0);
    expect(list.output()).toContain(fingerprint);
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });

  it("is refused before anything opens when a file of its certificate is missing", async () => {
    const tls = "tls: { cert: page.pem, key: page.key }";
    await writeFile(join(dir, "plant.yaml"), METER.replace("auth: none", tls));
    const run = puma("run", "plant.yaml");
    expect(await run.exit).toBe(78);
    expect(run.output()).toMatch(/^plant\.yaml:7:\d+ http\.tls: the file .*page\.pem cannot be read/m);
  });
});

describe("puma check", () => {
  it("prints the poll plan of each connection", async () => {
    const check = puma("check", join(root, "devices", "plants", "puma.yaml"));
    expect(await check.exit).toBe(0);
    expect(check.output()).toMatch(/^field-bus +W1 +fast +4 +1 /m);
  });

  it("refuses a scan class that a serial line cannot carry, with the arithmetic", async () => {
    const slowLine = METER.replace(
      "{ protocol: modbus-tcp, host: 127.0.0.1, port: 1 }",
      "{ protocol: modbus-rtu, path: ./line, baud: 1200, parity: even }",
    ).replace("fast: 1s", "fast: 100ms");
    await writeFile(join(dir, "plant.yaml"), slowLine);
    const check = puma("check", "plant.yaml");
    expect(await check.exit).toBe(78);
    expect(check.output()).toMatch(/^plant\.yaml:5:\d+ devices\.METER: METER cannot be polled every 100 ms/m);
  });
});

describe("puma", () => {
  it("explains itself, and refuses words it does not know with 78", async () => {
    const help = puma("--help");
    expect(await help.exit).toBe(0);
    expect(help.output()).toContain("puma check PLANT.yaml");
    const unknown = puma("frobnicate");
    expect(await unknown.exit).toBe(78);
    const option = puma("check", "--frobnicate", "x.yaml");
    expect(await option.exit).toBe(78);
    expect(option.output()).toContain("--frobnicate");
  });
});
