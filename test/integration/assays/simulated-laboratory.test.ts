import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCourier } from "../../../simulators/laboratory/courier.ts";
import type { Assay as Reported } from "../../../simulators/laboratory/assay.ts";
import { SAMPLE_PLANS } from "../../../simulators/laboratory/samples.ts";
import type { GatewayReady } from "../../../simulators/main.ts";
import type { Assay } from "../../../src/domain/assay.ts";
import { acceleratedClock, systemClock } from "../../../src/domain/system-clock.ts";
import { metallurgyOf, pointOf, startLaboratory } from "../../support/laboratory.ts";
import type { LaboratoryGateway } from "../../support/laboratory.ts";
import { freePort } from "../../support/free-port.ts";
import { root } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const SPEED = 20;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The last end of a day shift in Lima, 19:00. */
const SHIFT_END = Math.floor(Date.now() / DAY_MS) * DAY_MS;
/** The plant's time when the simulators start: twenty seconds of real time before the end of the shift. */
const BEGIN = SHIFT_END - SPEED * 20_000;
/** An accelerated clock that begins here shows `BEGIN` now. */
const START = Math.round((SPEED * Date.now() - BEGIN) / (SPEED - 1));

const points = [
  ...SAMPLE_PLANS.map(({ tag, unit }) => pointOf(tag, unit)),
  pointOf("AY-954", "g", { every: "batch" }),
  pointOf("AY-955", "1", { every: "batch" }),
];

describe("the simulated laboratory", () => {
  let lab: LaboratoryGateway;
  let dir: string;
  let simulators: ChildProcess;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "puma-simulated-laboratory-"));
    const clock = acceleratedClock(SPEED, START);
    lab = await startLaboratory(clock, { metallurgy: metallurgyOf({ assays: points }) });
    const words = [
      join(root, "devices", "plants", "puma.yaml"),
      "--ports",
      "ephemeral",
      "--pki",
      dir,
      "--links",
      dir,
    ];
    words.push(
      "--start",
      String(START),
      "--speed",
      String(SPEED),
      "--turnaround",
      "0.01",
      "--past-days",
      "2",
    );
    simulators = fork(join(root, "simulators", "main.ts"), words, {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      serialization: "advanced",
    });
    await new Promise((resolve) => simulators.once("message", resolve));
    const ready: GatewayReady = { gateway: lab.gateway.httpUrl };
    simulators.send(ready);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => simulators.once("exit", resolve));
    simulators.kill("SIGTERM");
    await ended;
    await lab[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  const reported = (from: number, to: number): Promise<Assay[]> => lab.assays(`?from=${from}&to=${to}`);

  it("reports the samples of the shift to the gateway once they are assayed", async () => {
    const isThere = async (point: string): Promise<boolean> =>
      (await reported(BEGIN - DAY_MS, SHIFT_END + 1000)).some(
        (one) =>
          one.point === point &&
          Math.abs(Date.parse(String(one.cutTo)) - SHIFT_END) <= 1000 &&
          one.state === "accepted",
      );
    await until(() => isThere("AY-950"), 50_000);
    await until(() => isThere("AY-904"), 30_000);
  });

  it("reports those of the day before too, which the same plant went through, and what was counted", async () => {
    const heads = await until(async () => {
      const own = await lab.assays(`?point=AY-902&from=${BEGIN - DAY_MS}&to=${BEGIN - HOUR_MS}`);
      return own.length >= 1 && own;
    }, 60_000);
    for (const { value } of heads) expect(Math.abs((value ?? 0) / 7.575 - 1)).toBeLessThan(0.25);
    const counted = async (): Promise<{ body: { component: string } }[]> => {
      const { body } = await lab.get(`/api/v1/stocktakes?from=${BEGIN - DAY_MS}&to=${SHIFT_END}`);
      return body as unknown as { body: { component: string } }[];
    };
    await until(async () => (await counted()).length >= 4, 30_000);
    const components = (await counted()).map(({ body }) => body.component);
    expect(new Set(components)).toEqual(new Set(["grinding", "gold-room"]));
  });

  it("reports those of two days before as well, of which it has heard all", async () => {
    const to = BEGIN - DAY_MS - 2 * HOUR_MS;
    await until(async () => (await reported(BEGIN - 2 * DAY_MS, to)).length > 20, 30_000);
  });
});

describe("its courier", () => {
  const result = (changes: Partial<Reported> = {}): Reported => ({
    sample: "S1",
    tag: "AY-903",
    kind: "sample",
    version: 1,
    cutFromMs: SHIFT_END - DAY_MS,
    cutToMs: SHIFT_END,
    reportedMs: SHIFT_END + 1,
    method: "FA-AAS",
    value: 0.5,
    qualifier: "",
    unit: "g/t",
    reason: "",
    ...changes,
  });

  const past = { from: SHIFT_END - 3 * DAY_MS, to: SHIFT_END - HOUR_MS };
  const now = SHIFT_END + HOUR_MS;
  const stopping = new AbortController();
  let lab: LaboratoryGateway;

  beforeEach(async () => {
    lab = await startLaboratory(
      { ...systemClock, now: () => now },
      { metallurgy: metallurgyOf({ assays: points }) },
    );
  });
  afterEach(() => lab[Symbol.asyncDispose]());

  it("carries each result once, and the bar as soon as it is weighed and assayed", async () => {
    const courier = createCourier(lab.gateway.httpUrl, past, stopping.signal);
    const all = [
      result(),
      result({ sample: "D1", tag: "AY-955", unit: "1", value: 0.82 }),
      result({ sample: "D1", tag: "AY-954", unit: "g", value: 5000 }),
    ];
    await until(() => (courier.deliver(all.slice(0, 2), []), courier.account.taken === 2));
    // One that was reported in the meantime, before those that are known.
    await until(() => (courier.deliver(all.toReversed(), []), courier.account.taken === 3));
    await until(async () => ((await lab.get("/api/v1/pours")).body as unknown as unknown[]).length > 0);
    expect((await lab.get("/api/v1/pours")).body).toMatchObject([
      { ref: "D1", body: { doreG: 5000, fineness: 0.82 } },
    ]);
    expect(await lab.assays()).toHaveLength(3);
  });

  it("leaves out what is refused and tells why, and the rest is taken", async () => {
    const told: string[] = [];
    const courier = createCourier(lab.gateway.httpUrl, past, stopping.signal, (sentence) =>
      told.push(sentence),
    );
    const all = [result({ sample: "S9", tag: "AY-999" }), result()];
    await until(() => (courier.deliver(all, []), courier.account.taken === 1));
    expect(courier.account.refused).toBe(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Row 2, point: the plant has no sampling point AY-999/);
  });

  it("goes again while the gateway is away, and loses nothing", async () => {
    const port = await freePort();
    const courier = createCourier(`http://127.0.0.1:${port}`, past, stopping.signal);
    const one = result();
    await until(() => (courier.deliver([one], []), courier.account.lastTrouble));
    expect(courier.account).toMatchObject({ taken: 0, refused: 0 });
    await using late = await startLaboratory(
      { ...systemClock, now: () => now },
      { metallurgy: metallurgyOf({ assays: points }), http: { host: "127.0.0.1", port, auth: "none" } },
    );
    await until(() => (courier.deliver([one], []), courier.account.taken === 1));
    expect(await late.assays()).toHaveLength(1);
  });

  it("shows its token to a gateway that has accounts, and its name stands beside what it brought", async () => {
    await using asking = await startLaboratory(
      { ...systemClock, now: () => now },
      {
        metallurgy: metallurgyOf({ assays: points }),
        http: { host: "127.0.0.1", port: 0, auth: "accounts" },
      },
    );
    const { httpUrl, view } = asking.gateway;
    const stranger = createCourier(httpUrl, past, stopping.signal);
    await until(() => (stranger.deliver([result()], []), stranger.account.lastTrouble));
    const by = { name: "tester", address: null };
    const token = view.people?.administration.addToken(by, "laboratory", "metallurgist") ?? "";
    const courier = createCourier(httpUrl, past, stopping.signal, undefined, token);
    await until(() => (courier.deliver([result()], []), courier.account.taken === 1));
    const assays = view.records.assays.list({ from: 0, to: now, point: null, all: true, rowsMax: 10 });
    expect(assays).toMatchObject([{ by: "laboratory" }]);
  });

  it("adds nothing to what an earlier run of the plant has left of the time before the start", async () => {
    const before = { cutFromMs: past.to - DAY_MS, cutToMs: past.to - HOUR_MS };
    const first = createCourier(lab.gateway.httpUrl, past, stopping.signal);
    await until(() => (first.deliver([result(before)], []), first.account.taken === 1));

    const second = createCourier(lab.gateway.httpUrl, past, stopping.signal);
    const again = [
      result({ ...before, sample: "T1", value: 0.6 }),
      result({ ...before, sample: "T2", tag: "AY-902", value: 7.5 }),
      result({ sample: "T3" }),
    ];
    const counts = [before.cutToMs, SHIFT_END].map((shiftEnd) => ({
      component: "gold-room" as const,
      shiftEnd,
      at: shiftEnd - 60_000,
      goldG: 900,
      uG: 30,
    }));
    await until(() => (second.deliver(again, counts), second.account.taken === 2));
    const samples = (await lab.assays()).map(({ sample }) => sample);
    expect(samples.sort()).toEqual(["S1", "T2", "T3"]);
    expect((await lab.get("/api/v1/stocktakes")).body).toMatchObject([{ body: { goldG: 900 } }]);
  });
});
