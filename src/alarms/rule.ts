import type { AlarmPriority } from "../domain/alarm.ts";
import type { StatusCode } from "../domain/status.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Condition } from "./condition.ts";

/** An alarm as the engine works with it. Sources are numbers of the image. */
export interface AlarmRule {
  readonly id: string;
  readonly priority: AlarmPriority;
  readonly condition: Condition;
  readonly source: number;
  /** What a deviation or a share of a value is reckoned from; null where nothing is. */
  readonly reference:
    | { readonly by: "source"; readonly source: number }
    | { readonly by: "value"; readonly value: number }
    | null;
  /** The alarm means something only while every one of these sources shows more than `above` and less than `below`. */
  readonly when: readonly { readonly source: number; readonly above: number; readonly below: number }[];
  /** A person must reset it. */
  readonly isLatching: boolean;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  /** Acknowledged and still there after this long, it calls again; null: it does not. */
  readonly reAlarmMs: number | null;
  /** Alarms of one group are ranked by which came first. */
  readonly group: string | null;
  /** Suppressed while an alarm of its group that came before it is there. */
  readonly follows: boolean;
  /** Time from one look at the source to the next, ms. */
  readonly scanMs: number;
  /** Read by us; else the source itself says when something changed. */
  readonly isPolled: boolean;
}

/** What all sources show now. */
export interface AlarmImage {
  valueOf(source: number): number;
  statusOf(source: number): StatusCode;
  timeOf(source: number): EpochMs;
}

/** The present: wall time for stamps, monotonic time for intervals. */
export interface Moment {
  readonly now: EpochMs;
  readonly monotonicMs: number;
}
