import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { anyFreePort } from "../../src/cli/free-port.ts";
import { blocksOf, documents } from "../support/documents.ts";
import { root } from "../support/plant.ts";
import { programPath, temporaryFolder } from "../support/program.ts";
import { runPuma } from "../support/puma.ts";
import { until } from "../support/until.ts";

const HOST = "127.0.0.1";
const unit = join(root, "docs", "deploy", "debian", "puma-gateway.service");
const page = documents.find(({ path }) => path === "docs/deploy/debian/README.md")!;
const commands = blocksOf(page, "console").flatMap((block) => block.split("\n"));
const settings = (key: string): string[] =>
  [...readFileSync(unit, "utf8").matchAll(new RegExp(`^${key}=(.*)$`, "gmu"))].map(([, value = ""]) => value);

it("the service is exposed by 3.0 of 10 at the most, as systemd weighs it", () => {
  const said = execFileSync(
    programPath("systemd-analyze", "systemd"),
    ["security", "--offline=true", "--no-pager", "--threshold=30", unit],
    { encoding: "utf8" },
  );
  const exposure = Number(/exposure level for puma-gateway\.service: ([\d.]+)/u.exec(said)?.[1]);
  expect(exposure).toBeLessThanOrEqual(3.0);
});

it("systemd has nothing to say against the service", () => {
  using folder = temporaryFolder();
  const program = join(folder.path, "puma");
  writeFileSync(program, "");
  chmodSync(program, 0o755);
  const installed = join(folder.path, "puma-gateway.service");
  writeFileSync(installed, readFileSync(unit, "utf8").replace("/usr/bin/puma", program));
  const analyze = programPath("systemd-analyze", "systemd");
  const { status, stdout, stderr } = spawnSync(analyze, ["verify", "--man=no", installed], {
    encoding: "utf8",
  });
  expect([status, stdout, stderr]).toEqual([0, "", ""]);
});

it("the command of the page has the machine start the service when it comes up", () => {
  const [, name = ""] = /^systemctl enable --now (\S+)$/mu.exec(commands.join("\n")) ?? [];
  using folder = temporaryFolder();
  // As the package puts it.
  const installed = join(folder.path, "lib", "systemd", "system", "puma-gateway.service");
  mkdirSync(dirname(installed), { recursive: true });
  copyFileSync(unit, installed);
  const systemctl = (...words: string[]): string =>
    execFileSync(programPath("systemctl", "systemd"), [`--root=${folder.path}`, ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  systemctl("enable", name);
  expect(systemctl("is-enabled", name)).toBe("enabled");
  const wanted = join(folder.path, "etc/systemd/system/multi-user.target.wants/puma-gateway.service");
  expect(readlinkSync(wanted)).toBe("/lib/systemd/system/puma-gateway.service");
});

it("what the service does at a reload has a running gateway read its files again, and its journal tells who is first", async () => {
  expect(commands).toContain("systemctl reload puma-gateway");
  using folder = temporaryFolder();
  const file = join(folder.path, "plant.yaml");
  writeFileSync(
    file,
    `
plant: { id: house, group: test, title: One meter, timeZone: America/Lima }
scanClasses: { fast: 1s, slow: 10s }
connections: { meter: { protocol: modbus-tcp, host: ${HOST}, port: 1 } }
devices: { METER: { profile: power-meter, connection: meter, unit: 21, area: utilities } }
broker: { port: ${await anyFreePort(HOST)}, wsPort: ${await anyFreePort(HOST)} }
http: { port: 0 }
data: { dir: ./data }
`,
  );
  await using gateway = await runPuma(file);
  const [, words = ""] = /^journalctl -u puma-gateway \| (.*)$/mu.exec(commands.join("\n")) ?? [];
  await until(() => gateway.said().includes("no account yet"), 30_000);
  const told = execFileSync("sh", ["-c", words], { input: gateway.said(), encoding: "utf8" });
  expect(told).toContain(gateway.url);
  const [reload = ""] = settings("ExecReload");
  execFileSync("sh", ["-c", reload], { env: { ...process.env, MAINPID: `${gateway.process.pid}` } });
  await until(() => gateway.said().includes("the files of the plant are as they were"), 60_000);
});

it("ends of the gateway that are not mended by starting again are named in the service", () => {
  expect(settings("RestartPreventExitStatus")).toEqual(["78"]);
  const faulty = join(root, "test", "unit", "config", "faults", "unknown-key.yaml");
  const { status } = spawnSync(process.execPath, [join(root, "src", "puma.mjs"), "run", faulty]);
  expect(status).toBe(78);
});
