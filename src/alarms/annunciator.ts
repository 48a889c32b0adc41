import type { AlarmState, AlarmTransition, Annunciation, Silence } from "../domain/alarm.ts";
import type { EpochMs } from "../domain/time.ts";
import { isFlooded } from "./floods.ts";

/** A silence ends by itself after this long: what nobody has taken note of by then is heard again, ms.
 *  Source: ANSI/ISA-18.2, audible re-annunciation; EEMUA 191, 3rd ed., silencing is not accepting. */
export const SILENCE_MS = 300_000;

/** Silences that are kept; a plant has fewer consoles than that. */
const CONSOLES_MAX = 64;

const TEN_MINUTES_MS = 600_000;
/** Calls of ten minutes that are remembered; a flood is one long before. */
const RECENT_MAX = 10_000;

/** Diagnostic alarms are seen and not heard: no operator is to run for them. */
const HEARD = [1, 2, 3] as const;

type Call = Pick<AlarmTransition, "alarm" | "priority" | "at">;

/** What is to be heard, and where it is silenced. Each console has a horn of its own and silences its own: another room
 *  may not have heard yet. Whatever calls after that is heard again. */
export interface Annunciator {
  take(transition: Pick<AlarmTransition, "alarm" | "priority" | "at" | "from" | "to">): void;
  silence(console: string, by: string, now: EpochMs): void;
  view(now: EpochMs): Annunciation;
}

/** `standing`: alarms that nobody had taken note of when the gateway stopped. They are heard again. */
export function createAnnunciator(standing: readonly (Call & { readonly state: AlarmState })[]): Annunciator {
  const calls = new Map<string, Call>();
  for (const { state, ...call } of standing) if (state === "UNACK") calls.set(call.alarm, call);
  const silences = new Map<string, Silence>();
  let recent: EpochMs[] = [];
  let isFlood = false;
  const flood = (now: EpochMs): Pick<Annunciation, "lastTenMinutes" | "isFlood"> => {
    recent = recent.filter((at) => at > now - TEN_MINUTES_MS).slice(-RECENT_MAX);
    isFlood = isFlooded(recent.length, isFlood);
    return { lastTenMinutes: recent.length, isFlood };
  };
  return {
    take({ alarm, priority, at, from, to }) {
      if (to !== "UNACK") calls.delete(alarm);
      else if (from !== "UNACK") {
        calls.set(alarm, { alarm, priority, at });
        recent.push(at);
        if (recent.length > 2 * RECENT_MAX) recent = recent.slice(-RECENT_MAX);
      }
    },
    silence(console, by, now) {
      silences.delete(console);
      silences.set(console, { console, by, at: now, until: now + SILENCE_MS });
      for (const oldest of [...silences.keys()].slice(0, -CONSOLES_MAX)) silences.delete(oldest);
    },
    view(now) {
      for (const [console, { until }] of silences) if (until <= now) silences.delete(console);
      return {
        calls: HEARD.flatMap((priority) => callsOf(priority, calls)),
        silences: [...silences.values()],
        ...flood(now),
      };
    },
  };
}

function callsOf(priority: (typeof HEARD)[number], calls: ReadonlyMap<string, Call>): Annunciation["calls"] {
  const own = [...calls.values()].filter((call) => call.priority === priority);
  if (own.length === 0) return [];
  return [{ priority, alarms: own.length, last: own.reduce((last, { at }) => Math.max(last, at), 0) }];
}
