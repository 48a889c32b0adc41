import { describe, expect, test } from "vitest";
import type { AlarmRule } from "../../../src/alarms/rule.ts";
import { Status } from "../../../src/domain/status.ts";
import { createAdjusting } from "../../../src/gateway/alarms/adjusting.ts";
import type { Adjusting } from "../../../src/gateway/alarms/adjusting.ts";
import { memoryJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { alarmBench, rule, START } from "../../support/alarm-bench.ts";
import type { AlarmBench } from "../../support/alarm-bench.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { tagOf } from "../../support/tags.ts";

const tags = [tagOf(0, { id: "LT-1", unit: "%", range: { low: 0, high: 100 } })];
const high = (id: string, type: "H" | "HH", amount: number): AlarmRule =>
  rule({ id, condition: { type, limit: { by: "amount", amount }, deadband: 5 } });
const RULES = [
  high("LT-1.H", "H", 90),
  high("LT-1.HH", "HH", 95),
  rule({ id: "LT-1.BAND", condition: { type: "outside", low: 10, high: 80, deadband: 1 } }),
  rule({ id: "LT-1.DEV", condition: { type: "deviation", limit: { by: "share", share: 0.1 }, deadband: 0 } }),
  rule({ id: "XS-1.ON", condition: { type: "on" } }),
];

interface Plant {
  readonly bench: AlarmBench;
  readonly adjusting: Adjusting;
}

/** The same journal stands for the same data folder. */
function start(journal: Journal, rules: readonly AlarmRule[] = RULES): Plant {
  const bench = alarmBench(rules);
  const moment = (): { now: number; monotonicMs: number } => ({ now: START, monotonicMs: 0 });
  const { engine } = bench;
  const adjusting = createAdjusting({ engine, rules, tags, journal, moment, log: createMemoryLog() });
  return { bench, adjusting };
}

const to = (amount: number) =>
  ({ setting: { by: "amount", amount }, by: "Eva", reason: "float moved" }) as const;

describe("a limit that is set while the gateway runs", () => {
  test("judges at once, and shows how it was planned and who set it", () => {
    const { bench, adjusting } = start(memoryJournal("test"));
    bench.show(85);
    expect(bench.state(0)).toBe("NORM");
    expect(adjusting.adjust(0, to(80))).toBeNull();
    expect(bench.state(0)).toBe("UNACK");
    expect(bench.engine.reading(0).limit).toBe(80);
    expect(adjusting.view(0)).toEqual({
      setting: { by: "amount", amount: 80 },
      planned: { by: "amount", amount: 90 },
      isChanged: true,
      change: {
        alarm: "LT-1.H",
        at: START,
        from: { by: "amount", amount: 90 },
        to: { by: "amount", amount: 80 },
        planned: { by: "amount", amount: 90 },
        by: "Eva",
        reason: "float moved",
      },
    });
    adjusting.adjust(0, to(91));
    expect(bench.state(0)).toBe("RTNUN");
  });

  test("holds over a restart, and can be set back to what the plant file says", () => {
    const journal = memoryJournal("test");
    start(journal).adjusting.adjust(0, to(80));
    const again = start(journal);
    expect(again.adjusting.view(0)).toMatchObject({
      setting: { amount: 80 },
      isChanged: true,
      change: { by: "Eva" },
    });
    expect(again.adjusting.adjust(0, { setting: null, by: "Luis", reason: "float repaired" })).toBeNull();
    expect(again.adjusting.view(0)).toMatchObject({ setting: { amount: 90 }, isChanged: false });
    expect(start(journal).adjusting.view(0)).toMatchObject({ isChanged: false, change: { by: "Luis" } });
    expect(journal.alarmSettings.list("LT-1.H", 10).map(({ by }) => by)).toEqual(["Luis", "Eva"]);
    expect(journal.audit.between(START, START + 1, 10)).toMatchObject([
      { by: "Luis", subject: "LT-1.H", before: "80", after: "90", reason: "float repaired" },
      { by: "Eva", action: "alarm-limit-set", before: "90", after: "80", reason: "float moved" },
    ]);
    expect(journal.audit.verify().firstFault).toBeNull();
  });

  test("ends where the plant file has been changed since, and the journal says so", () => {
    const journal = memoryJournal("test");
    start(journal).adjusting.adjust(0, to(80));
    const changed = start(journal, [high("LT-1.H", "H", 88), ...RULES.slice(1)]);
    expect(changed.adjusting.view(0)).toMatchObject({ setting: { amount: 88 }, isChanged: false });
    expect(journal.alarmSettings.list(null, 10)[0]).toMatchObject({
      from: { amount: 80 },
      to: { amount: 88 },
      by: null,
      reason: "The plant file was changed.",
    });
  });

  test.each([
    ["a limit out of the range of the tag", 0, to(100), "LT-1 goes from 0 to 100 and never passes 100."],
    ["a limit out of order", 0, to(95), "It must be less than 95, the limit of LT-1.HH."],
    ["a limit that it has already", 0, to(90), "LT-1.H is set so already."],
    ["an amount in place of a band", 2, to(50), "LT-1.BAND has a band from low to high."],
    ["an amount in place of a percentage", 3, to(5), "LT-1.DEV has a limit in percent of its reference."],
    ["a limit of a switch", 4, to(1), "XS-1.ON has no limit that could be set."],
  ])("is refused for %s", (_, index, adjustment, sentence) => {
    const journal = memoryJournal("test");
    const { adjusting } = start(journal);
    expect(adjusting.adjust(index, adjustment)?.sentence).toBe(sentence);
    expect(journal.alarmSettings.list(null, 10)).toEqual([]);
  });

  test.each([
    [20, 20, "The low end of a band is below its high end."],
    [-1, 100, "LT-1 goes from 0 to 100 and is never outside."],
  ])("is refused for a band from %s to %s", (from, until, sentence) => {
    const { adjusting } = start(memoryJournal("test"));
    const setting = { by: "band", low: from, high: until } as const;
    expect(adjusting.adjust(2, { setting, by: "Eva", reason: "r" })?.sentence).toBe(sentence);
  });

  test("never clears an alarm that cannot be judged", () => {
    const { bench, adjusting } = start(memoryJournal("test"));
    bench.show(92);
    bench.show(NaN, Status.BadSensorFailure);
    expect(adjusting.adjust(0, to(94))).toBeNull();
    expect(bench.state(0)).toBe("UNACK");
    bench.show(93);
    expect(bench.state(0)).toBe("UNACK"); // within the deadband of the new limit
    bench.show(88);
    expect(bench.state(0)).toBe("RTNUN");
  });
});
