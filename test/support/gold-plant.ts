import { Status } from "../../src/domain/status.ts";
import type { MetallurgyEntry } from "../../src/config/metric-schema.ts";
import { course, HOUR, memoryHistory, MORNING } from "./metric-bench.ts";
import type { Row } from "./history.ts";
import type { MemoryHistory } from "./metric-bench.ts";
import { tagOf } from "./tags.ts";

/** A belt and a power meter, and what is made of them. */
export const BELT = tagOf(0, { id: "WIT-201", unit: "t/h", range: { low: 0, high: 10 } });
/** Counts what the belt carries, 10 kg each. */
export const COUNTER = tagOf(1, {
  id: "WQT-201",
  unit: "t",
  type: "uint32",
  scaling: { scale: 0.01, offset: 0, loopRaw: null },
  rolloverCounts: 1_000_000,
});
export const POWER = tagOf(1, { id: "JT-810", unit: "kW" });

const every = ["hour", "shift", "day", "week", "month"] as const;

export const FIGURES: MetallurgyEntry = {
  metrics: {
    dry: {
      title: "Dry rate",
      kind: "M-02",
      area: "grinding",
      periods: [...every],
      inputs: { wet: "WIT-201", moisture: 0.035 },
    },
    tonnes: {
      title: "Dry tonnes",
      kind: "M-04",
      area: "grinding",
      periods: [...every],
      inputs: { wet: "WIT-201", moisture: 0.035 },
    },
    energy: {
      title: "Specific energy",
      kind: "M-51",
      area: "utilities",
      periods: [...every],
      inputs: { energy: "JT-810", dry: "tonnes" },
    },
    own: {
      title: "A formula of the plant's own",
      expression: "energy / dry",
      unit: "kW.h/t",
      area: "utilities",
      periods: ["shift"],
      inputs: { energy: { of: "JT-810", take: "total" }, dry: "tonnes" },
    },
  },
};

/** Some days of a belt that rises and falls, fails now and then, and stops. */
export function someDays(days: number): MemoryHistory {
  const history = memoryHistory();
  const until = MORNING + days * 24 * HOUR;
  const rate = (time: number): number => 4 + Math.sin(time / 5e6) + (time % 977) / 1e4;
  const rows: Row[] = [];
  for (const [index, { time, value }] of course(MORNING - 60_000, until, 30_000, rate).entries())
    rows.push({ time, value, status: index % 97 < 3 ? Status.BadNoCommunication : Status.Good });
  history.add(0, rows);
  history.add(
    1,
    course(MORNING - 60_000, until, 60_000, () => 200),
  );
  return history;
}
