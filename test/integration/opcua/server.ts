import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../../support/free-port.ts";

export interface Setting {
  readonly name: string;
  /** Name of the OPC UA data type; 64-bit values are given as decimal text, not-a-number as "NaN". */
  readonly type: string;
  readonly value: unknown;
  readonly status?: number;
  readonly time?: number;
  readonly range?: { readonly low: number; readonly high: number };
}

export type Order =
  | { readonly do: "set" | "add"; readonly settings: readonly Setting[] }
  | { readonly do: "count"; readonly name: string; readonly everyMs: number }
  | { readonly do: "mute"; readonly name: string }
  | { readonly do: "drop-subscriptions" | "drop-sockets" };

export interface ServerSettings {
  readonly port: number;
  readonly pki: string;
  readonly modes: readonly ("None" | "Sign" | "SignAndEncrypt")[];
  readonly policies: readonly ("None" | "Basic256Sha256" | "Basic128Rsa15")[];
  readonly acceptsAnyClient: boolean;
  readonly user: { readonly name: string; readonly password: string } | null;
  readonly certificate: {
    readonly applicationUri: string;
    readonly startDate: string;
    readonly days: number;
  } | null;
  readonly limit: number;
  readonly variables: readonly Setting[];
  readonly churn: { readonly count: number; readonly everyMs: number } | null;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  tell(order: Order): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** kill -9. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the server process and waits until it listens. */
export async function startServer(
  settings: Partial<ServerSettings> & Pick<ServerSettings, "pki">,
): Promise<TestServer> {
  const port = settings.port ?? (await freePort());
  const full: ServerSettings = {
    modes: ["None"],
    policies: ["None"],
    acceptsAnyClient: true,
    user: null,
    certificate: null,
    limit: 100,
    variables: [],
    churn: null,
    ...settings,
    port,
  };
  const child = fork(new URL("./server-process.ts", import.meta.url), [JSON.stringify(full)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  await heard(child);
  return handleOf(child, port);
}

/** Resolves at the child's next message, rejects when it ends instead. */
async function heard(child: ChildProcess): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`the test server ended with ${String(code)}`);
  });
  try {
    await Promise.race([once(child, "message", { signal }), ended]);
  } finally {
    ended.catch(() => {}); // the other one has won
    over.abort();
  }
}

function handleOf(child: ChildProcess, port: number): TestServer {
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return {
    port,
    url: `opc.tcp://127.0.0.1:${port}/test`,
    pid: child.pid ?? -1,
    tell: async (order) => {
      const answer = heard(child);
      child.send(order);
      await answer;
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
