import type { AlarmPriority } from "../domain/alarm.ts";

/** `still`: a heartbeat that does not count on. `offline`: a device that does not answer. */
export const ALARM_TYPES = [
  "HH",
  "H",
  "L",
  "LL",
  "outside",
  "deviation",
  "on",
  "off",
  "bad",
  "still",
  "offline",
] as const;
export type AlarmType = (typeof ALARM_TYPES)[number];

/** What an alarm looks at. */
export type AlarmSource =
  | { readonly from: "tag"; readonly id: string }
  | { readonly from: "metric"; readonly id: string }
  | { readonly from: "assay"; readonly id: string }
  | { readonly from: "device"; readonly id: string };

/** A tag that must show more than one number and less than another. */
export interface Permissive {
  readonly tag: string;
  readonly above: number;
  readonly below: number;
}

/** One alarm of the plant file; families are one for each member. */
export interface AlarmConfig {
  readonly id: string;
  /** Its key in the plant file. */
  readonly key: string;
  readonly title: string;
  readonly area: string;
  readonly on: AlarmSource;
  readonly type: AlarmType;
  /** Of the reference where it is a share, as 0.8 for 80 %. */
  readonly limit: { readonly amount: number } | { readonly share: number } | null;
  readonly band: readonly [low: number, high: number] | null;
  readonly reference: AlarmSource | { readonly from: "constant"; readonly value: number } | null;
  readonly deadband: number;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly reAlarmMs: number | null;
  readonly priority: AlarmPriority;
  readonly latch: boolean;
  readonly group: string | null;
  readonly follows: boolean;
  /** It means something only while all of these hold. */
  readonly when: readonly Permissive[];
  readonly consequence: string;
  readonly response: string;
  readonly timeToRespondMs: number | null;
}
