import { join } from "node:path";
import { expect, it } from "vitest";
import { isBad, severity } from "../../../src/domain/status.ts";
import { root, runPlant } from "../../support/plant.ts";
import type { RunningPlant } from "../../support/plant.ts";
import { until } from "../../support/until.ts";

const RESTARTS = process.env["PUMA_SOAK"] === undefined ? 5 : 100;
const METER = join(root, "devices", "plants", "one-meter.yaml");

/** Statuses of all tags. */
function statuses({ gateway: { view } }: RunningPlant): readonly number[] {
  return view.plant.tags.map(({ index }) => view.reading(index).status);
}

const isWell = (plant: RunningPlant): boolean => statuses(plant).every((status) => severity(status) === 0);

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

it(`a device that restarts ${RESTARTS} times is read again each time, and no socket stays behind`, async () => {
  await using plant = await runPlant(METER);
  await until(() => isWell(plant), 30_000);
  const before = openSockets();
  for (let round = 0; round < RESTARTS; round++) {
    const fault = plant.simulated.inject({ fault: "refuse", connection: "meter" });
    await until(() => statuses(plant).every(isBad), 30_000);
    await fault.clear();
    await until(() => isWell(plant), 30_000);
  }
  expect(plant.gateway.view.connections()[0]?.counters.connects).toBe(RESTARTS + 1);
  await until(() => openSockets() <= before, 30_000);
});

it("a device that vanishes without a good-bye is bad within three polls, and back by itself", async () => {
  await using plant = await runPlant(METER);
  await until(() => isWell(plant), 30_000);
  const polls = (): number => plant.gateway.view.devices()[0]?.polls ?? 0;
  const before = polls();
  const fault = plant.simulated.inject({ fault: "dead", device: "M1" });
  let whenBad: number | null = null;
  const watch = setInterval(() => {
    if (statuses(plant).every(isBad)) whenBad ??= polls();
  }, 1);
  await until(() => whenBad !== null, 30_000);
  clearInterval(watch);
  // One may have been answered while the fault was on its way.
  expect(whenBad! - before).toBeLessThanOrEqual(3 + 1);
  await fault.clear();
  await until(() => isWell(plant), 30_000);
});
