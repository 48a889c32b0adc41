/** What alarms cost: 10,000 of them on 5,000 tags, every tag read and every alarm judged once a second, may take 5 % of a
 *  core; and a flood of 1,000 alarms in 10 s, every transition of it in the journal.
 *
 *      node test/bench/alarms.ts [--quick] */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAlarmEngine } from "../../src/alarms/engine.ts";
import type { AlarmEngine } from "../../src/alarms/engine.ts";
import type { AlarmRule } from "../../src/alarms/rule.ts";
import type { AlarmTransition } from "../../src/domain/alarm.ts";
import { Status } from "../../src/domain/status.ts";
import { openJournal } from "../../src/store/journal/journal.ts";

const TAGS = 5_000;
const ALARMS = 10_000;
const CORE_SHARE_MAX = 0.05;
const FLOOD = 1_000;
const FLOOD_S = 10;
/** Transitions are written together, so often a second, as in the gateway. */
const WRITES_PER_S = 10;
const START = Date.UTC(2026, 10, 22, 12);

const { values: options } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const seconds = options.quick ? 20 : 120;

function ruleOf(index: number): AlarmRule {
  const isHigh = index % 2 === 0;
  return {
    id: `T-${index >> 1}.${isHigh ? "H" : "L"}`,
    priority: 3,
    condition: { type: isHigh ? "H" : "L", limit: { by: "amount", amount: isHigh ? 90 : 10 }, deadband: 2 },
    source: index >> 1,
    reference: null,
    when: index % 5 === 0 ? [{ source: (index + 7) % TAGS, above: -1, below: Infinity }] : [],
    isLatching: false,
    onDelayMs: index % 3 === 0 ? 5_000 : 0,
    offDelayMs: 0,
    reAlarmMs: null,
    group: null,
    follows: false,
    scanMs: 1_000,
    isPolled: true,
  };
}

const values = new Float64Array(TAGS);
const told: AlarmTransition[] = [];
const engine = createAlarmEngine(
  Array.from({ length: ALARMS }, (_, index) => ruleOf(index)),
  { valueOf: (source) => values[source] as number, statusOf: () => Status.Good, timeOf: () => START },
  [],
  (transition) => void told.push(transition),
);

/** One second of the plant: every tag is read, every alarm is judged. */
function liveOneSecond(judge: AlarmEngine, second: number): void {
  const at = { now: START + 1_000 * second, monotonicMs: 1_000 * second };
  for (let tag = 0; tag < TAGS; tag++) {
    const value = 50 + 30 * Math.sin(second / 7 + tag);
    values[tag] = value;
    judge.take(tag, value, Status.Good, at.now, at);
  }
  judge.sweep(at);
}

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

for (let second = 0; second < 10; second++) liveOneSecond(engine, second);
const judgingMs = cpuMsOf(() => {
  for (let second = 10; second < 10 + seconds; second++) liveOneSecond(engine, second);
});
const share = judgingMs / 1_000 / seconds;

const folder = mkdtempSync(join(tmpdir(), "puma-alarms-"));
const journal = openJournal(folder);
told.length = 0;
const from = 10 + seconds;
const eachWrite = FLOOD / FLOOD_S / WRITES_PER_S;
let longestMs = 0;
const floodMs = cpuMsOf(() => {
  for (let write = 0; write < FLOOD_S * WRITES_PER_S; write++) {
    const ms = 1_000 * from + (1_000 / WRITES_PER_S) * write;
    for (let tag = write * eachWrite; tag < (write + 1) * eachWrite; tag++)
      engine.take(tag, 95, Status.Good, START + ms, { now: START + ms, monotonicMs: ms });
    const begun = performance.now();
    journal.alarms.append(told.splice(0));
    longestMs = Math.max(longestMs, performance.now() - begun);
  }
  engine.sweep({ now: START + 1_000 * (from + FLOOD_S), monotonicMs: 1_000 * (from + FLOOD_S) });
  engine.sweep({ now: START + 1_000 * (from + FLOOD_S + 6), monotonicMs: 1_000 * (from + FLOOD_S + 6) });
  journal.alarms.append(told.splice(0));
});
const journalled = journal.alarms.count();
journal.close();
rmSync(folder, { recursive: true, force: true });

console.table([
  {
    what: `${ALARMS} alarms on ${TAGS} tags, once a second`,
    "ms CPU a second": (judgingMs / seconds).toFixed(2),
    "of a core": `${(100 * share).toFixed(2)} %`,
    asked: `${100 * CORE_SHARE_MAX} %`,
  },
  {
    what: `a flood of ${FLOOD} alarms in ${FLOOD_S} s, ${journalled} transitions journalled, longest write ${longestMs.toFixed(1)} ms`,
    "ms CPU a second": (floodMs / FLOOD_S).toFixed(2),
    "of a core": `${(floodMs / FLOOD_S / 10).toFixed(2)} %`,
    asked: `${FLOOD} journalled`,
  },
]);
process.exitCode = share <= CORE_SHARE_MAX && journalled >= FLOOD ? 0 : 1;
