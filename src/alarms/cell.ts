import type { AlarmStanding, AlarmState, FirstOut } from "../domain/alarm.ts";
import { Status } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Verdict } from "./condition.ts";
import type { AlarmRule } from "./rule.ts";
import { isActive, isAside } from "./states.ts";

/** An alarm at work: its standing, and the delays between its condition and its state. */
export interface Cell {
  readonly rule: AlarmRule;
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

export function createCell(rule: AlarmRule, standing: AlarmStanding | undefined): Cell {
  const {
    state = "NORM",
    since = 0,
    activeSince = null,
    until = null,
    by = null,
    reason = null,
    firstOut = null,
  } = standing ?? {};
  return {
    rule,
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

/** Lets a verdict count once it has held for its delay. Time in which nobody could tell does not count.
 *  Source: ANSI/ISA-18.2, on-delay and off-delay. */
export function settle(
  cell: Cell,
  verdict: Verdict,
  time: EpochMs,
  monotonicMs: number,
  isRead: boolean,
): "alarm" | "return" | null {
  const elapsedMs = cell.isUnknown ? 0 : monotonicMs - cell.judgedMs;
  cell.judgedMs = monotonicMs;
  const wasUnknown = cell.isUnknown;
  cell.isUnknown = verdict === "unknown";
  if (cell.isUnknown) return null;
  const says = verdict === "active";
  if (says === cell.isThere) {
    cell.isTurning = false;
  } else if (cell.isTurning) {
    cell.turnedMs += elapsedMs;
  } else {
    cell.isTurning = true;
    cell.turnedMs = 0;
    if (says) noteOnset(cell, time, monotonicMs, wasUnknown);
  }
  if (isRead) cell.readMs = monotonicMs;
  if (!cell.isTurning) return null;
  if (cell.turnedMs < (says ? cell.rule.onDelayMs : cell.rule.offDelayMs)) return null;
  cell.isThere = says;
  cell.isTurning = false;
  cell.activeSince = says ? cell.onset : null;
  return says ? "alarm" : "return";
}

/** A poll sees a change up to one period late, and later still after polls that failed. */
function noteOnset(cell: Cell, time: EpochMs, monotonicMs: number, wasUnknown: boolean): void {
  const { scanMs, isPolled } = cell.rule;
  const unseenMs = isPolled || wasUnknown ? monotonicMs - cell.readMs : 0;
  cell.onset = time;
  cell.onsetSlackMs = Math.max(scanMs, unseenMs);
}
