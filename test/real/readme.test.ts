import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFile, rm, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.ts";
import { root } from "../support/plant.ts";
import { until } from "../support/until.ts";

interface Outcome {
  readonly code: number | null;
  readonly text: string;
}

/** Commands that do not end by themselves: stopped once they have said this. */
const SERVING: readonly (readonly [start: string, says: string])[] = [
  ["mosquitto_sub", "rocmec/puma/"],
  ["npm exec puma -- run", "gateway is running"],
  ["npm exec puma -- demo", "Ctrl-C"],
];

/** What this run of the tests has done already, or does in a folder of its own. */
const DONE_ELSEWHERE = new Set(["npm ci && npm start", "npm ci && npm test"]);

let readme = "";
let dir = "";
let demo: ChildProcess;
let said = "";

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

/** The example plant on ports of this test's own. */
async function onFreePorts(command: string): Promise<string> {
  const example = "devices/plants/one-meter.yaml";
  if (!command.endsWith(`run ${example}`)) return command;
  const [mqtt, ws] = [await freePort(), await freePort()];
  const ports = `broker: { port: ${mqtt}, wsPort: ${ws} }\nhttp: { port: 0, auth: none }\n`;
  await writeFile(join(dir, "one-meter.yaml"), (await readFile(join(root, example), "utf8")) + ports);
  return command.replace(example, join(dir, "one-meter.yaml"));
}

/** The ports that the README names are those of an undisturbed machine; here they are wherever the demo found room. */
function onRealPorts(command: string): string {
  const page = /page\s+http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? "";
  const mqtt = /MQTT\s+mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? "";
  const grinding = /grinding\s+127\.0\.0\.1:(\d+)/.exec(said)?.[1] ?? "";
  return command
    .replace(/\b8080\b/, page)
    .replace(/\b1883\b/, mqtt)
    .replace(/\b15022\b/, grinding);
}

function interrupt({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGINT");
}

function run(command: string, cwd: string): Promise<Outcome> {
  const says = SERVING.find(([start]) => command.startsWith(start))?.[1];
  // In a process group of its own, so that it can be stopped as a terminal does at Ctrl-C.
  const child = spawn("bash", ["-c", `exec ${command}`], {
    cwd,
    detached: true,
    env: { ...process.env, MQTT_PASSWORD: "secret" },
  });
  let text = "";
  let isInterrupted = false;
  const note = (chunk: Buffer): void => {
    text += chunk.toString();
    if (isInterrupted || says === undefined || !text.includes(says)) return;
    isInterrupted = true;
    interrupt(child);
  };
  // What a person would type at a terminal; commands that ask nothing read nothing.
  child.stdin.end("lluvia martillo tren 58\n");
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, text }));
  });
}

beforeAll(async () => {
  readme = await readFile(join(root, "README.md"), "utf8");
  dir = await mkdtemp(join(tmpdir(), "puma-readme-"));
  demo = spawn(join(root, "src", "puma.mjs"), ["demo", "--port", "0", "--simulators"], { cwd: dir });
  demo.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes("Ctrl-C"), 60_000);
});

afterAll(async () => {
  const exit = new Promise((resolve) => {
    demo.once("exit", resolve);
  });
  demo.kill("SIGINT");
  await exit;
  await rm(dir, { recursive: true, force: true });
});

describe("the README", () => {
  it("names only commands that do what they say", async () => {
    const commands = blocks("sh").flatMap((block) => block.split("\n").filter(Boolean));
    expect(commands.length).toBeGreaterThan(6);
    for (const command of commands.filter((one) => !DONE_ELSEWHERE.has(one))) {
      const { code, text } = await run(await onFreePorts(onRealPorts(command)), root);
      const isStopped = SERVING.some(([start, says]) => command.startsWith(start) && text.includes(says));
      expect({ command, code, isStopped, text }, text).toMatchObject(
        code === 0 ? { code: 0 } : { isStopped: true },
      );
      expect(text.length, command).toBeGreaterThan(10);
    }
  });

  it("shows plant files that are sound", async () => {
    const plants = blocks("yaml").filter((yaml) => yaml.startsWith("plant:"));
    expect(plants.length).toBeGreaterThan(0);
    for (const [index, yaml] of plants.entries()) {
      await writeFile(join(dir, `plant-${index}.yaml`), yaml);
      const { code, text } = await run(`${join(root, "src", "puma.mjs")} check plant-${index}.yaml`, dir);
      expect(`${code} ${text}`).toMatch(/^0 .*no faults/);
    }
  });

  it("shows a scenario that can be drawn", async () => {
    const yaml = blocks("yaml").find((one) => one.startsWith("title:")) ?? "";
    await writeFile(join(dir, "morning.yaml"), yaml);
    const { code, text } = await run(
      `${join(root, "src", "puma.mjs")} simulate --plot morning.yaml --out morning.svg`,
      dir,
    );
    expect([code, text]).toEqual([0, "A bad morning: morning.svg\n"]);
    expect(await readFile(join(dir, "morning.svg"), "utf8")).toMatch(/AT-401D/);
  });

  it("lists only scripts and files that exist", async () => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const [, name] of readme.matchAll(/`npm run ([\w:]+)`/g))
      expect(Object.keys(scripts)).toContain(name);
    for (const [, path] of readme.matchAll(/`((?:src|devices|test|docs)\/[\w./-]+)`/g)) {
      await expect(
        readFile(join(root, path ?? "")).catch((error: NodeJS.ErrnoException) => error.code),
      ).resolves.not.toBe("ENOENT");
    }
  });
});
