import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AlarmTransition } from "../../../src/domain/alarm.ts";
import { createAlarmFeed } from "../../../src/gateway/alarms/alarm-feed.ts";
import { createSignals } from "../../../src/gateway/alarms/signals.ts";
import { createTransitionKeeper } from "../../../src/gateway/alarms/transition-keeper.ts";
import { Status } from "../../../src/domain/status.ts";
import { openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { alarmBench, rule, START } from "../../support/alarm-bench.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

let folder: string;
let journal: Journal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "puma-alarms-"));
  journal = openJournal(folder);
});

afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

/** What a bench tells when a tank goes up and down so often. */
function transitions(times: number, id = "LT-1.H"): AlarmTransition[] {
  const bench = alarmBench([rule({ id })]);
  for (let time = 0; time < times; time++) bench.show(time % 2 === 0 ? 95 : 50);
  return bench.told;
}

describe("the journal", () => {
  test("keeps every transition in order, with what the alarm has come to", () => {
    const told = transitions(5);
    const events = journal.alarms.append(told);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(journal.alarms.between(START, START + 1_000)).toEqual(events);
    expect(journal.alarms.standings()).toEqual([told.at(-1)?.standing]);
    expect(journal.alarms.latest(START, START + 1_000, "LT-1.H", 2)).toEqual([events[4], events[3]]);
    expect(journal.alarms.latest(START, START + 1_000, "LT-2.H", 2)).toEqual([]);
  });

  test("has them after it is opened again", () => {
    const events = journal.alarms.append(transitions(3));
    journal.close();
    journal = openJournal(folder);
    expect(journal.alarms.between(0, Infinity)).toEqual(events);
    expect(journal.alarms.standings()[0]?.state).toBe("UNACK");
  });
});

describe("an output", () => {
  test("gets every transition once it is back, however long it was away, and none twice", () => {
    const feed = createAlarmFeed("mqtt", journal);
    expect(feed.peek()).toEqual([]);
    journal.alarms.append(transitions(1_200));
    feed.ring();
    const taken: number[] = [];
    while (feed.isReady()) {
      taken.push(...feed.peek().map(({ sequence }) => sequence));
      expect(feed.peek().length).toBeLessThanOrEqual(500);
      feed.acknowledge();
    }
    expect(taken).toEqual(Array.from({ length: 1_200 }, (_, index) => index + 1));
    expect(journal.alarms.pending("mqtt")).toBe(0);
    expect(createAlarmFeed("mqtt", journal).peek()).toEqual([]);
  });

  test("gets what came and went before it was ever there", () => {
    const feed = createAlarmFeed("mqtt", journal);
    const bench = alarmBench([rule()]);
    for (const level of [95, 50]) bench.show(level);
    bench.ask("acknowledge");
    const events = journal.alarms.append(bench.told);
    expect(events.at(-1)?.to).toBe("NORM");
    expect(feed.peek()).toEqual(events);
  });

  test("that is new begins with the oldest alarm that still stands", () => {
    journal.alarms.append(transitions(3, "LT-1.H"));
    const [standing] = journal.alarms.append(transitions(1, "LT-2.H"));
    const acknowledged = alarmBench([rule()], journal.alarms.standings());
    acknowledged.show(50);
    acknowledged.ask("acknowledge");
    journal.alarms.append(acknowledged.told);
    expect(createAlarmFeed("new", journal).peek()[0]).toEqual(standing);
  });
});

describe("transitions on their way to the journal", () => {
  test("are written together a tenth of a second later, and the outputs hear of it", async () => {
    const clock = virtualClock();
    let rung = 0;
    const keeper = createTransitionKeeper({ journal, clock, log: createMemoryLog() }, () => void rung++);
    for (const transition of transitions(50)) keeper.keep(transition);
    expect(journal.alarms.count()).toBe(0);
    await clock.advance(100);
    expect([journal.alarms.count(), rung, keeper.count()]).toEqual([50, 1, 50]);
  });

  test("wait while the disk takes nothing, and are then written in order", async () => {
    const clock = virtualClock();
    const log = createMemoryLog();
    let isFull = true;
    const alarms = {
      ...journal.alarms,
      append: (told: readonly AlarmTransition[]) => {
        if (isFull) throw new Error("database or disk is full");
        return journal.alarms.append(told);
      },
    };
    const keeper = createTransitionKeeper({ journal: { ...journal, alarms }, clock, log }, () => undefined);
    for (const transition of transitions(4)) {
      keeper.keep(transition);
      await clock.advance(6_000);
    }
    expect(log.lines.map(({ sentence }) => sentence)).toEqual([
      "transitions of alarms wait: the journal takes nothing",
    ]);
    isFull = false;
    await clock.advance(6_000);
    expect(journal.alarms.between(0, Infinity).map(({ to }) => to)).toEqual([
      "UNACK",
      "RTNUN",
      "UNACK",
      "RTNUN",
    ]);
  });
});

describe("what the gateway's own alarms look at", () => {
  const health = {
    damaged: 0,
    dropped: 0,
    isProtected: true,
    isAway: false,
    isRefused: false,
    isOffline: null as boolean | null,
  };
  const signals = () =>
    createSignals({
      tags: 1,
      extras: [
        { from: "self", id: "spool-damaged" },
        { from: "self", id: "spool-full" },
        { from: "self", id: "spool-unprotected" },
        { from: "self", id: "output-mqtt" },
        { from: "device", id: "P1" },
      ],
      image: { valueOf: () => 7, statusOf: () => Status.Good },
      figures: { outlines: () => [], latest: () => null },
      assays: journal.assays,
      health: {
        isOffline: () => health.isOffline,
        isOutputAway: (output) => output === "mqtt" && health.isAway,
        isProtected: () => health.isProtected,
        stalls: () => 0,
        isConfigurationRefused: () => health.isRefused,
        isCertificateEnding: () => false,
        damagedBlocks: () => health.damaged,
        droppedForRoom: () => health.dropped,
      },
    });

  test("a damaged block and a dropped reading show for ten seconds, and what lasts shows as long as it lasts", () => {
    const all = signals();
    const shown = (at: number): number[] => {
      all.look(at);
      return [1, 2, 3, 4, 5].map((source) => all.valueOf(source));
    };
    expect(shown(0)).toEqual([0, 0, 0, 0, NaN]);
    health.damaged = 1;
    health.dropped = 512;
    health.isProtected = false;
    health.isAway = true;
    health.isOffline = true;
    expect(shown(1_000)).toEqual([1, 1, 1, 1, 1]);
    expect(shown(10_000)).toEqual([1, 1, 1, 1, 1]);
    expect(shown(11_000)).toEqual([0, 0, 1, 1, 1]);
    health.dropped = 513;
    expect(shown(12_000)[1]).toBe(1);
    health.isProtected = true;
    health.isAway = false;
    health.isOffline = false;
    expect(shown(30_000)).toEqual([0, 0, 0, 0, 0]);
  });

  test("a reading that is older than the one before it says nothing", () => {
    const all = signals();
    expect([all.note(0, 5), all.note(0, 5), all.note(0, 4), all.note(0, 6)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([all.valueOf(0), all.timeOf(0)]).toEqual([7, 6]);
  });
});
