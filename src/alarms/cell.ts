import type { AlarmStanding, AlarmState, FirstOut } from "../domain/alarm.ts";
import { Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Condition, Verdict } from "./condition.ts";
import type { AlarmRule } from "./rule.ts";
import { isActive, isAside } from "./states.ts";

/** An alarm at work: its standing, and the delays between its condition and its state. */
export interface Cell {
  readonly rule: AlarmRule;
  /** That of the rule, as it is set now. */
  condition: Condition;
  state: AlarmState;
  since: EpochMs;
  activeSince: EpochMs | null;
  until: EpochMs | null;
  by: string | null;
  reason: string | null;
  firstOut: FirstOut | null;
  /** The condition is there and has been for its delay. */
  isThere: boolean;
  /** The condition says otherwise, for `turnedMs` by now. */
  isTurning: boolean;
  turnedMs: number;
  /** Source time of the reading with which the condition began, and how much earlier it may have begun, ms. */
  onset: EpochMs;
  onsetSlackMs: number;
  /** Monotonic: last judged, last read with a believable value. */
  judgedMs: number;
  readMs: number;
  isUnknown: boolean;
  /** Its alarm waits until it is known which of its group came first. */
  isHeld: boolean;
  acknowledgedMs: number;
  /** As last judged. */
  value: number;
  status: StatusCode;
  limit: number | null;
}

const NEVER: Omit<AlarmStanding, "alarm"> = {
  state: "NORM",
  since: 0,
  activeSince: null,
  until: null,
  by: null,
  reason: null,
  firstOut: null,
};

export function createCell(rule: AlarmRule, standing: Omit<AlarmStanding, "alarm"> = NEVER): Cell {
  const { state, since, activeSince, until, by, reason, firstOut } = standing;
  return {
    rule,
    condition: rule.condition,
    state,
    since,
    activeSince,
    until,
    by,
    reason,
    firstOut,
    isThere: isActive(state) || (isAside(state) && activeSince !== null),
    isTurning: false,
    turnedMs: 0,
    onset: activeSince ?? 0,
    onsetSlackMs: Infinity,
    judgedMs: NaN,
    readMs: -Infinity,
    isUnknown: true,
    isHeld: false,
    acknowledgedMs: NaN,
    value: NaN,
    status: Status.BadWaitingForInitialData,
    limit: null,
  };
}

export function standingOf(cell: Cell): AlarmStanding {
  const { rule, state, since, activeSince, until, by, reason, firstOut } = cell;
  return { alarm: rule.id, state, since, activeSince, until, by, reason, firstOut };
}

/** When and how a condition was looked at. */
export interface Sight {
  /** Source time of what was seen. */
  readonly time: EpochMs;
  readonly monotonicMs: number;
  /** A reading that has just come; else what was read before. */
  readonly isRead: boolean;
}

/** Lets a verdict count once it has held for its delay. Time in which nobody could tell does not count.
 *  Source: ANSI/ISA-18.2, on-delay and off-delay. */
export function settle(cell: Cell, verdict: Verdict, sight: Sight): "alarm" | "return" | null {
  const wasUnknown = cell.isUnknown;
  const elapsedMs = wasUnknown ? 0 : sight.monotonicMs - cell.judgedMs;
  cell.judgedMs = sight.monotonicMs;
  cell.isUnknown = verdict === "unknown";
  if (cell.isUnknown) return null;
  const says = verdict === "active";
  turn(cell, says, sight, wasUnknown, elapsedMs);
  if (sight.isRead) cell.readMs = sight.monotonicMs;
  const { onDelayMs, offDelayMs } = cell.rule;
  if (!cell.isTurning || cell.turnedMs < (says ? onDelayMs : offDelayMs)) return null;
  cell.isThere = says;
  cell.isTurning = false;
  cell.activeSince = says ? cell.onset : null;
  return says ? "alarm" : "return";
}

function turn(cell: Cell, says: boolean, sight: Sight, wasUnknown: boolean, elapsedMs: number): void {
  if (says === cell.isThere) {
    cell.isTurning = false;
    return;
  }
  if (cell.isTurning) {
    cell.turnedMs += elapsedMs;
    return;
  }
  cell.isTurning = true;
  cell.turnedMs = 0;
  if (says) noteOnset(cell, sight, wasUnknown);
}

/** A poll sees a change up to one period late, and later still after polls that failed. */
function noteOnset(cell: Cell, { time, monotonicMs }: Sight, wasUnknown: boolean): void {
  const { scanMs, isPolled } = cell.rule;
  const unseenMs = isPolled || wasUnknown ? monotonicMs - cell.readMs : 0;
  cell.onset = time;
  cell.onsetSlackMs = Math.max(scanMs, unseenMs);
}
