import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents, linksOf } from "../support/documents.ts";
import { PUMA_TAGS } from "../support/puma-tags.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");

/** What somebody else would write in a test of their own dashboard. */
const PROGRAM = `
import { connect } from "node:net";
import { startPlant } from "puma-gateway/simulators";
await using plant = await startPlant({ plant: process.argv[2], seed: 1, ports: "ephemeral" });
const { host, port } = plant.endpoints["meter"];
const socket = connect(port, host);
socket.write(Buffer.from([0, 1, 0, 0, 0, 6, 21, 4, 0, 52, 0, 2]));
const reply = await new Promise((resolve) => socket.once("data", resolve));
console.log(JSON.stringify({ kW: reply.readFloatBE(9), sent: Object.values(plant.sent("METER"))[0].value }));
socket.destroy();
`;

/** The dashboard of somebody else that the README's example tests. */
const DASHBOARD = `
import { connect } from "node:net";
import { once } from "node:events";
export async function readDensity({ host, port }) {
  const socket = connect(port, host);
  socket.write(Buffer.from([0, 1, 0, 0, 0, 6, 2, 3, 0, 148, 0, 2]));
  const [reply] = await once(socket, "data");
  socket.destroy();
  return Buffer.concat([reply.subarray(11, 13), reply.subarray(9, 11)]).readFloatBE();
}
`;

const SCENARIO_PROGRAM = `
import { startPlant } from "puma-gateway/simulators";
await using plant = await startPlant({ scenario: "power-cut", clock: "virtual" });
await plant.advance("70min");
console.log(JSON.stringify(plant.truth().flows["mill-feed"]));
`;

const TYPED_PROGRAM = `
import { startPlant } from "puma-gateway/simulators";
import type { SimulatedPlant } from "puma-gateway/simulators";
export async function first(): Promise<SimulatedPlant> { return startPlant({ plant: "plant.yaml", seed: 1 }); }
`;

const PLANT = `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: 127.0.0.1, port: 15020 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
`;

describe("the packed gateway in an empty folder", () => {
  let dir = "";
  const environment = {
    ...process.env,
    PATH: process.env["PATH"]?.replace(join(root, "node_modules", ".bin"), ""),
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-package-"));
    await run("npm", ["pack", "--pack-destination", dir], { cwd: root, maxBuffer: 1e8 });
    const tarball = (await readdir(dir)).find((name) => name.endsWith(".tgz"));
    await writeFile(
      join(dir, "package.json"),
      JSON.stringify({ name: "dashboard", private: true, type: "module" }),
    );
    await writeFile(join(dir, "plant.yaml"), PLANT);
    await writeFile(join(dir, "program.mjs"), PROGRAM);
    await writeFile(join(dir, "typed.ts"), TYPED_PROGRAM);
    await writeFile(join(dir, "scenario.mjs"), SCENARIO_PROGRAM);
    await writeFile(join(dir, "dashboard.mjs"), DASHBOARD);
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", ...flags, `./${tarball}`], { cwd: dir, env: environment, maxBuffer: 1e8 });
  });

  afterAll(() => rm(dir, { recursive: true, force: true }));

  it("brings its own Node and runs puma", async () => {
    const { stdout } = await run("npm", ["exec", "--", "puma", "check", "plant.yaml"], {
      cwd: dir,
      env: environment,
    });
    expect(stdout).toContain("One meter (house)");
    expect(stdout).toContain("no faults");
  });

  it("ships the Puma plant and its profiles", async () => {
    const shipped = join(dir, "node_modules", "puma-gateway", "devices", "plants", "puma.yaml");
    const { stdout } = await run("npm", ["exec", "--", "puma", "check", shipped], {
      cwd: dir,
      env: environment,
    });
    expect(stdout).toContain(`${PUMA_TAGS} tags`);
  });

  it("gives the simulators as a library whose values are those on the wire", async () => {
    const node = join(dir, "node_modules", ".bin", "node");
    const { stdout } = await run(node, ["program.mjs", "plant.yaml"], { cwd: dir, env: environment });
    const { kW, sent } = JSON.parse(stdout) as { kW: number; sent: number };
    expect(kW).toBeCloseTo(sent, 4);
    expect(kW).toBeGreaterThan(0);
  });

  it("carries the scenarios and draws them", async () => {
    const node = join(dir, "node_modules", ".bin", "node");
    const { stdout } = await run(node, ["scenario.mjs"], { cwd: dir, env: environment });
    expect(JSON.parse(stdout)).toEqual({ solidsT: 0, waterT: 0, goldG: 0 });
    const command = ["exec", "--", "puma", "simulate", "--plot", "cyclone-roping", "--out", "roping.svg"];
    await run("npm", command, { cwd: dir, env: environment });
    expect(await readFile(join(dir, "roping.svg"), "utf8")).toMatch(/^<svg .*DT-209/su);
  });

  it("makes the README's example test of a dashboard pass, in under 15 lines", async () => {
    const readme = await readFile(join(root, "README.md"), "utf8");
    const example = /^```js\n([^]*?)^```/m.exec(readme)?.[1] ?? "";
    expect(example.trim().split("\n").length).toBeLessThan(15);
    await writeFile(join(dir, "density.test.mjs"), example);
    const node = join(dir, "node_modules", ".bin", "node");
    const { stdout } = await run(node, ["--test", "density.test.mjs"], { cwd: dir, env: environment });
    expect(stdout).toMatch(/pass 1\b[^]*fail 0\b/);
  });

  it("brings the pages, and all that they link to", async () => {
    const shipped = join(dir, "node_modules", "puma-gateway");
    const linked = documents.flatMap(linksOf).map(({ file }) => file);
    expect(linked.length).toBeGreaterThan(10);
    await Promise.all(linked.map((file) => access(join(shipped, file))));
  });

  it("gives them with types", async () => {
    const compiler = join(root, "node_modules", ".bin", "tsc");
    const flags = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--lib",
      "es2024,esnext.disposable",
    ];
    const { stdout } = await run(
      process.execPath,
      [compiler, ...flags, "--skipLibCheck", "--types", "", "typed.ts"],
      { cwd: dir, env: environment },
    ).catch((error: { stdout: string }) => error);
    expect(stdout).toBe("");
  });
});
