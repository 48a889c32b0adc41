import { ConnectionLost } from "../../domain/errors.ts";
import { say, saidElsewhere } from "../../domain/said.ts";
import type { Said } from "../../domain/said.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HostState } from "./host-state.ts";

/** The life of an edge node as a pure machine: session × event → session and effects, which somebody else carries out.
 *  Sparkplug 3.0.0, 5.4 (establishment), 5.6 (termination), 5.10 (several servers), 5.13 (rebirth). */
export interface Session {
  readonly phase: Phase;
  /** Which of the brokers; the next one after every failure. */
  readonly broker: number;
  /** Counts CONNECT packets, 0…255 and round again; that of the present or coming one. */
  readonly bdSeq: number;
  /** The newest word about the primary host at each broker; null where nothing was ever heard. */
  readonly hosts: readonly (HostMemory | null)[];
  /** Monotonic ms before which no rebirth is answered. */
  readonly rebirthFrom: number;
  readonly isRebirthDue: boolean;
}

/** `isOnline` is null when the word is from an earlier connection: its time still counts, what it says no longer does. */
export interface HostMemory {
  readonly isOnline: boolean | null;
  readonly timestamp: EpochMs;
}

export type Phase =
  /** No connection. */
  | "offline"
  /** The transport is being opened. */
  | "dialling"
  /** CONNECT is on its way. */
  | "connecting"
  | "subscribing"
  /** Connected, but the primary host is not known to be online at this broker. */
  | "waiting"
  /** Born: data may be sent. */
  | "online"
  | "closed";

export type SessionEvent =
  | { readonly kind: "connect" }
  /** The transport is open. */
  | { readonly kind: "reached" }
  /** The broker has accepted us. */
  | { readonly kind: "accepted" }
  | { readonly kind: "subscribed" }
  | { readonly kind: "host"; readonly state: HostState }
  /** The primary host did not show up in time. */
  | { readonly kind: "host-overdue" }
  | { readonly kind: "rebirth-asked"; readonly nowMs: number }
  | { readonly kind: "rebirth-due"; readonly nowMs: number }
  | { readonly kind: "lost"; readonly error: Error }
  | { readonly kind: "stop" };

export type Effect =
  /** Open the transport to this one of the brokers. */
  | { readonly kind: "dial"; readonly broker: number }
  /** Keep `bdSeq` safe, then CONNECT with a Will that names it. */
  | { readonly kind: "introduce"; readonly bdSeq: number }
  | { readonly kind: "subscribe" }
  /** Report `host-overdue` after so long. */
  | { readonly kind: "await-host"; readonly ms: number }
  /** NBIRTH and every DBIRTH, before anything else leaves. */
  | { readonly kind: "births" }
  /** Readings may come. */
  | { readonly kind: "ready" }
  /** A host has been away till now. */
  | { readonly kind: "returned" }
  /** Report `rebirth-due` after so long. */
  | { readonly kind: "delay-rebirth"; readonly ms: number }
  /** NDEATH, then DISCONNECT. */
  | { readonly kind: "farewell" }
  /** Whoever waits for this session waits in vain. */
  | { readonly kind: "fail"; readonly reason: Said; readonly cause: Error | null };

export interface Step {
  readonly session: Session;
  readonly effects: readonly Effect[];
}

export interface SessionRules {
  readonly brokers: number;
  /** Whether to wait for a primary host. */
  readonly awaitsHost: boolean;
}

const BD_SEQ_MAX = 255;

/** How long a broker may leave us without word of the primary host before we try the next one. */
const HOST_WAIT_MS = 5000;

/** Hosts that miss a message all ask at once, and again; the births of a large node are not for nothing. */
export const REBIRTH_PAUSE_MS = 10_000;

/** `lastBdSeq` is that of the last CONNECT ever sent; −1 for none. */
export function newSession({ brokers }: SessionRules, lastBdSeq: number): Session {
  return {
    phase: "offline",
    broker: 0,
    bdSeq: lastBdSeq,
    hosts: Array.from({ length: brokers }, () => null),
    rebirthFrom: -Infinity,
    isRebirthDue: false,
  };
}

type Phases = Record<Phase, (session: Session, event: SessionEvent, rules: SessionRules) => Step>;

const PHASES: Phases = {
  offline: (session, { kind }) => (kind === "connect" ? dial(session) : stay(session)),
  dialling: (session, { kind }) => (kind === "reached" ? introduce(session) : stay(session)),
  connecting: (session, { kind }) => (kind === "accepted" ? subscribe(session) : stay(session)),
  subscribing: afterSubscribing,
  waiting: whileWaiting,
  online: whileOnline,
  closed: stay,
};

/** What follows from an event. One that means nothing in this phase changes nothing. */
export function advance(session: Session, event: SessionEvent, rules: SessionRules): Step {
  if (event.kind === "stop") return stop(session);
  if (event.kind === "lost") return lose(session, event.error, rules);
  return PHASES[session.phase](session, event, rules);
}

function stay(session: Session): Step {
  return { session, effects: [] };
}

function dial(session: Session): Step {
  const hosts = session.hosts.map((host, index) =>
    host !== null && index === session.broker ? { ...host, isOnline: null } : host,
  );
  return {
    session: { ...session, phase: "dialling", hosts },
    effects: [{ kind: "dial", broker: session.broker }],
  };
}

/** Only a CONNECT that is really sent counts. */
function introduce(session: Session): Step {
  const bdSeq = session.bdSeq >= BD_SEQ_MAX ? 0 : session.bdSeq + 1;
  return { session: { ...session, phase: "connecting", bdSeq }, effects: [{ kind: "introduce", bdSeq }] };
}

function subscribe(session: Session): Step {
  return { session: { ...session, phase: "subscribing" }, effects: [{ kind: "subscribe" }] };
}

/** A retained STATE may arrive before the word that we are subscribed. */
function afterSubscribing(session: Session, event: SessionEvent, rules: SessionRules): Step {
  if (event.kind === "host") return stay(hear(session, event.state));
  if (event.kind !== "subscribed") return stay(session);
  if (!rules.awaitsHost) return beBorn(session);
  const waiting: Session = { ...session, phase: "waiting" };
  return judgeHost(waiting, rules, rules.brokers > 1 ? [{ kind: "await-host", ms: HOST_WAIT_MS }] : []);
}

function whileWaiting(session: Session, event: SessionEvent, rules: SessionRules): Step {
  if (event.kind === "host-overdue")
    return leave(session, rules, [
      { kind: "farewell" },
      { kind: "fail", reason: say("primary-host-absent"), cause: null },
    ]);
  return event.kind === "host" ? judgeHost(hear(session, event.state), rules, []) : stay(session);
}

/** With only one broker there is nowhere to go: stay and wait. */
function judgeHost(session: Session, rules: SessionRules, otherwise: readonly Effect[]): Step {
  const isOnline = hostOf(session)?.isOnline ?? null;
  if (isOnline === true) return beBorn(session);
  if (isOnline === null || rules.brokers === 1) return { session, effects: otherwise };
  return leave(session, rules, [
    { kind: "farewell" },
    { kind: "fail", reason: say("primary-host-offline"), cause: null },
  ]);
}

function whileOnline(session: Session, event: SessionEvent, rules: SessionRules): Step {
  if (event.kind === "host") return judgeHostOnline(hear(session, event.state), hostOf(session), rules);
  if (event.kind === "rebirth-asked") return askRebirth(session, event.nowMs);
  const isDue = event.kind === "rebirth-due" && session.isRebirthDue;
  return isDue ? rebirth(session, event.nowMs) : stay(session);
}

/** A broker that died without a word keeps the host's last STATE: a later one says that the host comes back only now. */
function judgeHostOnline(session: Session, before: HostMemory | null, rules: SessionRules): Step {
  const host = hostOf(session);
  if (host?.isOnline !== false) {
    const isLater = before !== null && host !== null && host.timestamp > before.timestamp;
    return isLater ? { session, effects: [{ kind: "returned" }] } : stay(session);
  }
  return leave(session, rules, [
    { kind: "farewell" },
    { kind: "fail", reason: say("primary-host-gone"), cause: null },
  ]);
}

/** One that comes too soon is answered later, and several of them once: their senders still miss something. */
function askRebirth(session: Session, nowMs: number): Step {
  if (session.isRebirthDue) return stay(session);
  if (nowMs >= session.rebirthFrom) return rebirth(session, nowMs);
  return {
    session: { ...session, isRebirthDue: true },
    effects: [{ kind: "delay-rebirth", ms: session.rebirthFrom - nowMs }],
  };
}

/** The same session goes on, with the same bdSeq. Whoever asks has missed the births before, or what followed them. */
function rebirth(session: Session, nowMs: number): Step {
  return {
    session: { ...session, isRebirthDue: false, rebirthFrom: nowMs + REBIRTH_PAUSE_MS },
    effects: [{ kind: "births" }, { kind: "returned" }],
  };
}

function beBorn(session: Session): Step {
  return {
    session: { ...session, phase: "online", isRebirthDue: false },
    effects: [{ kind: "births" }, { kind: "ready" }],
  };
}

function leave(session: Session, { brokers }: SessionRules, effects: readonly Effect[]): Step {
  const broker = (session.broker + 1) % brokers;
  return { session: { ...session, phase: "offline", broker, isRebirthDue: false }, effects };
}

function lose(session: Session, error: Error, rules: SessionRules): Step {
  if (session.phase === "offline" || session.phase === "closed") return stay(session);
  return leave(session, rules, [
    {
      kind: "fail",
      reason: error instanceof ConnectionLost ? error.said : saidElsewhere(error.message),
      cause: error,
    },
  ]);
}

function stop(session: Session): Step {
  const effects: Effect[] = [];
  if (isConnected(session)) effects.push({ kind: "farewell" });
  if (session.phase !== "closed") effects.push({ kind: "fail", reason: say("output-closed"), cause: null });
  return { session: { ...session, phase: "closed" }, effects };
}

function isConnected({ phase }: Session): boolean {
  return phase === "subscribing" || phase === "waiting" || phase === "online";
}

function hostOf({ hosts, broker }: Session): HostMemory | null {
  return hosts[broker] ?? null;
}

/** Takes a STATE message in, unless it is older than the last one: Wills and retained messages come late. */
function hear(session: Session, state: HostState): Session {
  const before: EpochMs = hostOf(session)?.timestamp ?? -Infinity;
  if (state.timestamp < before) return session;
  return { ...session, hosts: session.hosts.map((host, index) => (index === session.broker ? state : host)) };
}
