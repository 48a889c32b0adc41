import { alarmPerformance } from "../../src/alarms/performance.ts";
import type { AlarmDesk, AlarmEvent, AlarmState, AlarmView } from "../../src/domain/alarm.ts";
import { Status } from "../../src/domain/status.ts";
import type { EpochMs } from "../../src/domain/time.ts";

const MINUTE = 60_000;

/** What is not as it should be, and since when: the reading behind it shows the value. */
export const STANDING: Readonly<
  Record<string, readonly [state: AlarmState, value: number, minutesAgo: number]>
> = {
  "AT-401A.LL": ["UNACK", 9.92, 2],
  "AT-401A.L": ["ACK", 9.92, 17],
  "TT-501.H": ["RTNUN", 131.4, 31],
  "PT-207.H": ["UNACK", 158, 4],
  "LT-109.L": ["ACK", 12.6, 55],
};

/** What came and went in the last day: when it called, and after how many minutes each time it was acknowledged and had gone. */
const PAST: readonly (readonly [alarm: string, minutesAgo: number, noted: number, gone: number])[] = [
  ["TT-501.H", 610, 3, 14],
  ["WIT-201.L", 431, 2, 9],
  ["DT-209.H", 405, 1, 22],
  // One trip that brought the others.
  ...["XA-203.ON", "MILL-1.L", "FT-202.L", "PT-207.L", "LT-205.H", "PZ-710A.H"].map(
    (alarm, order) => [alarm, 298 - 0.4 * order, 5, 40] as const,
  ),
  ...["DT-208.BAND", "LT-108.H", "FT-107.L", "TT-203A.H", "PACKING-1.L", "AT-208.H"].map(
    (alarm, order) => [alarm, 295 - 0.5 * order, 6, 31] as const,
  ),
  // Near its limit.
  ["LT-602.L", 121, 9, 0.2],
  ["LT-602.L", 120.6, 9, 0.2],
  ["LT-602.L", 120.2, 9, 0.2],
  ["AT-401B.L", 88, 4, 19],
];

/** The desk of the real gateway, whose alarms see no readings, with alarms that stand, and a day of those that were. What somebody
 *  has put aside is put aside. */
export function stillAlarms(desk: AlarmDesk, now: EpochMs): AlarmDesk {
  const shown = (view: AlarmView): AlarmView => {
    if (view.by !== null) return view;
    const [state, value, minutesAgo] = STANDING[view.alarm] ?? [];
    if (state === undefined || value === undefined || minutesAgo === undefined)
      return { ...view, state: "NORM", activeSince: null };
    const since = now - minutesAgo * MINUTE;
    const by = state === "ACK" ? "ana" : null;
    return { ...view, state, value, status: Status.Good, since, activeSince: since, by };
  };
  const all = (): readonly AlarmView[] => desk.all().map(shown);
  const events = eventsOf(all(), now);
  const within = (from: EpochMs, to: EpochMs): readonly AlarmEvent[] =>
    events.filter(({ at }) => at >= from && at < to);
  return {
    ...desk,
    all,
    annunciation: () => ({ calls: [], silences: [], lastTenMinutes: 0, isFlood: false }),
    view: (alarm) => all().find((one) => one.alarm === alarm) ?? null,
    history: (from, to, alarm, rowsMax) =>
      within(from, to)
        .filter((event) => alarm === null || event.alarm === alarm)
        .toReversed()
        .slice(0, rowsMax),
    performance: (from, to) => alarmPerformance({ from, to, events: within(from, to), standings: all() }),
  };
}

type Step = Pick<AlarmEvent, "alarm" | "at" | "cause" | "from" | "to">;

const called = (alarm: string, at: EpochMs): Step => ({
  alarm,
  at,
  cause: "alarm",
  from: "NORM",
  to: "UNACK",
});

/** An alarm that was acknowledged and had gone after so many minutes, in whichever order. */
function pastSteps(alarm: string, at: EpochMs, noted: number, gone: number): readonly Step[] {
  const [notedAt, goneAt] = [at + noted * MINUTE, at + gone * MINUTE];
  const between = noted < gone ? "ACK" : "RTNUN";
  const note = { alarm, at: notedAt, cause: "acknowledge" } as const;
  const end = { alarm, at: goneAt, cause: "return" } as const;
  const [first, last] = noted < gone ? [note, end] : [end, note];
  return [
    called(alarm, at),
    { ...first, from: "UNACK", to: between },
    { ...last, from: between, to: "NORM" },
  ];
}

/** The transitions of what was and of what stands, oldest first. */
function eventsOf(views: readonly AlarmView[], now: EpochMs): readonly AlarmEvent[] {
  const viewOf = new Map(views.map((view) => [view.alarm, view]));
  const past = PAST.flatMap(([alarm, minutesAgo, noted, gone]) =>
    pastSteps(alarm, now - minutesAgo * MINUTE, noted, gone),
  );
  const standing = Object.entries(STANDING).map(([alarm, [, , minutesAgo]]) =>
    called(alarm, now - minutesAgo * MINUTE),
  );
  return [...past, ...standing]
    .toSorted((one, other) => one.at - other.at)
    .map((step, sequence): AlarmEvent => {
      const { alarm, at, cause, from, to } = step;
      const view = viewOf.get(alarm);
      if (view === undefined) throw new RangeError(`no alarm ${alarm}`);
      const { limit, outline } = view;
      const value = STANDING[alarm]?.[1] ?? limit;
      const by = cause === "acknowledge" ? "ana" : null;
      const { activeSince, until, firstOut } = view;
      return {
        sequence: sequence + 1,
        alarm,
        priority: outline.priority,
        at,
        cause,
        from,
        to,
        value,
        limit,
        status: Status.Good,
        standing: { alarm, state: to, since: at, activeSince, until, by, reason: null, firstOut },
      };
    });
}
