import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, newSession, REBIRTH_PAUSE_MS } from "../../../src/outputs/sparkplug/session.ts";
import type { Effect, Session, SessionEvent, SessionRules } from "../../../src/outputs/sparkplug/session.ts";

const ALONE: SessionRules = { brokers: 1, awaitsHost: false };
const HOSTED: SessionRules = { brokers: 1, awaitsHost: true };
const TWO: SessionRules = { brokers: 2, awaitsHost: true };

const lost: SessionEvent = { kind: "lost", error: new Error("cut") };
const host = (isOnline: boolean, timestamp: number): SessionEvent => ({
  kind: "host",
  state: { isOnline, timestamp },
});
const asked = (nowMs: number): SessionEvent => ({ kind: "rebirth-asked", nowMs });
const due = (nowMs: number): SessionEvent => ({ kind: "rebirth-due", nowMs });
const CONNECTED: readonly SessionEvent[] = [
  { kind: "connect" },
  { kind: "reached" },
  { kind: "accepted" },
  { kind: "subscribed" },
];

/** Where a story ends, and every effect on the way. */
function play(
  rules: SessionRules,
  events: readonly SessionEvent[],
  from = newSession(rules, -1),
): { session: Session; effects: Effect[]; last: string[] } {
  let session = from;
  const effects: Effect[] = [];
  let last: readonly Effect[] = [];
  for (const event of events) {
    ({ session, effects: last } = advance(session, event, rules));
    effects.push(...last);
  }
  return { session, effects, last: last.map(({ kind }) => kind) };
}

interface Story {
  readonly does: string;
  readonly rules: SessionRules;
  readonly events: readonly SessionEvent[];
  readonly phase: Session["phase"];
  /** Effects of the last event. */
  readonly last: readonly Effect["kind"][];
  readonly broker?: number;
}

const STORIES: readonly Story[] = [
  {
    does: "dials before it says anything",
    rules: ALONE,
    events: CONNECTED.slice(0, 1),
    phase: "dialling",
    last: ["dial"],
  },
  {
    does: "introduces itself once the transport is open",
    rules: ALONE,
    events: CONNECTED.slice(0, 2),
    phase: "connecting",
    last: ["introduce"],
  },
  {
    does: "subscribes once it is accepted",
    rules: ALONE,
    events: CONNECTED.slice(0, 3),
    phase: "subscribing",
    last: ["subscribe"],
  },
  {
    does: "is born once it is subscribed, where no primary host is awaited",
    rules: ALONE,
    events: CONNECTED,
    phase: "online",
    last: ["births", "ready"],
  },
  {
    does: "waits without end at its only broker for a primary host that never spoke",
    rules: HOSTED,
    events: CONNECTED,
    phase: "waiting",
    last: [],
  },
  {
    does: "stays at its only broker while the primary host is offline",
    rules: HOSTED,
    events: [...CONNECTED, host(false, 5)],
    phase: "waiting",
    last: [],
  },
  {
    does: "is born when the primary host comes online",
    rules: HOSTED,
    events: [...CONNECTED, host(false, 5), host(true, 5)],
    phase: "online",
    last: ["births", "ready"],
  },
  {
    does: "is born at once when the host's retained state came before the word about the subscription",
    rules: HOSTED,
    events: [...CONNECTED.slice(0, 3), host(true, 5), { kind: "subscribed" }],
    phase: "online",
    last: ["births", "ready"],
  },
  {
    does: "does not believe an online state older than the last state",
    rules: HOSTED,
    events: [...CONNECTED, host(false, 5), host(true, 4)],
    phase: "waiting",
    last: [],
  },
  {
    does: "gives a host at one of several brokers some time",
    rules: TWO,
    events: CONNECTED,
    phase: "waiting",
    last: ["await-host"],
  },
  {
    does: "walks on when the host does not show up in time",
    rules: TWO,
    events: [...CONNECTED, { kind: "host-overdue" }],
    phase: "offline",
    last: ["farewell", "fail"],
    broker: 1,
  },
  {
    does: "walks on at once when the host says that it is offline here",
    rules: TWO,
    events: [...CONNECTED, host(false, 1)],
    phase: "offline",
    last: ["farewell", "fail"],
    broker: 1,
  },
  {
    does: "walks on at once when the retained state says so before the word about the subscription",
    rules: TWO,
    events: [...CONNECTED.slice(0, 3), host(false, 1), { kind: "subscribed" }],
    phase: "offline",
    last: ["farewell", "fail"],
    broker: 1,
  },
  {
    does: "leaves when the primary host goes offline, and tries the next broker",
    rules: TWO,
    events: [...CONNECTED, host(true, 1), host(false, 1)],
    phase: "offline",
    last: ["farewell", "fail"],
    broker: 1,
  },
  {
    does: "stays when the host's offline state is older than its online one",
    rules: TWO,
    events: [...CONNECTED, host(true, 5), host(false, 4)],
    phase: "online",
    last: [],
  },
  {
    does: "takes a later online state without another birth, for a host that was away till now",
    rules: HOSTED,
    events: [...CONNECTED, host(true, 5), host(true, 6)],
    phase: "online",
    last: ["returned"],
  },
  {
    does: "takes the same online state told twice for no news",
    rules: HOSTED,
    events: [...CONNECTED, host(true, 5), host(true, 5)],
    phase: "online",
    last: [],
  },
  {
    does: "forgets what a host said before the connection broke",
    rules: HOSTED,
    events: [...CONNECTED, host(true, 5), lost, ...CONNECTED],
    phase: "waiting",
    last: [],
  },
  {
    does: "remembers when a host spoke before the connection broke",
    rules: HOSTED,
    events: [...CONNECTED, host(true, 5), lost, ...CONNECTED, host(true, 4)],
    phase: "waiting",
    last: [],
  },
  {
    does: "answers a rebirth request with births, for somebody who was away till now",
    rules: ALONE,
    events: [...CONNECTED, asked(0)],
    phase: "online",
    last: ["births", "returned"],
  },
  {
    does: "puts a second request off",
    rules: ALONE,
    events: [...CONNECTED, asked(0), asked(1000)],
    phase: "online",
    last: ["delay-rebirth"],
  },
  {
    does: "puts a third request together with the second",
    rules: ALONE,
    events: [...CONNECTED, asked(0), asked(1000), asked(2000)],
    phase: "online",
    last: [],
  },
  {
    does: "answers those put off when their time has come",
    rules: ALONE,
    events: [...CONNECTED, asked(0), asked(1000), due(REBIRTH_PAUSE_MS)],
    phase: "online",
    last: ["births", "returned"],
  },
  {
    does: "answers none twice",
    rules: ALONE,
    events: [...CONNECTED, asked(0), asked(1000), due(REBIRTH_PAUSE_MS), due(REBIRTH_PAUSE_MS + 1)],
    phase: "online",
    last: [],
  },
  {
    does: "answers again after the pause",
    rules: ALONE,
    events: [...CONNECTED, asked(0), asked(REBIRTH_PAUSE_MS)],
    phase: "online",
    last: ["births", "returned"],
  },
  {
    does: "does not answer a rebirth request before its birth",
    rules: HOSTED,
    events: [...CONNECTED, asked(0)],
    phase: "waiting",
    last: [],
  },
  {
    does: "does not answer one while it subscribes either",
    rules: ALONE,
    events: [...CONNECTED.slice(0, 3), asked(0)],
    phase: "subscribing",
    last: [],
  },
  {
    does: "says what failed when it cannot connect",
    rules: TWO,
    events: [{ kind: "connect" }, lost],
    phase: "offline",
    last: ["fail"],
    broker: 1,
  },
  {
    does: "comes back to the first broker after the last",
    rules: TWO,
    events: [{ kind: "connect" }, lost, { kind: "connect" }, lost],
    phase: "offline",
    last: ["fail"],
    broker: 0,
  },
  {
    does: "takes a loss while offline for no news",
    rules: ALONE,
    events: [lost],
    phase: "offline",
    last: [],
  },
  {
    does: "says goodbye when it stops online",
    rules: ALONE,
    events: [...CONNECTED, { kind: "stop" }],
    phase: "closed",
    last: ["farewell", "fail"],
  },
  {
    does: "says goodbye when it stops waiting",
    rules: HOSTED,
    events: [...CONNECTED, { kind: "stop" }],
    phase: "closed",
    last: ["farewell", "fail"],
  },
  {
    does: "has nobody to say goodbye to when it stops dialling",
    rules: ALONE,
    events: [{ kind: "connect" }, { kind: "stop" }],
    phase: "closed",
    last: ["fail"],
  },
  {
    does: "stays closed",
    rules: ALONE,
    events: [{ kind: "stop" }, { kind: "connect" }, lost, { kind: "stop" }],
    phase: "closed",
    last: [],
  },
];

describe("an edge node's session", () => {
  test.each(STORIES.map((story) => [story.does, story] as const))(
    "%s",
    (_does, { rules, events, phase, last, broker = 0 }) => {
      const end = play(rules, events);
      expect(end.session.phase).toBe(phase);
      expect(end.last).toEqual(last);
      expect(end.session.broker).toBe(broker);
    },
  );

  test("delays a rebirth just until the pause is over", () => {
    const { effects } = play(ALONE, [...CONNECTED, asked(500), asked(3500)]);
    expect(effects.at(-1)).toEqual({ kind: "delay-rebirth", ms: REBIRTH_PAUSE_MS - 3000 });
  });

  test("counts CONNECTs from 0 to 255 and begins again, and does not count a broker that was never reached", () => {
    const bdSeqs: number[] = [];
    let session = newSession(ALONE, -1);
    for (let round = 0; round < 600; round++) {
      const wasReached = round % 2 === 0;
      const end = play(ALONE, wasReached ? [...CONNECTED, lost] : [{ kind: "connect" }, lost], session);
      session = end.session;
      for (const effect of end.effects) if (effect.kind === "introduce") bdSeqs.push(effect.bdSeq);
    }
    expect(bdSeqs).toEqual(Array.from({ length: 300 }, (_, index) => index % 256));
  });

  test("goes on counting where it stopped before the restart", () => {
    const { effects } = play(ALONE, CONNECTED, newSession(ALONE, 41));
    expect(effects).toContainEqual({ kind: "introduce", bdSeq: 42 });
  });

  test("keeps its bdSeq over a rebirth", () => {
    const before = play(ALONE, CONNECTED).session;
    expect(play(ALONE, [asked(0), asked(1), due(20_000)], before).session.bdSeq).toBe(before.bdSeq);
  });

  test("goes through a hundred cycles of its primary host without a birth too many or too few", () => {
    let session = newSession(TWO, -1);
    for (let cycle = 1; cycle <= 100; cycle++) {
      const end = play(TWO, [...CONNECTED, host(true, cycle), host(false, cycle)], session);
      session = end.session;
      const kinds = end.effects.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "births")).toHaveLength(1);
      expect(kinds.filter((kind) => kind === "farewell")).toHaveLength(1);
      expect(session).toMatchObject({ phase: "offline", broker: cycle % 2, bdSeq: cycle - 1 });
    }
  });

  test("never sends a birth unless it is connected and the awaited host is online, whatever happens", () => {
    const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
      fc.constantFrom<SessionEvent>(...CONNECTED, { kind: "host-overdue" }, lost),
      fc.tuple(fc.boolean(), fc.nat({ max: 5 })).map(([isOnline, time]) => host(isOnline, time)),
      fc.nat({ max: 30_000 }).map(asked),
      fc.nat({ max: 30_000 }).map(due),
    );
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 60 }),
        fc.constantFrom(ALONE, HOSTED, TWO),
        (events, rules) => {
          let session = newSession(rules, -1);
          for (const event of events) {
            const { session: next, effects } = advance(session, event, rules);
            if (effects.some(({ kind }) => kind === "births")) {
              expect(next.phase).toBe("online");
              if (rules.awaitsHost) expect(next.hosts[next.broker]?.isOnline).toBe(true);
            }
            if (next.phase === "offline" && session.phase === "online")
              expect(effects.map(({ kind }) => kind)).toContain("fail");
            session = next;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
