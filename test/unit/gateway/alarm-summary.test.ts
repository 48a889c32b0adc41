import { describe, expect, it } from "vitest";
import type { AlarmOutline, AlarmTransition } from "../../../src/domain/alarm.ts";
import { alarmSummary } from "../../../src/gateway/reports/alarm-summary.ts";
import { memoryJournal } from "../../../src/store/journal/journal.ts";

const FROM = Date.parse("2026-11-22T12:00:00Z");
const TO = FROM + 12 * 3_600_000;
const MINUTE = 60_000;

const OUTLINES: AlarmOutline[] = (
  [
    ["PH.LL", 1],
    ["HCN.H", 2],
    ["LT.H", 3],
  ] as const
).map(([id, priority]) => ({
  id,
  title: `Title of ${id}`,
  area: "leach",
  on: id,
  type: "L",
  unit: "[pH]",
  priority,
  group: null,
  consequence: "c",
  response: "r",
  timeToRespondMs: null,
}));

type Step = Pick<AlarmTransition, "alarm" | "at" | "cause" | "from" | "to"> & {
  readonly by?: string;
  readonly reason?: string;
};

function summaryOf(steps: readonly Step[]) {
  const journal = memoryJournal("only for a test");
  journal.alarms.append(
    steps.map(({ by = null, reason = null, ...step }): AlarmTransition => ({
      ...step,
      priority: OUTLINES.find(({ id }) => id === step.alarm)?.priority ?? 3,
      value: 9.9,
      status: 0,
      limit: 10,
      standing: {
        alarm: step.alarm,
        state: step.to,
        since: step.at,
        activeSince: step.to === "UNACK" || step.to === "ACK" ? step.at : null,
        until: null,
        by,
        reason,
        firstOut: null,
      },
    })),
  );
  const summary = alarmSummary(OUTLINES, journal, FROM, TO);
  journal.close();
  return summary;
}

const call = (alarm: string, at: number): Step => ({ alarm, at, cause: "alarm", from: "NORM", to: "UNACK" });

describe("what a report says of alarms", () => {
  it("tells each grave call with who acknowledged it and when it went, and counts the rest", () => {
    const { calls, gravest, standing } = summaryOf([
      call("PH.LL", FROM + MINUTE),
      { alarm: "PH.LL", at: FROM + 2 * MINUTE, cause: "acknowledge", from: "UNACK", to: "ACK", by: "Rosa" },
      { alarm: "PH.LL", at: FROM + 9 * MINUTE, cause: "return", from: "ACK", to: "NORM" },
      call("LT.H", FROM + 10 * MINUTE),
      call("PH.LL", FROM + 20 * MINUTE),
    ]);
    expect(calls).toEqual({ 1: 2, 2: 0, 3: 1, 4: 0 });
    expect(gravest).toMatchObject([
      { at: FROM + MINUTE, acknowledged: { at: FROM + 2 * MINUTE, by: "Rosa" }, gone: FROM + 9 * MINUTE },
      { at: FROM + 20 * MINUTE, acknowledged: null, gone: null },
    ]);
    expect(standing.map(({ alarm }) => alarm)).toEqual(["PH.LL", "LT.H"]);
  });

  it("knows what stood at the end although it began before, and not what came later", () => {
    const { calls, standing } = summaryOf([
      call("HCN.H", FROM - MINUTE),
      call("LT.H", TO),
      { alarm: "HCN.H", at: TO + MINUTE, cause: "return", from: "UNACK", to: "RTNUN" },
    ]);
    expect(calls).toEqual({ 1: 0, 2: 0, 3: 0, 4: 0 });
    expect(standing).toMatchObject([{ alarm: "HCN.H", since: FROM - MINUTE }]);
  });

  it("names everything that people put aside in the shift, by whom, why and how long, and only counts what design suppresses", () => {
    const { putAside, suppressedByDesign, standing } = summaryOf([
      {
        alarm: "PH.LL",
        at: FROM - MINUTE,
        cause: "shelve",
        from: "UNACK",
        to: "SHELVED",
        by: "Rosa",
        reason: "probe",
      },
      { alarm: "PH.LL", at: FROM + MINUTE, cause: "shelving-expired", from: "SHELVED", to: "UNACK" },
      { alarm: "HCN.H", at: FROM + 5 * MINUTE, cause: "out-of-service", from: "NORM", to: "OOS", by: "Luis" },
      { alarm: "LT.H", at: FROM + 6 * MINUTE, cause: "suppressed-by-design", from: "NORM", to: "SUPPR" },
    ]);
    expect(putAside).toMatchObject([
      { alarm: "PH.LL", state: "SHELVED", by: "Rosa", reason: "probe", until: FROM + MINUTE },
      { alarm: "HCN.H", state: "OOS", by: "Luis", until: null },
    ]);
    expect(suppressedByDesign).toBe(1);
    expect(standing).toMatchObject([{ alarm: "PH.LL" }]);
  });
});
