import type { WebSocket } from "ws";
import type { Caller } from "../domain/people.ts";
import type { LiveAlarms } from "./live-alarms.ts";
import { CloseCode } from "./live-request.ts";
import type { LiveUpdates } from "./live-updates.ts";
import { sessionObject } from "./session-object.ts";

/** A client with more than this waiting for it gets nothing new until it has read; then only the latest values. */
const BUFFERED_BYTES_LOW = 256 * 1024;
/** Beyond this it is disconnected. */
const BUFFERED_BYTES_MAX = 8 * 1024 * 1024;
/** So is one that has not read a byte, or not answered a ping, for this long. */
const SILENCE_MAX_MS = 60_000;
/** Messages that one client may send between two heartbeats. */
const REQUESTS_MAX = 20;

interface Subscription {
  /** Tags asked for; null for all. */
  readonly indexes: Int32Array | null;
  readonly time: boolean;
  readonly alarms: boolean;
  readonly session: boolean;
}

export interface LiveClient {
  readonly socket: WebSocket;
  subscribe(subscription: Subscription): void;
  /** Sends what is new for it, if it keeps reading. True when it has nothing more to get. */
  flush(): boolean;
  /** Sends who the client is, if it wants to know. */
  tellCaller(person: Caller): void;
  /** Once a second: the time, and the check whether somebody is still there. Gives the reason to disconnect, if there is one. */
  beat(now: number, monotonicMs: number): readonly [closeCode: number, sentence: string] | null;
  /** Counts a message from the client; false when they are too many. */
  admitRequest(): boolean;
}

/** Once a second: what is wrong with a client that reads nothing or says nothing; null when all is well. */
function watchSilence(socket: WebSocket, monotonicMs: number): (monotonic: number) => string | null {
  let lastRead = monotonicMs;
  let lastBuffered = 0;
  let lastHeard = monotonicMs;
  let hasHeard = false;

  socket.on("pong", () => (hasHeard = true));
  socket.on("message", () => (hasHeard = true));

  return (monotonic) => {
    const buffered = socket.bufferedAmount;
    if (buffered === 0 || buffered < lastBuffered) lastRead = monotonic;
    lastBuffered = buffered;
    if (hasHeard) lastHeard = monotonic;
    hasHeard = false;
    if (buffered > BUFFERED_BYTES_MAX) return "Too much is waiting to be read.";
    if (monotonic - lastRead > SILENCE_MAX_MS) return "Nothing was read for a minute.";
    return monotonic - lastHeard > SILENCE_MAX_MS ? "No ping was answered for a minute." : null;
  };
}

/** What clients are told from. */
export interface LiveSources {
  readonly updates: LiveUpdates;
  readonly alarms: LiveAlarms;
}

/** Tells one client how alarms stand, if it wants to know. */
function createCaller(alarms: LiveAlarms, send: (message: Buffer) => void) {
  let isWanted = false;
  let sentTick = -1; // -1: how all of them stand has not been sent yet
  return {
    restart(wanted: boolean): void {
      isWanted = wanted;
      sentTick = -1;
    },
    isDue: (): boolean => isWanted && sentTick !== alarms.tick,
    tell(): void {
      if (!isWanted || sentTick === alarms.tick) return;
      send(sentTick < 0 ? alarms.state() : alarms.after(sentTick));
      sentTick = alarms.tick;
    },
  };
}

export function createLiveClient(
  socket: WebSocket,
  { updates, alarms }: LiveSources,
  monotonicMs: number,
): LiveClient {
  let subscription: Subscription | null = null;
  let sentTick = -1; // -1: the present state has not been sent yet
  let requests = 0;

  const silenceAt = watchSilence(socket, monotonicMs);
  const isReading = (): boolean => socket.bufferedAmount <= BUFFERED_BYTES_LOW;
  const send = (message: Buffer): void => socket.send(message, { binary: false });
  const caller = createCaller(alarms, send);

  const news = ({ indexes }: Subscription): Buffer | null => {
    if (sentTick < 0) return updates.state(indexes);
    if (sentTick === updates.tick) return null;
    if (indexes === null && sentTick === updates.tick - 1) return updates.lastTick();
    return updates.after(sentTick, indexes);
  };

  return {
    socket,
    subscribe(wanted) {
      subscription = wanted;
      sentTick = -1;
      caller.restart(wanted.alarms);
    },
    flush() {
      if (subscription === null || (sentTick === updates.tick && !caller.isDue())) return true;
      if (!isReading()) return false;
      const message = news(subscription);
      sentTick = updates.tick;
      if (message !== null) send(message);
      caller.tell();
      return true;
    },
    beat(now, monotonic) {
      requests = 0;
      const silence = silenceAt(monotonic);
      if (silence !== null) return [CloseCode.tryAgainLater, silence];
      if (!isReading()) return null;
      socket.ping();
      if (subscription?.time === true && sentTick >= 0) send(Buffer.from(`{"time":${now}}`));
      return null;
    },
    tellCaller(person) {
      if (subscription?.session === true && isReading())
        send(Buffer.from(JSON.stringify({ session: sessionObject(person) })));
    },
    admitRequest: () => ++requests <= REQUESTS_MAX,
  };
}
