import type { FirstOut } from "../domain/alarm.ts";
import type { Cell } from "./cell.ts";

/** Alarms of a group that come within this time of the first are ranked, ms. */
const WINDOW_MS = 2_000;

/** Alarms with a common cause. An episode begins with the first of them and ends when none is there any more. */
export interface Group {
  readonly members: readonly Cell[];
  /** `quiet` between episodes, `open` while more may come, then `ranked`. */
  phase: "quiet" | "open" | "ranked";
  closesMs: number;
  /** In the order in which they were noticed. */
  readonly came: Cell[];
  /** Null while it is not known, and where it cannot be. */
  first: Cell | null;
}

export function createGroup(members: readonly Cell[]): Group {
  const there = members.filter(({ isThere }) => isThere);
  const phase = there.length > 0 ? "ranked" : "quiet";
  const first = there.find(({ firstOut }) => firstOut === "first") ?? null;
  return { members, phase, closesMs: NaN, came: there, first };
}

/** An alarm of the group is there. One that is noticed after the ranking, but may have come before its first, makes the
 *  ranking worthless; then gives the alarms whose rank has changed. */
export function enter(group: Group, cell: Cell, monotonicMs: number): readonly Cell[] {
  if (group.phase === "quiet") {
    group.phase = "open";
    group.closesMs = monotonicMs + WINDOW_MS;
  }
  if (!group.came.includes(cell)) group.came.push(cell);
  if (group.phase === "open") return [];
  const { first } = group;
  if (first === null) return mark([cell], "undetermined");
  if (isSurelyBefore(first, cell)) return mark([cell], "follower");
  group.first = null;
  return mark([first, cell], "undetermined");
}

/** An alarm of the group has gone; the last one ends the episode, unless the ranking is still to come. */
export function leave(group: Group): void {
  if (group.phase !== "ranked" || group.members.some(({ isThere }) => isThere)) return;
  group.phase = "quiet";
  group.came.length = 0;
  group.first = null;
}

/** Ranks the alarms by source time once the window is over; gives those that have a rank now. Where two came closer than
 *  the scans can tell apart, it is not guessed which was first. */
export function rank(group: Group, monotonicMs: number): readonly Cell[] {
  if (group.phase !== "open" || monotonicMs < group.closesMs) return [];
  group.phase = "ranked";
  const ranked = rankAll(group);
  leave(group);
  return ranked;
}

function rankAll(group: Group): readonly Cell[] {
  const [first, ...others] = group.came.toSorted((a, b) => a.onset - b.onset);
  if (first === undefined) return [];
  const rivals = others.filter((other) => !isSurelyBefore(first, other));
  if (rivals.length > 0)
    return [...mark([first, ...rivals], "undetermined"), ...mark(but(others, rivals), "follower")];
  group.first = first;
  return [...mark([first], "first"), ...mark(others, "follower")];
}

/** True while an alarm that came surely before this one is there. */
export function isFollowing({ first }: Group, cell: Cell): boolean {
  return cell.rule.follows && first !== null && first !== cell && first.isThere;
}

function isSurelyBefore(one: Cell, other: Cell): boolean {
  return other.onset - one.onset >= one.onsetSlackMs + other.onsetSlackMs;
}

function but(cells: readonly Cell[], without: readonly Cell[]): Cell[] {
  return cells.filter((cell) => !without.includes(cell));
}

function mark(cells: readonly Cell[], as: FirstOut): readonly Cell[] {
  for (const cell of cells) cell.firstOut = as;
  return cells;
}
