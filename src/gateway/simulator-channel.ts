import { connect } from "node:net";
import { relative } from "node:path";
import { ConnectionLost } from "../domain/errors.ts";
import { say } from "../domain/said.ts";
import type { SimulatorAnswer, SimulatorDesk, SimulatorOrder } from "../domain/simulation.ts";

/** Simulators answer at once, or not at all, ms. */
const ANSWER_MAX_MS = 5_000;
const ANSWER_BYTES_MAX = 1_000_000;

/** Speaks with the simulators that listen at a socket of this machine. */
export function createSimulatorDesk(path: string): SimulatorDesk {
  return { order: (order) => ask(path, order) };
}

function ask(path: string, order: SimulatorOrder): Promise<SimulatorAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const fail = (): void => reject(new ConnectionLost(say("simulators-away")));
    const fromHere = relative(process.cwd(), path);
    const socket = connect(fromHere.length < path.length ? fromHere : path);
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_MAX_MS, () => socket.destroy());
    socket.on("error", fail);
    socket.on("close", fail);
    socket.on("connect", () => socket.write(`${JSON.stringify(order)}\n`));
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > ANSWER_BYTES_MAX) socket.destroy();
      if (!text.endsWith("\n")) return;
      resolve(JSON.parse(text) as SimulatorAnswer);
      socket.destroy();
    });
  });
}
