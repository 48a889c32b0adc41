import type { AlarmConfig, AlarmSource } from "../../config/alarms.ts";

/** What alarms look at besides tags. `self`: a condition of the gateway. */
export type ExtraSource =
  | Exclude<AlarmSource, { from: "tag" }>
  | { readonly from: "self"; readonly id: string };

/** An alarm of the plant file or of the gateway itself, before its sources have numbers. */
export interface AlarmDraft extends Omit<AlarmConfig, "on"> {
  readonly on: AlarmSource | { readonly from: "self"; readonly id: string };
  /** It means nothing while this device does not answer, which is an alarm of its own. */
  readonly unlessOffline?: string;
}
