import type {
  AlarmCause,
  AlarmEvent,
  AlarmPriority,
  AlarmStanding,
  AlarmState,
  AlarmTransition,
} from "../../domain/alarm.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Database, Row } from "./database.ts";
import { createPlaces } from "./places.ts";

/** Every transition of every alarm, for good, and where each alarm stands. The list is also what outputs are told from:
 *  each has a place in it that outlives the process. */
export interface AlarmLog {
  /** Writes transitions and what alarms have come to, all or nothing. */
  append(transitions: readonly AlarmTransition[]): readonly AlarmEvent[];
  standings(): readonly AlarmStanding[];
  /** Within from ≤ t < to, oldest first. */
  between(from: EpochMs, to: EpochMs): readonly AlarmEvent[];
  /** The last transition of an alarm before a time; null where it had none. */
  lastBefore(alarm: string, time: EpochMs): AlarmEvent | null;
  /** The same, newest first, of one alarm or of all. */
  latest(from: EpochMs, to: EpochMs, alarm: string | null, rowsMax: number): readonly AlarmEvent[];
  /** From now on nothing is left out for this output. A new one begins with the oldest alarm that still stands. */
  enter(output: string): void;
  /** The next that an output has not taken. */
  next(output: string, rowsMax: number): readonly AlarmEvent[];
  taken(output: string, sequence: number): void;
  pending(output: string): number;
  count(): number;
}

export function createAlarmLog(database: Database): AlarmLog {
  const places = createPlaces(database);
  const placeOf = (output: string): number => {
    const name = `alarms:${output}`;
    const known = places.get(name);
    if (known !== null) return known;
    const place = beforeStanding(database);
    places.set(name, place);
    return place;
  };
  return {
    append: (transitions) =>
      database.transaction(() => transitions.map((transition) => insert(database, transition))),
    standings: () =>
      database
        .all("SELECT standing FROM alarm_standings")
        .map(({ standing }) => JSON.parse(standing as string) as AlarmStanding),
    between: (from, to) =>
      database
        .all("SELECT * FROM alarm_events WHERE at >= ? AND at < ? ORDER BY sequence", from, to)
        .map(eventOf),
    lastBefore(alarm, time) {
      const row = database.one(
        "SELECT * FROM alarm_events WHERE alarm = ? AND at < ? ORDER BY at DESC, sequence DESC LIMIT 1",
        alarm,
        time,
      );
      return row === null ? null : eventOf(row);
    },
    latest(from, to, alarm, rowsMax) {
      const order = "ORDER BY sequence DESC LIMIT ?";
      const rows =
        alarm === null
          ? database.all(`SELECT * FROM alarm_events WHERE at >= ? AND at < ? ${order}`, from, to, rowsMax)
          : database.all(
              `SELECT * FROM alarm_events WHERE alarm = ? AND at >= ? AND at < ? ${order}`,
              alarm,
              from,
              to,
              rowsMax,
            );
      return rows.map(eventOf);
    },
    enter: (output) => void placeOf(output),
    next: (output, rowsMax) =>
      database
        .all(
          "SELECT * FROM alarm_events WHERE sequence > ? ORDER BY sequence LIMIT ?",
          placeOf(output),
          rowsMax,
        )
        .map(eventOf),
    taken: (output, sequence) => places.set(`alarms:${output}`, sequence),
    pending: (output) =>
      countOf(database.one("SELECT count(*) AS n FROM alarm_events WHERE sequence > ?", placeOf(output))),
    count: () => countOf(database.one("SELECT count(*) AS n FROM alarm_events")),
  };
}

function beforeStanding(database: Database): number {
  const row = database.one(
    `SELECT coalesce((SELECT min(sequence) - 1 FROM alarm_standings WHERE state <> 'NORM'),
       (SELECT max(sequence) FROM alarm_events), 0) AS place`,
  );
  return Number(row?.["place"] ?? 0);
}

function countOf(row: Row | null): number {
  return Number(row?.["n"] ?? 0);
}

function insert(database: Database, transition: AlarmTransition): AlarmEvent {
  const { alarm, at, priority, cause, from, to, value, status, limit } = transition;
  const standing = JSON.stringify(transition.standing);
  const row = database.one(
    `INSERT INTO alarm_events (alarm, at, priority, cause, before, after, value, status, bound, standing)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING sequence`,
    alarm,
    at,
    priority,
    cause,
    from,
    to,
    value,
    status,
    limit,
    standing,
  );
  const sequence = row?.["sequence"] as number;
  database.run(
    "INSERT OR REPLACE INTO alarm_standings (alarm, sequence, state, standing) VALUES (?, ?, ?, ?)",
    [alarm, sequence, to, standing],
  );
  return { ...transition, sequence };
}

function eventOf(row: Row): AlarmEvent {
  return {
    sequence: row["sequence"] as number,
    alarm: row["alarm"] as string,
    at: row["at"] as number,
    priority: row["priority"] as AlarmPriority,
    cause: row["cause"] as AlarmCause,
    from: row["before"] as AlarmState,
    to: row["after"] as AlarmState,
    value: row["value"] as number | null,
    status: row["status"] as number,
    limit: row["bound"] as number | null,
    standing: JSON.parse(row["standing"] as string) as AlarmStanding,
  };
}
