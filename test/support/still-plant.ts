import { join } from "node:path";
import { loadPlant } from "../../src/config/load.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { AlarmDesk, AlarmState, AlarmView } from "../../src/domain/alarm.ts";
import type { Reading, ReadingValue } from "../../src/domain/batch.ts";
import { Status } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import { SHIFT } from "./gold-gateway.ts";
import { batchFrom } from "./history.ts";
import { silentLog, startHttp } from "./http-server.ts";
import { deviceHealthOf } from "./http-view.ts";
import { clockAt, startLaboratory } from "./laboratory.ts";
import { course } from "./metric-bench.ts";
import { root } from "./plant.ts";
import { until } from "./until.ts";
import type { HttpServer } from "./http-server.ts";

const MINUTE = 60_000;

/** Four in the afternoon of the shift, for ever. */
export const STILL_NOW = SHIFT.from + 9 * 60 * MINUTE;

/** When everything was read last, by the history too: what comes live is nothing new then, whichever the page is told first. */
const LAST_READ = STILL_NOW - MINUTE;

/** What is not as it should be, and since when: the reading behind it shows the value. */
const STANDING: Readonly<Record<string, readonly [state: AlarmState, value: number, minutesAgo: number]>> = {
  "AT-401A.LL": ["UNACK", 9.92, 2],
  "AT-401A.L": ["ACK", 9.92, 17],
  "TT-501.H": ["RTNUN", 131.4, 31],
  "PT-207.H": ["UNACK", 158, 4],
  "LT-109.L": ["ACK", 12.6, 55],
};

const COMPUTED = ["MILL-1.L", "MILL-2.L"];

/** The Puma plant with its figures, alarms and texts, but without its devices. */
export function pumaWithoutDevices(): Partial<Plant> & Pick<Plant, "tags"> {
  const { title, tags, metallurgy, texts, alarms = [] } = loadPuma();
  const own = alarms.filter(({ on }) => on.from !== "device");
  return { title, tags, alarms: own, ...(metallurgy && { metallurgy }), ...(texts && { texts }) };
}

function loadPuma(): Plant {
  return loadPlant(join(root, "devices", "plants", "puma.yaml"));
}

/** Between the limits of its alarms, or within its range. */
function ordinary({ id, range }: Tag, { alarms = [] }: Plant): number {
  const limits = (types: readonly string[]): number[] =>
    alarms.flatMap(({ on, type, limit }) =>
      on.id === id && types.includes(type) && limit !== null && "amount" in limit ? [limit.amount] : [],
    );
  const low = Math.max(range?.low ?? 0, ...limits(["L", "LL"]));
  const high = Math.min(range?.high ?? 2_000, ...limits(["H", "HH"]));
  return low + 0.6 * (high - low);
}

function shownBy(tag: Tag, plant: Plant): ReadingValue {
  if (tag.type === "bool") return plant.equipment?.some(({ running }) => running === tag.id) ?? false;
  if (tag.values !== null) return 1;
  const alarm = plant.alarms?.find(({ id, on }) => on.id === tag.id && id in STANDING);
  return STANDING[alarm?.id ?? ""]?.[1] ?? ordinary(tag, plant);
}

function readingsOf(plant: Plant): readonly Reading[] {
  return plant.tags.map((tag) => ({
    tag,
    value: shownBy(tag, plant),
    status: Status.Good,
    sourceTime: LAST_READ,
    receivedTime: LAST_READ,
  }));
}

/** The desk of the real gateway, whose alarms see no readings, with alarms that stand: those, and nothing else. */
function deskWith(desk: AlarmDesk): AlarmDesk {
  const shown = (view: AlarmView): AlarmView => {
    const [state, value, minutesAgo] = STANDING[view.alarm] ?? [];
    if (state === undefined || value === undefined || minutesAgo === undefined)
      return { ...view, state: "NORM", activeSince: null };
    const since = STILL_NOW - minutesAgo * MINUTE;
    const by = state === "ACK" ? "ana" : null;
    return { ...view, state, value, status: Status.Good, since, activeSince: since, by };
  };
  const views = desk.all().map(shown);
  return {
    ...desk,
    all: () => views,
    annunciation: () => ({ calls: [], silences: [], lastTenMinutes: 0, isFlood: false }),
    view: (alarm) => views.find((one) => one.alarm === alarm) ?? null,
  };
}

/** The last hour of every tag that is a number, as a wave. */
function lastHour({ index }: Tag, value: number): ReturnType<typeof batchFrom> {
  const wave = (time: number): number => value * (1 + 0.03 * Math.sin(time / (4 + (index % 7)) / MINUTE));
  return batchFrom(index, course(LAST_READ - 59 * MINUTE, LAST_READ + 1, MINUTE, wave));
}

/** The Puma plant at a moment that does not pass: a real gateway with its figures, its history and its alarms, and readings
 *  that stand where they are. */
export async function serveStillPlant(webDir: string): Promise<HttpServer & AsyncDisposable> {
  const puma = loadPuma();
  const clock = clockAt(() => STILL_NOW);
  const { equipment = [], overview } = puma;
  const changes = { ...pumaWithoutDevices(), equipment, ...(overview && { overview }) };
  const lab = await startLaboratory(clock, changes);
  const { gateway } = lab;
  const readings = readingsOf(puma);
  for (const { tag, value } of readings)
    if (typeof value === "number" && tag.rolloverCounts === null)
      gateway.historian.append(lastHour(tag, value));
  await gateway.historian.sync();
  gateway.reopen(SHIFT.from);
  await until(() => gateway.view.figures.counts().pending === 0, 60_000);
  // These limits follow figures, which come after a moment.
  await until(() => COMPUTED.every((alarm) => gateway.view.alarms.view(alarm)?.limit !== null), 60_000);
  const devices = puma.devices.map(({ id, title, area }) =>
    deviceHealthOf(id, { title, area, lastAnswer: STILL_NOW }),
  );
  const view = {
    ...gateway.view,
    plant: puma,
    reading: (index: number) => readings[index] as Reading,
    devices: () => devices,
    alarms: deskWith(gateway.view.alarms),
    isReady: () => true,
  };
  const server = await startHttp({ view, clock, log: silentLog, webDir });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server.close();
      await lab[Symbol.asyncDispose]();
    },
  };
}
