import type { WebSocket } from "ws";
import type { LiveAlarms } from "./live-alarms.ts";
import { CloseCode } from "./live-request.ts";
import type { LiveUpdates } from "./live-updates.ts";

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
}

export interface LiveClient {
  readonly socket: WebSocket;
  subscribe(subscription: Subscription): void;
  /** Sends what is new for it, if it keeps reading. True when it has nothing more to get. */
  flush(): boolean;
  /** Once a second: the time, and the check whether somebody is still there. Gives the reason to disconnect, if there is one. */
  beat(now: number, monotonicMs: number): readonly [closeCode: number, sentence: string] | null;
  /** Counts a message from the client; false when they are too many. */
  admitRequest(): boolean;
}

export function createLiveClient(
  socket: WebSocket,
  updates: LiveUpdates,
  alarms: LiveAlarms,
  monotonicMs: number,
): LiveClient {
  let subscription: Subscription | null = null;
  let sentTick = -1; // -1: the present state has not been sent yet
  let sentAlarms = -1;
  let lastRead = monotonicMs;
  let lastBuffered = 0;
  let lastHeard = monotonicMs;
  let hasHeard = false;
  let requests = 0;

  socket.on("pong", () => (hasHeard = true));
  socket.on("message", () => (hasHeard = true));

  const isReading = (): boolean => socket.bufferedAmount <= BUFFERED_BYTES_LOW;
  const send = (message: Buffer): void => socket.send(message, { binary: false });

  const news = ({ indexes }: Subscription): Buffer | null => {
    if (sentTick < 0) return updates.state(indexes);
    if (indexes === null && sentTick === updates.tick - 1) return updates.lastTick();
    return updates.after(sentTick, indexes);
  };

  const hasAlarms = ({ alarms: wanted }: Subscription): boolean => wanted && sentAlarms !== alarms.tick;

  const sendAlarms = (): void => {
    const message = sentAlarms < 0 ? alarms.state() : alarms.after(sentAlarms);
    sentAlarms = alarms.tick;
    if (message !== null) send(message);
  };

  const noteSilence = (monotonic: number): void => {
    const buffered = socket.bufferedAmount;
    if (buffered === 0 || buffered < lastBuffered) lastRead = monotonic;
    lastBuffered = buffered;
    if (hasHeard) lastHeard = monotonic;
    hasHeard = false;
  };

  return {
    socket,
    subscribe(wanted) {
      subscription = wanted;
      sentTick = -1;
      sentAlarms = -1;
    },
    flush() {
      if (subscription === null || (sentTick === updates.tick && !hasAlarms(subscription))) return true;
      if (!isReading()) return false;
      const message = sentTick === updates.tick ? null : news(subscription);
      sentTick = updates.tick;
      if (message !== null) send(message);
      if (hasAlarms(subscription)) sendAlarms();
      return true;
    },
    beat(now, monotonic) {
      noteSilence(monotonic);
      requests = 0;
      if (socket.bufferedAmount > BUFFERED_BYTES_MAX)
        return [CloseCode.tryAgainLater, "Too much is waiting to be read."];
      if (monotonic - lastRead > SILENCE_MAX_MS)
        return [CloseCode.tryAgainLater, "Nothing was read for a minute."];
      if (monotonic - lastHeard > SILENCE_MAX_MS)
        return [CloseCode.tryAgainLater, "No ping was answered for a minute."];
      if (!isReading()) return null;
      socket.ping();
      if (subscription?.time === true && sentTick >= 0) send(Buffer.from(`{"time":${now}}`));
      return null;
    },
    admitRequest: () => ++requests <= REQUESTS_MAX,
  };
}
