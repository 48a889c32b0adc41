import { ask } from "./api.ts";
import { annunciation, applyAlarms, forgetAlarms } from "./alarm-store.ts";
import type {
  AlarmAnswer,
  AnnunciationAnswer,
  DeviceAnswer,
  EquipmentAnswer,
  LimitAnswer,
  OutputAnswer,
  PlantAnswer,
  TagAnswer,
  Update,
} from "./api.ts";
import { inOwnWords } from "./plant-texts.ts";
import { enter, entrance, findMe } from "./session.ts";
import type { Me } from "./session.ts";
import { loadEquipment, loadLimits } from "./equipment-store.ts";
import { forgetSparks } from "./spark-store.ts";
import { applyUpdates, clockAheadMin, devices, link, loadPlant, lostAt, outputs, plantNow } from "./store.ts";

/** The gateway says the time every second; without a word for this long it is gone. */
const SILENCE_MAX_MS = 2400;
const WATCH_MS = 200;
const RETRY_MIN_MS = 300;
const RETRY_MAX_MS = 2000;
const HEALTH_MS = 2000;
/** Limits that follow another reading, and those that somebody has changed. */
const LIMITS_MS = 30_000;

let socket: WebSocket | null = null;
let isConnecting = false;
let lastHeard = 0;
let retryMs = RETRY_MIN_MS;

/** The plant's clock, from what the gateway last said; the browser's own plays no part but to be told of when it is wrong. */
let clockBase = { time: 0, at: 0, speed: 1 };

/** Clocks that agree to within this are not told of: people do not compare them more closely. */
const CLOCK_ERROR_MAX_MIN = 2;

function setClock(time: number, speed: number): void {
  clockBase = { time, at: performance.now(), speed };
  const ahead = speed === 1 ? Math.round((Date.now() - time) / 60_000) : 0;
  clockAheadMin.value = Math.abs(ahead) < CLOCK_ERROR_MAX_MIN ? 0 : ahead;
  if (plantNow.peek() === 0) plantNow.value = time;
}

function timeNow(): number {
  return clockBase.time + (performance.now() - clockBase.at) * clockBase.speed;
}

function receive(text: string): void {
  lastHeard = performance.now();
  const message = JSON.parse(text) as
    | Update[]
    | { time?: number; alarms?: readonly AlarmAnswer[]; annunciation?: AnnunciationAnswer; session?: Me };
  if (Array.isArray(message)) {
    applyUpdates(message);
    link.value = "live";
    retryMs = RETRY_MIN_MS;
  } else if (message.session !== undefined) {
    enter(message.session);
  } else if (message.alarms !== undefined) {
    applyAlarms(inOwnWords(message.alarms));
    if (message.annunciation !== undefined) annunciation.value = message.annunciation;
  } else if (typeof message.time === "number") {
    setClock(message.time, clockBase.speed);
  }
}

/** The link is gone: everything on the page is old from now on. */
function lose(gone: WebSocket | null): void {
  if (gone !== socket) return;
  socket = null;
  if (link.value === "live") lostAt.value = timeNow();
  link.value = "lost";
  setTimeout(() => void connect(), retryMs);
  retryMs = Math.min(RETRY_MAX_MS, retryMs * 1.6);
}

/** Reads the plant anew and follows it; so a gateway that comes back changed is shown as it is now. */
async function connect(): Promise<void> {
  if (isConnecting || socket !== null) return;
  isConnecting = true;
  try {
    if (!(await findMe())) {
      link.value = "connecting"; // nothing is lost: there is nobody to show it to
      return;
    }
    const [plant, tags, limits, equipment] = await Promise.all([
      ask<PlantAnswer>("/api/v1/plant"),
      ask<TagAnswer[]>("/api/v1/tags"),
      ask<LimitAnswer[]>("/api/v1/limits"),
      ask<EquipmentAnswer[]>("/api/v1/equipment"),
    ]);
    setClock(Date.parse(plant.time), plant.speed);
    loadPlant(plant, tags);
    loadEquipment(equipment, limits);
    forgetSparks();
    forgetAlarms();
    void askHealth();
  } catch {
    // The gateway is still away: the banner says so, and the next attempt follows.
    lose(null);
    return;
  } finally {
    isConnecting = false;
  }
  const opened = new WebSocket(
    `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`,
  );
  socket = opened;
  lastHeard = performance.now();
  opened.addEventListener("open", () =>
    opened.send('{"subscribe":"*","time":true,"alarms":true,"session":true}'),
  );
  opened.addEventListener("message", ({ data }) => {
    if (opened === socket) receive(String(data));
  });
  opened.addEventListener("close", () => lose(opened));
}

async function askHealth(): Promise<void> {
  try {
    const [nextDevices, nextOutputs] = await Promise.all([
      ask<DeviceAnswer[]>("/api/v1/devices"),
      ask<OutputAnswer[]>("/api/v1/outputs"),
    ]);
    devices.value = nextDevices;
    outputs.value = nextOutputs;
  } catch {
    // A gateway that is away is noticed by the live socket.
  }
}

/** Connects, watches over the connection, and keeps the clock and the health strips going. */
export function startLink(): void {
  void connect();
  let wasClosed = false;
  entrance.subscribe((because) => {
    if (wasClosed && because === null) void connect(); // somebody has just come in at the entrance
    wasClosed = because !== null;
  });
  setInterval(() => {
    const silent = socket;
    if (silent === null || performance.now() - lastHeard < SILENCE_MAX_MS) return;
    lose(silent);
    silent.close();
  }, WATCH_MS);
  setInterval(() => {
    plantNow.value = timeNow();
  }, 1000);
  setInterval(() => {
    if (link.value === "live") void askHealth();
  }, HEALTH_MS);
  setInterval(() => {
    if (link.value === "live") void ask<LimitAnswer[]>("/api/v1/limits").then(loadLimits, () => undefined);
  }, LIMITS_MS);
}
