import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import {
  cpuNsOf,
  cpuTicksNs,
  loopDelayP99Ms,
  percentile,
  processTree,
  punctuality,
  residentBytesOf,
} from "../../bench/measure.ts";

it("polls on the grid of the period are neither late nor missed", () => {
  expect(punctuality([[0, 1000, 2000], [500, 1500, 2500], []], 1000)).toEqual({ missed: 0, lateP99Ms: 0 });
});

it("a poll that never began is missed, and does not make the next one late", () => {
  expect(punctuality([[0, 1000, 3000, 4000]], 1000)).toEqual({ missed: 1, lateP99Ms: 0 });
});

it("lateness counts from the device's most punctual poll", () => {
  expect(punctuality([[40, 1000, 2000, 3010]], 1000).lateP99Ms).toBe(40);
});

it("a percentile is a number of the list", () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(numbers, 0.5)).toBe(50);
  expect(percentile(numbers, 0.99)).toBe(99);
  expect(percentile([], 0.5)).toBeNaN();
});

it("processor time in ticks is found behind a command name with blanks and parentheses", () => {
  const stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0";
  expect(cpuTicksNs(stat)).toBe(2_000_000_000);
});

it.each([
  ['puma_event_loop_delay_seconds{quantile="0.99"} 0.0123', 12.3],
  ["puma_event_loop_delay_p99_seconds 0.002", 2],
  ["nodejs_eventloop_lag_p99_ms 4", 4],
  ["puma_readings_total 7", null],
])("%s gives an event-loop delay of %d ms", (line, ms) => {
  expect(loopDelayP99Ms(`# HELP something\n${line}\n`)).toBe(ms);
});

it("a process tree holds the children of children, and what they use", async () => {
  const grandchild = "setInterval(() => {}, 1000); process.stdout.write('up')";
  const child = spawn(
    process.execPath,
    [
      "-e",
      `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); process.stdin.on("data", () => {}).on("end", () => process.exit())`,
    ],
    { stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  try {
    await once(child.stdout, "data");
    const pid = child.pid ?? 0;
    expect(processTree(pid)).toHaveLength(2);
    expect(cpuNsOf(pid)).toBeGreaterThan(1e6);
    expect(residentBytesOf(pid)).toBeGreaterThan(20e6);
  } finally {
    for (const pid of processTree(child.pid ?? 0).toReversed()) process.kill(pid, "SIGKILL");
  }
});

it("a process that has ended uses nothing", () => {
  expect(cpuNsOf(2 ** 30)).toBe(0);
  expect(residentBytesOf(2 ** 30)).toBe(0);
});
