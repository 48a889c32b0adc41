import { execFileSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { OutputKind } from "./cases.ts";
import { launch, launchAsked, stopChild } from "./child.ts";
import type { Asked } from "./child.ts";
import { freePort } from "../support/free-port.ts";

/** What a subject is put between: devices on one side, sinks on the other. */
export interface TestBed {
  readonly devices: Asked;
  readonly devicePorts: readonly number[];
  /** A sink that nothing has written to: a broker keeps retained messages and backlog of the subject before. */
  openSink(output: OutputKind): Promise<Sink>;
}

export interface Sink {
  /** Where the subject publishes. */
  readonly port: number;
  /** Who counts. */
  readonly counter: Asked;
  stop(): Promise<void>;
}

export async function openTestBed(
  folder: string,
  deviceCount: number,
  mosquitto: string | null,
): Promise<TestBed> {
  const devices = launchAsked("devices.ts", [String(deviceCount)]);
  return {
    devices,
    devicePorts: await devices.ask<number[]>("ports"),
    openSink: (output) => {
      if (output === "http") return ownSink("http");
      return mosquitto === null ? ownSink("broker") : mosquittoSink(mosquitto, folder);
    },
  };
}

async function ownSink(kind: "http" | "broker"): Promise<Sink> {
  const counter = launchAsked("sinks.ts", [kind]);
  return { port: await counter.ask("port"), counter, stop: async () => void (await counter.stop()) };
}

/** Mosquitto and a subscriber to everything. */
async function mosquittoSink(program: string, folder: string): Promise<Sink> {
  const { port, broker } = await startMosquitto(program, folder);
  const counter = launchAsked("sinks.ts", ["subscriber", String(port)]);
  await counter.ask("port");
  return {
    port,
    counter,
    stop: async () => {
      await counter.stop();
      await stopChild(broker);
    },
  };
}

async function startMosquitto(
  program: string,
  folder: string,
): Promise<{ port: number; broker: ChildProcess }> {
  const port = await freePort();
  const file = path.join(folder, "mosquitto.conf");
  // Without bounds on its queues, so that it never drops what it has accepted.
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_type error\n`,
  );
  const broker = launch(program, ["-c", file], { stdio: "ignore" });
  for (let tries = 0; tries < 100; tries++) {
    if (await accepts(port)) return { port, broker };
    await sleep(50);
  }
  throw new Error("Mosquitto does not accept connections");
}

/** Path of Mosquitto; null when it is not installed. */
export function findMosquitto(): string | null {
  try {
    const env = { PATH: `${process.env["PATH"]}:/usr/sbin` };
    return execFileSync("sh", ["-c", "command -v mosquitto"], { encoding: "utf8", env }).trim();
  } catch {
    return null;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
