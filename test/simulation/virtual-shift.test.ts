import { join } from "node:path";
import { expect, test } from "vitest";
import { virtualClock } from "../../simulators/virtual-clock.ts";
import type { Connection, Plant } from "../../src/config/plant.ts";
import { loadPlant } from "../../src/config/load.ts";
import { severity } from "../../src/domain/status.ts";
import { root, runPlant } from "../support/plant.ts";

/** A shift in the long form. */
const HOURS = process.env["PUMA_SOAK"] === undefined ? 1 : 12;
const START = Date.UTC(2026, 10, 22, 12);

function behindConverter(one: Connection): Connection {
  if (one.protocol !== "modbus-rtu") return one;
  const { id, timeoutMs, baud, parity, dataBits, stopBits } = one;
  const address = { protocol: "modbus-rtu-over-tcp", host: "127.0.0.1", port: 0 } as const;
  return { id, timeoutMs, baud, parity, dataBits, stopBits, ...address };
}

/** The Modbus side of the plant, its serial bus behind a converter: OPC UA's library and terminals of the kernel keep real time. */
function overTcp(plant: Plant): Plant {
  const connections = plant.connections.filter(({ protocol }) => protocol !== "opcua").map(behindConverter);
  const ids = new Set(connections.map(({ id }) => id));
  const devices = plant.devices.filter(({ connection }) => ids.has(connection));
  // Trip words once a second too: 100 polls a second are a question of time, not of the clock.
  const tags = plant.tags.map((one) => ({ ...one, periodMs: Math.max(1_000, one.periodMs) }));
  return { ...plant, connections, devices, tags };
}

test(`${HOURS} h of the plant and its gateway on one virtual clock pass in less than a twentieth of it, without a poll missed`, async () => {
  const clock = virtualClock(START);
  const plant = overTcp(loadPlant(join(root, "devices", "plants", "puma.yaml")));
  await using running = await runPlant(plant, undefined, { clock }, clock);
  const { simulated, gateway } = running;
  const from = performance.now();
  await simulated.advance("10min");
  const handle = simulated.inject({ fault: "feed-loss", amount: 0.5 });
  await simulated.advance("30min");
  const thin = gateway.view.reading(tag("DT-208")).value;
  await handle.clear();
  await simulated.advance(`${60 * HOURS - 40}min`);
  const tookMs = performance.now() - from;

  expect(thin).toBeLessThan(1.16);
  expect(tookMs).toBeLessThan((HOURS * 3_600_000) / 20);
  for (const { connection, counters } of gateway.view.connections())
    expect({ connection, ...counters }).toMatchObject({ timeouts: 0, malformedFrames: 0, foreignReplies: 0 });
  for (const { device, polls, pollsFailed } of gateway.view.devices()) {
    expect(pollsFailed, device).toBe(0);
    expect(polls, device).toBeGreaterThan(0.99 * HOURS * 3600);
  }
  const read = plant.tags.filter(({ device }) => plant.devices.some(({ id }) => id === device));
  expect(
    read.filter(({ index }) => severity(gateway.view.reading(index).status) > 0).map(({ id }) => id),
  ).toEqual([]);
  expect(simulated.truth().timeS).toBe(HOURS * 3600);
  expect(gateway.view.reading(tag("WIT-201")).sourceTime).toBeGreaterThan(clock.now() - 1100);

  function tag(id: string): number {
    return plant.tags.find((one) => one.id === id)!.index;
  }
}, 300_000);
