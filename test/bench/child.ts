import { fork, spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";

/** Every process that the bench started and that may still run. */
const started = new Set<ChildProcess>();

function remember(child: ChildProcess): ChildProcess {
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
}

export function launch(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return remember(spawn(command, args, options));
}

/** SIGTERM, and SIGKILL after five seconds. Resolves to whether the exit code was 0. */
export async function stopChild(child: ChildProcess): Promise<boolean> {
  if (child.pid === undefined) return false;
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode === 0;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(patience);
  return child.exitCode === 0;
}

export async function stopAllChildren(): Promise<void> {
  await Promise.all([...started].map(stopChild));
}

/** A process of the bench that answers questions over its IPC channel. */
export interface Asked {
  ask<T>(question: string, detail?: unknown): Promise<T>;
  stop(): Promise<boolean>;
}

interface Question {
  readonly id: number;
  readonly question: string;
  readonly detail: unknown;
}

interface Answer {
  readonly id: number;
  readonly answer: unknown;
}

/** Starts the file that lies beside this one. */
export function launchAsked(file: string, args: readonly string[]): Asked {
  const child = remember(
    fork(new URL(file, import.meta.url), args, { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  child.on("message", ({ id, answer }: Answer) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}`));
  });
  return {
    ask: <T>(question: string, detail?: unknown) =>
      new Promise<T>((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        child.send({ id, question, detail });
      }),
    stop: () => stopChild(child),
  };
}

/** The other side of `launchAsked`: sends back what `answers[question](detail)` gives. Ends when the bench is gone. */
export function answerParent(answers: Readonly<Record<string, (detail: never) => unknown>>): void {
  // Ctrl-C reaches the whole process group; the bench decides the order of stopping.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => process.exit(0));
  process.on("disconnect", () => process.exit(0));
  process.on("message", ({ id, question, detail }: Question) => {
    void Promise.resolve(answers[question]?.(detail as never)).then((answer) =>
      process.send?.({ id, answer }),
    );
  });
}
