import type { Said } from "./said.ts";
import type { Role } from "./people.ts";
import type { StatusCode } from "./status.ts";
import type { EpochMs } from "./time.ts";

/** NORM: all well. UNACK: active, nobody has taken note. ACK: active and noted. RTNUN: gone again before anybody took note.
 *  LATCH_UN, LATCH_ACK: gone, but held until somebody resets it. SHELVED: put aside by an operator for a time. SUPPR:
 *  suppressed because it means nothing now. OOS: out of service for maintenance.
 *  Source: ANSI/ISA-18.2 and IEC 62682, state diagram of an alarm. */
export const ALARM_STATES = [
  "NORM",
  "UNACK",
  "ACK",
  "RTNUN",
  "LATCH_UN",
  "LATCH_ACK",
  "SHELVED",
  "SUPPR",
  "OOS",
] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** 1 is the gravest; 4 is a diagnostic alarm: an instrument, a device or the gateway itself is not well. */
export type AlarmPriority = 1 | 2 | 3 | 4;

/** What a person can ask of an alarm. */
export const ALARM_ACTIONS = [
  "acknowledge",
  "shelve",
  "unshelve",
  "suppress",
  "unsuppress",
  "out-of-service",
  "return-to-service",
  "reset",
] as const;
export type AlarmAction = (typeof ALARM_ACTIONS)[number];

/** Who may do it: an operator deals with what comes; taking an alarm out of the system is an engineer's decision. */
export const ALARM_ROLES: Readonly<Record<AlarmAction, Role>> = {
  acknowledge: "operator",
  reset: "operator",
  shelve: "operator",
  unshelve: "operator",
  suppress: "engineer",
  unsuppress: "engineer",
  "out-of-service": "engineer",
  "return-to-service": "engineer",
};

/** What an alarm is judged by: an amount in the unit of the value, a share of the reference (0.8 for 80 %), or a band. */
export type AlarmSetting =
  | { readonly by: "amount"; readonly amount: number }
  | { readonly by: "share"; readonly share: number }
  | { readonly by: "band"; readonly low: number; readonly high: number };

/** Somebody set an alarm differently while the gateway ran. */
export interface AlarmSettingChange {
  readonly alarm: string;
  readonly at: EpochMs;
  readonly from: AlarmSetting;
  readonly to: AlarmSetting;
  /** As the plant file had it then. */
  readonly planned: AlarmSetting;
  /** Null where a new plant file put it back. */
  readonly by: string | null;
  readonly reason: string;
}

/** How an alarm is set, and how the plant file would have it. */
export interface AlarmSettingView {
  readonly setting: AlarmSetting;
  readonly planned: AlarmSetting;
  readonly isChanged: boolean;
  /** The last change; null when there was none. */
  readonly change: AlarmSettingChange | null;
}

/** What somebody wants an alarm to be judged by; null: what the plant file says. */
export interface AlarmAdjustment {
  readonly setting: AlarmSetting | null;
  readonly by: string;
  readonly reason: string;
}

/** Why an alarm changed. `first-out` changes no state: it says which alarm of a group came first. */
export type AlarmCause =
  | "alarm"
  | "re-alarm"
  | "return"
  | "suppressed-by-design"
  | "released-by-design"
  | "shelving-expired"
  | "first-out"
  | AlarmAction;

/** Which alarm of a group came first: `undetermined` where the scans are too slow to tell. */
export type FirstOut = "first" | "follower" | "undetermined";

/** What an alarm is at a moment; all that must outlive the process. */
export interface AlarmStanding {
  readonly alarm: string;
  readonly state: AlarmState;
  /** Last transition. */
  readonly since: EpochMs;
  /** Source time of the reading that began the present activity; null while the condition is not there. */
  readonly activeSince: EpochMs | null;
  /** When a shelving ends; null otherwise. */
  readonly until: EpochMs | null;
  /** Who brought it into this state, and why; null for the gateway itself. */
  readonly by: string | null;
  readonly reason: string | null;
  readonly firstOut: FirstOut | null;
}

/** One change of an alarm, with everything that was known of it. */
export interface AlarmTransition {
  readonly alarm: string;
  readonly priority: AlarmPriority;
  readonly at: EpochMs;
  readonly cause: AlarmCause;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly value: number | null;
  readonly status: StatusCode;
  /** The limit that counted then, in the unit of the value; null where there is none. */
  readonly limit: number | null;
  readonly standing: AlarmStanding;
}

/** A transition as the journal keeps it. */
export interface AlarmEvent extends AlarmTransition {
  /** Counts all transitions of the plant. */
  readonly sequence: number;
}

/** What an alarm is, for those who only read: the rationalisation of the plant file. */
export interface AlarmOutline {
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly on: string;
  readonly type: string;
  readonly unit: string | null;
  readonly priority: AlarmPriority;
  readonly group: string | null;
  readonly consequence: string;
  readonly response: string;
  /** How long the operator has, ms; null where nobody has said. */
  readonly timeToRespondMs: number | null;
}

/** An alarm with what it shows now. */
export interface AlarmView extends AlarmStanding {
  readonly outline: AlarmOutline;
  readonly value: number | null;
  readonly status: StatusCode;
  readonly limit: number | null;
  /** Null for alarms that have nothing to set. */
  readonly setting: AlarmSettingView | null;
}

/** What somebody asks of an alarm. */
export interface AlarmRequest {
  readonly action: AlarmAction;
  readonly by: string;
  readonly reason: string | null;
  /** Shelving only: for how long, ms. */
  readonly forMs: number | null;
  /** Shelving of priority 1 only: the second person. */
  readonly second: string | null;
}

export type AlarmAnswer = { readonly alarm: AlarmView } | { readonly refused: Said };

/** How the operator was loaded in a stretch of time. */
export interface AlarmPerformance {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly measures: readonly AlarmMeasure[];
  /** Alarms in each ten minutes, for the trend. */
  readonly perTenMinutes: readonly number[];
  readonly floods: readonly { readonly from: EpochMs; readonly to: EpochMs; readonly alarms: number }[];
  readonly top: readonly { readonly alarm: string; readonly alarms: number; readonly share: number }[];
  readonly chattering: readonly string[];
  readonly fleeting: readonly string[];
  readonly stale: readonly string[];
}

/** One figure against what the standards find acceptable and what they find the most. */
export interface AlarmMeasure {
  readonly name: string;
  /** Null where there is nothing to judge. */
  readonly value: number | null;
  readonly unit: string;
  readonly target: number;
  readonly limit: number;
  readonly rating: "acceptable" | "manageable" | "unacceptable" | null;
}

/** A horn that somebody has silenced at one console. */
export interface Silence {
  readonly console: string;
  readonly by: string;
  readonly at: EpochMs;
  readonly until: EpochMs;
}

/** What is to be heard: alarms that call, by priority, and the consoles where that is silenced. A console sounds for what
 *  called after it was silenced. */
export interface Annunciation {
  readonly calls: readonly {
    readonly priority: AlarmPriority;
    readonly alarms: number;
    readonly last: EpochMs;
  }[];
  readonly silences: readonly Silence[];
  /** Alarms that called within the last ten minutes. */
  readonly lastTenMinutes: number;
  /** More than ten of them, until fewer than five are left: ANSI/ISA-18.2. */
  readonly isFlood: boolean;
}

/** Where people and programs see alarms and act on them. */
export interface AlarmDesk {
  readonly outlines: readonly AlarmOutline[];
  view(alarm: string): AlarmView | null;
  all(): readonly AlarmView[];
  /** Null for an alarm that there is not. */
  act(alarm: string, request: AlarmRequest): AlarmAnswer | null;
  /** Sets an alarm differently, or back. Null for an alarm that there is not. */
  adjust(alarm: string, adjustment: AlarmAdjustment): AlarmAnswer | null;
  /** Changes of settings, newest first; of one alarm or of all. */
  adjustments(alarm: string | null, rowsMax: number): readonly AlarmSettingChange[];
  annunciation(): Annunciation;
  /** Silences one console until something else calls, or for five minutes. */
  silence(console: string, by: string): Annunciation;
  /** Transitions within from ≤ t < to, newest first. */
  history(from: EpochMs, to: EpochMs, alarm: string | null, rowsMax: number): readonly AlarmEvent[];
  performance(from: EpochMs, to: EpochMs): AlarmPerformance;
  counts(): AlarmCounts;
}

export interface AlarmCounts {
  readonly byState: Readonly<Record<AlarmState, number>>;
  /** Active or unacknowledged, by priority. */
  readonly standingByPriority: Readonly<Record<AlarmPriority, number>>;
  readonly transitions: number;
  /** Transitions that an output has not taken. */
  readonly unpublished: Readonly<Record<string, number>>;
}
