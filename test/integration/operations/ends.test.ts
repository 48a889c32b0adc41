import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/program.ts";
import { runPuma } from "../../support/puma.ts";
import type { RunningPuma } from "../../support/puma.ts";
import { until } from "../../support/until.ts";

const CANARY = "canario-58-secreto";

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
outputs: { mqtt: { url: "mqtt://127.0.0.1:1", user: gateway, password: "\${MQTT_PASSWORD}" } }
data: { dir: ./data }
http: { port: 0, auth: none }
`;

/** A bug that comes to light when the window of a terminal is resized. */
const BUG = `process.on("SIGWINCH", () => { throw new Error("the totals of ${CANARY} do not add up"); })`;

interface Report {
  readonly cause: string;
  readonly version: string;
  readonly details: string;
  readonly log: readonly string[];
}

function plantIn(folder: string): string {
  const file = join(folder, "house.yaml");
  writeFileSync(file, PLANT);
  return file;
}

const start = (
  file: string,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<RunningPuma> => runPuma(file, { env: { MQTT_PASSWORD: CANARY, ...env }, args });

function reportsIn(folder: string): readonly { report: Report; text: string; mode: number }[] {
  const reports = join(folder, "data", "reports");
  return readdirSync(reports).map((name) => {
    const text = readFileSync(join(reports, name), "utf8");
    return { report: JSON.parse(text) as Report, text, mode: statSync(join(reports, name)).mode & 0o777 };
  });
}

async function reasonsOf({ url }: RunningPuma): Promise<string> {
  const { reasons } = (await (await fetch(`${url}/healthz`)).json()) as { reasons: string[] };
  return reasons.join("\n");
}

describe.concurrent("a gateway that ends without having been asked to", () => {
  it("leaves a report of a bug without secrets, and the next start tells of it", async () => {
    using folder = temporaryFolder();
    const file = plantIn(folder.path);
    const broken = await start(file, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(BUG)}`,
    });
    broken.process.kill("SIGWINCH");
    expect(await broken.ended()).toBe(1);
    const [{ report, text, mode }] = reportsIn(folder.path) as [
      { report: Report; text: string; mode: number },
    ];
    expect(mode).toBe(0o600);
    expect(report.cause).toBe("uncaughtException: the totals of ••• do not add up");
    expect(report.details).toContain("Error: the totals of");
    expect(report.log.some((line) => line.includes("gateway is running"))).toBe(true);
    expect(text).not.toContain(CANARY);
    await using next = await start(file);
    expect(next.said()).toContain("the run before this one ended unasked");
    expect(await reasonsOf(next)).toMatch(
      /ended unasked at 20.*: uncaughtException: the totals of ••• do not add up/u,
    );
  });

  it("tells of a kill too, and of nothing after a stop", async () => {
    using folder = temporaryFolder();
    const file = plantIn(folder.path);
    const killed = await start(file);
    killed.process.kill("SIGKILL");
    await killed.ended();
    const next = await start(file);
    expect(await reasonsOf(next)).toContain("it was killed, ran out of memory or lost its power");
    next.process.kill("SIGUSR2");
    await until(() => next.said().includes("a report of the gateway as it is"), 30_000);
    expect(reportsIn(folder.path).map(({ report }) => report.cause)).toEqual(["asked for by SIGUSR2"]);
    next.process.kill("SIGTERM");
    expect(await next.ended()).toBe(0);
    await using last = await start(file);
    expect(await reasonsOf(last)).not.toContain("ended unasked");
  });

  it("ends in order, to be begun anew, when it takes more memory than it may", async () => {
    using folder = temporaryFolder();
    const file = plantIn(folder.path);
    const greedy = await start(file, {}, ["--memory-max", "16MiB"]);
    expect(await greedy.ended()).toBe(75);
    expect(reportsIn(folder.path).map(({ report }) => report.cause)).toEqual([
      expect.stringMatching(/^memory: \d+ MiB of memory are more than the 16 MiB that it may take$/u),
    ]);
  });
});
