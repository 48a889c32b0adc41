import type { AlarmPriority, AlarmState } from "../../../domain/alarm.ts";
import type { AlarmAnswer } from "../../api.ts";
import { isUnacknowledged } from "../../alarm-store.ts";

export interface AlarmFilter {
  readonly area: string | null;
  readonly priority: AlarmPriority | null;
  readonly isUnacknowledged: boolean | null;
}

export function matches(alarm: AlarmAnswer, filter: AlarmFilter): boolean {
  if (filter.area !== null && alarm.area !== filter.area) return false;
  if (filter.priority !== null && alarm.priority !== filter.priority) return false;
  return filter.isUnacknowledged === null || isUnacknowledged(alarm) === filter.isUnacknowledged;
}

function timeOf({ since }: AlarmAnswer): number {
  return since === null ? 0 : Date.parse(since);
}

/** The gravest first; of these what nobody has taken note of; of these the newest. */
export function inOrder(alarms: readonly AlarmAnswer[]): AlarmAnswer[] {
  return alarms.toSorted(
    (a, b) =>
      a.priority - b.priority ||
      Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
      timeOf(b) - timeOf(a) ||
      (a.alarm < b.alarm ? -1 : 1),
  );
}

/** Alarms of one circuit with one cause. */
export interface AlarmGroup {
  readonly key: string;
  /** Null for the gravest, which are not put into circuits. */
  readonly area: string | null;
  /** The alarm that came first, or what they have in common; null where there is nothing. */
  readonly cause: string | null;
  readonly alarms: readonly AlarmAnswer[];
}

const GRAVEST: AlarmPriority = 1;

/** A flood in an order that a person can take in: the gravest on top, then circuit by circuit and cause by cause, those
 *  with the gravest alarms first. Every alarm is in exactly one group. */
export function inGroups(alarms: readonly AlarmAnswer[]): AlarmGroup[] {
  const sorted = inOrder(alarms);
  const gravest = sorted.filter(({ priority }) => priority === GRAVEST);
  const others = Map.groupBy(
    sorted.filter(({ priority }) => priority !== GRAVEST),
    ({ area, group }) => `${area}/${group ?? ""}`,
  );
  const groups = Array.from(others, ([key, members]): AlarmGroup => {
    const [{ area, group }] = members as [AlarmAnswer];
    const first = members.find(({ firstOut }) => firstOut === "first");
    return { key, area, cause: first?.title ?? group, alarms: members };
  });
  if (gravest.length === 0) return groups;
  return [{ key: "gravest", area: null, cause: null, alarms: gravest }, ...groups];
}

/** What can be asked of an alarm in this state. */
export function actionsOf({ state }: AlarmAnswer): readonly string[] {
  return ACTIONS[state];
}

const ASIDE = ["shelve", "suppress", "out-of-service"] as const;
const ACTIONS: Readonly<Record<AlarmState, readonly string[]>> = {
  NORM: ASIDE,
  UNACK: ["acknowledge", ...ASIDE],
  ACK: ASIDE,
  RTNUN: ["acknowledge", ...ASIDE],
  LATCH_UN: ["acknowledge", ...ASIDE],
  LATCH_ACK: ["reset", ...ASIDE],
  SHELVED: ["unshelve"],
  SUPPR: ["unsuppress"],
  OOS: ["return-to-service"],
};
