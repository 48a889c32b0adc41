import type { AlarmState } from "../domain/alarm.ts";

/** What happens to an alarm: its condition comes or goes, a person does something, or it is put aside and taken back. */
export const ALARM_INPUTS = [
  "alarm",
  "return",
  "re-alarm",
  "acknowledge",
  "reset",
  "shelve",
  "suppress",
  "withdraw",
  "restore",
] as const;
export type AlarmInput = (typeof ALARM_INPUTS)[number];

type Row = Partial<Record<AlarmInput, AlarmState>>;

const ASIDE = { shelve: "SHELVED", suppress: "SUPPR", withdraw: "OOS" } as const satisfies Row;

/** Alarms that clear by themselves. */
const PLAIN: Readonly<Record<AlarmState, Row>> = {
  NORM: { alarm: "UNACK", ...ASIDE },
  UNACK: { return: "RTNUN", acknowledge: "ACK", ...ASIDE },
  ACK: { return: "NORM", "re-alarm": "UNACK", ...ASIDE },
  RTNUN: { alarm: "UNACK", acknowledge: "NORM", ...ASIDE },
  LATCH_UN: { alarm: "UNACK", acknowledge: "LATCH_ACK", ...ASIDE },
  LATCH_ACK: { alarm: "UNACK", reset: "NORM", ...ASIDE },
  SHELVED: ASIDE,
  SUPPR: ASIDE,
  OOS: { shelve: "SHELVED", suppress: "SUPPR" },
};

/** Alarms that a person must reset. */
const LATCHING: Readonly<Record<AlarmState, Row>> = {
  ...PLAIN,
  UNACK: { ...PLAIN.UNACK, return: "LATCH_UN" },
  ACK: { ...PLAIN.ACK, return: "LATCH_ACK" },
};

/** Put aside: the condition goes on being judged, but nobody is told. */
export function isAside(state: AlarmState): boolean {
  return state === "SHELVED" || state === "SUPPR" || state === "OOS";
}

export function isActive(state: AlarmState): boolean {
  return state === "UNACK" || state === "ACK";
}

/** The state after an input; null where the input means nothing in this state. An alarm that is taken back begins anew
 *  with the condition of now. Source: ANSI/ISA-18.2-2016, 5.4; IEC 62682:2014, alarm state transition diagram. */
export function nextState(
  state: AlarmState,
  input: AlarmInput,
  isLatching: boolean,
  isConditionThere: boolean,
): AlarmState | null {
  if (input !== "restore") return (isLatching ? LATCHING : PLAIN)[state][input] ?? null;
  if (!isAside(state)) return null;
  return isConditionThere ? "UNACK" : "NORM";
}
