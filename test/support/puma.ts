import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { root } from "./plant.ts";
import { until } from "./until.ts";

const PROGRAM = join(root, "src", "puma.mjs");

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  /** What it said on standard error. */
  readonly told: string;
}

/** Runs a command of `puma` to its end, with `input` on its standard input. */
export function puma(args: readonly string[], input = ""): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args]);
  let out = "";
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, out, told }));
  });
}

export interface RunningPuma extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly url: string;
  /** What it said so far, on both channels. */
  said(): string;
  /** Resolves with its exit code once it has ended. */
  ended(): Promise<number | null>;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A command that starts it. */
  readonly prefix?: readonly string[];
}

/** `puma run PLANT.yaml` in a process of its own, once it serves. */
export async function runPuma(plant: string, options: RunOptions = {}): Promise<RunningPuma> {
  const { args = [], env = {}, prefix = [] } = options;
  const [program = "", ...words] = [...prefix, process.execPath, PROGRAM, "run", plant, ...args];
  const child = spawn(program, words, { env: { ...process.env, ...env } });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`the gateway ended at once: ${said}`);
    return /"url":"(http[^"]+)"/u.exec(said)?.[1];
  }, 100_000);
  return {
    process: child,
    url,
    said: () => said,
    ended: () => ended,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
  };
}
