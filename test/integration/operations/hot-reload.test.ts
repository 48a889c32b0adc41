import { once } from "node:events";
import { get as ask } from "node:http";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as nextTurn } from "node:timers/promises";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plantAt } from "../../../simulators/endpoints.ts";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant } from "../../../simulators/index.ts";
import type { Configuration } from "../../../src/config/configuration.ts";
import { loadConfiguration } from "../../../src/config/load.ts";
import { faultText } from "../../../src/domain/configuration.ts";
import type { ConfigurationOutcome } from "../../../src/domain/configuration.ts";
import type { DeviceHealth } from "../../../src/domain/health.ts";
import { Status } from "../../../src/domain/status.ts";
import { systemClock } from "../../../src/domain/system-clock.ts";
import { startGateway } from "../../../src/gateway/gateway.ts";
import type { Gateway } from "../../../src/gateway/gateway.ts";
import { createMemoryLog, root } from "../../support/plant.ts";
import { temporaryFolder } from "../../support/program.ts";
import { puma, runPuma } from "../../support/puma.ts";
import type { RunningPuma } from "../../support/puma.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import type { MqttSink } from "../../support/mqtt-sink.ts";
import { until } from "../../support/until.ts";

const PERIOD_MS = 2_000;

const profile = (name: string, tags: Readonly<Record<string, string>>): string =>
  [
    `profile: ${name}`,
    "title: Flow meter",
    "document: none",
    "protocol: modbus",
    "tags:",
    ...Object.entries(tags).map(
      ([tag, more], index) =>
        `  ${tag}: { title: ${more}, table: holding, address: ${2 * index}, type: float32, unit: m3/h, range: [0, 1e12], scan: fast }`,
    ),
    "",
  ].join("\n");

/** Of an answer on a connection of its own. */
async function statusOf(url: string): Promise<number> {
  const [answer] = (await once(ask(url, { agent: false }), "response")) as [IncomingMessage];
  await text(answer);
  return answer.statusCode ?? 0;
}

interface Shape {
  readonly devices: readonly string[];
}

/** Devices A, B, C each behind a connection of its own. */
const plantText = (mqtt: string, { devices }: Shape): string =>
  [
    "plant: { id: works, group: test, title: Works, timeZone: America/Lima }",
    `scanClasses: { fast: ${PERIOD_MS}ms, slow: 10s }`,
    `connections: { ${devices.map((one) => `line-${one}: { protocol: modbus-tcp, host: 127.0.0.1, port: 1 }`).join(", ")} }`,
    `devices: { ${devices.map((one) => `${one}: { profile: flow, connection: line-${one}, unit: 1, area: mill, prefix: "${one}-" }`).join(", ")} }`,
    `outputs: { mqtt: { url: "${mqtt}" } }`,
    "data: { dir: ./data }",
    "http: { port: 0, auth: none }",
  ].join("\n");

describe("a plant file that is changed while the gateway runs", () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "works.yaml");
  const profileFile = join(folder.path, "profiles", "flow.yaml");
  const log = createMemoryLog();
  let sink: MqttSink;
  let simulated: SimulatedPlant;
  let gateway: Gateway;

  const write = (shape: Shape): void => writeFileSync(file, plantText(sink.url, shape));
  const read = (): Configuration => {
    const configuration = loadConfiguration(file);
    return { ...configuration, plant: plantAt(configuration.plant, simulated.endpoints) };
  };
  const reload = async (): Promise<ConfigurationOutcome | undefined> => {
    const before = gateway.view;
    const change = { cause: "request", by: "tester", address: null, reason: null } as const;
    const outcome = await gateway.view.configurations?.reload(change);
    if (outcome?.state === "accepted") await until(() => gateway.view !== before, 60_000);
    return outcome;
  };
  const device = (id: string): DeviceHealth | undefined =>
    gateway.view.devices().find((one) => one.device === id);
  const isOnline = (id: string) => () => device(id)?.state === "online";
  /** But for those of the moments in which a busy machine let nothing of this process run. */
  const expectNoPollMissed = (id: string): void => {
    expect(device(id)?.pollsMissed).toBeLessThanOrEqual(2 * gateway.view.eventLoopStalls().count);
    const connection = gateway.view.connections().find((one) => one.connection === `line-${id}`);
    expect(connection?.counters.connects).toBe(1);
  };
  /** Received times of what the history has of a tag. */
  const timesOf = async (id: string): Promise<readonly number[]> => {
    const tag = gateway.view.plant.tags.find((one) => one.id === id);
    await gateway.historian.sync();
    const page = await gateway.view.history.readRaw(tag?.index ?? -1, 0, Date.now() + 1_000, 10_000);
    return [...page.time.subarray(0, page.length)];
  };

  beforeAll(async () => {
    mkdirSync(join(folder.path, "profiles"));
    sink = await startMqttSink();
    writeFileSync(profileFile, profile("flow", { "FT-1": "Feed", "FT-2": "Return" }));
    write({ devices: ["A", "B", "C"] });
    simulated = await startPlant({
      plant: file,
      ports: "ephemeral",
      source: { valueAt: ({ index }, time) => (Math.floor(time / 100) % 100_000) + index },
    });
    write({ devices: ["A", "B"] });
    const started = read();
    gateway = await startGateway({
      plant: started.plant,
      origin: { started, read },
      version: "test",
      clock: systemClock,
      speed: 1,
      sinkClock: systemClock,
      seed: 1,
      log,
      webDir: join(root, "dist", "web"),
    });
    await until(isOnline("A"), 30_000);
    await until(isOnline("B"), 30_000);
  }, 300_000);
  afterAll(async () => {
    await gateway.stop();
    await simulated.close();
    await sink[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it("brings in what is new, ends what is gone, and misses no poll of what stays", async () => {
    write({ devices: ["C", "A", "B"] });
    expect(await reload()).toMatchObject({
      state: "accepted",
      version: { changes: ["connection added: line-C", "device added: C", "tag added: C-FT-1, C-FT-2"] },
    });
    await until(isOnline("C"), 30_000);
    write({ devices: ["C", "A"] });
    expect(await reload()).toMatchObject({ state: "accepted" });
    expect(device("B")).toBeUndefined();
    expect(isOnline("A")()).toBe(true);
    const polls = device("A")?.polls ?? 0;
    await until(() => (device("A")?.polls ?? 0) > polls + 3, 30_000);
    expectNoPollMissed("A");
    const times = await timesOf("A-FT-1");
    expect(times.length).toBeGreaterThan(3);
    const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.max(...pauses)).toBeLessThan(2 * PERIOD_MS + 2 * gateway.view.eventLoopStalls().longestMs);
    await until(() => sink.messages.some(({ topic }) => topic === "test/works/mill/C-FT-1"), 30_000);
  });

  it("is put into use without one request refused or cut", async () => {
    write({ devices: ["A", "C", "B"] });
    const before = gateway.view;
    const changing = reload();
    const statuses: Promise<number>[] = [];
    let open = 0;
    while (gateway.view === before || statuses.length < 400) {
      if (open < 100) {
        open += 1;
        statuses.push(statusOf(`${gateway.httpUrl}/api/v1/tags`).finally(() => (open -= 1)));
      }
      await nextTurn(2);
    }
    expect(await changing).toMatchObject({ state: "accepted" });
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
    write({ devices: ["C", "A"] });
    expect(await reload()).toMatchObject({ state: "accepted" });
  });

  it("keeps the last reading of what stays, and says at once what it is", async () => {
    const tag = gateway.view.plant.tags.find((one) => one.id === "A-FT-1");
    const before = gateway.view.reading(tag?.index ?? -1);
    write({ devices: ["A", "C"] });
    expect(await reload()).toMatchObject({ state: "accepted" });
    const moved = gateway.view.plant.tags.find((one) => one.id === "A-FT-1");
    expect(moved?.index).not.toBe(tag?.index);
    const after = gateway.view.reading(moved?.index ?? -1);
    expect(after.status).not.toBe(Status.BadWaitingForInitialData);
    expect(after.receivedTime).toBeGreaterThanOrEqual(before.receivedTime);
  });

  it("is refused whole when something is wrong with it, and the gateway goes on and calls for it", async () => {
    const view = gateway.view;
    const sound = readFileSync(file, "utf8");
    writeFileSync(
      file,
      sound.replace("profile: flow, connection: line-A", "profile: flaw, connection: line-A"),
    );
    const outcome = await reload();
    expect(outcome?.state === "refused" ? outcome.faults.map(faultText).join() : outcome).toMatch(
      /works\.yaml:\d+:\d+ devices\.A\.profile: there is no profile flaw/u,
    );
    expect(gateway.view).toBe(view);
    expect(isOnline("A")()).toBe(true);
    expect(log.lines.at(-1)?.sentence).toContain("refused");
    const alarm = (): string | undefined => view.alarms.view("gateway.configuration-refused")?.state;
    await until(() => alarm() === "UNACK", 30_000);
    const health = (await (await fetch(`${gateway.httpUrl}/healthz`)).json()) as { reasons: string[] };
    expect(health.reasons.join()).toContain("The changed plant file is not used");
    writeFileSync(file, sound);
    expect(await reload()).toEqual({ state: "unchanged" });
    await until(() => alarm() !== "UNACK", 30_000);
  });

  it("says plainly what cannot be changed while it runs", async () => {
    const sound = readFileSync(file, "utf8");
    writeFileSync(
      file,
      sound.replace("./data", "./elsewhere").replace("port: 0,", "port: 0, host: 127.0.0.2,"),
    );
    const outcome = await reload();
    const faults = outcome?.state === "refused" ? outcome.faults.map(faultText).join("\n") : "";
    expect(faults).toContain("data.dir: this cannot be changed while the gateway runs; restart it");
    expect(faults).toContain("http: this cannot be changed");
    writeFileSync(file, sound);
    expect(await reload()).toEqual({ state: "unchanged" });
  });

  it("is one of the versions that can be compared and gone back to", async () => {
    const get = async <T>(path: string): Promise<T> =>
      (await (await fetch(`${gateway.httpUrl}/api/v1/configuration${path}`)).json()) as T;
    const { current, versions } = await get<{ current: { number: number }; versions: { number: number }[] }>(
      "",
    );
    expect(versions.map(({ number }) => number)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(current.number).toBe(6);
    const difference =
      await get<{ file: string; lines: ({ kind: string; text: string } | null)[] }[]>(
        "/difference?from=1&to=6",
      );
    expect(difference.map(({ file: name }) => name)).toEqual(["plant"]);
    expect(difference[0]?.lines.filter((line) => line?.kind === "added").length).toBeGreaterThan(1);
    const before = gateway.view;
    const answer = await fetch(`${gateway.httpUrl}/api/v1/configuration/rollback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: 1, reason: "B is wanted again" }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { state: "accepted", version: { cause: "rollback", reason: "B is wanted again" } },
    ]);
    await until(() => gateway.view !== before, 60_000);
    expect(readFileSync(file, "utf8")).toBe(plantText(sink.url, { devices: ["A", "B"] }));
    await until(isOnline("B"), 30_000);
    expectNoPollMissed("A");
    expect(device("C")).toBeUndefined();
  });
});

describe("puma run", () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "works.yaml");
  const sound = plantText("mqtt://127.0.0.1:1", { devices: ["A"] }).replace(
    "profile: flow",
    "profile: power-meter",
  );
  let running: RunningPuma;

  beforeAll(async () => {
    writeFileSync(file, sound);
    running = await runPuma(file);
  }, 300_000);
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it("follows its file by itself and at SIGHUP, and keeps every version in what a backup has", async () => {
    const tags = async (): Promise<string[]> => {
      const answer = await fetch(`${running.url}/api/v1/tags`);
      return ((await answer.json()) as { tag: string }[]).map(({ tag }) => tag);
    };
    expect(await tags()).toContain("A-kW");
    writeFileSync(file, sound.replaceAll('"A-"', '"Z-"'));
    await until(async () => (await tags()).includes("Z-kW"), 60_000);
    expect((await tags()).includes("A-kW")).toBe(false);
    running.process.kill("SIGHUP");
    await until(() => running.said().includes("the files of the plant are as they were"), 30_000);
    writeFileSync(file, "plant: nonsense\n");
    await until(() => running.said().includes("the one before runs on"), 60_000);
    expect(await tags()).toContain("Z-kW");
    writeFileSync(file, sound);
    await until(async () => (await tags()).includes("A-kW"), 60_000);
    const { code, out } = await puma(["backup", file, "--to", join(folder.path, "b.tgz")]);
    expect([code, out]).toEqual([0, expect.stringContaining("files")]);
    expect(readFileSync(join(folder.path, "data", "configurations", "000003.json"), "utf8")).toContain("A-");
  });
});
