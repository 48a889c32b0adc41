import type { PollGroup } from "../domain/ports.ts";
import { CLOSED, isDue, LAST_CHANCE } from "./breaker.ts";
import type { Breaker } from "./breaker.ts";
import { createLatency } from "./latency.ts";
import type { Latency } from "./latency.ts";

/** One group of tags in the schedule of its connection. Times are monotonic ms. */
export interface Turn {
  readonly index: number;
  readonly group: PollGroup;
  readonly unit: Unit;
  dueAt: number;
  isPolling: boolean;
  polls: number;
  failed: number;
  /** Whole periods that went by without a poll because the one before was still running or waiting. */
  missed: number;
  readonly latency: Latency;
}

/** What stands behind one breaker. */
export interface Unit {
  readonly name: string;
  breaker: Breaker;
}

/** Turns of all groups, all due at once: every scan class polls when the connection comes up. */
export function createTurns(groups: readonly PollGroup[]): Turn[] {
  const units = new Map<string, Unit>();
  return groups.map((group, index) => {
    const unit = units.get(group.unit) ?? { name: group.unit, breaker: CLOSED };
    units.set(group.unit, unit);
    return {
      index,
      group,
      unit,
      dueAt: 0,
      isPolling: false,
      polls: 0,
      failed: 0,
      missed: 0,
      latency: createLatency(),
    };
  });
}

/** The link is new: every group is due now, and a unit that was silent gets one poll to speak up. */
export function restartTurns(turns: readonly Turn[], nowMs: number): void {
  for (const turn of turns) {
    turn.dueAt = nowMs;
    turn.isPolling = false;
    if (turn.unit.breaker.state !== "closed") turn.unit.breaker = LAST_CHANCE;
  }
}

/** The group that has waited longest among those that are due; `probesFrom` is when a silent unit may next be tried at all. */
export function pickTurn(turns: readonly Turn[], nowMs: number, probesFrom: number): Turn | null {
  let picked: Turn | null = null;
  for (const turn of turns) {
    if (turn.isPolling || turn.dueAt > nowMs || !isDue(turn.unit.breaker, nowMs)) continue;
    if (turn.unit.breaker.state === "open" && nowMs < probesFrom) continue;
    if (picked === null || turn.dueAt < picked.dueAt) picked = turn;
  }
  return picked;
}

/** When the next turn can come at the earliest. */
export function nextTurnAt(turns: readonly Turn[], probesFrom: number): number {
  let next = Infinity;
  for (const { unit, dueAt } of turns) {
    const { state, probeAt } = unit.breaker;
    if (state === "half-open") continue;
    next = Math.min(next, state === "open" ? Math.max(dueAt, probeAt, probesFrom) : dueAt);
  }
  return next;
}

/** Moves a turn to its next tick on the grid `phase + k · period`; ticks that are already past are missed, not made up. */
export function advanceTurn(turn: Turn, nowMs: number, phase: number): void {
  const { periodMs } = turn.group;
  const offset = phase * periodMs;
  const next = Math.floor((nowMs - offset) / periodMs + 1) * periodMs + offset;
  if (turn.polls > 0 && turn.unit.breaker.state === "closed") {
    turn.missed += Math.max(0, Math.floor((nowMs - turn.dueAt) / periodMs));
  }
  turn.dueAt = next;
}
