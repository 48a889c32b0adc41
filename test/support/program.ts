import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { until } from "./until.ts";

export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it printed so far, on both channels. */
  readonly output: () => string;
}

/** The full path of a program of Debian's. Throws a sentence that names the package when it is missing. */
export function programPath(name: string, debianPackage: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const path = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (path === undefined)
    throw new Error(`${name} is not installed; this test needs it: apt-get install ${debianPackage}`);
  return path;
}

/** Starts a server and waits until it listens on `port` of the loopback. Ended with SIGTERM, then SIGKILL. */
export async function startProgram(path: string, args: readonly string[], port: number): Promise<Program> {
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until(async () => {
    if (hasEnded()) throw new Error(`${path} ended at once: ${output}`);
    return accepts(port);
  }, 20_000);
  return {
    process: child,
    output: () => output,
    async [Symbol.asyncDispose]() {
      if (hasEnded()) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const cancel = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(cancel);
    },
  };
}

/** A folder of its own under the system's temporary one, removed at the end. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "puma-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
