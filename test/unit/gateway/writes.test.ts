import { describe, expect, test } from "vitest";
import type { Reading } from "../../../src/domain/batch.ts";
import { createBatch } from "../../../src/domain/batch.ts";
import { ConnectionLost } from "../../../src/domain/errors.ts";
import { saidElsewhere } from "../../../src/domain/said.ts";
import type { SingleAccess, WriteOutcome } from "../../../src/domain/ports.ts";
import { Status } from "../../../src/domain/status.ts";
import type { TagCommand, Writer, WriteRule } from "../../../src/domain/write.ts";
import { openWrites } from "../../../src/gateway/writes/desk.ts";
import { createRateLimits } from "../../../src/gateway/writes/rate-limits.ts";
import { memoryJournal, openJournal } from "../../../src/store/journal/journal.ts";
import type { Journal } from "../../../src/store/journal/journal.ts";
import { temporaryFolder } from "../../support/program.ts";
import { createMemoryLog } from "../../support/plant.ts";
import { tagOf } from "../../support/tags.ts";
import { until } from "../../support/until.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const SP = tagOf(0, { id: "FIC-1.SP", type: "float32" });
const PERMIT = tagOf(1, { id: "XS-1P", title: "Dosing is permitted", type: "bool", range: null });
const VALVE = tagOf(2, { id: "HC-2", type: "bool", range: null });
const tags = [SP, PERMIT, VALVE];
const RULES: readonly WriteRule[] = [
  {
    tag: "FIC-1.SP",
    role: "operator",
    range: { low: 0, high: 60 },
    rate: { writesMax: 2, perMs: 60_000 },
    when: "XS-1P",
  },
  { tag: "HC-2", role: "engineer", range: null, rate: { writesMax: 9, perMs: 60_000 }, when: null },
];
const EVA: Writer = { name: "Eva", role: "operator", session: "s1", address: "10.0.0.7" };

interface Bench {
  readonly readings: Map<number, Pick<Reading, "value" | "status">>;
  /** What the device holds, and every raw value that was written to it. */
  readonly device: {
    holds: number;
    readonly written: (number | bigint)[];
    outcome: WriteOutcome;
    isLost: boolean;
  };
}

function bench(open: (dir: string) => Journal = openJournal) {
  const folder = temporaryFolder();
  const journal = open(folder.path);
  const clock = virtualClock();
  const state: Bench = {
    readings: new Map<number, Pick<Reading, "value" | "status">>([
      [0, { value: 31.3, status: Status.Good }],
      [1, { value: true, status: Status.Good }],
      [2, { value: false, status: Status.Good }],
    ]),
    device: { holds: 31.3, written: [], outcome: { kind: "taken" }, isLost: false },
  };
  const { device, readings } = state;
  const single: SingleAccess = {
    async read(tag) {
      if (device.isLost) throw new ConnectionLost(saidElsewhere("cut"));
      const batch = createBatch(1);
      batch.length = 1;
      batch.tag[0] = tag.index;
      batch.value[0] = device.holds;
      return { batch, wire: "" };
    },
    async write(_tag, raw) {
      device.written.push(raw);
      if (device.outcome.kind === "taken") device.holds = Number(raw);
      return device.outcome;
    },
  };
  const writes = openWrites({
    rates: createRateLimits(() => clock.monotonic()),
    plant: { tags, writes: RULES },
    journal,
    image: {
      reading: (index) => ({
        tag: tags[index] ?? SP,
        sourceTime: 0,
        receivedTime: 0,
        ...(readings.get(index) ?? { value: null, status: Status.BadStale }),
      }),
    },
    links: [
      {
        driver: {
          groups: [{ device: "P1", scanClass: "fast", periodMs: 1000, unit: "1", tags }],
          single,
        },
      },
    ],
    clock,
    sinkClock: clock,
    log: createMemoryLog(),
  });
  const audit = () => journal.audit.between(0, Number.MAX_SAFE_INTEGER, 1000).toReversed();
  return {
    ...state,
    ...writes,
    clock,
    journal,
    audit,
    actions: () => audit().map(({ action }) => action),
    async write(value: number | boolean = 35, by = EVA, tag = "FIC-1.SP") {
      const { token } = writes.desk.prepare(by, { tag, value, reason: "thick pulp" });
      return writes.desk.confirm(by, tag, token);
    },
    async [Symbol.asyncDispose]() {
      await writes.close();
      journal.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Lets promises settle and time pass until `work` is done. */
async function finish<T>(clock: { advance(ms: number): Promise<void> }, work: Promise<T>): Promise<T> {
  const state = { isDone: false };
  const done = work.finally(() => (state.isDone = true));
  done.catch(() => undefined);
  for (let i = 0; i < 400 && !state.isDone; i++) await clock.advance(25);
  return done;
}

describe("a write", () => {
  test("is prepared, confirmed, written once, read back, and in the audit from beginning to end", async () => {
    await using desk = bench();
    const prepared = desk.desk.prepare(EVA, { tag: "FIC-1.SP", value: 35, reason: "thick pulp" });
    expect(prepared).toMatchObject({ tag: "FIC-1.SP", before: 31.3, after: 35 });
    expect(desk.device.written).toEqual([]);
    const report = await finish(desk.clock, desk.desk.confirm(EVA, "FIC-1.SP", prepared.token));
    expect(report).toMatchObject({ outcome: "confirmed", before: 31.3, after: 35, found: 35 });
    expect(desk.device.written).toEqual([35]);
    const row = { by: "Eva", subject: "FIC-1.SP", before: "31.3", after: "35", address: "10.0.0.7" };
    expect(desk.audit()).toMatchObject([
      { ...row, action: "write-sent", reason: "thick pulp" },
      { ...row, action: "write-confirmed", reason: "thick pulp" },
    ]);
  });

  test("that the device answers and does not keep is told as not confirmed within two periods", async () => {
    await using desk = bench();
    Object.assign(desk.device, { outcome: { kind: "unknown", reason: "no answer" } });
    const start = desk.clock.monotonic();
    const report = await finish(desk.clock, desk.write());
    expect(report).toMatchObject({ outcome: "not-confirmed", found: 31.3, detail: "no answer" });
    expect(desk.clock.monotonic() - start).toBeLessThanOrEqual(2 * SP.periodMs + 100);
    expect(desk.device.written).toHaveLength(1);
    expect(desk.audit().at(-1)).toMatchObject({ action: "write-not-confirmed" });
  });

  test("without an answer is confirmed when the device turns out to hold the value, and is never sent again", async () => {
    await using desk = bench();
    desk.device.outcome = { kind: "unknown", reason: "no answer" };
    const writing = desk.write();
    desk.device.holds = 35;
    expect(await finish(desk.clock, writing)).toMatchObject({ outcome: "confirmed" });
    expect(desk.device.written).toHaveLength(1);
  });

  test("over a link that goes down is not confirmed, and what the device holds is not known", async () => {
    await using desk = bench();
    Object.assign(desk.device, { isLost: true, outcome: { kind: "unknown", reason: "cut" } });
    expect(await finish(desk.clock, desk.write())).toMatchObject({ outcome: "not-confirmed", found: null });
  });

  test("that the device refuses says so", async () => {
    await using desk = bench();
    desk.device.outcome = { kind: "refused", reason: "the device does not take this value" };
    const report = await finish(desk.clock, desk.write());
    expect(report).toMatchObject({ outcome: "refused", detail: "the device does not take this value" });
    expect(desk.actions()).toEqual(["write-sent", "write-rejected"]);
  });

  test("that is under way when the gateway stops is told as not confirmed", async () => {
    const desk = bench();
    desk.device.outcome = { kind: "unknown", reason: "no answer" };
    const writing = desk.write();
    await desk.clock.advance(100);
    await desk.close();
    expect(await writing).toMatchObject({ outcome: "not-confirmed" });
    await desk[Symbol.asyncDispose]();
  });
});

describe("a write is refused, and the refusal is in the audit,", () => {
  const viewer: Writer = { ...EVA, role: "viewer" };
  test.each([
    ["of a tag that is not there", "FIC-9.SP", 35, EVA, {}, "unknown-tag"],
    ["of a tag that the plant file does not enable", "XS-1P", true, EVA, {}, "not-enabled"],
    ["by whoever has not the role", "FIC-1.SP", 35, viewer, {}, "role"],
    ["by an operator where it takes an engineer", "HC-2", true, EVA, {}, "role"],
    ["of not a number", "FIC-1.SP", NaN, EVA, {}, "unfit"],
    ["of infinity", "FIC-1.SP", Infinity, EVA, {}, "unfit"],
    ["of a truth where a number is", "FIC-1.SP", true, EVA, {}, "unfit"],
    ["above the range", "FIC-1.SP", 60.001, EVA, {}, "range"],
    ["below the range", "FIC-1.SP", -0.001, EVA, {}, "range"],
    [
      "while the interlock does not permit it",
      "FIC-1.SP",
      35,
      EVA,
      { 1: { value: false, status: Status.Good } },
      "interlock",
    ],
    [
      "while the interlock is stale",
      "FIC-1.SP",
      35,
      EVA,
      { 1: { value: true, status: Status.UncertainStale } },
      "interlock",
    ],
    [
      "while the interlock is bad",
      "FIC-1.SP",
      35,
      EVA,
      { 1: { value: null, status: Status.BadNoCommunication } },
      "interlock",
    ],
    [
      "while the present value is not known",
      "FIC-1.SP",
      35,
      EVA,
      { 0: { value: null, status: Status.BadStale } },
      "not-known",
    ],
  ] as const)("%s", async (_what, tag, value, by, readings, kind) => {
    await using desk = bench();
    for (const [index, reading] of Object.entries(readings)) desk.readings.set(Number(index), reading);
    await expect(desk.write(value, by, tag)).rejects.toMatchObject({ code: "WRITE_REFUSAL", kind });
    expect(desk.device.written).toEqual([]);
    expect(desk.audit()).toMatchObject([
      { action: "write-refused", by: "Eva", subject: tag, after: String(value) },
    ]);
  });

  test("when the interlock trips between preparing and confirming", async () => {
    await using desk = bench();
    const { token } = desk.desk.prepare(EVA, { tag: "FIC-1.SP", value: 35, reason: "r" });
    desk.readings.set(1, { value: false, status: Status.Good });
    await expect(desk.desk.confirm(EVA, "FIC-1.SP", token)).rejects.toMatchObject({ kind: "interlock" });
    expect(desk.device.written).toEqual([]);
  });

  test.each([
    [
      "a second time",
      async (desk: ReturnType<typeof bench>, token: string) => {
        await finish(desk.clock, desk.desk.confirm(EVA, "FIC-1.SP", token));
        return desk.desk.confirm(EVA, "FIC-1.SP", token);
      },
    ],
    [
      "a minute later",
      async (desk: ReturnType<typeof bench>, token: string) => {
        await desk.clock.advance(60_001);
        return desk.desk.confirm(EVA, "FIC-1.SP", token);
      },
    ],
    [
      "by somebody else",
      (desk: ReturnType<typeof bench>, token: string) =>
        desk.desk.confirm({ ...EVA, name: "Luis" }, "FIC-1.SP", token),
    ],
    [
      "from another session",
      (desk: ReturnType<typeof bench>, token: string) =>
        desk.desk.confirm({ ...EVA, session: "s2" }, "FIC-1.SP", token),
    ],
    [
      "for another tag",
      (desk: ReturnType<typeof bench>, token: string) => desk.desk.confirm(EVA, "HC-2", token),
    ],
    ["with a made-up token", (desk: ReturnType<typeof bench>) => desk.desk.confirm(EVA, "FIC-1.SP", "x")],
  ] as const)("when it is confirmed %s", async (_what, confirm) => {
    await using desk = bench();
    const { token } = desk.desk.prepare(EVA, { tag: "FIC-1.SP", value: 35, reason: "r" });
    await expect(confirm(desk, token)).rejects.toMatchObject({ kind: "expired" });
    expect(desk.device.written.length).toBeLessThanOrEqual(1);
    expect(desk.actions().at(-1)).toBe("write-refused");
  });

  test("beyond the rate, until the time is over", async () => {
    await using desk = bench();
    await finish(desk.clock, desk.write(35));
    await finish(desk.clock, desk.write(36));
    await expect(desk.write(37)).rejects.toMatchObject({ kind: "rate" });
    await desk.clock.advance(60_000);
    expect(await finish(desk.clock, desk.write(37))).toMatchObject({ outcome: "confirmed" });
  });

  test("while the same tag is being written", async () => {
    await using desk = bench();
    desk.device.outcome = { kind: "unknown", reason: "no answer" };
    const first = desk.write(35);
    await expect(desk.write(36)).rejects.toMatchObject({ kind: "busy" });
    await finish(desk.clock, first);
  });

  test("while the audit cannot be kept: nobody could account for it", async () => {
    await using desk = bench(() => memoryJournal("the disk is gone"));
    const { token } = desk.desk.prepare(EVA, { tag: "FIC-1.SP", value: 35, reason: "r" });
    await expect(desk.desk.confirm(EVA, "FIC-1.SP", token)).rejects.toMatchObject({ kind: "unkept" });
    expect(desk.device.written).toEqual([]);
  });
});

describe("a command from a broker", () => {
  const command = (desk: ReturnType<typeof bench>, changes: Partial<TagCommand> = {}): TagCommand => ({
    device: "P1",
    name: "FIC-1.SP",
    tag: 0,
    value: 35,
    sentAt: desk.clock.now(),
    fault: null,
    ...changes,
  });

  test("is written under the same guard, and read back", async () => {
    await using desk = bench();
    desk.command("scada", "operator", command(desk));
    await until(() => desk.actions().length === 2);
    expect(desk.device.written).toEqual([35]);
    expect(desk.audit()).toMatchObject([
      { action: "write-sent", by: "sparkplug:scada" },
      { action: "write-confirmed", by: "sparkplug:scada" },
    ]);
  });

  test.each([
    ["where the output takes none", null, {}],
    ["of a role that may not", "operator", { name: "HC-2", tag: 2, value: true }],
    ["out of range", "operator", { value: 61 }],
    ["of not a number", "operator", { value: NaN }],
    ["of another type", "operator", { value: null }],
    ["for a metric that is not there", "operator", { tag: null }],
    ["for another device's metric", "operator", { device: "P2" }],
    ["ten seconds old", "operator", { sentAt: -10_000 }],
    ["from the future", "operator", { sentAt: 10_000 }],
    ["without a time", "operator", { sentAt: null }],
    ["that contradicts itself", "operator", { fault: "Name and alias are not of one metric." }],
  ] as const)("%s writes nothing and is in the audit", async (_what, role, changes) => {
    await using desk = bench();
    const sent = command(desk, changes);
    const sentAt =
      changes !== null && "sentAt" in changes && typeof changes.sentAt === "number"
        ? desk.clock.now() + changes.sentAt
        : sent.sentAt;
    desk.command("scada", role, { ...sent, sentAt });
    await desk.clock.advance(500);
    expect(desk.device.written).toEqual([]);
    expect(desk.actions()).toEqual(["write-refused"]);
  });

  test("that was carried out is not carried out again when it is replayed", async () => {
    await using desk = bench();
    const sent = command(desk);
    desk.command("scada", "operator", sent);
    await until(() => desk.actions().length === 2);
    desk.command("scada", "operator", sent);
    await desk.clock.advance(500);
    expect(desk.device.written).toEqual([35]);
    expect(desk.audit().at(-1)).toMatchObject({ action: "write-refused" });
  });

  test("ten thousand at once are counted, and fill neither the audit nor the device", async () => {
    await using desk = bench();
    for (let i = 0; i < 10_000; i++) desk.command("scada", "operator", command(desk, { value: 1000 + i }));
    await desk.clock.advance(10_000);
    expect(desk.device.written).toEqual([]);
    expect(desk.audit()).toHaveLength(21);
    expect(desk.audit().at(-1)?.reason).toBe("9980 more were refused in 10 s");
  });
});
