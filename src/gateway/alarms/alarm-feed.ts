import type { AlarmEvent } from "../../domain/alarm.ts";
import type { NewsSource } from "../../domain/ports.ts";
import type { Journal } from "../../store/journal/journal.ts";

/** Transitions written at once. */
const EVENTS_MAX = 500;

/** The transitions of alarms for one output, from the journal: none is lost however long the sink is away. */
export interface AlarmFeed extends NewsSource<AlarmEvent> {
  /** There may be new ones in the journal. */
  ring(): void;
}

export function createAlarmFeed(output: string, { alarms }: Pick<Journal, "alarms">): AlarmFeed {
  alarms.enter(output);
  let wake = (): void => undefined;
  let isStale = true;
  let inHand: readonly AlarmEvent[] = [];
  return {
    ring() {
      isStale = true;
      wake();
    },
    isReady: () => isStale || inHand.length > 0,
    onceReady: (call) => void (wake = call),
    peek() {
      if (inHand.length > 0 || !isStale) return inHand;
      inHand = alarms.next(output, EVENTS_MAX);
      isStale = inHand.length === EVENTS_MAX;
      return inHand;
    },
    acknowledge() {
      const last = inHand.at(-1);
      inHand = [];
      if (last !== undefined) alarms.taken(output, last.sequence);
    },
  };
}
