import { setTimeout as sleep } from "node:timers/promises";
import type { Sink, TestBed } from "./bed.ts";
import type { BenchCase, Pace } from "./cases.ts";
import type { DevicesReport } from "./devices.ts";
import { cpuNsOf, punctuality, residentBytesOf } from "./measure.ts";
import type { RunningSubject, Subject } from "./subjects.ts";
import type { Failure, Measurement, Row } from "./table.ts";
import { TAGS_PER_DEVICE } from "./tally.ts";
import type { TallyReport } from "./tally.ts";
import { addMs, currentTick, monotonicMs, TICKS_PER_MS } from "./ticks.ts";

const MEMORY_SAMPLE_MS = 200;
/** From arming the counters to the start of the window. */
const ARM_MS = 100;
/** Windows in which it is seen whether the sink has caught up, and the share of their readings that have to arrive in time. */
const PROBE_MS = 500;
const CAUGHT_UP_SHARE = 0.95;

/** Starts the subject, measures the windows of the case and stops it. */
export async function runCase(bed: TestBed, bench: BenchCase, subject: Subject, pace: Pace): Promise<Row[]> {
  const sink = await bed.openSink(bench.output);
  const running = await subject.start({
    devicePorts: bed.devicePorts.slice(0, bench.devices),
    periodMs: bench.periodMs,
    output: bench.output,
    sinkPort: sink.port,
  });
  const memory = watchMemory(running.pid);
  try {
    const firstMs = await firstReading(sink, running, pace.patienceMs);
    if (firstMs === null) return [failureOf(bench, subject, running)];
    await sleep(pace.warmUpMs);
    await settle(bed, sink, pace.settleMs);
    const rows: Measurement[] = [];
    for (const silent of bench.silent) {
      await bed.devices.ask("silence", numbersBelow(silent));
      rows.push({
        ...(await measureWindow(bed, sink, running, bench, silent, pace)),
        subject: subject.name,
        startMs: firstMs - running.startedMs,
        residentBytesMax: memory.largest(),
        loopDelayP99Ms: await running.loopDelayP99Ms(),
      });
    }
    return rows;
  } finally {
    memory.stop();
    await running.stop();
    await sink.stop();
    await bed.devices.ask("silence", []);
  }
}

function numbersBelow(end: number): number[] {
  return Array.from({ length: end }, (_, number) => number);
}

function failureOf(bench: BenchCase, subject: Subject, running: RunningSubject): Failure {
  const lines = running.lastWords().split("\n");
  const words = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
  return { case: bench.name, subject: subject.name, failure: `no reading arrived. It last said: ${words}` };
}

/** When the first reading arrived, ms of the monotonic clock; null when none did. */
async function firstReading(
  { counter }: Sink,
  running: RunningSubject,
  patienceMs: number,
): Promise<number | null> {
  const endMs = monotonicMs() + patienceMs;
  while (monotonicMs() < endMs && !running.hasEnded()) {
    const { firstMs } = await counter.ask<TallyReport>("report");
    if (firstMs !== null) return firstMs;
    await sleep(50);
  }
  return null;
}

async function measureWindow(
  bed: TestBed,
  sink: Sink,
  running: RunningSubject,
  bench: BenchCase,
  silent: number,
  pace: Pace,
): Promise<Omit<Measurement, "subject" | "startMs" | "residentBytesMax" | "loopDelayP99Ms">> {
  const windowMs = bench.silent.length > 1 ? pace.silentWindowMs : pace.windowMs;
  await arm(bed, sink, windowMs);
  const cpuBefore = cpuNsOf(running.pid);
  const beforeMs = monotonicMs();
  await sleep(windowMs);
  // The window as this process saw it, which a busy machine makes a little longer.
  const cpuMs = ((cpuNsOf(running.pid) - cpuBefore) / 1e6) * (windowMs / (monotonicMs() - beforeMs));
  const devices = await bed.devices.ask<DevicesReport>("report");
  const tally = await lastOfWindow(sink, devices.served, pace.graceMs);
  return {
    ...tally,
    ...punctuality(devices.pollsMs.slice(silent, bench.devices), bench.periodMs),
    case: bench.name,
    silent,
    windowMs,
    asked: ((bench.devices - silent) * TAGS_PER_DEVICE * windowMs) / bench.periodMs,
    served: devices.served,
    cpuMs,
  };
}

async function arm(bed: TestBed, { counter }: Sink, windowMs: number): Promise<void> {
  const window = { startTick: addMs(currentTick(), ARM_MS), ticks: windowMs * TICKS_PER_MS };
  await Promise.all([bed.devices.ask("arm", window), counter.ask("arm", window)]);
  await sleep(ARM_MS);
}

/** What gathered while the subject started belongs to no window: waits until the sink gets what is read now. One that is asked for
 *  more than it can do never does. */
async function settle(bed: TestBed, sink: Sink, settleMs: number): Promise<void> {
  const endMs = monotonicMs() + settleMs;
  while (monotonicMs() < endMs) {
    await arm(bed, sink, PROBE_MS);
    await sleep(2 * PROBE_MS);
    const { served } = await bed.devices.ask<DevicesReport>("report");
    const { arrivedOfWindow } = await sink.counter.ask<TallyReport>("report");
    if (arrivedOfWindow >= CAUGHT_UP_SHARE * served) return;
  }
}

/** The tally when all of the window's readings are there, or no more of them come. */
async function lastOfWindow({ counter }: Sink, served: number, graceMs: number): Promise<TallyReport> {
  for (let before = -1; ;) {
    await sleep(graceMs);
    const tally = await counter.ask<TallyReport>("report");
    if (tally.arrivedOfWindow >= served || tally.arrivedOfWindow <= before) return tally;
    before = tally.arrivedOfWindow;
  }
}

/** Samples the resident memory of a process tree. */
function watchMemory(pid: number): { largest(): number; stop(): void } {
  let largest = 0;
  const timer = setInterval(() => {
    largest = Math.max(largest, residentBytesOf(pid));
  }, MEMORY_SAMPLE_MS);
  return { largest: () => largest, stop: () => clearInterval(timer) };
}
