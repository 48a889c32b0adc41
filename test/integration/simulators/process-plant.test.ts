import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { startPlant } from "../../../simulators/index.ts";
import type { SimulatedPlant, StartOptions } from "../../../simulators/index.ts";
import { loadPlant } from "../../../src/config/load.ts";
import { rawClient, readPdu } from "../../support/modbus-socket.ts";
import { modbusTag, plantOf } from "../../support/simulated-plant.ts";

const PUMA = resolve("devices/plants/puma.yaml");
const HOUR = 3_600_000;

/** The Puma plant on a clock that stands still, without its OPC UA server, which takes seconds to start. */
async function started(options: Partial<StartOptions> = {}): Promise<SimulatedPlant> {
  const plant = loadPlant(PUMA);
  const connections = plant.connections.filter(({ protocol }) => protocol !== "opcua");
  return startPlant({ plant: { ...plant, connections }, seed: 1, clock: "virtual", ...options });
}

async function holding(
  plant: SimulatedPlant,
  connection: string,
  unit: number,
  address: number,
  count: number,
) {
  const client = await rawClient(plant.endpoints[connection] as { host: string; port: number });
  try {
    return (await readPdu(client, unit, 3, address, count)).subarray(2);
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

/** A float whose low word comes first. */
async function float(plant: SimulatedPlant, address: number): Promise<number> {
  const bytes = await holding(plant, "grinding", 2, address, 2);
  return Buffer.from([2, 3, 0, 1].map((place) => bytes[place] ?? 0)).readFloatBE();
}

describe("the Puma plant is the process model behind its sockets", () => {
  test("eight hours pass in seconds, and what the registers show is near what is true", async () => {
    const plant = await started();
    await plant.advance("8h");
    const truth = plant.truth();
    expect(truth.timeS).toBe(8 * 3600);
    expect(truth.recovery).toBeCloseTo(0.956, 2);
    expect(truth.flows["mill-feed"].solidsT).toBeCloseTo(4.2, 1);
    expect(await float(plant, 140)).toBeCloseTo(
      truth.flows["cyclone-feed"].waterT + truth.flows["cyclone-feed"].solidsT / 2.65,
      -0.3,
    );
    const { time } = plant.sent("P2")["FT-207"] ?? {};
    expect(time).toBe(plant.clock.now());
    await plant.close();
  });

  test("two plants with one seed show the same registers second by second, and other ones with another seed", async () => {
    const plants = await Promise.all([started({ seed: 9 }), started({ seed: 9 }), started({ seed: 10 })]);
    const hashes = plants.map(() => createHash("sha256"));
    for (let second = 0; second < 20; second++)
      for (const [i, plant] of plants.entries()) {
        await plant.advance("1s");
        hashes[i]?.update(await holding(plant, "grinding", 2, 90, 88));
        hashes[i]?.update(await holding(plant, "utilities", 3, 200, 28));
      }
    const [one, same, other] = hashes.map((hash) => hash.digest("hex"));
    expect(one).toBe(same);
    expect(other).not.toBe(one);
    await Promise.all(plants.map((plant) => plant.close()));
  });

  test("an upset shows on the wire and in the truth, and ends by itself", async () => {
    const plant = await started();
    const handle = plant.inject({ fault: "feed-loss", at: "10min", for: "1h", amount: 0.5 });
    await plant.advance("9min");
    expect(handle.isActive).toBe(false);
    await plant.advance("31min");
    expect(handle.isActive).toBe(true);
    expect(plant.truth().flows["mill-feed"].solidsT).toBeCloseTo(0.5, 2);
    expect(await float(plant, 148)).toBeLessThan(1.16);
    await plant.advance("2h");
    expect(handle.isActive).toBe(false);
    expect(await float(plant, 148)).toBeCloseTo(1.31, 1);
    await plant.close();
  });

  test("a scale that reads high deceives its PLC: rate and total look right, and the mill gets less", async () => {
    const plant = await started();
    plant.inject({ fault: "gain", tag: "WIT-201", amount: 1.04 });
    await plant.advance("6h");
    const { totals } = plant.truthBetween(plant.clock.now() - 4 * HOUR, plant.clock.now());
    expect(totals["mill-feed"].solidsT / 4).toBeCloseTo(4.2 / 1.04, 1);
    await plant.close();
  });

  test("an operator's setpoint moves the plant, and nonsense is refused", async () => {
    const plant = await started();
    plant.set("FIC-201.SP", 4.766);
    await plant.advance("4h");
    expect(plant.truth().flows["mill-feed"].solidsT).toBeCloseTo(4.6, 1);
    expect(await float(plant, 180)).toBeCloseTo(4.766, 3);
    expect(() => plant.set("FIC-201.SP", 80)).toThrow(/FIC-201.SP takes 0 to 8, not 80/);
    expect(plant.setpoint("KIC-302.SP")).toBe(60);
    await plant.close();
  });

  test("the laboratory reports what it was given hours later, and drops it as files", async () => {
    const assayDir = mkdtempSync(join(tmpdir(), "puma-assays-"));
    const plant = await started({ assayDir });
    await plant.advance("12h");
    expect(plant.assays()).toEqual([]);
    await plant.advance("31h");
    const head = plant.assays().find(({ tag, qualifier }) => tag === "AY-901" && qualifier === "");
    expect(head?.value).toBeGreaterThan(10.5);
    expect(head?.value).toBeLessThan(13.5);
    await plant.close();
    expect(readdirSync(assayDir).some((file) => file.endsWith(".csv"))).toBe(true);
    rmSync(assayDir, { recursive: true });
  });

  test("a scenario brings its own ore, faults and setpoints", async () => {
    const plant = await started({ scenario: "power-cut" });
    await plant.advance("70min");
    expect(plant.truth().flows["mill-feed"].solidsT).toBe(0);
    await plant.advance("3h");
    expect(plant.truth().flows["mill-feed"].solidsT).toBeCloseTo(4.2, 1);
    await plant.close();
  });

  test.each([
    [{ fault: "roping", tag: "FT-207" }, /"roping" takes no "tag"/],
    [{ fault: "feed-los" }, /There is no fault "feed-los".*feed-loss/],
  ])("%j is refused with a sentence", async (request, sentence) => {
    const plant = await started();
    expect(() => plant.inject(request)).toThrow(sentence);
    await plant.close();
  });
});

test("a plant that is not modelled has no truth to tell, and says so", async () => {
  const plant = await startPlant({ plant: plantOf([], [], [modbusTag({ source: {} })]), clock: "virtual" });
  expect(() => plant.truth()).toThrow(/simulated from a table/);
  expect(() => plant.inject({ fault: "roping" })).toThrow(/has no process that "roping" could upset/);
  await plant.close();
});
