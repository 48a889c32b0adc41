import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { freePort } from "./free-port.ts";
import { programPath, startProgram, temporaryFolder } from "./program.ts";

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly process: () => ChildProcess;
  /** After it was killed: again, on the same port and with the same files. */
  restart(): Promise<void>;
}

/** Debian's mosquitto with a configuration made for its port and its folder. */
export async function startMosquitto(
  configure: (port: number, folder: string) => string = (port) =>
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`,
): Promise<Mosquitto> {
  const path = programPath("mosquitto", "mosquitto");
  const folder = temporaryFolder();
  const port = await freePort();
  const file = join(folder.path, "mosquitto.conf");
  writeFileSync(file, configure(port, folder.path));
  let program = await startProgram(path, ["-c", file], port);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    process: () => program.process,
    restart: async () => {
      program = await startProgram(path, ["-c", file], port);
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
