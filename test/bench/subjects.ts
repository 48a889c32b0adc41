import { execFileSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch, stopChild } from "./child.ts";
import { loopDelayP99Ms } from "./measure.ts";
import { writePlant } from "./plant-file.ts";
import type { Setting } from "./plant-file.ts";
import { monotonicMs } from "./ticks.ts";
import { freePort } from "../support/free-port.ts";

/** Something that reads the devices and publishes to the sink, in a process of its own. */
export interface Subject {
  readonly name: string;
  /** Yardsticks speak plain MQTT and line protocol, and no Sparkplug. */
  readonly isYardstick: boolean;
  start(setting: Setting): Promise<RunningSubject>;
}

export interface RunningSubject {
  readonly pid: number;
  /** When its process was started, ms of the monotonic clock. */
  readonly startedMs: number;
  /** 99th percentile of its event loop's delay, ms; null when it does not tell. */
  loopDelayP99Ms(): Promise<number | null>;
  hasEnded(): boolean;
  /** The end of what it wrote to stderr and stdout, for a failure. */
  lastWords(): string;
  /** Resolves to whether it went with exit code 0. */
  stop(): Promise<boolean>;
}

const here = path.dirname(fileURLToPath(import.meta.url));
const LAST_WORDS_MAX = 2000;

function watch(child: ChildProcess, loopDelay: () => Promise<number | null>): RunningSubject {
  const startedMs = monotonicMs();
  let words = "";
  const listen = (chunk: Buffer): void => {
    words = (words + chunk.toString()).slice(-LAST_WORDS_MAX);
  };
  child.stdout?.on("data", listen);
  child.stderr?.on("data", listen);
  return {
    pid: child.pid ?? 0,
    startedMs,
    loopDelayP99Ms: loopDelay,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    lastWords: () => words.trim(),
    stop: () => stopChild(child),
  };
}

function argumentsOf(setting: Setting): string[] {
  return [setting.periodMs, setting.output, setting.sinkPort, ...setting.devicePorts].map(String);
}

const silent = (): Promise<null> => Promise.resolve(null);

/** Out of step with the polls: a sample each whole millisecond would always see the same part of them. */
const PROFILE_INTERVAL = "--cpu-prof-interval=313";

/** `puma run` with a plant written for the case. With a profile folder, V8 writes there where its time went. */
export function gatewaySubject(
  name: string,
  folder: string,
  profileFolder: string | null,
  changes: Pick<Setting, "historyDays"> = {},
): Subject {
  let runs = 0;
  return {
    name,
    isYardstick: false,
    start: async (setting) => {
      const httpPort = await freePort();
      const plant = writePlant(path.join(folder, `${name}-${runs++}`), { ...setting, ...changes }, httpPort);
      const main = path.join(here, "../../src/puma.mjs");
      const profiling =
        profileFolder === null ? [] : ["--cpu-prof", PROFILE_INTERVAL, `--cpu-prof-dir=${profileFolder}`];
      const flags = [...shebangFlags(main), ...profiling];
      const child = launch(process.execPath, [...flags, main, "run", plant], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      return watch(child, async () => {
        const answer = await fetch(`http://127.0.0.1:${httpPort}/metrics`).catch(() => null);
        return answer === null || !answer.ok ? null : loopDelayP99Ms(await answer.text());
      });
    },
  };
}

/** What the first line of the program gives to Node, as a shell would: `#!/usr/bin/env -S node --flag`. */
function shebangFlags(program: string): string[] {
  const [firstLine = ""] = readFileSync(program, "utf8").split("\n", 1);
  return firstLine.split(" ").filter((word) => word.startsWith("--"));
}

export const nodeYardstick: Subject = {
  name: "node",
  isYardstick: true,
  start: (setting) => {
    const child = launch(process.execPath, [path.join(here, "yardstick-node.ts"), ...argumentsOf(setting)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Promise.resolve(watch(child, silent));
  },
};

/** Null when it cannot be compiled here. */
export function cYardstick(folder: string): Subject | null {
  const program = path.join(folder, "yardstick");
  try {
    execFileSync(
      "gcc",
      [
        "-O2",
        "-o",
        program,
        path.join(here, "yardstick.c"),
        "-I/usr/include/modbus",
        "-lmodbus",
        "-lpthread",
      ],
      { stdio: "ignore" },
    );
  } catch {
    return null;
  }
  return {
    name: "c",
    isYardstick: true,
    start: (setting) => {
      const child = launch(program, argumentsOf(setting), { stdio: ["ignore", "pipe", "pipe"] });
      return Promise.resolve(watch(child, silent));
    },
  };
}
