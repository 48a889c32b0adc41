import type { Said } from "../domain/said.ts";
import type {
  AlarmCause,
  AlarmRequest,
  AlarmSetting,
  AlarmStanding,
  AlarmTransition,
} from "../domain/alarm.ts";
import { isBad } from "../domain/status.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import { createCell, settle, standingOf } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { judge, limitOf } from "./condition.ts";
import { createGroup, enter, isFollowing, leave, rank } from "./first-out.ts";
import type { Group } from "./first-out.ts";
import { refusalOf, stepOf } from "./requests.ts";
import type { AlarmImage, AlarmRule, Moment } from "./rule.ts";
import { settingOf, withSetting } from "./settings.ts";
import { nextState } from "./states.ts";
import type { AlarmInput } from "./states.ts";

/** A clock that stands still for less than this gives two transitions of one alarm times of their own, ms. */
const SAME_TIME_MS = 1_000;

/** An alarm as it is, with what it was last judged on. */
export interface AlarmReading {
  readonly rule: AlarmRule;
  readonly standing: AlarmStanding;
  readonly value: number | null;
  readonly status: StatusCode;
  readonly limit: number | null;
}

/** All alarms of a plant: judged on every reading and once a second, moved by people. */
export interface AlarmEngine {
  /** A reading of a source has come. */
  take(source: number, value: number, status: StatusCode, time: EpochMs, at: Moment): void;
  /** Judges everything on what the image shows now: ages, delays, shelvings that end. Meant for once a second. */
  sweep(at: Moment): void;
  /** Does what a person asks; a sentence when it is refused. */
  act(index: number, request: AlarmRequest, at: Moment): Said | null;
  /** How it is judged from now on, and judges it; false for a setting that does not fit its kind. */
  adjust(index: number, setting: AlarmSetting, at: Moment): boolean;
  setting(index: number): AlarmSetting | null;
  reading(index: number): AlarmReading;
  standings(): readonly AlarmStanding[];
}

interface Works {
  readonly image: AlarmImage;
  readonly groups: ReadonlyMap<Cell, Group>;
  readonly emit: (transition: AlarmTransition) => void;
}

interface Look {
  readonly value: number;
  readonly status: StatusCode;
  readonly time: EpochMs;
  /** A reading that has just come; else what was read before. */
  readonly isRead: boolean;
}

/** The engine with the standings that it had before; `emit` gets every transition, in order. */
export function createAlarmEngine(
  rules: readonly AlarmRule[],
  image: AlarmImage,
  before: readonly AlarmStanding[],
  emit: (transition: AlarmTransition) => void,
): AlarmEngine {
  const known = new Map(before.map((standing) => [standing.alarm, standing]));
  const cells = rules.map((rule) => createCell(rule, known.get(rule.id)));
  const bySource = Map.groupBy(cells, ({ rule }) => rule.source);
  const groups = groupsOf(cells);
  const works: Works = {
    image,
    groups: new Map(groups.flatMap((group) => group.members.map((cell) => [cell, group]))),
    emit,
  };

  return {
    take(source, value, status, time, at) {
      const look = { value, status, time, isRead: true };
      for (const cell of bySource.get(source) ?? []) evaluate(works, cell, look, at);
    },
    sweep(at) {
      for (const cell of cells) {
        endShelving(works, cell, at);
        evaluate(works, cell, lookAt(image, cell.rule.source), at);
      }
      for (const group of groups) closeGroup(works, group, at);
    },
    act(index, request, at) {
      const cell = cells[index] as Cell;
      const refusal = refusalOf(cell, request);
      if (refusal !== null) return refusal;
      const input = stepOf(request.action);
      const { action, by, reason, forMs } = request;
      // Taken back, it is judged at once: what means nothing now does not call.
      if (input === "restore" && isIdle(works, cell)) {
        const how = { ...BY_ITSELF, reason: `${action} by ${by}` };
        apply(works, cell, "suppress", "suppressed-by-design", at, how);
      } else {
        const until = forMs === null ? null : at.now + forMs;
        apply(works, cell, input, action, at, { by, reason, until });
      }
      return null;
    },
    adjust(index, setting, at) {
      const cell = cells[index] as Cell;
      const condition = withSetting(cell.condition, setting);
      if (condition === null) return false;
      cell.condition = condition;
      evaluate(works, cell, lookAt(image, cell.rule.source), at);
      return true;
    },
    setting: (index) => settingOf((cells[index] as Cell).condition),
    reading: (index) => readingOf(cells[index] as Cell),
    standings: () => cells.map(standingOf),
  };
}

const BY_ITSELF = { by: null, reason: null, until: null };

function groupsOf(cells: readonly Cell[]): Group[] {
  const byName = Map.groupBy(
    cells.filter(({ rule }) => rule.group !== null),
    ({ rule }) => rule.group,
  );
  return Array.from(byName.values(), createGroup);
}

function lookAt(image: AlarmImage, source: number): Look {
  return {
    value: image.valueOf(source),
    status: image.statusOf(source),
    time: image.timeOf(source),
    isRead: false,
  };
}

/** Quality first, then the delays, then the state. What nobody can judge stays as it is. */
function evaluate(works: Works, cell: Cell, look: Look, at: Moment): void {
  const { condition } = cell;
  const reference = referenceOf(works.image, cell.rule);
  const verdict = judge(condition, {
    value: look.value,
    isBad: isBad(look.status),
    reference: reference.value,
    isReferenceBad: reference.isBad,
    wasActive: cell.isThere,
    hasChanged: look.isRead && look.value !== cell.value,
  });
  cell.value = look.value;
  cell.status = look.status;
  cell.limit = limitOf(condition, reference.value, look.value);
  const { time, isRead } = look;
  const turn = settle(cell, verdict, { time, isRead, monotonicMs: at.monotonicMs });
  if (turn !== null) tellGroup(works, cell, turn, at);
  if (verdict === "unknown") return;
  heedDesign(works, cell, at);
  if (turn !== null && !cell.isHeld) apply(works, cell, turn, turn, at, BY_ITSELF);
  if (isForgotten(cell, at)) apply(works, cell, "re-alarm", "re-alarm", at, BY_ITSELF);
}

function referenceOf(image: AlarmImage, { reference }: AlarmRule): { value: number; isBad: boolean } {
  if (reference === null) return NO_REFERENCE;
  if (reference.by === "value") return { value: reference.value, isBad: false };
  return { value: image.valueOf(reference.source), isBad: isBad(image.statusOf(reference.source)) };
}

const NO_REFERENCE = { value: NaN, isBad: false };

function tellGroup(works: Works, cell: Cell, turn: "alarm" | "return", at: Moment): void {
  const group = works.groups.get(cell);
  if (group === undefined) return;
  if (turn === "return") {
    cell.isHeld = false;
    leave(group);
    return;
  }
  cell.firstOut = null;
  tellRanks(works, enter(group, cell, at.monotonicMs), at);
  cell.isHeld = cell.rule.follows && group.phase === "open";
}

function closeGroup(works: Works, group: Group, at: Moment): void {
  const ranked = rank(group, at.monotonicMs);
  if (ranked.length === 0) return;
  for (const cell of group.members) {
    if (!cell.isHeld) continue;
    cell.isHeld = false;
    heedDesign(works, cell, at);
    apply(works, cell, "alarm", "alarm", at, BY_ITSELF);
  }
  tellRanks(works, ranked, at);
}

function tellRanks(works: Works, cells: readonly Cell[], at: Moment): void {
  for (const cell of cells) tell(works, cell, cell.state, "first-out", at);
}

/** It means nothing while its equipment is off or while an alarm that came first explains it. What somebody has still to
 *  take note of is not hidden. */
function heedDesign(works: Works, cell: Cell, at: Moment): void {
  const isByDesign = cell.state === "SUPPR" && cell.by === null;
  if (!isByDesign && cell.state !== "NORM" && cell.state !== "ACK") return;
  const isOff = isIdle(works, cell);
  if (isOff && !isByDesign) apply(works, cell, "suppress", "suppressed-by-design", at, BY_ITSELF);
  else if (!isOff && isByDesign) apply(works, cell, "restore", "released-by-design", at, BY_ITSELF);
}

/** Equipment of which nothing is known is what it was. */
function isIdle({ image, groups }: Works, cell: Cell): boolean {
  const group = groups.get(cell);
  if (group !== undefined && isFollowing(group, cell)) return true;
  let isUnknown = false;
  for (const { source, above, below } of cell.rule.when) {
    const shown = image.valueOf(source);
    if (isBad(image.statusOf(source)) || Number.isNaN(shown)) isUnknown = true;
    else if (shown <= above || shown >= below) return true;
  }
  return isUnknown && cell.state === "SUPPR";
}

/** After a restart the time since it was acknowledged begins anew. */
function isForgotten(cell: Cell, { monotonicMs }: Moment): boolean {
  const { reAlarmMs } = cell.rule;
  if (reAlarmMs === null || cell.state !== "ACK") return false;
  if (Number.isNaN(cell.acknowledgedMs)) cell.acknowledgedMs = monotonicMs;
  return monotonicMs - cell.acknowledgedMs >= reAlarmMs;
}

function endShelving(works: Works, cell: Cell, at: Moment): void {
  if (cell.state !== "SHELVED" || cell.until === null || at.now < cell.until) return;
  if (isIdle(works, cell)) apply(works, cell, "suppress", "suppressed-by-design", at, BY_ITSELF);
  else apply(works, cell, "restore", "shelving-expired", at, BY_ITSELF);
}

interface Who {
  readonly by: string | null;
  readonly reason: string | null;
  readonly until: EpochMs | null;
}

function apply(works: Works, cell: Cell, input: AlarmInput, cause: AlarmCause, at: Moment, who: Who): void {
  const to = nextState(cell.state, input, cell.rule.isLatching, cell.isThere);
  if (to === null) return;
  const from = cell.state;
  cell.state = to;
  cell.by = who.by;
  cell.reason = who.reason;
  cell.until = to === "SHELVED" ? who.until : null;
  if (to === "NORM") cell.firstOut = null;
  if (input === "acknowledge") cell.acknowledgedMs = at.monotonicMs;
  tell(works, cell, from, cause, at);
}

function tell(works: Works, cell: Cell, from: Cell["state"], cause: AlarmCause, { now }: Moment): void {
  const isSameTime = now <= cell.since && cell.since - now < SAME_TIME_MS;
  cell.since = isSameTime ? cell.since + 1 : now;
  const { rule, state: to, status, limit } = cell;
  works.emit({
    alarm: rule.id,
    priority: rule.priority,
    at: cell.since,
    cause,
    from,
    to,
    value: shownValue(cell),
    status,
    limit,
    standing: standingOf(cell),
  });
}

function shownValue({ value, status }: Cell): number | null {
  return isBad(status) || Number.isNaN(value) ? null : value;
}

function readingOf(cell: Cell): AlarmReading {
  const { rule, status, limit } = cell;
  return { rule, standing: standingOf(cell), value: shownValue(cell), status, limit };
}
