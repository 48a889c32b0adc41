import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accepts, outputsOf, runGateway, startDevices, writeLoadedPlant } from "../support/loaded-gateway.ts";
import type { LoadedPlant, Run } from "../support/loaded-gateway.ts";
import { startMqttSink } from "../support/mqtt-sink.ts";
import type { MqttSink } from "../support/mqtt-sink.ts";
import { programPath } from "../support/program.ts";
import { until } from "../support/until.ts";

const PERIOD_MS = 100;
const STUCK_S = process.env["PUMA_SOAK"] === undefined ? 12 : 300;
const JITTER_MS_MAX = 100;

/** Between a process and its libc: while a file is there, a sync, and a write that syncs, take two seconds and then fail
 *  with EIO. */
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
static int stuck(void) {
  const char *flag = getenv("PUMA_STUCK");
  if (!flag || access(flag, F_OK) != 0) return 0;
  usleep(2000000);
  errno = EIO;
  return 1;
}
static int syncs(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags != -1 && (flags & O_DSYNC);
}
int fdatasync(int fd) {
  return stuck() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
int fsync(int fd) {
  return stuck() ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
  if (syncs(fd) && stuck()) return -1;
  return ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(fd, bytes, count, at);
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
`;

let dir = "";
let devices: Awaited<ReturnType<typeof startDevices>>;
let run: Run | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "puma-stuck-"));
  devices = await startDevices(1);
});
afterAll(async () => {
  if (run !== null && run.child.exitCode === null) run.child.kill("SIGKILL");
  await devices.stop();
  await rm(dir, { recursive: true, force: true });
});

async function buildShim(): Promise<string> {
  const source = join(dir, "stuck.c");
  const library = join(dir, "stuck.so");
  await writeFile(source, SHIM);
  execFileSync(programPath("gcc", "gcc"), ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return library;
}

/** How late the polls of one tag began, ms, by the times that its readings bear: sorted. */
function jitterOf({ messages }: MqttSink, from: number): number[] {
  const times = messages
    .slice(from)
    .filter(({ topic }) => topic.endsWith("/D00-FT-000"))
    .map(({ payload }) => Number(/"t":(\d+)/.exec(payload)?.[1]));
  const steps = [...new Set(times)].sort((a, b) => a - b);
  return steps
    .slice(1)
    .map((time, index) => Math.abs(time - steps[index]! - PERIOD_MS))
    .sort((a, b) => a - b);
}

async function unprotectedIn({ url }: LoadedPlant): Promise<string> {
  return ((await (await fetch(`${url}/healthz`)).json()) as { reasons: string[] }).reasons.join("\n");
}

describe("a disk whose syncs take two seconds and then fail", () => {
  it("neither delays a poll nor stops the present, is told of, and is written again when it is well", async () => {
    await using sink = await startMqttSink();
    const written = await writeLoadedPlant(dir, devices.ports, PERIOD_MS);
    const plant = { ...written, mqttPort: Number(new URL(sink.url).port) };
    const text = await readFile(plant.file, "utf8");
    await writeFile(plant.file, text.replace(`127.0.0.1:${written.mqttPort}`, `127.0.0.1:${plant.mqttPort}`));
    const flag = join(dir, "stuck");
    const shim = await buildShim();
    run = runGateway(plant, ["/usr/bin/env", `LD_PRELOAD=${shim}`, `PUMA_STUCK=${flag}`]);
    await accepts(plant, run, 10_000);
    await writeFile(flag, "");
    await until(() => run!.output().includes("go on unprotected"), 10_000);
    expect(await unprotectedIn(plant)).toContain("The spool's disk takes nothing");
    const from = sink.messages.length;
    await pause(STUCK_S * 1000);
    const jitter = jitterOf(sink, from);
    expect(jitter.length).toBeGreaterThan((STUCK_S * 1000) / PERIOD_MS / 2);
    const p99 = jitter[Math.floor(jitter.length * 0.99)]!;
    console.log(`polls began ${p99} ms late at the 99th percentile, ${jitter.at(-1)} ms at the most`);
    expect(p99).toBeLessThanOrEqual(JITTER_MS_MAX);
    await unlink(flag);
    await until(() => run!.output().includes("takes readings again"), 15_000);
    for (const output of await outputsOf(plant)) {
      const { accepted, delivered, pending, quarantined, dropped } = output as unknown as Record<
        string,
        number
      >;
      expect(accepted).toBe(delivered! + pending! + quarantined! + dropped!);
    }
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
  });
});
