import { createAlarmEngine } from "../../src/alarms/engine.ts";
import type { AlarmEngine } from "../../src/alarms/engine.ts";
import type { AlarmRule } from "../../src/alarms/rule.ts";
import type { AlarmAction, AlarmRequest, AlarmStanding, AlarmTransition } from "../../src/domain/alarm.ts";
import { Status } from "../../src/domain/status.ts";
import type { StatusCode } from "../../src/domain/status.ts";

export const START = Date.UTC(2026, 10, 22, 12);

export const PLAIN_RULE: AlarmRule = {
  id: "LT-1.H",
  priority: 3,
  condition: { type: "H", limit: { by: "amount", amount: 90 }, deadband: 5 },
  source: 0,
  reference: null,
  when: [],
  isLatching: false,
  onDelayMs: 0,
  offDelayMs: 0,
  reAlarmMs: null,
  group: null,
  follows: false,
  scanMs: 1_000,
  isPolled: true,
};

export const rule = (said: Partial<AlarmRule> = {}): AlarmRule => ({ ...PLAIN_RULE, ...said });

/** Alarms with sources that a test sets and a time that it moves. */
export interface AlarmBench {
  readonly engine: AlarmEngine;
  readonly told: AlarmTransition[];
  /** What source 0, or another, shows from now on; the engine hears of it. */
  show(value: number, status?: StatusCode, source?: number): void;
  /** Time passes, with a sweep every second. */
  pass(seconds: number): void;
  /** Time passes unseen. */
  jump(ms: number): void;
  ask(action: AlarmAction, said?: Partial<AlarmRequest>, index?: number): string | null;
  state(index?: number): AlarmStanding["state"];
  /** From and to of what was told, as one text. */
  story(): string[];
}

export function alarmBench(rules: readonly AlarmRule[], before: readonly AlarmStanding[] = []): AlarmBench {
  let ms = 0;
  const values = new Map<number, { value: number; status: StatusCode; time: number }>();
  const nothing = { value: NaN, status: Status.BadWaitingForInitialData, time: 0 };
  const told: AlarmTransition[] = [];
  const engine = createAlarmEngine(
    rules,
    {
      valueOf: (source) => (values.get(source) ?? nothing).value,
      statusOf: (source) => (values.get(source) ?? nothing).status,
      timeOf: (source) => (values.get(source) ?? nothing).time,
    },
    before,
    (transition) => void told.push(transition),
  );
  const at = () => ({ now: START + ms, monotonicMs: ms });
  return {
    engine,
    told,
    show(value, status = Status.Good, source = 0) {
      values.set(source, { value, status, time: START + ms });
      engine.take(source, value, status, START + ms, at());
    },
    pass(seconds) {
      for (let second = 0; second < seconds; second++) {
        ms += 1_000;
        engine.sweep(at());
      }
    },
    jump: (by) => void (ms += by),
    ask: (action, said = {}, index = 0) =>
      engine.act(index, { action, by: "Ana", reason: null, forMs: null, second: null, ...said }, at())
        ?.sentence ?? null,
    state: (index = 0) => engine.reading(index).standing.state,
    story: () => told.map(({ alarm, from, cause, to }) => `${alarm} ${from} ${cause} ${to}`),
  };
}
