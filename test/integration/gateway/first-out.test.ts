import { expect, test } from "vitest";
import { virtualClock } from "../../../simulators/virtual-clock.ts";
import type { Plant } from "../../../src/config/plant.ts";
import { randomFor } from "../../../src/domain/random.ts";
import type { Random } from "../../../src/domain/random.ts";
import type { AlarmDesk } from "../../../src/domain/alarm.ts";
import { alarmConfig } from "../../support/alarm-config.ts";
import { runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { deviceOf, modbusTag, plantOf, tcpConnection } from "../../support/simulated-plant.ts";

const TRIALS = process.env["PUMA_SOAK"] === undefined ? 10 : 100;
const START = Date.UTC(2026, 10, 22, 12);
const SCAN_MS = 20;
const INTERLOCKS = 8;

const idOf = (bit: number): string => `XA-${200 + bit}`;

/** Four interlocks in a word of each of two PLCs, read every 20 ms, in one group. */
function interlocked(): Plant {
  const tags = Array.from({ length: INTERLOCKS }, (_, bit) =>
    modbusTag({
      id: idOf(bit),
      device: bit < 4 ? "P1" : "P2",
      type: "bool",
      unit: null,
      range: null,
      scanClass: "trip",
      periodMs: SCAN_MS,
      source: { address: 90, bit: bit % 4 },
    }),
  );
  const devices = [deviceOf("P1", "one", 1), deviceOf("P2", "two", 2)];
  const plant = plantOf([tcpConnection("one"), tcpConnection("two")], devices, tags);
  return {
    ...plant,
    alarms: tags.map(({ id }) =>
      alarmConfig(`${id}.ON`, { on: { from: "tag", id }, type: "on", group: "chain" }),
    ),
  };
}

interface Trial {
  /** When each interlock trips, ms after the trial begins; Infinity: not at all. */
  readonly trips: readonly number[];
  readonly marks: readonly (string | null)[];
}

interface Chain extends AsyncDisposable {
  try(trips: readonly number[]): Promise<Trial>;
}

/** Devices and gateway on one virtual clock, joined by real sockets. */
async function startChain(): Promise<Chain> {
  const clock = virtualClock(START);
  const tripsAt = new Map<string, number>();
  const source = {
    valueAt: (tag: { id: string }, time: number) => time >= (tripsAt.get(tag.id) ?? Infinity),
  };
  const running: RunningPlant = await runPlant(
    interlocked(),
    undefined,
    { clock, source, refreshMs: 1 },
    clock,
  );
  const { alarms } = running.gateway.view;
  await running.simulated.advance("2s");
  return {
    async try(trips) {
      const begin = clock.now() + 500;
      for (const [bit, after] of trips.entries()) tripsAt.set(idOf(bit), begin + after);
      await running.simulated.advance("4s");
      const marks = trips.map((_, bit) => alarms.view(`${idOf(bit)}.ON`)?.firstOut ?? null);
      tripsAt.clear();
      await running.simulated.advance("1s");
      acknowledgeAll(alarms);
      return { trips, marks };
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

function acknowledgeAll(alarms: AlarmDesk): void {
  const request = { action: "acknowledge", by: "Ana", reason: null, forMs: null, second: null } as const;
  for (const { id } of alarms.outlines) alarms.act(id, request);
}

/** So many interlocks, the first of them this much before the others. */
function tripsOf(random: Random, leadMs: number, spreadMs: number): readonly number[] {
  const first = Math.floor(random() * INTERLOCKS);
  const begin = random() * 3 * SCAN_MS;
  return Array.from({ length: INTERLOCKS }, (_, bit) =>
    bit === first ? begin : begin + leadMs + random() * spreadMs,
  );
}

test(`of eight interlocks of two PLCs within 300 ms, the first by 100 ms is marked in ${TRIALS} of ${TRIALS} trials`, async () => {
  const random = randomFor("interlocks", 1);
  await using chain = await startChain();
  for (let turn = 0; turn < TRIALS; turn++) {
    const { trips, marks } = await chain.try(tripsOf(random, 100, 200));
    const first = trips.indexOf(Math.min(...trips));
    expect(marks, trips.join(" ")).toEqual(trips.map((_, bit) => (bit === first ? "first" : "follower")));
  }
}, 1_200_000);

test("closer than two scans it is undetermined, and what is marked as first always was", async () => {
  const random = randomFor("interlocks", 2);
  await using chain = await startChain();
  for (let turn = 0; turn < TRIALS; turn++) {
    const { trips, marks } = await chain.try(tripsOf(random, random() * 3 * SCAN_MS, 200));
    const [first = NaN, second = NaN] = trips.toSorted((a, b) => a - b);
    const marked = marks.indexOf("first");
    if (marked >= 0) expect(trips[marked], trips.join(" ")).toBe(first);
    else expect(marks[trips.indexOf(first)]).toBe("undetermined");
    if (second - first < SCAN_MS) expect(marked).toBe(-1);
  }
}, 1_200_000);
