import { join } from "node:path";
import { openControl } from "../../simulators/control.ts";
import { startPlant } from "../../simulators/index.ts";
import { loadPlant } from "../../src/config/load.ts";
import type { Plant } from "../../src/config/plant.ts";
import type { Reading, ReadingValue } from "../../src/domain/batch.ts";
import type { SimulatorDesk } from "../../src/domain/simulation.ts";
import { Status } from "../../src/domain/status.ts";
import type { Tag } from "../../src/domain/tag.ts";
import type { Clock } from "../../src/domain/time.ts";
import { createSimulatorDesk } from "../../src/gateway/simulator-channel.ts";
import type { GatewayView } from "../../src/http/view.ts";
import { SHIFT } from "./gold-gateway.ts";
import { batchFrom } from "./history.ts";
import { silentLog, startHttp } from "./http-server.ts";
import { clockAt, startLaboratory } from "./laboratory.ts";
import type { LaboratoryGateway } from "./laboratory.ts";
import { course } from "./metric-bench.ts";
import { addAccounts, testPeople } from "./people.ts";
import { root } from "./plant.ts";
import { temporaryFolder } from "./program.ts";
import { STANDING, stillAlarms } from "./still-alarms.ts";
import { fillBooks } from "./still-books.ts";
import { stillFiles } from "./still-files.ts";
import { DATA_DIR, SILENT, stillHealth } from "./still-health.ts";
import { until } from "./until.ts";
import { virtualClock } from "./virtual-clock.ts";

const MINUTE = 60_000;

/** Four in the afternoon of the shift, for ever. */
export const STILL_NOW = SHIFT.from + 9 * 60 * MINUTE;

/** When everything was read last, by the history too: what comes live is nothing new then, whichever the page is told first. */
const LAST_READ = STILL_NOW - MINUTE;

/** The shift before this one, whose figures are known. */
const PAST_FROM = SHIFT.from - 12 * 60 * MINUTE;

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

/** Where it usually is, between the limits of its alarms, or within its range. */
function ordinary({ id, range, normal }: Tag, { alarms = [] }: Plant): number {
  const limits = (types: readonly string[]): number[] =>
    alarms.flatMap(({ on, type, limit }) =>
      on.id === id && types.includes(type) && limit !== null && "amount" in limit ? [limit.amount] : [],
    );
  const usual = normal ?? range;
  const low = Math.max(usual?.low ?? 0, ...limits(["L", "LL"]));
  const high = Math.min(usual?.high ?? 2_000, ...limits(["H", "HH"]));
  return low + 0.6 * (high - low);
}

function shownBy(tag: Tag, plant: Plant): ReadingValue {
  if (tag.type === "bool") return plant.equipment?.some(({ running }) => running === tag.id) ?? false;
  if (tag.values !== null) return 1;
  const alarm = plant.alarms?.find(({ id, on }) => on.id === tag.id && id in STANDING);
  return STANDING[alarm?.id ?? ""]?.[1] ?? ordinary(tag, plant);
}

function readingsOf(plant: Plant): readonly Reading[] {
  return plant.tags.map((tag) => {
    if (tag.device !== SILENT.device)
      return {
        tag,
        value: shownBy(tag, plant),
        status: Status.Good,
        sourceTime: LAST_READ,
        receivedTime: LAST_READ,
      };
    const lost = STILL_NOW - SILENT.minutes * MINUTE;
    return { tag, value: null, status: Status.BadNoCommunication, sourceTime: lost, receivedTime: lost };
  });
}

/** What every tag that is a number has been: a wave. */
function pastOf({ index }: Tag, value: number): ReturnType<typeof batchFrom> {
  const wave = (time: number): number =>
    value * (1 + 0.03 * Math.sin(time / (14 + 3 * (index % 7)) / MINUTE));
  return batchFrom(index, course(PAST_FROM, LAST_READ + 1, MINUTE, wave));
}

/** The simulators of the plant, which stand still too, with a fault under way. */
async function stillSimulators(dir: string): Promise<AsyncDisposable & { readonly desk: SimulatorDesk }> {
  const simulated = await startPlant({ clock: virtualClock(STILL_NOW) });
  const socket = join(dir, "control.sock");
  const control = await openControl(simulated, socket);
  const desk = createSimulatorDesk(socket);
  await desk.order({ ask: "inject", wish: { fault: "dead", device: SILENT.device, forMs: 60 * MINUTE } });
  return {
    desk,
    async [Symbol.asyncDispose]() {
      await control.close();
      await simulated.close();
    },
  };
}

/** Who may come in where the plant asks for accounts, all with the same password. */
const ACCOUNTS = { ana: "operator", ines: "engineer", jorge: "admin", vera: "viewer" } as const;

export interface StillPlant extends AsyncDisposable {
  /** For everybody who sits at the machine. */
  readonly url: string;
  /** For those who have an account. */
  readonly guardedUrl: string;
}

/** The Puma plant at a moment that does not pass: a real gateway with its figures, its history, its alarms and its books, and readings
 *  that stand where they are. */
export async function serveStillPlant(webDir: string): Promise<StillPlant> {
  await using ends = new AsyncDisposableStack();
  const puma = loadPuma();
  const clock = clockAt(() => STILL_NOW);
  const dir = ends.use(temporaryFolder()).path;
  const lab = ends.use(await startStillGateway(clock, puma));
  const simulators = ends.use(await stillSimulators(dir));
  const people = testPeople(clock);
  ends.defer(() => people.close());
  await addAccounts(people.people, ACCOUNTS);
  const readings = readingsOf(puma);
  const { view: real } = lab.gateway;
  const view = {
    ...real,
    ...stillHealth(puma, real, STILL_NOW),
    plant: { ...puma, data: { ...puma.data, dir: DATA_DIR }, http: { ...puma.http, port: 0 } },
    version: "1.0.0",
    release: { licence: "MIT", billOfMaterials: null },
    startedAt: SHIFT.from,
    reading: (index: number) => readings[index] as Reading,
    alarms: stillAlarms(real.alarms, STILL_NOW),
    configurations: await stillFiles(dir, clock),
    simulators: simulators.desk,
  };
  const serve = async (more: Partial<GatewayView>): Promise<string> => {
    const server = await startHttp({ view: { ...view, ...more }, clock, log: silentLog, webDir });
    ends.defer(() => server.close());
    return server.url;
  };
  const url = await serve({});
  const http = { ...view.plant.http, auth: "accounts" } as const;
  const guardedUrl = await serve({ people: people.people, plant: { ...view.plant, http } });
  const kept = ends.move();
  return { url, guardedUrl, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The gateway of the plant without its devices, with the shift before this one and this one so far in its history, and all figures of them. */
async function startStillGateway(clock: Clock, puma: Plant): Promise<LaboratoryGateway> {
  const { equipment = [], overview } = puma;
  const changes = { ...pumaWithoutDevices(), equipment, ...(overview && { overview }) };
  const lab = await startLaboratory(clock, changes);
  const { gateway } = lab;
  for (const { tag, value } of readingsOf(puma))
    if (typeof value === "number" && tag.rolloverCounts === null)
      gateway.historian.append(pastOf(tag, value));
  await gateway.historian.sync();
  await fillBooks(lab, STILL_NOW);
  gateway.reopen(PAST_FROM);
  await until(() => gateway.view.figures.counts().pending === 0, 60_000);
  // These limits follow figures, which come after a moment.
  await until(() => COMPUTED.every((alarm) => gateway.view.alarms.view(alarm)?.limit !== null), 60_000);
  return lab;
}
