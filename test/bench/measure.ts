import { readFileSync, readdirSync } from "node:fs";

/** The process and everything it started. */
export function processTree(pid: number): number[] {
  const pids = [pid];
  for (const parent of pids)
    for (const task of listOf(`/proc/${parent}/task`))
      pids.push(...numbersOf(textOf(`/proc/${parent}/task/${task}/children`)));
  return pids;
}

/** Processor time that a process tree has used so far, user and system, ns. Every thread's time is known to the nanosecond; where the
 *  kernel does not tell it, the process's time in ticks of 10 ms has to do. */
export function cpuNsOf(pid: number): number {
  let sum = 0;
  for (const one of processTree(pid)) {
    const threads = listOf(`/proc/${one}/task`).map((task) =>
      numbersOf(textOf(`/proc/${one}/task/${task}/schedstat`)),
    );
    const exact = threads.reduce((total, [onCpuNs = 0]) => total + onCpuNs, 0);
    sum += exact > 0 ? exact : cpuTicksNs(textOf(`/proc/${one}/stat`));
  }
  return sum;
}

/** utime + stime of a line of `/proc/PID/stat`, ns. The command's name may hold blanks and parentheses. */
export function cpuTicksNs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000_000;
}

/** Memory of a process tree that is in RAM now, bytes. */
export function residentBytesOf(pid: number): number {
  let sum = 0;
  for (const one of processTree(pid)) {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${one}/status`))?.[1];
    sum += Number(kilobytes ?? 0) * 1024;
  }
  return sum;
}

/** Empty when the process has just ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function numbersOf(text: string): number[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== "")
    .map(Number);
}

export interface Punctuality {
  /** Polls that never began between a device's first and last one. */
  readonly missed: number;
  /** How much later than its best one a poll began, measured against the grid of the period: 99th percentile over all, ms. */
  readonly lateP99Ms: number;
}

/** Each list holds when the polls of one device began, ms. */
export function punctuality(pollsMs: readonly (readonly number[])[], periodMs: number): Punctuality {
  const lateMs: number[] = [];
  let missed = 0;
  for (const polls of pollsMs) {
    const [first] = polls;
    if (first === undefined) continue;
    const offsets = polls.map((at) => at - first - Math.round((at - first) / periodMs) * periodMs);
    const best = Math.min(...offsets);
    lateMs.push(...offsets.map((offset) => offset - best));
    const last = polls.at(-1) ?? first;
    missed += Math.max(0, Math.round((last - first) / periodMs) + 1 - polls.length);
  }
  return { missed, lateP99Ms: percentile(lateMs, 0.99) };
}

/** The smallest number that at least `share` of them do not exceed; NaN when there are none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** The 99th percentile of the event loop's delay in a Prometheus page, ms; null when the page does not tell. */
export function loopDelayP99Ms(page: string): number | null {
  for (const [, name = "", value] of page.matchAll(/^(\w*event_?loop\S*)\s+(\S+)/gm))
    if (/p99|0\.99"/.test(name)) return Number(value) * (name.includes("seconds") ? 1000 : 1);
  return null;
}
