import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { findMosquitto, openTestBed } from "./bed.ts";
import type { TestBed } from "./bed.ts";
import { fullPace, quickPace, selectCases } from "./cases.ts";
import type { BenchCase, Pace } from "./cases.ts";
import { stopAllChildren } from "./child.ts";
import { formatProfiles } from "./profile.ts";
import { runPrograms, selectPrograms } from "./programs.ts";
import { runCase } from "./run.ts";
import { cYardstick, gatewaySubject, nodeYardstick } from "./subjects.ts";
import type { Subject } from "./subjects.ts";
import { formatTable } from "./table.ts";
import type { Row } from "./table.ts";

const usage = `npm run bench -- [--quick] [--subject gateway|forwarder|node|c]… [--broker mosquitto|own] [--json FILE] [--profile DIR] [case …]

Measures the gateway, one that only forwards and keeps no history, and two yardsticks between simulated Modbus TCP devices and
counting sinks, one after the other, and prints one table; then figures, historian, process model and spool by themselves. A
case is named by a part of its name, such as 50x1s, http or historian; --list prints the names.
  --quick         a few seconds per case
  --subject NAME  only this one; may be given more than once
  --broker own    a counting broker of our own instead of Mosquitto
  --json FILE     the same figures and more as JSON
  --profile DIR   CPU profiles of the gateway, and a ranking of its functions by their own time (costs some speed)`;

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    subject: { type: "string", multiple: true },
    broker: { type: "string", default: "mosquitto" },
    json: { type: "string" },
    profile: { type: "string" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function subjectsIn(folder: string): readonly Subject[] {
  const c = cYardstick(folder);
  if (c === null) console.log("The C yardstick is left out: apt-get install gcc libmodbus-dev");
  const profileFolder = options.profile === undefined ? null : path.resolve(options.profile);
  const all = [
    ...(c === null ? [] : [c]),
    nodeYardstick,
    gatewaySubject("gateway", folder, profileFolder),
    gatewaySubject("forwarder", folder, profileFolder, { historyDays: 0 }),
  ];
  return all.filter(({ name }) => options.subject?.includes(name) ?? true);
}

/** The load of a case is the same for every subject, and they take turns: what disturbs the machine disturbs all of them. */
async function runAll(
  bed: TestBed,
  cases: readonly BenchCase[],
  subjects: readonly Subject[],
  pace: Pace,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const bench of cases)
    for (const subject of subjects.filter(
      ({ isYardstick }) => bench.output !== "sparkplug" || !isYardstick,
    )) {
      process.stderr.write(`${bench.name} ${subject.name}\n`);
      rows.push(...(await runCase(bed, bench, subject, pace)));
    }
  return rows;
}

function brokerSentence(mosquitto: string | null): string {
  if (mosquitto !== null) return "MQTT goes through Mosquitto to a counting subscriber.";
  const advice = options.broker === "own" ? "" : " (for Mosquitto: apt-get install mosquitto)";
  return `MQTT goes to the bench's own counting broker${advice}.`;
}

/** True when every subject delivered. */
async function benchmark(folder: string, cases: readonly BenchCase[]): Promise<boolean> {
  const subjects = subjectsIn(folder);
  const deviceCount = Math.max(...cases.map(({ devices }) => devices));
  const mosquitto = options.broker === "own" ? null : findMosquitto();
  const bed = await openTestBed(folder, deviceCount, mosquitto);
  console.log(
    `${brokerSentence(mosquitto)} ${os.availableParallelism()} processors, Node ${process.version}.`,
  );
  const pace = options.quick ? quickPace : fullPace;
  const rows = await runAll(bed, cases, subjects, pace);
  console.log(`\n${formatTable(rows)}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  if (options.profile !== undefined)
    console.log(`\n${formatProfiles(options.profile, pace.windowMs + pace.graceMs)}`);
  return rows.every((row) => !("failure" in row) && row.delivered > 0);
}

async function main(): Promise<number> {
  const cases = selectCases(words);
  const programs = options.subject === undefined ? selectPrograms(words) : [];
  if (options.help || cases.length + programs.length === 0) {
    console.log(usage);
    return options.help ? 0 : 64;
  }
  if (options.list) {
    console.log([...cases.map(({ name }) => name), ...programs].join("\n"));
    return 0;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), "puma-bench-"));
  const end = async (code: number): Promise<never> => {
    await stopAllChildren();
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  };
  process.once("SIGINT", () => void end(130));
  process.once("SIGTERM", () => void end(143));
  try {
    const haveDelivered = cases.length === 0 || (await benchmark(folder, cases));
    const haveHeld = runPrograms(programs, options.quick);
    return await end(haveDelivered && haveHeld ? 0 : 1);
  } catch (error) {
    console.error(error);
    return end(1);
  }
}

process.exitCode = await main();
