import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, documents } from "../support/documents.ts";
import type { Document } from "../support/documents.ts";
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
  ["npm exec puma -- replay", "Ctrl-C"],
];

/** What may mean nothing at the moment, and then says so. */
const MAY_BE_REFUSED: readonly (readonly [part: string, says: string])[] = [
  ["/acknowledge", "is NORM: acknowledge means nothing now"],
];

/** What this run of the tests has done already. */
const DONE_ELSEWHERE = new Set(["npm ci && npm start", "npm ci && npm test"]);

/** What a person types: a password, the plant's name where everything is to be removed. */
const TYPED: readonly (readonly [start: string, words: string])[] = [
  ["npm exec puma -- user", "lluvia martillo tren 58\n"],
  ["npm exec puma -- wipe", "puma\n"],
];

/** The demonstration has none. */
const ONLY_WITH_ACCOUNTS = new Set(["/api/v1/audit"]);

/** With a scenario it begins at once, without a past of its own. */
const DEMO = ["demo", "--port", "0", "--simulators", "--scenario", "steady-day"];

/** A folder like that of somebody who follows the pages: the gateway is installed in it, and its devices are at hand. */
let dir = "";
let demo: ChildProcess;
let said = "";

function interrupt({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGINT");
}

function run(command: string): Promise<Outcome> {
  const says = SERVING.find(([start]) => command.startsWith(start))?.[1];
  // In a process group of its own, so that it can be stopped as a terminal does at Ctrl-C.
  const child = spawn("bash", ["-c", `exec ${command}`], {
    // Another demonstration has a folder of its own.
    cwd: command.includes("puma -- demo") ? join(dir, "tmp") : dir,
    detached: true,
    env: { ...process.env, MQTT_PASSWORD: "secret" },
  });
  let text = "";
  let isInterrupted = false;
  const note = (chunk: Buffer): void => {
    text += chunk.toString();
    if (isInterrupted || says === undefined || !text.includes(says)) return;
    isInterrupted = true;
    void recorded(command).finally(() => interrupt(child));
  };
  child.stdin.end(TYPED.find(([start]) => command.startsWith(start))?.[1] ?? "");
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, text }));
  });
}

/** Of a command that writes frames down, until some are there. */
async function recorded(command: string): Promise<void> {
  const name = /--frames (\w+)/u.exec(command)?.[1];
  if (name === undefined) return;
  const file = join(dir, "devices", "plants", "data", "frames", `${name}.log`);
  await until(async () => (await readFile(file, "utf8").catch(() => "")).length > 1000, 60_000);
}

/** The pages name the addresses of an undisturbed machine and folders of another; here they are wherever there is room. And
 *  a `…` is what the command before it has answered. */
async function here(command: string, before: string): Promise<string> {
  const found = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? "";
  return command
    .replace("curl -s ", "curl -s --fail-with-body ")
    .replace(/\b8080\b/u, found(/page\s+http:\/\/127\.0\.0\.1:(\d+)/u, said))
    .replace(/\b1883\b/u, found(/MQTT\s+mqtt:\/\/127\.0\.0\.1:(\d+)/u, said))
    .replace(/\b15022\b/u, found(/grinding\s+127\.0\.0\.1:(\d+)/u, said))
    .replace(/\b15100\b/u, `${await freePort()}`)
    .replace(/(?<= )\/(media\/usb|etc|tmp)\//gu, `${dir}/$1/`)
    .replace('"token":"…"', `"token":"${found(/"token":"([^"]+)"/u, before)}"`)
    .replace(/--seal \w+…/u, `--seal ${found(/seal\W+(\w+)/u, before)}`);
}

/** Where the simulated devices are, and ports for the gateway that nobody else has. */
async function putDevices(): Promise<void> {
  await cp(join(root, "devices"), join(dir, "devices"), { recursive: true });
  const puma = join(dir, "devices", "plants", "puma.yaml");
  let plant = await readFile(puma, "utf8");
  for (const [, name = "", port = ""] of said.matchAll(/^\s+(\w+)\s+127\.0\.0\.1:(\d+)/gmu))
    plant = plant.replace(new RegExp(`^(  ${name}: .*port: )\\d+`, "mu"), `$1${port}`);
  await writeFile(puma, plant.replaceAll(/^(?:http|broker): .*\n/gmu, "") + (await ownPorts()));
  const meter = join(dir, "devices", "plants", "one-meter.yaml");
  await writeFile(meter, (await readFile(meter, "utf8")) + (await ownPorts()));
}

async function ownPorts(): Promise<string> {
  return `\nbroker: { port: ${await freePort()}, wsPort: ${await freePort()} }\nhttp: { port: 0, auth: none }\n`;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-documents-"));
  const programs = join(dir, "node_modules", ".bin");
  for (const folder of [programs, join(dir, "media", "usb"), join(dir, "etc"), join(dir, "tmp")])
    await mkdir(folder, { recursive: true });
  await symlink(join(root, "src", "puma.mjs"), join(programs, "puma"));
  await symlink(join(root, "node_modules", ".bin", "node"), join(programs, "node"));
  demo = spawn(join(root, "src", "puma.mjs"), DEMO, { cwd: dir });
  demo.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await until(() => said.includes("Ctrl-C"), 60_000);
  await putDevices();
});

afterAll(async () => {
  const exit = new Promise((resolve) => {
    demo.once("exit", resolve);
  });
  demo.kill("SIGINT");
  await exit;
  await rm(dir, { recursive: true, force: true });
});

function commandsOf(document: Document): string[] {
  return blocksOf(document, "sh")
    .flatMap((block) => block.split("\n").filter(Boolean))
    .filter((command) => !DONE_ELSEWHERE.has(command));
}

describe.each(documents.filter((one) => commandsOf(one).length > 0).map((one) => [one.path, one] as const))(
  "%s",
  (_path, document) => {
    it("names only commands that do what they say", async () => {
      // A file that it shows is the one that a command sends.
      await writeFile(join(dir, "results.csv"), blocksOf(document, "csv").join(""));
      let before = "";
      for (const command of commandsOf(document)) {
        const { code, text } = await run(await here(command, before));
        const isAsMeant =
          code === 0 ||
          SERVING.some(([start, says]) => command.startsWith(start) && text.includes(says)) ||
          MAY_BE_REFUSED.some(([part, says]) => command.includes(part) && text.includes(says));
        expect({ command, code, isAsMeant }, text).toMatchObject({ isAsMeant: true });
        if (!/ > \S+$/u.test(command)) expect(text.length, command).toBeGreaterThan(10);
        before = text;
      }
    });
  },
);

it("what a page shows as a command's answer is of the same form as the real one", async () => {
  const shown = documents
    .flatMap((document) => blocksOf(document, "console"))
    .filter((block) => block.startsWith("$ "));
  expect(shown.length).toBeGreaterThan(0);
  const form = (text: string): string[] =>
    text.split("\n").map((line) => line.replaceAll(/\b[\dA-F]{4}\b|\b[\d.]+\b|\s+|-+/gu, " "));
  for (const block of shown) {
    const [command = "", ...answer] = block.trimEnd().split("\n");
    const { code, text } = await run(command.slice(2));
    expect([code, ...form(text.trimEnd())]).toEqual([0, ...form(answer.join("\n"))]);
  }
});

it("what the pages name of the API is there", async () => {
  const address = /page\s+(http:\S+)/u.exec(said)?.[1] ?? "";
  const { paths } = (await (await fetch(new URL("/api/docs/json", address))).json()) as { paths: object };
  const routes = Object.keys(paths).map(
    (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/gu, "[^/]+")}$`, "u"),
  );
  const named = documents.flatMap(({ text }) =>
    [...text.matchAll(/(\/api\/v1\/[\w{}/.-]+)/gu)].map(([, path = ""]) => path.replace(/[/.]$/u, "")),
  );
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter((path) => !routes.some((route) => route.test(path)));
  expect(missing.filter((path) => !ONLY_WITH_ACCOUNTS.has(path))).toEqual([]);
});

it("the example of a scenario can be drawn", async () => {
  const blocks = documents.flatMap((document) => blocksOf(document, "yaml"));
  const yaml = blocks.find((one) => one.startsWith("title:")) ?? "";
  await writeFile(join(dir, "morning.yaml"), yaml);
  const outcome = await run("npm exec puma -- simulate --plot morning.yaml --out morning.svg");
  expect(outcome).toEqual({ code: 0, text: "A bad morning: morning.svg\n" });
  expect(await readFile(join(dir, "morning.svg"), "utf8")).toMatch(/AT-401D/u);
});
