import { expect, test } from "vitest";
import { alarmName, alarmPlant } from "../../support/alarm-plant.ts";
import { runPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const ALARMS = 1_000;

test("of a flood of a thousand alarms every transition is in the journal, once and in order, and what people ask is answered meanwhile", async () => {
  const field = alarmPlant(ALARMS, 500);
  await using running = await runPlant(field.plant, undefined, { source: field.source, refreshMs: 1 });
  const { alarms } = running.gateway.view;
  await until(() => running.gateway.view.isReady(), 30_000);
  const calling = (): number => alarms.all().filter(({ state }) => state === "UNACK").length;
  for (let wave = 0; wave < 10; wave++) {
    // The first hundred have those that are then acknowledged, gone and back.
    field.set(
      Array.from({ length: ALARMS / 10 }, (_, index) => (wave * ALARMS) / 10 + index),
      95,
    );
    await until(() => calling() >= ((wave + 1) * ALARMS) / 10, 30_000);
    const answer = await fetch(
      `${running.gateway.httpUrl}/api/v1/alarms/${alarmName(wave + 20)}/acknowledge`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      },
    );
    expect(answer.status).toBe(200);
    field.set([wave + 20], 50);
    await until(() => alarms.view(alarmName(wave + 20))?.state === "NORM", 30_000);
    field.set([wave + 20], 95);
    await until(() => alarms.view(alarmName(wave + 20))?.state === "UNACK", 30_000);
  }
  expect(calling()).toBe(ALARMS);
  const events = alarms.history(0, Date.now() + 60_000, null, 100_000).toReversed();
  const calls = events.filter(({ cause }) => cause === "alarm");
  expect(new Set(calls.map(({ alarm }) => alarm)).size).toBe(ALARMS);
  expect(calls).toHaveLength(ALARMS + 10);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(alarms.counts().transitions).toBe(events.length);
  expect(alarms.annunciation()).toMatchObject({ lastTenMinutes: ALARMS + 10, isFlood: true });
}, 240_000);
