import { join } from "node:path";
import { expect, test } from "vitest";
import { steadyState } from "../../../simulators/instruments/steady-state.ts";
import { createCalendar } from "../../../src/domain/calendar.ts";
import type { Period } from "../../../src/domain/calendar.ts";
import { Status } from "../../../src/domain/status.ts";
import type { Gateway } from "../../../src/gateway/gateway.ts";
import { batchFrom } from "../../support/history.ts";
import { course } from "../../support/metric-bench.ts";
import { startMqttSink } from "../../support/mqtt-sink.ts";
import { mqttContext } from "../../support/outputs.ts";
import { root, runPlant } from "../../support/plant.ts";
import { freePort } from "../../support/free-port.ts";
import { until } from "../../support/until.ts";

/** The readings that the dry tonnes of the last shift are made of. Gives the shift. */
async function bringShift({ view, historian }: Gateway): Promise<Period> {
  const { plant } = view;
  const calendar = createCalendar(plant);
  const shift = calendar.previous(calendar.periodAt("shift", Date.now()));
  const source = steadyState(plant, 1);
  for (const tag of plant.tags.filter(({ id }) => ["WIT-201", "MT-201"].includes(id))) {
    const value = (time: number): number => Number(source.valueAt(tag, time));
    const rows = course(shift.from - 60_000, shift.to + 60_000, 10_000, value);
    const status = Status.UncertainSimulated;
    const marked = rows.map(({ time, value: v }) => ({ time, value: v, status }));
    historian.append(batchFrom(tag.index, marked));
  }
  expect(await historian.sync()).toBe(true);
  return shift;
}

test("Alarms and totals of shifts that come while the spool drops readings for want of room all reach the output when it is back.", async () => {
  const port = await freePort();
  const { config } = mqttContext({ url: `mqtt://127.0.0.1:${port}`, clientId: "away" }, []);
  await using puma = await runPlant(join(root, "devices", "plants", "puma.yaml"), (plant) => ({
    ...plant,
    data: { ...plant.data, spoolBytesMax: 24 * 1024 },
    outputs: [{ ...config, id: "away" }],
  }));
  const { view } = puma.gateway;
  const dropped = (): number => view.outputs()[0]?.dropped["spool-full"] ?? 0;
  await until(() => dropped() > 0, 60_000);
  const before = dropped();
  const shift = await bringShift(puma.gateway);
  puma.gateway.reopen(shift.from);
  const total = await until(() => {
    const figure = view.figures.latest("feed-dry", "shift");
    return figure?.to === shift.to && figure.value !== null && figure;
  }, 60_000);
  await until(() => view.alarms.view("gateway.spool-full")?.state === "UNACK", 10_000);
  await until(() => dropped() > before, 60_000);

  await using broker = await startMqttSink(port);
  const happened = view.alarms.history(0, Date.now(), null, 10_000);
  expect(happened.map(({ alarm }) => alarm)).toContain("gateway.spool-full");
  const told = (topic: string, says: string): boolean =>
    broker.messages.some((one) => one.topic === `rocmec/puma/${topic}` && one.payload.includes(says));
  await until(
    () => happened.every(({ alarm, at, to }) => told(`alarms/${alarm}`, `{"t":${at},"state":"${to}"`)),
    60_000,
  );
  await until(() => told("metrics/feed-dry/shift", `"t":${total.to},"v":${total.value}`), 60_000);
}, 300_000);
